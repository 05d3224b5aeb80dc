"""Which events need a look afterwards: every one at which somebody lacks something."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest
from flask import Flask

from courseapp.db import db, transaction
from courseapp.domain.attendance import AttendanceState
from courseapp.domain.event import EventStatus
from courseapp.domain.registration import Status
from courseapp.models.attendance import Attendance, HoursGrant
from courseapp.models.certificate import Certificate
from courseapp.models.event import Event, EventSession
from courseapp.queries import certificates, course_day, gaps
from tests.conftest import NOW
from tests.making import make_event
from tests.people import join, user

DAYS = (NOW - timedelta(days=9), NOW - timedelta(days=8))


def held() -> Event:
    return make_event(status=EventStatus.HELD, starts=DAYS)


def mark(event: Event, person: int, *sessions: int) -> None:
    with transaction() as tx:
        for number in sessions:
            session_id = event.sessions[number].id
            state = AttendanceState.PRESENT
            tx.add(Attendance(registration_id=person, session_id=session_id, state=state, marked_at=NOW))


def paper(event: Event, person: int, *, stands: bool = True) -> None:
    serial = person * 2 + int(stands)
    with transaction() as tx:
        tx.add(
            Certificate(
                office_id=event.office_id,
                year=2027,
                serial=serial,
                number=f"NORD-2027-{serial}",
                code="ABCDEFGH",
                event_id=event.id,
                registration_id=person,
                name="Prøve",
                minutes=540,
                content={},
                stands=stands,
                issued_at=NOW,
                revoked_at=None if stands else NOW,
                revoked_reason="" if stands else "Feil navn",
            )
        )


def found() -> list[int]:
    db.session.rollback()
    return list(db.session.scalars(gaps.events().order_by(Event.id)))


def test_an_event_at_which_everybody_has_everything_needs_no_look(app: Flask) -> None:
    event = held()
    for person in join(event, 3):
        mark(event, person, 0, 1)
        paper(event, person)
    assert found() == []


def test_what_people_without_a_seat_have_hides_nothing(app: Flask) -> None:
    event = held()
    one, other = join(event, 2)
    (gone,) = join(event, 1, first=5, status=Status.CANCELLED)
    mark(event, one, 0, 1)
    mark(event, other, 0)
    mark(event, gone, 0, 1)
    for person in (one, other, gone):
        paper(event, person)
    assert found() == [event.id]
    mark(event, other, 1)
    assert found() == []


@pytest.mark.parametrize("stands", [True, False])
def test_a_paper_that_was_revoked_is_none(app: Flask, stands: bool) -> None:
    event = held()
    (one,) = join(event, 1)
    mark(event, one, 0, 1)
    paper(event, one, stands=stands)
    assert found() == ([] if stands else [event.id])


def test_a_day_that_was_called_off_needs_no_mark(app: Flask) -> None:
    event = held()
    one, other = join(event, 2)
    mark(event, one, 0, 1)
    mark(event, other, 1)
    for person in (one, other):
        paper(event, person)
    assert found() == [event.id]
    with transaction() as tx:
        tx.get_one(EventSession, event.sessions[0].id).cancelled = True
    assert found() == []


def some(event: Event, chance: random.Random, user_id: int) -> None:
    """Whatever may happen at an event."""
    people = [
        join(event, 1, first=number, status=chance.choice([Status.REGISTERED, Status.REGISTERED, Status.CANCELLED]))[0]
        for number in range(chance.randint(0, 4))
    ]
    for person in people:
        mark(event, person, *chance.sample([0, 1], chance.choice([0, 1, 2, 2, 2])))
        if chance.random() < 0.7:
            paper(event, person, stands=chance.random() < 0.8)
        if chance.random() < 0.1:
            with transaction() as tx:
                tx.add(HoursGrant(registration_id=person, minutes=60, note="Var der", user_id=user_id, at=NOW))
    with transaction() as tx:
        for one in event.sessions:
            session = tx.get_one(EventSession, one.id)
            session.cancelled, session.minutes = chance.random() < 0.1, chance.choice([540, 540, None])


@pytest.mark.parametrize("seed", range(4))
def test_no_event_is_missed_at_which_somebody_lacks_something(app: Flask, seed: int) -> None:
    chance, user_id = random.Random(seed), user("kari@nord.example.org")
    made = [held() for _number in range(12)]
    for event in made:
        some(event, chance, user_id)
    looked_at = set(found())
    events = [db.session.get_one(Event, one.id) for one in made]
    lacking = course_day.unmarked(events).keys() | certificates.lacking(events).keys()
    assert lacking != set()
    assert (lacking - looked_at, looked_at != {one.id for one in made}) == (set(), True)
