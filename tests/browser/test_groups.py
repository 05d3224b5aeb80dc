"""Practice groups: put right with the keyboard alone, with and without scripts; and on one sheet of paper."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from courseapp.domain.registration import Role
from tests.browser.conftest import DESK, PHONE, Visits
from tests.browser.site import Site, real_time
from tests.browser.ways import desk, groups
from tests.making import make_event
from tests.people import registered, save

MOST_STOPS = 80


def tab_to(page: Page, chosen: str) -> None:
    """Press Tab until that is where one is."""
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        if page.evaluate("chosen => document.activeElement.matches(chosen)", chosen):
            return
    raise AssertionError(f"the keyboard never comes to {chosen}")


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
@pytest.mark.parametrize("width", [PHONE, DESK])
def test_one_is_moved_to_another_group_without_a_mouse(visit: Visits, site: Site, width: int, scripts: bool) -> None:
    page = visit(width, scripts=scripts)
    groups()(page, site)
    first, second = (page.locator(f"[data-group='{number}'] li[data-registration]") for number in (1, 2))
    before = first.count(), second.count()
    moved = first.nth(0).get_attribute("data-registration")
    tab_to(page, "#gruppe-1 summary")
    page.keyboard.press("Enter")
    tab_to(page, "#who-1")
    page.keyboard.press("ArrowDown")
    tab_to(page, "#to-1")
    page.keyboard.press("ArrowDown")
    tab_to(page, "#gruppe-1 button")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Flyttet.")).to_be_visible()
    assert (first.count(), second.count()) == (before[0] - 1, before[1] + 1)
    expect(page.locator(f"[data-group='2'] [data-registration='{moved}']")).to_have_count(1)


def test_a_course_of_thirty_is_one_sheet_of_paper(visit: Visits, site: Site) -> None:
    work = "Kommunelegekontoret ved torget"  # so long that it takes a second line on paper
    with site.app.app_context():
        event = make_event(slug="tretti-kurs", starts=(real_time() + timedelta(days=101),))
        role = Role.SPECIALIST_COMMUNITY_MEDICINE
        save(*(registered(event, one, workplace=f"{work} {one}", primary_role=role) for one in range(1, 31)))
    page = visit(DESK, scripts=True)
    desk("/arrangementer/tretti-kurs/grupper/del")(page, site)
    page.locator("main form[method=post] button[type=submit]").click()
    expect(page.locator(".group-card")).to_have_count(4)
    expect(page.get_by_role("button", name="Skriv ut listen")).to_be_visible()
    sheets = len(re.findall(rb"/Type\s*/Page\b", page.pdf(format="A4")))
    page.emulate_media(media="print")
    controls = "main :is(button, select, input, summary, nav)"
    shown = [one for one in page.locator(controls).all() if one.is_visible()]
    assert (sheets, shown) == (1, [])
