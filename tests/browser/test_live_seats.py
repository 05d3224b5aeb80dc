"""The seats of a page that is being read stay true: asked for again at most every half minute, and never for long."""

from __future__ import annotations

from datetime import timedelta
from itertools import count

from playwright.sync_api import Page, Request, expect

from courseapp.db import db, transaction
from courseapp.models.event import Event
from tests.browser.conftest import PHONE, Visits
from tests.browser.site import Site, real_time
from tests.making import make_event
from tests.people import join

_numbers = count(1)
HALF_A_MINUTE = 30_000
SAID = "[data-live-said]"
HIDE = """hidden => {
    Object.defineProperty(document, "hidden", { value: hidden, configurable: true });
    document.dispatchEvent(new Event("visibilitychange"));
}"""


def course(site: Site, *, capacity: int = 3) -> tuple[str, int]:
    """A course that is open for sign-up: its slug and its number."""
    with site.app.app_context():
        slug = f"levende-{next(_numbers)}"
        event = make_event(slug=slug, capacity=capacity, starts=(real_time() + timedelta(days=70),))
        return slug, event.id


def take(site: Site, event_id: int, number: int, first: int = 1) -> None:
    """That many get a seat meanwhile."""
    with site.app.app_context():
        event = db.session.get(Event, event_id)
        assert event is not None
        join(event, number, first=first)


def asks(page: Page) -> list[str]:
    """What the page asks for by itself, from now on."""
    seen: list[str] = []

    def note(request: Request) -> None:
        if request.resource_type == "fetch":
            seen.append(request.url)

    page.on("request", note)
    return seen


def opened(visit: Visits, site: Site, rest: str = "") -> tuple[Page, int, list[str]]:
    """Somebody reads about a course of three seats, in a browser whose time is ours to wind."""
    slug, event_id = course(site)
    page = visit(PHONE, cold=True)
    page.clock.install()
    page.goto(f"/arrangementer/{slug}{rest}")
    return page, event_id, asks(page)


def wind(page: Page, *, asked: bool = True) -> None:
    """Half a minute later; `asked`: when the answer is there."""
    if not asked:
        page.clock.run_for(HALF_A_MINUTE)
        return
    with page.expect_response(lambda answer: answer.request.resource_type == "fetch") as answer:
        page.clock.run_for(HALF_A_MINUTE)
    answer.value.finished()


def test_seats_that_go_are_seen_and_told(visit: Visits, site: Site) -> None:
    page, event_id, seen = opened(visit, site)
    main = page.get_by_role("main")
    expect(main.get_by_text("3 av 3 plasser ledige")).to_be_visible()
    take(site, event_id, 2)
    wind(page)
    expect(main.locator(".seats b")).to_have_text("1 av 3 plasser ledige")
    expect(main.locator(".seats__taken")).to_have_count(1)
    expect(page.locator(SAID)).to_have_text("Plassene er oppdatert: 1 av 3 plasser ledige")
    expect(main).to_have_attribute("data-seats-left", "1")
    expect(main.locator(".ds-tag")).to_have_text("Få plasser igjen")
    assert len(seen) == 1


def test_a_course_that_fills_up_offers_the_line(visit: Visits, site: Site) -> None:
    page, event_id, _seen = opened(visit, site)
    button = page.get_by_role("main").locator("[data-live=seats] a.ds-button")
    button.focus()
    take(site, event_id, 3)
    wind(page)
    expect(button).to_have_text("Sett deg på venteliste")
    expect(button).to_be_focused()
    expect(page.get_by_role("main").locator(".seats b")).to_have_text("Fullt – ingen på venteliste")


def test_the_form_says_so_too_and_keeps_what_is_typed(visit: Visits, site: Site) -> None:
    page, event_id, _seen = opened(visit, site, "/pamelding")
    page.locator("[name=first_name]").fill("Åse")
    take(site, event_id, 3)
    wind(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Sett deg på venteliste")
    expect(page.get_by_role("button", name="Sett deg på venteliste")).to_be_visible()
    expect(page.locator("[data-live=seats]")).to_have_text("Fullt – ingen på venteliste")
    expect(page.locator("[data-live=next]")).to_contain_text("Du kommer på venteliste")
    expect(page.locator("[name=first_name]")).to_have_value("Åse")


def test_the_form_of_a_course_that_has_closed_says_so_and_asks_no_more(visit: Visits, site: Site) -> None:
    page, event_id, seen = opened(visit, site, "/pamelding")
    with site.app.app_context(), transaction() as tx:
        tx.get_one(Event, event_id).closes_at = real_time() - timedelta(hours=1)
    wind(page)
    expect(page.locator(SAID)).to_be_visible()
    expect(page.locator(SAID)).to_contain_text("Det er ikke lenger mulig å melde seg på her.")
    before = len(seen)
    wind(page, asked=False)
    assert len(seen) == before


def test_nothing_is_asked_while_nobody_looks_and_at_once_when_somebody_does(visit: Visits, site: Site) -> None:
    page, _event_id, seen = opened(visit, site)
    page.evaluate(HIDE, True)
    wind(page, asked=False)
    wind(page, asked=False)
    assert seen == []
    with page.expect_response(lambda answer: answer.request.resource_type == "fetch"):
        page.evaluate(HIDE, False)
        page.clock.run_for(1)
    assert len(seen) == 1


def test_it_asks_twice_a_minute_at_most_and_stops_after_half_an_hour(visit: Visits, site: Site) -> None:
    page, _event_id, seen = opened(visit, site)
    page.clock.run_for(HALF_A_MINUTE - 1000)
    assert seen == []
    for _ in range(58):
        wind(page)
    asked = len(seen)
    assert 55 <= asked <= 60
    page.clock.run_for(60 * 60_000)
    assert len(seen) <= asked + 2


def test_a_line_that_breaks_changes_nothing(visit: Visits, site: Site) -> None:
    page, event_id, _seen = opened(visit, site)
    take(site, event_id, 3)
    page.route("**/arrangementer/**", lambda route: route.abort())
    with page.expect_event("requestfailed"):
        page.clock.run_for(HALF_A_MINUTE)
    expect(page.get_by_role("main").get_by_text("3 av 3 plasser ledige")).to_be_visible()
    page.unroute("**/arrangementer/**")
    wind(page)
    expect(page.get_by_role("main").locator(".seats b")).to_have_text("Fullt – ingen på venteliste")
