"""An office takes its own list in, divides the people, writes to them and takes them along again."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import FilePayload, Page, expect

from tests.browser.conftest import DESK, PHONE, Visits
from tests.browser.site import Site, real_time
from tests.lists import HEADINGS, forms, people
from tests.making import COURSE_DAYS, make_event

LIST = forms([list(HEADINGS), *people(28)])
KINDS = ("semicolons in cp1252", "semicolons in UTF-8 with a mark", "tabs in UTF-16 LE", "xlsx")


def a_course(site: Site, number: int) -> str:
    """A course of the demo's organizer with room for all; its address at the desk."""
    slug = f"liste-{number}"
    starts = (real_time() + (COURSE_DAYS[1] - COURSE_DAYS[0]) * 2,)
    with site.app.app_context():
        make_event(slug=slug, capacity=28, starts=starts)
    return f"/kontor/arrangementer/{slug}"


def press(page: Page, words: str) -> None:
    """The button with those words."""
    page.get_by_role("main").get_by_role("button", name=words).click()


@pytest.mark.parametrize("kind", KINDS)
def test_a_list_comes_in_is_divided_written_to_and_taken_along(
    visit: Visits, site: Site, tmp_path: Path, kind: str
) -> None:
    number = KINDS.index(kind)
    page = visit(PHONE if number % 2 else DESK, scripts=number > 1)
    site.log_in(page.context)
    course = a_course(site, number)

    page.goto(f"{course}/deltakere")
    page.get_by_role("link", name="Importer liste").click()
    name = "liste.xlsx" if kind == "xlsx" else "liste.csv"
    page.locator("[name=file]").set_input_files(
        FilePayload(name=name, mimeType="application/octet-stream", buffer=LIST[kind])
    )
    press(page, "Last opp")
    press(page, "Prøv importen")
    press(page, "Importer 28 personer")
    expect(page.locator(".flashes")).to_contain_text("28")
    page.goto(f"{course}/deltakere")
    expect(page.locator("tbody[data-role] tr[data-registration]")).to_have_count(28)

    page.get_by_role("link", name="Grupper").click()
    page.get_by_role("link", name="Del 28 deltakere inn i grupper").click()
    page.locator("[name=count]").fill("4")
    page.get_by_role("main").locator("form[method=post] button[type=submit]").last.click()
    expect(page.get_by_role("heading", name="Gruppe 4")).to_be_visible()

    page.get_by_role("link", name="Meldinger").click()
    page.get_by_role("link", name="Skriv melding").first.click()
    page.locator("[name=subject]").fill("Praktisk informasjon")
    page.locator("[name=body]").fill("Hei, {fornavn}.\n\nVi ses {datoer}.")
    page.locator("button[name=act][value=preview]").click()
    press(page, "Send til 28 personer")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Praktisk informasjon")

    page.goto(f"{course}/deltakere")
    with page.expect_download() as download:
        page.get_by_role("link", name="Last ned Excel").click()
    download.value.save_as(tmp_path / "deltakere.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "deltakere.xlsx").worksheets[0]
    addresses = {str(cell).lower() for row in sheet.iter_rows(values_only=True) for cell in row if "@" in str(cell)}
    assert addresses == {row[2].lower() for row in people(28)}
