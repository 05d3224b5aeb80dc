"""An organizer who has seen the system once has a course out in a few steps: counted, and in seconds."""

from __future__ import annotations

import time as wall
from collections.abc import Callable
from datetime import timedelta
from typing import Literal

from playwright.sync_api import Page, expect

from courseapp import when
from tests.browser.conftest import DESK, Visits
from tests.browser.site import ORGANIZER, Site, real_time

STEPS_AT_MOST = 16
SECONDS_AT_MOST = 60


class Counted:
    """A page whose every act is counted as a person's step."""

    def __init__(self, page: Page) -> None:
        self.page, self.steps = page, 0

    def press(self, words: str, *, role: Literal["button", "link"] = "button") -> None:
        """A button or link."""
        self.steps += 1
        self.page.get_by_role("main").get_by_role(role, name=words).first.click()

    def fill(self, name: str, value: str) -> None:
        """A field."""
        self.steps += 1
        self.page.locator(f"[name={name}]").fill(value)


def test_from_log_in_to_a_published_course_with_a_pair(
    visit: Visits, site: Site, record_property: Callable[[str, object], None]
) -> None:
    site.logged_out()
    first = real_time().date() + timedelta(days=280)
    page = visit(DESK, scripts=True)
    began = wall.monotonic()
    one = Counted(page)
    page.goto("/kontor/logg-inn")
    one.fill("email", ORGANIZER.email)
    one.fill("password", ORGANIZER.password)
    one.press("Logg inn")
    page.wait_for_url("**/kontor/**")
    page.goto("/kontor/arrangementer")
    one.press("Nytt arrangement", role="link")
    one.press("Veilederkurs", role="link")
    for number, days in ((1, 0), (2, 28)):
        one.fill(f"n{number}_date", f"{first + timedelta(days=days)}")
        one.fill(f"n{number}_place", "Svolvær")
    expect(page.locator(".sum")).to_have_text("Samlingene gir 18 timer til sammen. Det er riktig for et veilederkurs.")
    one.steps += 1
    page.locator("[name=pair]").select_option(index=1)
    one.press("Publiser")
    expect(page.get_by_text("Arrangementet er publisert.")).to_be_visible()
    seconds = wall.monotonic() - began
    expect(page.locator(".facts")).to_contain_text(when.dates([first - timedelta(days=21)]))
    record_property("steps and seconds", f"{one.steps} steps, {seconds:.1f} s of the machine's time")
    assert one.steps <= STEPS_AT_MOST
    assert seconds < SECONDS_AT_MOST
    page.goto("/?office=nord")
    expect(page.get_by_role("article").filter(has_text="Svolvær")).to_have_count(1)
