"""The pages of the day itself: attendance at the desk, the code in the room, and the course leaders' own pages."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from playwright.sync_api import Page
from sqlalchemy import select, update

from courseapp.db import db, transaction
from courseapp.domain.event import EventKind
from courseapp.domain.registration import Status
from courseapp.links import links
from courseapp.models.event import Event, EventLeader, EventSession
from courseapp.models.person import CourseLeader
from courseapp.models.registration import DietaryNeed, Registration
from tests.browser.site import Site, real_time
from tests.browser.ways import ERRORS, Place, Way, at, desk, draft, go, refused
from tests.making import make_event
from tests.people import join

COURSE, EVENING = "kurs-i-dag", "kveld-i-dag"


def today(site: Site, slug: str = COURSE, **more: Any) -> Event:
    """A course of the demo's organizer that is on now, with people and a leader, made once."""
    with site.app.app_context():
        found = db.session.scalar(select(Event).where(Event.slug == slug))
        if found is None:
            now = real_time()
            starts = (now - timedelta(hours=1), now + timedelta(days=28))
            options: dict[str, Any] = {
                "self_check_in": True,
                "leaders_see_kitchen": True,
                "leader_note": "Nøkkelen er i resepsjonen.",
            }
            found = make_event(slug=slug, starts=starts, **{**options, **more})
            people = join(found, 8)
            join(found, 1, first=20, status=Status.WAITLISTED)
            with transaction() as tx:
                tx.add(
                    DietaryNeed(registration_id=people[0], needs="Vegetar", consented_at=now, consent_version="2026-11")
                )
                leader = tx.scalars(select(CourseLeader).where(CourseLeader.office_id == found.office_id)).first()
                assert leader is not None
                leader.link_serial, leader.link_sent_at = leader.link_serial or 1, now
                tx.add(EventLeader(event_id=found.id, leader_id=leader.id, position=1))
                if found.kind is EventKind.ALIS_KVELD:
                    tx.execute(update(EventSession).where(EventSession.event_id == found.id).values(minutes=None))
        _ = [one.id for one in found.sessions]
        return found


def evening(site: Site) -> Event:
    """An evening without hours."""
    return today(site, EVENING, kind=EventKind.ALIS_KVELD)


def at_the_desk(rest: str) -> Way:
    """A page under «Oppmøte» of that course; «DAY» stands for the number of today's session."""

    def way(page: Page, site: Site) -> None:
        day = str(today(site).sessions[0].id)
        desk(f"/arrangementer/{COURSE}{rest.replace('DAY', day)}")(page, site)

    return way


def key_of_the_leader(site: Site) -> str:
    """The secret of whoever leads that course."""
    event = today(site)
    with site.app.app_context():
        leader = db.session.scalars(
            select(CourseLeader).join(EventLeader).where(EventLeader.event_id == event.id)
        ).one()
        return links().leader_key(leader.id, leader.link_serial)


def led(rest: str = "") -> Way:
    """A page of that leader's."""

    def way(page: Page, site: Site) -> None:
        day = str(today(site).sessions[0].id)
        go(page, f"/leder/{key_of_the_leader(site)}{rest.replace('DAY', day)}")

    return way


def code(page: Page, site: Site) -> None:
    """The page that the code in the room leads to."""
    event = today(site)
    with site.app.app_context():
        address = links().check_in(event.sessions[0].id)
    go(page, address.partition("kurs.example.org")[2])


def my_day(page: Page, site: Site) -> None:
    """«Min påmelding» while the session is on."""
    event = today(site)
    with site.app.app_context():
        one = db.session.scalars(
            select(Registration).where(Registration.event_id == event.id).order_by(Registration.id).limit(1)
        ).one()
        key = links().key(one.id, one.link_serial)
    go(page, f"/min/{key}")


def heads(page: Page, site: Site) -> None:
    """How many came to an evening."""
    evening(site)
    desk(f"/arrangementer/{EVENING}/oppmote/antall")(page, site)


def evening_page(page: Page, site: Site) -> None:
    """The evening itself, with the number to write."""
    evening(site)
    desk(f"/arrangementer/{EVENING}")(page, site)


def an_evening(page: Page, site: Site) -> None:
    """The list of an evening, with the number on top."""
    event = evening(site)
    desk(f"/arrangementer/{EVENING}/oppmote/{event.sessions[0].id}")(page, site)


def hours_refused(page: Page, site: Site) -> None:
    """Hours by hand without a reason."""
    at_the_desk("/oppmote/timer")(page, site)
    page.locator("details.more summary").first.click()
    page.locator("details.more button").first.click()


DAY_PLACES = (
    Place("attendance today", "office.attendance.session", at_the_desk("/oppmote/DAY"), "[data-person] button"),
    Place("attendance by role", "office.attendance.session", at_the_desk("/oppmote/DAY?vis=rolle"), ".roll-group"),
    Place("attendance of an evening", "office.attendance.session", an_evening, ".roll-heads form"),
    Place("an evening's own page", "office.overview.show", evening_page, "[name=number]"),
    Place("attendance without a session", "office.attendance.index", draft("/oppmote"), ".empty"),
    Place("somebody who came", "office.attendance.drop_in", at_the_desk("/oppmote/DAY/ny"), ".roll__row--other button"),
    Place(
        "somebody who came refused",
        "office.attendance.drop_in",
        refused(at_the_desk("/oppmote/DAY/ny?sok=finnes-ikke"), email="ase"),
        ERRORS,
        422,
    ),
    Place("the code for the room", "office.attendance.code", at_the_desk("/oppmote/DAY/qr"), "svg"),
    Place("how many came", "office.attendance.heads", refused(heads, number="mange"), ERRORS, 422),
    Place("hours of everybody", "office.attendance.hours", at_the_desk("/oppmote/timer"), "[data-earned]"),
    Place("hours by hand refused", "office.attendance.hours", hours_refused, ERRORS, 422),
    Place("options of the day", "office.attendance.options", at_the_desk("/oppmote/valg"), "[name=leader_note]"),
    Place("the kitchen list", "office.kitchen.show", at_the_desk("/kjokken"), "tbody tr"),
    Place("the kitchen list with names", "office.kitchen.show", at_the_desk("/kjokken?navn=ja"), "tbody td"),
    Place("checking in", "public.check_in.show", code, "[name=email]"),
    Place("checked in", "public.check_in.show", refused(code, email="ukjent@lege.example.org"), ".lead"),
    Place("my seat today", "public.my_registration.show", my_day, "form[action$='/oppmote'] button"),
    Place("a leader's courses", "leader.courses.index", led(), "article.pass"),
    Place("a leader's course", "leader.courses.show", led(f"/kurs/{COURSE}"), ".leader-note"),
    Place("a leader's kitchen list", "leader.courses.kitchen", led(f"/kurs/{COURSE}/kjokken"), "tbody tr"),
    Place("a leader marks", "leader.attendance.session", led(f"/kurs/{COURSE}/oppmote/DAY"), "[data-person] button"),
    Place("what a leader reads afterwards", "leader.courses.evaluation", led(f"/kurs/{COURSE}/evaluering"), "main p"),
    Place("a leader's calendar", "leader.courses.feed", refused(led("/kalender")), "#feed-address"),
    Place("a leader's link that is dead", "leader.courses.index", at("/leder/finnes-ikke"), "h1", 404),
)
