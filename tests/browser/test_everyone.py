"""What axe cannot see: spacing, order, errors that lead to their fields, motion, colours of one's own, time."""

from __future__ import annotations

from itertools import pairwise

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESK, PHONE, Visits
from tests.browser.places import PLACES
from tests.browser.site import Site
from tests.browser.sweep import BROAD, NARROW, OPEN
from tests.browser.test_keyboard import goes_back, stops

PLACE = {one.name: one for one in PLACES}
MAIN_PAGES = (
    *("the list", "an event with seats", "the long form", "the form refused", "a receipt with a seat", "my seat"),
    *("the first page of the desk", "an event at the desk", "participants", "attendance today", "a yearly report"),
)

SPACED = """() => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(`
        * { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important; }
        p { margin-bottom: 2em !important; }`);
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
}"""
CLIPPED = """() => {
    const unseen = one => one && (getComputedStyle(one).clip !== "auto" || getComputedStyle(one).clipPath !== "none"
        || unseen(one.parentElement));
    const says = one => [...one.childNodes].some(node => node.nodeType === 3 && node.data.trim());
    const wide = one => one.scrollWidth > one.clientWidth + 1, high = one => one.scrollHeight > one.clientHeight + 1;
    return [...document.querySelectorAll("main *")]
        .filter(one => one.checkVisibility({ visibilityProperty: true }) && says(one) && !one.closest("svg"))
        .map(one => [one, getComputedStyle(one)])
        .filter(([one, style]) => style.display !== "inline" && !unseen(one)
            && (wide(one) || (style.overflowY !== "visible" && high(one))))
        .map(([one]) => one.outerHTML.slice(0, 100));
}"""
COVERED = """() => {
    const boxes = [...document.querySelectorAll("main p, main li > a, main dt, main dd, main label, main legend")]
        .filter(one => one.checkVisibility({ visibilityProperty: true }) && one.innerText.trim())
        .map(one => [one, one.getBoundingClientRect()]).filter(([, box]) => box.width > 1 && box.height > 1);
    const over = (a, b) => Math.min(a.right, b.right) - Math.max(a.left, b.left) > 2
        && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 2;
    return boxes.flatMap(([one, box], at) => boxes.slice(at + 1)
        .filter(([other, its]) => !one.contains(other) && over(box, its))
        .map(([other]) => `${one.innerText.slice(0, 40)} / ${other.innerText.slice(0, 40)}`));
}"""
HEADLESS = """() => [...document.querySelectorAll("table:not([role=presentation]) td")]
    .filter(cell => cell.innerText.trim())
    .filter(cell => {
        const row = cell.parentElement, column = [...row.cells].slice(0, cell.cellIndex)
            .reduce((sum, one) => sum + one.colSpan, 0);
        const above = [...cell.closest("table").querySelectorAll("thead th")].length > column;
        return !above && !row.querySelector("th");
    })
    .map(cell => cell.outerHTML.slice(0, 100))"""
MOVING = """() => [...document.querySelectorAll("*")]
    .flatMap(one => [one, "::before", "::after"].map(part => typeof part === "string"
        ? getComputedStyle(one, part) : getComputedStyle(part)))
    .filter(style => [style.transitionDuration, style.animationDuration]
        .some(time => time.split(",").some(one => parseFloat(one) > 0)
            && style.transitionProperty !== "none" || style.animationName !== "none"))
    .length"""
FIELDS = """() => [...document.querySelectorAll("main form [name]")]
    .filter(one => one.checkVisibility() && !one.closest(".hp") && one.type !== "hidden" && one.name !== "csrf_token")
    .map(one => [one.name, one.getAttribute("autocomplete")])"""
DESCRIBED = """one => (one.getAttribute("aria-describedby") || "").split(" ").filter(Boolean)
    .map(id => document.getElementById(id).innerText.trim())"""


def arrive(page: Page, site: Site, name: str) -> None:
    """Be at a place."""
    PLACE[name].go(page, site)
    expect(page.locator(PLACE[name].shows).first).to_be_visible()


@pytest.mark.parametrize("name", MAIN_PAGES)
def test_words_may_be_spaced_out(phone: Page, site: Site, name: str) -> None:
    arrive(phone, site, name)
    phone.evaluate(OPEN)
    phone.evaluate(SPACED)
    for width in (NARROW, DESK):
        phone.set_viewport_size({"width": width, "height": 844})
        found = (phone.evaluate(BROAD), phone.evaluate(CLIPPED), phone.evaluate(COVERED))
        assert found == (width, [], [])


def test_words_that_are_cut_or_covered_are_found_out(visit: Visits) -> None:
    page = visit(PHONE)
    page.set_content(
        "<main><p style='width:90px;white-space:nowrap;overflow:hidden'>Dette er altfor langt</p>"
        "<p style='height:20px'>Under</p><p style='margin-top:-40px'>Over</p></main>"
    )
    assert (len(page.evaluate(CLIPPED)), len(page.evaluate(COVERED))) == (1, 1)


