"""The year so far: counted once, and anew as soon as somebody comes or goes, or time passes an event."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask
from sqlalchemy import event as sa_event
from sqlalchemy import text

from courseapp.db import db, transaction
from courseapp.domain.event import EventStatus
from courseapp.domain.registration import Status
from courseapp.models.event import Event
from courseapp.models.registration import Registration
from courseapp.queries import year_figures
from courseapp.queries.shown import LIFE
from tests.conftest import NOW
from tests.making import make_event
from tests.people import join

YEAR = 2027


def look(passed: timedelta = timedelta(0)) -> list[tuple[int, int, int]]:
    db.session.rollback()
    return [(one.held, one.coming, one.people) for one in year_figures.by_kind(None, YEAR, NOW + passed)]


def statements(passed: timedelta = timedelta(0)) -> int:
    seen: list[str] = []

    def note(_conn: object, _cursor: object, statement: str, *_rest: object) -> None:
        seen.append(statement)

    sa_event.listen(db.engine, "before_cursor_execute", note)
    try:
        look(passed)
    finally:
        sa_event.remove(db.engine, "before_cursor_execute", note)
    return sum(one.startswith("SELECT") for one in seen)


def test_what_is_counted_is_counted_once(app: Flask) -> None:
    join(make_event(report_year=YEAR), 2)
    assert look() == [(0, 1, 2)]
    assert statements() == 1


def test_who_comes_and_who_goes_is_counted(app: Flask) -> None:
    event = make_event(report_year=YEAR)
    (one,) = join(event, 1)
    assert look() == [(0, 1, 1)]
    join(event, 1, first=2)
    assert look() == [(0, 1, 2)]
    with transaction() as tx:
        tx.get_one(Registration, one).status = Status.CANCELLED
    assert look() == [(0, 1, 1)]


def test_an_event_more_and_one_less_are_seen(app: Flask) -> None:
    event = make_event(report_year=YEAR)
    assert look() == [(0, 1, 0)]
    make_event(report_year=YEAR)
    assert look() == [(0, 2, 0)]
    with transaction() as tx:
        tx.get_one(Event, event.id).status = EventStatus.CANCELLED
    assert look() == [(0, 1, 0)]
    with transaction() as tx:
        tx.get_one(Event, event.id).report_year = YEAR - 1
    assert look() == [(0, 1, 0)]


def test_time_alone_makes_an_event_one_that_was(app: Flask) -> None:
    make_event(report_year=YEAR, starts=(NOW - timedelta(hours=7) + timedelta(seconds=30),))
    assert (look(), statements(timedelta(seconds=29))) == ([(0, 1, 0)], 1)
    assert look(timedelta(seconds=30)) == [(1, 0, 0)]
    assert look(timedelta(seconds=29)) == [(0, 1, 0)]


def test_a_change_by_hand_is_seen_within_a_minute(app: Flask) -> None:
    join(make_event(report_year=YEAR), 1)
    assert look() == [(0, 1, 1)]
    with db.engine.begin() as connection:
        connection.execute(text("UPDATE registration SET status = 'cancelled'"))
    assert look() == [(0, 1, 1)]
    assert look(LIFE) == [(0, 1, 0)]


def test_each_office_has_its_own(app: Flask) -> None:
    nord = make_event(report_year=YEAR)
    oslo = make_event(report_year=YEAR, office="oslo")
    join(oslo, 3)
    found = [year_figures.by_kind([one.office_id], YEAR, NOW)[0].people for one in (nord, oslo, nord)]
    assert found == [0, 3, 0]
