"""The list to mark on, the kitchen list, and what the first page says about attendance."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from courseapp.db import db, transaction
from courseapp.domain.access import UserRole
from courseapp.domain.errors import NotFound
from courseapp.domain.event import EventKind, EventStatus
from courseapp.domain.registration import Role, Status
from courseapp.models.event import Event, EventSession
from courseapp.models.registration import DietaryNeed, Registration
from courseapp.queries import attendance, course_day, dashboard, kitchen
from courseapp.queries.attendance import Order
from courseapp.queries.dashboard import Need
from courseapp.services import attendance as acts
from tests.attending import AWAY, HERE, course, partly
from tests.conftest import NOW, Clock
from tests.leading import organizer
from tests.people import join


def test_the_list_says_who_is_there_and_who_said_so(app: Flask, time: Clock) -> None:
    event = course()
    day, actor = event.sessions[0].id, organizer()
    people = join(event, 3)
    acts.mark(event.slug, day, people[0], AWAY, by=actor)
    acts.mark(event.slug, day, people[0], partly(100), by=actor)
    acts.mark(event.slug, day, people[1], AWAY, by=actor)
    shown = attendance.session(actor, event.slug, day, time())
    assert [(one.id, one.state, one.minutes, one.marked_by, one.undo) for one in shown.people] == [
        (people[0], "partly", 100, "Kari Nordmann", "absent"),
        (people[1], "absent", None, "Kari Nordmann", ""),
        (people[2], "", None, "", ""),
    ]
    assert (shown.present, shown.total, shown.unmarked, shown.may_mark, shown.longest) == (1, 3, 1, True, 540)


def test_the_list_can_be_laid_out_by_role(app: Flask) -> None:
    event = course()
    join(event, 2)
    join(event, 1, first=3, primary_role=Role.SPECIALIST_GENERAL_PRACTICE)
    shown = attendance.session(organizer(), event.slug, event.sessions[0].id, NOW, Order.ROLE)
    assert [(one.role, len(one.people)) for one in shown.sections] == [
        (Role.SPECIALIST_GENERAL_PRACTICE, 1),
        (Role.ALIS, 2),
    ]


@pytest.mark.parametrize(("days", "chosen"), [(-30, 0), (0, 0), (1, 0), (26, 0), (27, 1), (200, 1)], ids=str)
def test_the_session_is_todays_else_the_last_that_has_begun(app: Flask, days: int, chosen: int) -> None:
    event = course()
    whole = db.session.get_one(Event, event.id)
    assert attendance.chosen_session(whole, NOW + timedelta(days=days)) == event.sessions[chosen].id


def test_of_two_sessions_on_one_day_the_running_one_is_chosen(app: Flask) -> None:
    event = course(starts=(NOW - timedelta(hours=8), NOW - timedelta(hours=1)))
    assert attendance.chosen_session(event, NOW) == event.sessions[1].id
    with transaction() as tx:
        tx.get_one(EventSession, event.sessions[1].id).cancelled = True
    db.session.rollback()
    assert attendance.chosen_session(db.session.get_one(Event, event.id), NOW) == event.sessions[0].id


def test_readers_look_and_others_do_not(app: Flask) -> None:
    event, other = course(slug="her"), course(slug="der")
    day = event.sessions[0].id
    shown = attendance.session(organizer("nord", UserRole.READER), event.slug, day, NOW)
    assert (shown.may_mark, shown.may_organize) == (False, False)
    for actor, session_id in ((organizer("midt"), day), (organizer(), other.sessions[0].id), (organizer("sor"), 999)):
        with pytest.raises(NotFound):
            attendance.session(actor, event.slug, session_id, NOW)


def _eats(event: Event, *needs: str) -> list[int]:
    people = join(event, len(needs) + 1)
    with transaction() as tx:
        tx.add_all(
            DietaryNeed(registration_id=one, needs=what, consented_at=NOW, consent_version="x")
            for one, what in zip(people, needs, strict=False)
        )
    return people


def test_the_kitchen_gets_counts_of_each_wording_and_names_only_when_asked(app: Flask, time: Clock) -> None:
    event, actor = course(), organizer()
    _eats(event, "Vegetar", " vegetar. ", "Nøtter", "VEGETAR")
    shown = kitchen.of_event(actor, event.slug, time())
    assert [(one.needs, one.count, one.names) for one in shown.rows] == [("Vegetar", 3, ()), ("Nøtter", 1, ())]
    assert (shown.people, shown.told, "Ødegård" in repr(shown.rows)) == (5, 4, False)
    named = kitchen.of_event(actor, event.slug, time(), named=True)
    assert named.rows[1].names == ("Kåre Ødegård 0003",)
    reader = kitchen.of_event(organizer("nord", UserRole.READER), event.slug, time(), named=True)
    assert (reader.named, "Ødegård" in repr(reader.rows)) == (False, False)


def test_nothing_is_shown_fourteen_days_after_the_last_session(app: Flask) -> None:
    event, actor = course(), organizer()
    _eats(event, "Vegetar")
    assert event.ends_at is not None
    last = event.ends_at + timedelta(days=14)
    assert len(kitchen.of_event(actor, event.slug, last).rows) == 1
    over = kitchen.of_event(actor, event.slug, last + timedelta(seconds=1), named=True)
    assert (over.rows, over.told, over.over, over.named) == ((), 0, True, False)


def test_whoever_left_does_not_eat(app: Flask) -> None:
    event = course()
    people = _eats(event, "Vegetar", "Nøtter")
    with transaction() as tx:
        tx.get_one(Registration, people[0]).status = Status.CANCELLED
    shown = kitchen.of_event(organizer(), event.slug, NOW)
    assert [one.needs for one in shown.rows] == ["Nøtter"]


def test_the_first_page_says_where_attendance_is_not_marked(app: Flask, time: Clock) -> None:
    actor = organizer()
    event = course(slug="kurs")
    join(event, 3)
    course(slug="tomt")
    evening = course(slug="kveld", kind=EventKind.ALIS_KVELD)
    join(evening, 1, first=9)
    with transaction() as tx:
        for session in tx.get_one(Event, evening.id).sessions:
            session.minutes = None

    def told() -> list[tuple[str, int]]:
        db.session.rollback()
        found = dashboard.show(actor, time()).todo
        return [(one.slug, one.count) for one in found if one.need is Need.ATTENDANCE]

    acts.mark_rest("kurs", event.sessions[0].id, by=actor)
    assert told() == []
    time.pass_by(days=28)
    assert told() == [("kurs", 3)]
    acts.mark("kurs", event.sessions[1].id, course_first(event), HERE, by=actor)
    with transaction() as tx:
        tx.get_one(Event, event.id).status = EventStatus.HELD
    assert told() == [("kurs", 2)]
    acts.mark_rest("kurs", event.sessions[1].id, by=actor)
    assert told() == []


def course_first(event: Event) -> int:
    return attendance.people_of(db.session.get_one(Event, event.id))[0].id


def test_those_without_a_seat_can_be_found(app: Flask) -> None:
    event, actor = course(), organizer()
    day = event.sessions[0].id
    join(event, 1)
    join(event, 1, first=2, status=Status.WAITLISTED)
    join(event, 1, first=3, status=Status.CANCELLED)
    join(event, 1, first=1, status=Status.CANCELLED)
    names = [one.name for one in course_day.drop_ins(actor, event.slug, day, "", NOW).others]
    assert names == ["Kåre Ødegård 0002", "Kåre Ødegård 0003"]
    assert [one.name for one in course_day.drop_ins(actor, event.slug, day, " kare3@ ", NOW).others] == names[1:]
