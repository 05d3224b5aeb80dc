"""Marking attendance on a phone while the line comes and goes: nothing is lost, nothing is doubled."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import APIResponse, BrowserContext, Page, Route, expect
from sqlalchemy import select

from courseapp.db import db, transaction
from courseapp.models.attendance import Attendance, AttendanceTap
from courseapp.models.event import Event
from courseapp.models.journal import AuditEntry
from tests.browser.conftest import PHONE, Visits
from tests.browser.day_places import key_of_the_leader, led, today
from tests.browser.site import ORIGIN, Site, real_time
from tests.making import make_event
from tests.people import join

WAIT = 15_000


@pytest.fixture(autouse=True)
def online(contexts: dict[tuple[bool, bool], BrowserContext]) -> Iterator[None]:
    """Whatever a test did to the line, the next one has it."""
    yield
    for context in contexts.values():
        context.set_offline(False)


def fresh(site: Site, slug: str, count: int) -> tuple[Event, list[int]]:
    """A course on now with so many people and no marks."""
    with site.app.app_context():
        event = make_event(slug=slug, starts=(real_time() - timedelta(hours=1),))
        return event, join(event, count)


def marked(site: Site, event: Event) -> dict[int, tuple[str, int | None]]:
    """What the database holds."""
    with site.app.app_context():
        db.session.rollback()
        chosen = select(Attendance).where(Attendance.session_id == event.sessions[0].id)
        return {one.registration_id: (str(one.state), one.minutes) for one in db.session.scalars(chosen)}


def acts(site: Site, event: Event) -> list[tuple[int | None, str]]:
    """Whose mark was written, in order."""
    with site.app.app_context():
        db.session.rollback()
        chosen = select(AuditEntry).where(AuditEntry.event_id == event.id, AuditEntry.verb == "attendance_marked")
        return [(one.registration_id, one.details["new"]) for one in db.session.scalars(chosen.order_by(AuditEntry.id))]


def opened(visit: Visits, site: Site, event: Event, *, scripts: bool = True) -> Page:
    page = visit(PHONE, scripts=scripts)
    site.log_in(page.context)
    page.goto(f"/kontor/arrangementer/{event.slug}/oppmote")
    return page


def press(page: Page, person: int, words: str) -> None:
    page.locator(f"#p{person}").get_by_role("button", name=words).first.click()


def partly(page: Page, person: int, minutes: str) -> None:
    row = page.locator(f"#p{person}")
    row.locator("summary").click()
    row.locator(".roll__partly [name=minutes]").fill(minutes)
    row.get_by_role("button", name="Lagre delvis").click()


def test_the_line_is_cut_in_the_middle(visit: Visits, site: Site) -> None:
    event, people = fresh(site, "nettet-ryker", 6)
    page = opened(visit, site, event)
    line = page.locator("[data-line]")
    press(page, people[0], "Til stede")
    expect(line).to_have_text("Lagret")
    assert marked(site, event) == {people[0]: ("present", None)}

    page.context.set_offline(True)
    press(page, people[1], "Til stede")
    press(page, people[2], "Borte")
    press(page, people[2], "Til stede")
    partly(page, people[3], "120")
    expect(line).to_have_text("Venter på nett (3)")
    expect(page.locator("[data-sum-here]")).to_have_text("4 av 6 til stede")
    expect(page.locator(f"#p{people[3]} .roll__partly summary")).to_have_attribute("data-variant", "primary")
    assert marked(site, event) == {people[0]: ("present", None)}

    page.context.set_offline(False)
    expect(line).to_have_text("Lagret", timeout=WAIT)
    assert marked(site, event) == {
        people[0]: ("present", None),
        people[1]: ("present", None),
        people[2]: ("present", None),
        people[3]: ("partly", 120),
    }
    assert acts(site, event) == [(one, "present") for one in people[:3]] + [(people[3], "partly")]
    page.reload()
    expect(page.locator("[data-sum-here]")).to_have_text("4 av 6 til stede")


def test_an_answer_that_is_lost_on_the_way_doubles_nothing(visit: Visits, site: Site) -> None:
    event, people = fresh(site, "svaret-ble-borte", 2)
    page = opened(visit, site, event)
    lost: list[APIResponse] = []

    def lose(route: Route) -> None:
        if len(lost) < 2:
            here = route.request.url.replace(ORIGIN, f"http://127.0.0.1:{site.port}")
            lost.append(route.fetch(url=here))  # the server has heard it
            route.abort()
        else:
            route.continue_()

    page.route(f"**/oppmote/*/{people[0]}*", lose)
    press(page, people[0], "Til stede")
    expect(page.locator("[data-line]")).to_have_text("Lagret", timeout=WAIT)
    assert [one.status for one in lost] == [200, 200]
    assert (marked(site, event), acts(site, event)) == (
        {people[0]: ("present", None)},
        [(people[0], "present")],
    )
    with site.app.app_context():
        taps = db.session.scalars(select(AttendanceTap).where(AttendanceTap.session_id == event.sessions[0].id)).all()
        assert len(taps) == 1


def test_what_waits_survives_that_the_page_is_closed(visit: Visits, site: Site) -> None:
    event, people = fresh(site, "siden-lukkes", 3)
    page = opened(visit, site, event)
    page.context.set_offline(True)
    press(page, people[0], "Til stede")
    press(page, people[1], "Borte")
    expect(page.locator("[data-line]")).to_have_text("Venter på nett (2)")
    context = page.context
    page.close()
    visit.pages.remove(page)
    context.set_offline(False)
    assert marked(site, event) == {}
    again = opened(visit, site, event)
    expect(again.locator("[data-line]")).to_have_text("Lagret", timeout=WAIT)
    assert marked(site, event) == {people[0]: ("present", None), people[1]: ("absent", None)}


def test_two_phones_merge(visit: Visits, site: Site) -> None:
    event = today(site, "to-telefoner")
    page = opened(visit, site, event)
    theirs = visit(PHONE)
    theirs.goto(f"/leder/{key_of_the_leader(site)}/kurs/to-telefoner/oppmote/{event.sessions[0].id}")
    rows = [int(one.get_attribute("data-person") or 0) for one in page.locator("[data-person]").all()]
    for person in rows[:3]:
        press(page, person, "Til stede")
    for person in rows[2:5]:
        press(theirs, person, "Borte" if person == rows[4] else "Til stede")
    expect(page.locator("[data-line]")).to_have_text("Lagret")
    expect(theirs.locator("[data-line]")).to_have_text("Lagret")
    press(page, rows[5], "Til stede")
    expect(page.locator("[data-line]")).to_have_text("Lagret")
    assert marked(site, event) == {
        **dict.fromkeys((*rows[:4], rows[5]), ("present", None)),
        rows[4]: ("absent", None),
    }
    expect(page.locator(f"#p{rows[4]}")).to_have_attribute("data-state", "absent")


def test_all_present_undo_and_the_filter(visit: Visits, site: Site) -> None:
    event, people = fresh(site, "alle-her", 7)
    page = opened(visit, site, event)
    line = page.locator("[data-line]")
    press(page, people[0], "Borte")
    expect(line).to_have_text("Lagret")
    page.context.set_offline(True)
    page.get_by_role("button", name="Alle til stede").first.click()
    press(page, people[1], "Borte")
    expect(line).to_have_text("Venter på nett (2)")
    page.context.set_offline(False)
    expect(line).to_have_text("Lagret", timeout=WAIT)
    assert marked(site, event) == {
        **dict.fromkeys(people[:2], ("absent", None)),
        **dict.fromkeys(people[2:], ("present", None)),
    }
    press(page, people[1], "Angre")
    expect(page.locator(f"#p{people[1]}")).to_have_attribute("data-state", "present")
    expect(line).to_have_text("Lagret")
    assert marked(site, event)[people[1]] == ("present", None)
    page.get_by_label("Finn i listen").fill("0007")
    expect(page.locator("[data-person]:visible")).to_have_count(1)


def test_everything_works_without_a_script(visit: Visits, site: Site) -> None:
    event, people = fresh(site, "uten-skript", 2)
    page = opened(visit, site, event, scripts=False)
    press(page, people[0], "Til stede")
    partly(page, people[1], "60")
    expect(page.locator("[data-sum-here]")).to_have_text("2 av 2 til stede")
    press(page, people[1], "Angre")
    assert marked(site, event) == {people[0]: ("present", None)}


def test_a_link_that_is_closed_keeps_the_tap_from_being_saved_and_says_so(visit: Visits, site: Site) -> None:
    event = today(site, "lenken-stenges")
    page = visit(PHONE)
    led(f"/kurs/lenken-stenges/oppmote/{event.sessions[0].id}")(page, site)
    with site.app.app_context(), transaction() as tx:
        tx.get_one(Event, event.id).leaders = []
    person = int(page.locator("[data-person]").first.get_attribute("data-person") or 0)
    press(page, person, "Til stede")
    expect(page.locator("[data-line]")).to_contain_text("kunne ikke lagres")
    assert marked(site, event) == {}
    visit.troubles[:] = [one for one in visit.troubles if not one.startswith("404 from")]
