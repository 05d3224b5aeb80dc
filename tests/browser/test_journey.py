"""The ways people go, on a phone and at a desk, with scripts and without."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Literal

import openpyxl
import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import DESK, PHONE, Visits
from tests.browser.site import ORGANIZER, Site, number_in

everywhere = pytest.mark.parametrize(
    ("width", "scripts"),
    [
        pytest.param(PHONE, True, id="phone"),
        pytest.param(PHONE, False, id="phone-without-scripts"),
        pytest.param(DESK, True, id="desktop"),
        pytest.param(DESK, False, id="desktop-without-scripts"),
    ],
)


def fill_in(page: Page, email: str) -> None:
    """What a course must know."""
    page.get_by_label("Fornavn").fill("Åse")
    page.get_by_label("Etternavn").fill("Ødegård-Bjørnstad")
    page.get_by_label("E-post").fill(email)
    page.get_by_role("radio", name="Spesialist i allmennmedisin").check()
    page.get_by_label("Arbeidssted").fill("Havna legekontor")
    page.locator("[name=municipality]").fill("Bodø")


def press(page: Page, words: str, *, role: Literal["button", "link"] = "button") -> None:
    """The button, or link, with those words."""
    page.get_by_role("main").get_by_role(role, name=words).click()


def course_at(page: Page, place: str) -> Locator:
    """The card of the event at that place."""
    return page.get_by_role("article").filter(has_text=place)


def letter_about(page: Page, email: str, subject: str) -> Locator:
    """The newest letter in the demo's letter box to somebody about something."""
    return page.locator("tbody tr").filter(has_text=email).filter(has_text=subject).first


def expect_status(page: Page, status: str, heading: str) -> None:
    """What the page says of my registration, to machines and to people."""
    expect(page.get_by_role("main")).to_have_attribute("data-status", status)
    expect(page.get_by_role("heading", level=1)).to_have_text(heading)


@everywhere
def test_a_doctor_finds_a_course_signs_up_changes_and_cancels(
    visit: Visits, site: Site, width: int, scripts: bool
) -> None:
    email = f"doctor.{width}.{scripts}@lege.example.org".lower()
    page = visit(width, scripts=scripts)
    page.goto("/")
    page.get_by_label("Kontor", exact=True).select_option(label="Nord")
    page.get_by_role("search").get_by_role("button", name="Vis").click()
    expect(page).to_have_url(re.compile("office=nord"))
    assert {kicker.split()[-1] for kicker in page.locator("article .kicker").all_inner_texts()} == {"Nord"}
    course_at(page, "Bodø").get_by_role("heading").get_by_role("link").click()
    page.wait_for_url("**/arrangementer/*")
    left = page.get_by_role("main").get_attribute("data-seats-left")
    event = page.url

    page.get_by_role("main").get_by_role("link", name="Meld deg på").click()
    fill_in(page, email)
    press(page, "Meld deg på")
    expect_status(page, "registered", "Du har plass")
    expect(page.get_by_role("main")).to_contain_text(f"Vi sender en bekreftelse til {email}")
    assert "/min/" not in page.content()

    site.deliver()
    page.goto("/postkasse")
    letter = letter_about(page, email, "Du er påmeldt")
    expect(letter).to_contain_text("Sendt")
    letter.get_by_role("link").click()
    page.get_by_role("link", name="/min/").click()
    expect_status(page, "registered", "Du har plass")

    page.get_by_role("link", name="Endre opplysninger").click()
    expect(page.get_by_label("Etternavn")).to_have_value("Ødegård-Bjørnstad")
    page.get_by_label("Arbeidssted").fill("Ny legevakt")
    press(page, "Lagre endringene")
    expect(page.get_by_role("status")).to_have_text("Endringene er lagret.")
    expect(page.get_by_role("main")).to_contain_text("Ny legevakt")

    page.get_by_role("main").get_by_text("Meld deg av", exact=True).click()
    press(page, "Meld meg av")
    expect_status(page, "cancelled", "Du er avmeldt")
    page.goto(event)
    expect(page.get_by_role("main")).to_have_attribute("data-seats-left", str(left))


@everywhere
def test_at_a_full_course_the_receipt_says_the_number_in_line(visit: Visits, width: int, scripts: bool) -> None:
    page = visit(width, scripts=scripts)
    page.goto("/?office=sor")
    card = course_at(page, "Kristiansand")
    in_line = number_in(card.locator(".seats").inner_text())
    card.get_by_role("link", name="Sett deg på venteliste").click()
    fill_in(page, f"waiting.{width}.{scripts}@lege.example.org".lower())
    press(page, "Sett deg på venteliste")
    expect_status(page, "waitlisted", f"Du står på venteliste som nummer {in_line + 1}")
    expect(page.get_by_role("main")).to_contain_text("Du har ikke plass ennå.")


