"""Everything with the keyboard alone, always seeing where one is."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESK, PHONE, Visits
from tests.browser.site import Site

REMEMBER = """() => {
    window.looks = one => { const style = getComputedStyle(one); return [style.outline, style.boxShadow].join(); };
    window.before = new Map([...document.querySelectorAll("*")].map(one => [one, looks(one)]));
}"""
HERE = """() => {
    const one = document.activeElement;
    if (!one || one === document.body) return null;
    const box = one.getBoundingClientRect();
    return {
        name: one.getAttribute("name") || "",
        kind: one.tagName.toLowerCase(),
        words: (one.innerText || one.value || "").trim(),
        in_main: Boolean(one.closest("main")),
        marked: !window.before || window.before.get(one) !== window.looks(one),
        on_screen: box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
        box: { left: box.left, right: box.right, top: box.top + scrollY, bottom: box.bottom + scrollY },
    };
}"""
MOST_STOPS = 300
either = pytest.mark.parametrize("width", [pytest.param(PHONE, id="phone"), pytest.param(DESK, id="desktop")])


@dataclass(frozen=True)
class Stop:
    """One place the Tab key stops at."""

    name: str
    kind: str
    words: str
    in_main: bool
    marked: bool
    on_screen: bool
    box: dict[str, float]


def here(page: Page) -> Stop | None:
    """Where the focus is."""
    found: dict[str, Any] | None = page.evaluate(HERE)
    return Stop(**found) if found else None


def stops(page: Page) -> list[Stop]:
    """Every place the Tab key stops at, until it leaves the page."""
    found: list[Stop] = []
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        stop = here(page)
        if stop is None:
            return found
        found.append(stop)
    raise AssertionError("the Tab key never leaves the page")


def tab_to(page: Page, *, name: str = "", words: str = "", address: str = "") -> None:
    """Press Tab until the focus is on that field, or on what says that (and leads there)."""
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        stop = here(page)
        if stop is not None and (
            (name and stop.name == name) or (words and stop.words.startswith(words) and _leads(page, address))
        ):
            return
    raise AssertionError(f"the Tab key never comes to {name or words}")


def _leads(page: Page, address: str) -> bool:
    return not address or page.evaluate("document.activeElement.getAttribute('href')") == address


def goes_back(now: Stop, following: Stop) -> bool:
    """Whether the next stop lies above in the same column, or to the left in the same row."""
    one, two = now.box, following.box
    above = two["bottom"] <= one["top"] and two["left"] < one["right"]
    left = two["right"] <= one["left"] and two["top"] < one["bottom"]
    return above or left


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_the_first_stop_skips_to_the_content(visit: Visits, scripts: bool) -> None:
    page = visit(PHONE, scripts=scripts)
    page.goto("/")
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Hopp til hovedinnhold")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_label("Kontor", exact=True)).to_be_focused()


def test_a_whole_sign_up_needs_only_the_keyboard(visit: Visits, site: Site) -> None:
    page = visit(DESK)
    page.goto("/?office=nord&kind=veilederkurs")
    tab_to(page, words="Kurs i individuell veiledning", address=f"/arrangementer/{site.slug('Bodø')}")
    page.keyboard.press("Enter")
    expect(page.locator("main[data-event]")).to_be_visible()
    tab_to(page, words="Meld deg på")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Fornavn")).to_be_visible()
    for name, value in (
        ("first_name", "Åse"),
        ("last_name", "Ødegård"),
        ("email", "keyboard@lege.example.org"),
        ("mobile", "91234567"),
    ):
        tab_to(page, name=name)
        page.keyboard.type(value)
    tab_to(page, name="primary_role")
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    tab_to(page, words="Legg til flere roller")
    page.keyboard.press("Enter")
    tab_to(page, name="other_roles")
    page.keyboard.press("Space")
    for name, value in (("workplace", "Havna legekontor"), ("municipality", "Bodø")):
        tab_to(page, name=name)
        page.keyboard.type(value)
    page.keyboard.press("Escape")  # the list of municipalities
    tab_to(page, name="supervises")
    page.keyboard.press("Space")
    tab_to(page, name="dietary_consent")
    page.keyboard.press("Space")
    tab_to(page, name="dietary_needs")
    page.keyboard.type("Tåler ikke nøtter")
    tab_to(page, words="Meld deg på")
    page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_have_attribute("data-status", "registered")


@either
def test_the_focus_is_always_seen_on_the_form_and_never_in_the_trap(visit: Visits, site: Site, width: int) -> None:
    page = visit(width)
    page.goto(f"/arrangementer/{site.slug('Legenes hus, Oslo')}/pamelding")
    page.evaluate("() => document.querySelectorAll('details').forEach(one => { one.open = true })")
    page.evaluate(REMEMBER)
    found = stops(page)
    assert len(found) > 30
    assert [stop for stop in found if not stop.marked or not stop.on_screen] == []
    names = [stop.name for stop in found]
    assert "website" not in names
    assert [name for name in dict.fromkeys(names) if name] == [
        *["first_name", "last_name", "email", "mobile", "primary_role", "other_roles", "workplace", "municipality"],
        *["district", "hpr_number", "supervises", "reason", "dietary_consent", "dietary_needs", "note"],
    ]


@either
def test_the_tab_key_goes_the_way_the_eye_goes_on_an_event(visit: Visits, site: Site, width: int) -> None:
    page = visit(width)
    page.goto(f"/arrangementer/{site.slug('Bodø')}")
    found = [stop for stop in stops(page) if stop.in_main]
    assert len(found) >= 7
    assert [(a.words, b.words) for a, b in pairwise(found) if goes_back(a, b)] == []
