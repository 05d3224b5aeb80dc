"""The desk's first page: what needs somebody, for whom, and the figures of the year."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask

from courseapp.db import transaction
from courseapp.domain.access import Actor, UserRole
from courseapp.domain.attendance import AttendanceState
from courseapp.domain.event import EventKind, EventStatus, SeatRule
from courseapp.domain.registration import Status
from courseapp.models.attendance import Attendance
from courseapp.models.event import Event
from courseapp.models.journal import MailState
from courseapp.models.registration import CalendarReply
from courseapp.queries import dashboard
from courseapp.queries.dashboard import Need
from courseapp.queries.year_figures import KindFigures
from courseapp.services import registrations
from tests.conftest import NOW
from tests.making import COURSE_DAYS, make_event, wish
from tests.people import join, letter_to, organizer, share

SOON = (NOW + timedelta(days=30),)


def needs(actor: Actor, now: datetime = NOW) -> list[tuple[Need, str, int]]:
    return [(one.need, one.slug, one.count) for one in dashboard.show(actor, now).todo]


def test_an_office_with_nothing_open_has_nothing_to_do(app: Flask) -> None:
    make_event(slug="kurs")
    assert needs(organizer()) == []


def _undecided(event: Event) -> None:
    join(event, 3, status=Status.APPLIED)


def _mail_failed(event: Event) -> None:
    for one in join(event, 2):
        letter_to(one, MailState.FAILED)
        letter_to(one, MailState.FAILED, subject="En til")


def _untold(event: Event) -> None:
    with transaction() as tx:
        tx.get_one(Event, event.id).told = {"title": "Før"}


def _declined(event: Event) -> None:
    (one,) = join(event, 1)
    with transaction() as tx:
        tx.add(
            CalendarReply(
                registration_id=one,
                session_id=event.sessions[0].id,
                partstat="DECLINED",
                replied_at=NOW,
                message_id="<a@example.org>",
            )
        )


def _seats_by_hand(event: Event) -> None:
    join(event, 2, status=Status.WAITLISTED)


@pytest.mark.parametrize(
    ("facts", "make", "expected"),
    [
        ({"seat_rule": SeatRule.APPLICATION, "closes_at": NOW - timedelta(days=1)}, _undecided, (Need.APPLICATIONS, 3)),
        ({}, _mail_failed, (Need.MAIL_FAILED, 2)),
        ({}, _untold, (Need.UNTOLD, 1)),
        ({}, _declined, (Need.DECLINED, 1)),
        ({"capacity": 7, "fill_stops_days": 365}, _seats_by_hand, (Need.FREE_SEATS, 7)),
        ({"starts": SOON}, lambda _event: None, (Need.LEADERS, 1)),
        ({"status": EventStatus.DRAFT}, lambda _event: None, (Need.DRAFT, 1)),
        ({"starts": (NOW - timedelta(days=3),)}, lambda _event: None, (Need.HELD, 1)),
    ],
)
def test_what_needs_somebody_is_said_once_with_its_number(
    app: Flask, facts: dict[str, Any], make: Any, expected: tuple[Need, int]
) -> None:
    event, actor = make_event(slug="kurs", **facts), organizer()
    make(event)
    assert needs(actor) == [(expected[0], "kurs", expected[1])]


def test_hours_that_were_seen_and_not_proven_are_said(app: Flask) -> None:
    event, actor = make_event(slug="kurs", status=EventStatus.HELD, starts=(NOW - timedelta(days=2),)), organizer()
    people = join(event, 3)
    with transaction() as tx:
        for one in people[:2]:
            session_id, state = event.sessions[0].id, AttendanceState.PRESENT
            tx.add(Attendance(registration_id=one, session_id=session_id, state=state, marked_at=NOW))
    assert needs(actor) == [(Need.ATTENDANCE, "kurs", 1), (Need.CERTIFICATES, "kurs", 2)]


def test_rows_of_the_report_without_a_number_are_said(app: Flask) -> None:
    facts: dict[str, Any] = {"kind": EventKind.STAND, "typed": True, "status": EventStatus.HELD, "report_year": 2027}
    days = (NOW - timedelta(days=3),)
    make_event(slug="stand", starts=days, **facts)
    make_event(slug="talt", starts=days, reported_number=12, **facts)
    make_event(slug="sagt", starts=days, reported_text="Ca 100 fysisk", **facts)
    make_event(slug="kommer", **facts)
    make_event(slug="brev", starts=days, **{**facts, "kind": EventKind.NEWSLETTER})
    make_event(slug="fjor", starts=days, **{**facts, "report_year": 2026})
    assert needs(organizer()) == [(Need.NUMBER, "stand", 1)]


def test_the_most_pressing_comes_first_then_the_nearest(app: Flask) -> None:
    make_event(slug="utkast", status=EventStatus.DRAFT)
    make_event(slug="senere", starts=(NOW + timedelta(days=40),))
    make_event(slug="snart", starts=SOON)
    assert [(need, slug) for need, slug, _count in needs(organizer())] == [
        (Need.LEADERS, "snart"),
        (Need.LEADERS, "senere"),
        (Need.DRAFT, "utkast"),
    ]


def test_a_partner_has_it_too_a_reader_and_another_office_have_not(app: Flask) -> None:
    event = make_event(slug="kurs", starts=SOON)
    share(event, "sor")
    reader = Actor(user_id=1, name="Leser", roles=((event.office_id, UserRole.READER),), national=None)
    nowhere = Actor(user_id=1, name="Leser", roles=(), national=UserRole.READER)
    found = [needs(actor) for actor in (organizer("sor"), organizer("oslo"), reader, nowhere)]
    assert found == [[(Need.LEADERS, "kurs", 1)], [], [], []]


def test_old_events_nobody_closed_are_let_go_after_a_year(app: Flask) -> None:
    make_event(slug="kurs", starts=(NOW - timedelta(days=400),))
    assert needs(organizer()) == []


def test_the_year_counts_events_seats_and_people_by_kind(app: Flask) -> None:
    held = make_event(status=EventStatus.HELD, report_year=2027, starts=(NOW - timedelta(days=5),))
    coming = make_event(report_year=2027, capacity=1)
    make_event(report_year=2027, status=EventStatus.CANCELLED)
    make_event(report_year=2027, status=EventStatus.DRAFT)
    make_event(report_year=2026, status=EventStatus.HELD, starts=(NOW - timedelta(days=200),))
    make_event(office="oslo", report_year=2027)
    evening = make_event(report_year=2027, kind=EventKind.ALIS_KVELD, capacity=None, starts=COURSE_DAYS[:1])
    join(held, 4)
    for number in (1, 2):
        registrations.sign_up(wish(coming, number))
    join(evening, 3, first=10)
    assert dashboard.show(organizer(), NOW).figures == (
        KindFigures(kind=EventKind.VEILEDERKURS, held=1, coming=1, cancelled=1, seats=31, people=5, waiting=1),
        KindFigures(kind=EventKind.ALIS_KVELD, held=0, coming=1, cancelled=0, seats=None, people=3, waiting=0),
    )
