"""Scripts that only help: they narrow, warn, tick and copy; nothing is lost without them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import Dialog, Page, expect

from tests.browser.account_places import administrator
from tests.browser.conftest import Visits
from tests.browser.site import ORIGIN, Site, number_in, real_time
from tests.browser.ways import desk, event_desk, participants
from tests.making import make_event

FOUND = "[data-found]"
SHOWN = "[data-rows] tbody tr:not(.group):visible"


def leave(page: Page, link: str) -> list[str]:
    """Follow a link, and refuse when the browser asks whether to leave; what it asked."""
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.once("dialog", stay)
    page.get_by_role("main").get_by_role("link", name=link).first.click(no_wait_after=True)
    return asked


def test_participants_are_narrowed_while_one_types(visit: Visits, site: Site) -> None:
    page = visit()
    participants("Bodø")(page, site)
    everybody = page.locator(SHOWN).count()
    name = page.locator("[data-rows] th[scope=row] a").first.inner_text()
    last, first = name.split(", ")
    page.get_by_label("Søk etter navn").fill(f"{first.upper()} {last[:3].lower()}")
    left = page.locator(SHOWN).count()
    assert 0 < left < everybody
    expect(page.locator(FOUND)).to_have_text(f"Viser {left} av {everybody}")
    expect(page.locator(FOUND)).to_have_attribute("role", "status")
    assert page.locator("tr.group:visible").count() == left
    page.get_by_label("Søk etter navn").fill("finnes ikke")
    expect(page.locator(FOUND)).to_have_text("Ingen passer.")
    page.get_by_label("Søk etter navn").fill("")
    assert page.locator(SHOWN).count() == everybody
    expect(page.locator(FOUND)).to_have_text("")
    page.get_by_label("Søk etter navn").fill(last)
    page.keyboard.press("Enter")
    page.wait_for_url("**/deltakere?*sok=*")


@pytest.mark.parametrize(
    ("address", "label", "word"),
    [("/kursholdere", "Søk", "lyngmo"), ("/aktiviteter?ar=2024", "Finn i listen", "dialogmøte")],
    ids=["leaders", "activities"],
)
def test_other_lists_are_narrowed_too(visit: Visits, site: Site, address: str, label: str, word: str) -> None:
    page = visit()
    administrator(address)(page, site)
    everybody = page.locator(SHOWN).count()
    page.get_by_role("main").get_by_label(label).fill(word)
    left = page.locator(SHOWN).count()
    assert 0 < left < everybody
    expect(page.locator(FOUND)).to_have_text(f"Viser {left} av {everybody}")


def test_a_short_list_has_no_field_for_it(visit: Visits, site: Site) -> None:
    with site.app.app_context():
        make_event(slug="kort-liste", starts=(real_time() + timedelta(days=80),))
    page = visit()
    desk("/arrangementer/kort-liste/meldinger/ny")(page, site)
    for name in ("subject", "body"):
        page.locator(f"[name={name}]").fill("Velkommen")
    page.locator("button[name=act][value=save]").click()
    desk("/arrangementer/kort-liste/meldinger")(page, site)
    expect(page.locator("[data-rows] tbody tr")).to_have_count(1)
    expect(page.locator("#find-rows")).to_have_count(1)
    expect(page.locator("#find-rows")).to_be_hidden()


def test_one_is_asked_before_what_one_typed_is_left_behind(visit: Visits, site: Site) -> None:
    page = visit()
    event_desk("Bodø", "/endre")(page, site)
    here = page.url
    page.locator("[name=title]").fill("Et annet navn")
    assert leave(page, "Arrangementer") == ["beforeunload"]
    assert page.url == here
    expect(page.locator("[name=title]")).to_have_value("Et annet navn")


def test_nobody_is_asked_who_has_changed_nothing(visit: Visits, site: Site) -> None:
    page = visit()
    event_desk("Bodø", "/endre")(page, site)
    title = page.locator("[name=title]")
    before = title.input_value()
    title.fill("Et annet navn")
    title.fill(before)
    assert leave(page, "Arrangementer") == []
    page.wait_for_url("**/kontor/arrangementer")


def test_nobody_is_asked_who_sends_the_form_but_again_after_a_refusal(visit: Visits, site: Site) -> None:
    page = visit()
    event_desk("Bodø", "/endre")(page, site)
    page.locator("[name=title]").fill("")
    asked: list[str] = []

    def go_on(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    page.once("dialog", go_on)
    page.locator("main form[method=post] button[type=submit]").last.click()
    expect(page.locator(".error-summary")).to_be_visible()
    assert asked == []
    page.get_by_role("main").get_by_role("link", name="Arrangementer").first.click()
    page.wait_for_url("**/kontor/arrangementer")
    assert asked == ["beforeunload"]


def test_the_public_address_is_copied(visit: Visits, site: Site) -> None:
    page = visit()
    page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=ORIGIN)
    event_desk("Bodø", "")(page, site)
    page.get_by_role("button", name="Kopier lenken Adresse på nett").click()
    expect(page.locator("[data-copied]")).to_have_text("Adresse på nett er kopiert")
    assert page.evaluate("navigator.clipboard.readText()") == f"{ORIGIN}/arrangementer/{site.slug('Bodø')}"


def test_all_boxes_of_a_list_are_ticked_and_taken_away_at_once(visit: Visits, site: Site) -> None:
    page = visit()
    event_desk("Bodø", "/meldinger/ny")(page, site)
    page.locator("summary", has_text="Bare enkelte personer").click()
    boxes = page.locator("#only-people [type=checkbox]")
    button = page.locator("[data-tick-all=only-people]")
    button.click()
    expect(button).to_have_text("Fjern alle kryss")
    expect(page.locator("#only-people [type=checkbox]:checked")).to_have_count(boxes.count())
    assert number_in(page.locator("#only-people-ticked").inner_text()) == boxes.count()
    boxes.first.uncheck()
    expect(button).to_have_text("Kryss av alle")
    button.click()
    button.click()
    expect(page.locator("#only-people [type=checkbox]:checked")).to_have_count(0)