@pytest.mark.parametrize(
    ("name", "width"),
    [
        (name, width)
        for name in ("the long form", "my seat", "participants", "attendance today")
        for width in (PHONE, DESK)
    ],
)
def test_the_tab_key_goes_the_way_the_eye_goes(visit: Visits, site: Site, name: str, width: int) -> None:
    page = visit(width)  # a new one: a used page remembers where the focus was, and the way round begins there
    arrive(page, site, name)
    found = [stop for stop in stops(page) if stop.in_main]
    assert len(found) >= 7
    assert [(a.words, b.words) for a, b in pairwise(found) if goes_back(a, b)] == []


@pytest.mark.parametrize("name", ["the form refused", "find my links", "log in refused", "a new course refused"])
def test_an_error_is_told_at_its_field_and_leads_there(phone: Page, site: Site, name: str) -> None:
    arrive(phone, site, name)
    links = phone.locator(".error-summary a")
    told = [(link.get_attribute("href") or "", link.inner_text().strip()) for link in links.all()]
    assert phone.locator(".error-summary").get_attribute("role") == "alert"
    for address, sentence in told:
        field = phone.locator(f"[id='{address.removeprefix('#')}']")
        assert field.get_attribute("aria-invalid") == "true"
        assert any(sentence in one for one in field.evaluate(DESCRIBED)), sentence
        phone.locator(f".error-summary a[href='{address}']").first.click()
        expect(field).to_be_focused()
    assert told != [] or name == "log in refused"


def test_a_browser_can_fill_in_what_is_about_oneself(phone: Page, site: Site) -> None:
    arrive(phone, site, "the long form")
    tokens = {name: token for name, token in phone.evaluate(FIELDS) if token not in {None, "off"}}
    assert tokens == {
        "first_name": "given-name",
        "last_name": "family-name",
        "email": "email",
        "mobile": "tel",
        "workplace": "organization",
    }


@pytest.mark.parametrize(
    ("name", "field", "token"),
    [
        ("log in", "email", "username"),
        ("log in", "password", "current-password"),
        ("the code refused", "code", "one-time-code"),
        ("a password refused", "password", "new-password"),
        ("is it still you", "code", "one-time-code"),
    ],
)
def test_what_must_be_remembered_can_be_pasted(phone: Page, site: Site, name: str, field: str, token: str) -> None:
    arrive(phone, site, name)
    box = phone.locator(f"[name={field}]")
    assert box.get_attribute("autocomplete") == token
    box.fill("")
    box.focus()
    pasted = """one => {
        const data = new DataTransfer();
        data.setData("text/plain", "limt-inn");
        return one.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
    }"""
    assert box.evaluate(pasted) is True  # nobody prevents it
    phone.keyboard.insert_text("limt-inn")
    expect(box).to_have_value("limt-inn")


def test_each_page_has_a_title_of_its_own(phone: Page, site: Site) -> None:
    titles = {}
    for name in set(MAIN_PAGES) - {"a receipt with a seat"}:  # it says what «Min påmelding» says
        phone.context.clear_cookies()
        arrive(phone, site, name)
        titles[name] = phone.title()
        landmarks = [phone.get_by_role(role).count() for role in ("banner", "main", "contentinfo")]
        assert (name, landmarks) == (name, [1, 1, 1])
    assert len(set(titles.values())) == len(titles) == len(MAIN_PAGES) - 1, titles


@pytest.mark.parametrize(
    "name", ["participants", "a yearly report", "the users", "seats and the line", "figures of a year"]
)
def test_every_cell_has_a_head(phone: Page, site: Site, name: str) -> None:
    arrive(phone, site, name)
    phone.set_viewport_size({"width": DESK, "height": 900})
    assert phone.locator("td").count() > 0
    assert phone.evaluate(HEADLESS) == []


@pytest.mark.parametrize("name", ["the list", "the long form", "participants", "attendance today"])
def test_nothing_moves_for_who_wants_no_motion(phone: Page, site: Site, name: str) -> None:
    arrive(phone, site, name)
    assert phone.evaluate(MOVING) == 0


@pytest.mark.parametrize("name", ["an event with seats", "participants", "attendance today"])
def test_what_changes_by_itself_is_said(phone: Page, site: Site, name: str) -> None:
    arrive(phone, site, name)
    assert phone.get_by_role("status").count() >= 1


def test_what_was_told_once_is_not_asked_again(visit: Visits, site: Site) -> None:
    page = visit(PHONE)
    arrive(page, site, "the form refused")
    expect(page.locator("[name=first_name]")).to_have_value("Åse")
    expect(page.locator("[name=hpr_number]")).to_have_value("tolv")
    arrive(page, site, "my room to change")
    expect(page.locator("[name=first_name]")).to_have_value("Åse")
    expect(page.locator("[name=workplace]")).not_to_have_value("")