@everywhere
def test_a_form_with_errors_leads_to_each_of_them_and_loses_nothing(
    visit: Visits, site: Site, width: int, scripts: bool
) -> None:
    page = visit(width, scripts=scripts)
    page.goto(f"/arrangementer/{site.slug('Stavanger')}/pamelding")
    fill_in(page, "ase.lege.no")
    page.get_by_label("Etternavn").fill("")
    page.get_by_label("Arbeidssted").fill("")
    page.get_by_label("Mobilnummer").fill("91234567")
    page.get_by_text("Legg til flere roller").click()
    page.get_by_role("checkbox", name="SamLIS (samfunnsmedisinsk").first.check()
    page.get_by_role("radio", name="Klinisk emnekurs").check()
    page.get_by_label("Noe vi bør vite?").fill("Kommer med toget\nog går fra stasjonen")
    press(page, "Søk om plass")

    summary = page.get_by_role("alert")
    expect(summary.get_by_role("link")).to_have_text(
        [
            "Skriv inn etternavnet ditt.",
            "E-postadressen må ha en @, som i navn@kommune.no.",
            "Skriv inn hvor du arbeider.",
        ]
    )
    if scripts:
        expect(summary).to_be_focused()
    assert page.get_by_label("Fornavn").input_value() == "Åse"
    assert page.get_by_label("E-post").input_value() == "ase.lege.no"
    assert page.get_by_label("Mobilnummer").input_value().endswith("91234567")
    assert page.locator("[name=municipality]").input_value() == "Bodø"
    assert page.get_by_label("Noe vi bør vite?").input_value() == "Kommer med toget\nog går fra stasjonen"
    expect(page.get_by_role("radio", name="Spesialist i allmennmedisin")).to_be_checked()
    expect(page.get_by_role("checkbox", name="SamLIS (samfunnsmedisinsk").first).to_be_checked()
    expect(page.get_by_role("radio", name="Klinisk emnekurs")).to_be_checked()

    right = ("Ødegård-Bjørnstad", f"errors.{width}.{scripts}@lege.example.org".lower(), "Havna legekontor")
    for link, label, value in zip(
        summary.get_by_role("link").all(), ("Etternavn", "E-post", "Arbeidssted"), right, strict=True
    ):
        link.click()
        expect(page.get_by_label(label)).to_be_focused()
        page.get_by_label(label).fill(value)
    press(page, "Søk om plass")
    expect_status(page, "applied", "Vi har fått søknaden din")


@everywhere
def test_an_organizer_logs_in_reads_the_participants_and_takes_them_along(
    visit: Visits, site: Site, tmp_path: Path, width: int, scripts: bool
) -> None:
    page = visit(width, scripts=scripts)
    page.goto("/kontor/arrangementer")
    expect(page.get_by_role("heading", level=1)).to_have_text("Logg inn")
    page.get_by_label("E-post").fill(ORGANIZER.email)
    page.get_by_label("Passord").fill(ORGANIZER.password)
    press(page, "Logg inn")
    expect(page.get_by_role("heading", level=1)).to_have_text("Arrangementer")
    expect(page.get_by_role("navigation", name="Hovedmeny")).to_contain_text(ORGANIZER.name)
    page.locator(f"tr a[href*='{site.slug('Bodø')}']").first.click()
    press(page, "Se deltakerne", role="link")
    page.wait_for_url("**/deltakere")
    table = page.url

    people = page.locator("table").first.locator("tbody[data-role] tr[data-registration]")
    expect(people.first).to_be_visible()
    total = people.count()
    assert total >= 18
    assert number_in(page.locator("tfoot").first.inner_text()) == total
    surname, _comma, first_name = people.first.get_by_role("link").first.inner_text().partition(", ")
    people.first.get_by_role("link").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"{first_name} {surname}")
    page.get_by_role("link", name="Deltakere").first.click()
    expect(page).to_have_url(table)

    with page.expect_download() as download:
        page.get_by_role("link", name="Last ned Excel").click()
    download.value.save_as(tmp_path / "deltakere.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "deltakere.xlsx").worksheets[0]
    words = [[str(cell) for cell in row] for row in sheet.iter_rows(values_only=True)]
    assert sum("Påmeldt" in row for row in words) == total
    assert sum(surname in row and first_name in row for row in words) == 1

    page.get_by_role("button", name="Logg ut").click()
    site.logged_out()
    page.goto(table)
    expect(page.get_by_role("heading", level=1)).to_have_text("Logg inn")


@everywhere
def test_a_lost_link_comes_by_mail(visit: Visits, site: Site, width: int, scripts: bool) -> None:
    email = f"lost.{width}.{scripts}@lege.example.org".lower()
    site.sign_up("Tromsø", email)
    page = visit(width, scripts=scripts)
    page.goto("/")
    page.get_by_role("link", name="Finn min påmelding").click()
    press(page, "Send lenkene")
    expect(page.get_by_role("alert").get_by_role("link")).to_have_text("Skriv inn e-postadressen din.")
    page.get_by_label("E-post").fill(email)
    press(page, "Send lenkene")
    expect(page.get_by_role("heading", level=1)).to_have_text("Se i e-posten din")
    site.deliver()
    page.goto("/postkasse")
    letter_about(page, email, "Påmeldingene dine").get_by_role("link").click()
    page.get_by_role("link", name="/min/").click()
    expect_status(page, "registered", "Du har plass")
