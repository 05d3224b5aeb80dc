"""How far a message has come is shown while it is being sent, and said when it is done."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.conftest import Visits
from tests.browser.message_places import writing
from tests.browser.site import Site

A_FEW_SECONDS = 4_000


def sending(page: Page, site: Site) -> int:
    """A message that has just been sent, on a page whose time is ours to wind; how many get it."""
    writing("preview")(page, site)
    page.locator("button[value=send]").click()
    page.clock.install()
    page.reload()
    return int(page.locator("progress").get_attribute("max") or 0)


def wind(page: Page) -> None:
    """A few seconds later, when the answer is there."""
    with page.expect_response(lambda answer: answer.request.resource_type == "fetch"):
        page.clock.run_for(A_FEW_SECONDS)


def test_it_moves_by_itself_until_all_are_sent(visit: Visits, site: Site) -> None:
    page = visit(cold=True)
    everybody = sending(page, site)
    said = page.locator("[data-live=sent]")
    expect(said).to_contain_text(f"0 av {everybody} sendt, {everybody} i kø")
    wind(page)
    expect(said).to_contain_text(f"0 av {everybody} sendt")
    site.deliver()
    wind(page)
    expect(said).to_contain_text(f"{everybody} av {everybody} sendt.")
    expect(page.locator("progress")).to_have_count(0)
    expect(page.locator("[data-live-done]")).to_have_text("Alle e-postene er behandlet.")
    assert page.locator("[data-live=copies] tr[data-state=sent]").count() == everybody
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.clock.run_for(10 * A_FEW_SECONDS)
    assert asked == []


def test_without_scripts_it_says_how_far_it_is_and_that_it_goes_on(visit: Visits, site: Site) -> None:
    page = visit(scripts=False)
    writing("preview")(page, site)
    page.locator("button[value=send]").click()
    expect(page.locator("progress")).to_have_attribute("value", "0")
    expect(page.get_by_text("De blir sendt selv om du lukker siden.")).to_be_visible()
