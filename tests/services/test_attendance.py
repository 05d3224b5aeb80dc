"""Marking who is there: by whom, when, again, at once, and taken back."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import func, select

from courseapp.db import db, transaction
from courseapp.domain.access import UserRole
from courseapp.domain.attendance import MinutesWrong, SessionCancelled, TooEarly, TooLate
from courseapp.domain.errors import NotFound
from courseapp.domain.event import EventStatus
from courseapp.domain.registration import Status
from courseapp.links import links
from courseapp.models.attendance import Attendance, AttendanceTap
from courseapp.models.event import Event, EventSession
from courseapp.models.journal import AuditEntry
from courseapp.services import attendance, housekeeping
from courseapp.services.attendance import LeaderKey
from tests.attending import AWAY, HERE, course, leads, marks, partly
from tests.conftest import Clock
from tests.leading import ANE, BO, in_register, organizer
from tests.people import join
from tests.together import at_once


def changed(event: Event, **facts: object) -> None:
    with transaction() as tx:
        row = tx.get_one(Event, event.id)
        for name, value in facts.items():
            setattr(row, name, value)


def acts() -> list[dict[str, object]]:
    db.session.rollback()
    found = db.session.scalars(select(AuditEntry).where(AuditEntry.verb == "attendance_marked").order_by(AuditEntry.id))
    return [one.details for one in found]


def test_what_was_said_last_stands_and_all_of_it_is_in_the_history(app: Flask) -> None:
    event = course()
    day = event.sessions[0].id
    (one,) = join(event, 1)
    actor = organizer()
    for wanted in (HERE, partly(300), AWAY):
        attendance.mark(event.slug, day, one, wanted, by=actor)
    assert marks(day) == [(one, "absent", None)]
    assert acts() == [
        {"session": day, "old": "", "new": "present"},
        {"session": day, "old": "present", "new": "partly", "minutes": 300},
        {"session": day, "old": "partly", "new": "absent"},
    ]
    row = db.session.get_one(Attendance, (one, day))
    assert (row.user_id, row.leader_id, row.previous_state, row.previous_minutes) == (
        actor.user_id,
        None,
        "partly",
        300,
    )


def test_saying_it_again_changes_nothing(app: Flask, time: Clock) -> None:
    event = course()
    day = event.sessions[0].id
    (one,) = join(event, 1)
    actor = organizer()
    for _time in range(3):
        attendance.mark(event.slug, day, one, partly(120), by=actor, token="samme")
        time.pass_by(minutes=1)
    attendance.mark(event.slug, day, one, partly(120), by=actor)
    assert (len(acts()), db.session.get_one(Attendance, (one, day)).previous_state) == (1, None)


def test_a_tap_that_comes_again_does_not_undo_what_came_in_between(app: Flask) -> None:
    event = course()
    day = event.sessions[0].id
    (one,) = join(event, 1)
    actor = organizer()
    attendance.mark(event.slug, day, one, HERE, by=actor, token="første")
    attendance.mark(event.slug, day, one, AWAY, by=actor, token="andre")
    attendance.mark(event.slug, day, one, HERE, by=actor, token="første")
    assert marks(day) == [(one, "absent", None)]


def test_taking_a_mark_away_leaves_nothing(app: Flask) -> None:
    event = course()
    day = event.sessions[0].id
    (one,) = join(event, 1)
    actor = organizer()
    attendance.mark(event.slug, day, one, None, by=actor)
    assert acts() == []
    attendance.mark(event.slug, day, one, HERE, by=actor)
    attendance.mark(event.slug, day, one, None, by=actor)
    assert (marks(day), acts()[-1]) == ([], {"session": day, "old": "present", "new": ""})


def test_two_phones_at_once_lose_nothing_and_double_nothing(app: Flask) -> None:
    event = course()
    day = event.sessions[0].id
    people = join(event, 12)
    (ane,) = in_register(ANE)
    hers, actor = LeaderKey(key=leads(event, ane)), organizer()

    def phone(by: attendance.Marker, whom: list[int], name: str) -> Callable[[], object]:
        def run() -> None:
            for person in whom:
                for _again in range(2):
                    attendance.mark(event.slug, day, person, HERE, by=by, token=f"{name}-{person}")

        return run

    answers = at_once(
        app, [phone(actor, people[:8], "kontor"), phone(hers, people[4:], "kurs"), phone(actor, people[::-1], "tredje")]
    )
    assert answers == [None, None, None]
    assert marks(day) == [(one, "present", None) for one in people]
    assert len(acts()) == 12


def test_the_same_tap_from_many_connections_at_once_is_heard_once(app: Flask) -> None:
    event = course()
    day = event.sessions[0].id
    (one,) = join(event, 1)
    actor = organizer()
    tap = lambda: attendance.mark(event.slug, day, one, HERE, by=actor, token="ett trykk")  # noqa: E731 - a job
    assert at_once(app, [tap] * 6) == [None] * 6
    assert (marks(day), len(acts())) == ([(one, "present", None)], 1)


def test_all_present_means_those_without_a_mark_and_can_be_taken_back(app: Flask) -> None:
    event = course()
    day = event.sessions[0].id
    people = join(event, 4)
    actor = organizer()
    attendance.mark(event.slug, day, people[0], AWAY, by=actor)
    assert attendance.mark_rest(event.slug, day, by=actor, token="alle") == 3
    assert attendance.mark_rest(event.slug, day, by=actor, token="alle") == 0
    attendance.mark(event.slug, day, people[1], partly(60), by=actor)
    assert attendance.undo_rest(event.slug, day, by=actor) == 2
    assert marks(day) == [(people[0], "absent", None), (people[1], "partly", 60)]
    assert attendance.undo_rest(event.slug, day, by=actor) == 0


def test_all_present_heard_once_does_not_mark_those_who_came_later(app: Flask) -> None:
    event = course()
    day = event.sessions[0].id
    join(event, 1)
    actor = organizer()
    attendance.mark_rest(event.slug, day, by=actor, token="alle")
    join(event, 1, first=2)
    assert attendance.mark_rest(event.slug, day, by=actor, token="alle") == 0
    assert attendance.mark_rest(event.slug, day, by=actor, token="alle igjen") == 1


def test_only_sessions_of_the_event_and_people_with_a_seat_there(app: Flask) -> None:
    event, other = course(slug="her"), course(slug="der")
    day = event.sessions[0].id
    (mine,), (theirs,) = join(event, 1), join(other, 1)
    (waiting,) = join(event, 1, first=2, status=Status.WAITLISTED)
    actor = organizer()
    for session_id, person in ((other.sessions[0].id, mine), (day, theirs), (day, waiting), (day, 999), (999, mine)):
        with pytest.raises(NotFound):
            attendance.mark(event.slug, session_id, person, HERE, by=actor)
    assert (marks(day), marks(other.sessions[0].id)) == ([], [])


def test_a_cancelled_session_and_a_cancelled_event_have_nobody(app: Flask) -> None:
    event = course()
    (one,) = join(event, 1)
    actor, (first, second) = organizer(), [held.id for held in event.sessions]
    with transaction() as tx:
        tx.get_one(EventSession, first).cancelled = True
    with pytest.raises(SessionCancelled):
        attendance.mark(event.slug, first, one, HERE, by=actor)
    changed(event, status=EventStatus.CANCELLED)
    with pytest.raises(SessionCancelled):
        attendance.mark_rest(event.slug, second, by=actor)


def test_marking_has_its_time(app: Flask, time: Clock) -> None:
    event = course()
    (one,) = join(event, 1)
    actor, (first, second) = organizer(), [held.id for held in event.sessions]
    with pytest.raises(TooEarly):
        attendance.mark(event.slug, second, one, HERE, by=actor)
    time.pass_by(days=61)
    with pytest.raises(TooLate):
        attendance.mark(event.slug, first, one, HERE, by=actor)
    attendance.mark(event.slug, second, one, HERE, by=actor)
    assert marks(second) == [(one, "present", None)]


def test_more_minutes_than_the_session_has_are_refused(app: Flask) -> None:
    event = course()
    day = event.sessions[0].id
    (one,) = join(event, 1)
    actor = organizer()
    with pytest.raises(MinutesWrong):
        attendance.mark(event.slug, day, one, partly(541), by=actor)
    attendance.mark(event.slug, day, one, partly(540), by=actor)
    assert marks(day) == [(one, "partly", 540)]


@pytest.mark.parametrize(("office", "role"), [("midt", UserRole.ORGANIZER), ("nord", UserRole.READER)])
def test_others_mark_nothing(app: Flask, office: str, role: UserRole) -> None:
    event = course()
    day = event.sessions[0].id
    (one,) = join(event, 1)
    actor = organizer(office, role)
    for act in (
        lambda: attendance.mark(event.slug, day, one, HERE, by=actor),
        lambda: attendance.mark_rest(event.slug, day, by=actor),
        lambda: attendance.undo_rest(event.slug, day, by=actor),
    ):
        with pytest.raises(NotFound):
            act()
    assert marks(day) == []


def test_a_leader_marks_at_her_own_courses_and_nowhere_else(app: Flask) -> None:
    event, other = course(slug="hennes"), course(slug="andres")
    ane, bo = in_register(ANE, BO)
    key = LeaderKey(key=leads(event, ane))
    leads(other, bo)
    (mine,), (theirs,) = join(event, 1), join(other, 1)
    attendance.mark(event.slug, event.sessions[0].id, mine, HERE, by=key)
    row = db.session.get_one(Attendance, (mine, event.sessions[0].id))
    assert (row.user_id, row.leader_id, acts()[0]["leader"]) == (None, ane, ane)
    with pytest.raises(NotFound):
        attendance.mark(other.slug, other.sessions[0].id, theirs, HERE, by=key)
    with pytest.raises(NotFound):
        attendance.mark(event.slug, other.sessions[0].id, theirs, HERE, by=key)
    assert marks(other.sessions[0].id) == []


def test_she_checks_in_with_her_own_link_while_the_session_is_on(app: Flask, time: Clock) -> None:
    event = course(self_check_in=True)
    day = event.sessions[0].id
    (one,) = join(event, 1)
    key = links().key(one, 1)
    attendance.check_in(key)
    attendance.check_in(key)
    row = db.session.get_one(Attendance, (one, day))
    assert (marks(day), row.user_id, row.leader_id, len(acts())) == ([(one, "present", None)], None, None, 1)
    time.pass_by(hours=8)
    with pytest.raises(NotFound):
        attendance.check_in(key)


def test_checking_in_does_not_overrule_those_who_are_in_the_room(app: Flask) -> None:
    event = course(self_check_in=True)
    day = event.sessions[0].id
    (one,) = join(event, 1)
    attendance.mark(event.slug, day, one, AWAY, by=organizer())
    attendance.check_in(links().key(one, 1))
    attendance.check_in_by_address(links().check_in(day).rpartition("/")[2], "KARE1@lege.example.org")
    assert marks(day) == [(one, "absent", None)]


def test_the_code_in_the_room_marks_whoever_has_a_seat_and_says_nothing_about_others(app: Flask, time: Clock) -> None:
    event = course(self_check_in=True)
    day = event.sessions[0].id
    (one,) = join(event, 1)
    join(event, 1, first=2, status=Status.WAITLISTED)
    code = links().check_in(day).rpartition("/")[2]
    for email in ("Kare1@lege.example.org", "kare2@lege.example.org", "ukjent@lege.example.org"):
        attendance.check_in_by_address(code, email)
    assert marks(day) == [(one, "present", None)]
    for wrong in (f"{code}x", links().key(one, 1), ""):
        with pytest.raises(NotFound):
            attendance.check_in_by_address(wrong, "kare1@lege.example.org")
    changed(event, self_check_in=False)
    with pytest.raises(NotFound):
        attendance.check_in_by_address(code, "kare1@lege.example.org")


def test_old_taps_are_forgotten_and_the_marks_stay(app: Flask, time: Clock) -> None:
    event = course()
    day = event.sessions[0].id
    (one,) = join(event, 1)
    attendance.mark(event.slug, day, one, HERE, by=organizer(), token="ett")
    time.pass_by(days=13)
    housekeeping.tidy()
    kept = db.session.scalar(select(func.count()).select_from(AttendanceTap))
    time.pass_by(days=2)
    housekeeping.tidy()
    db.session.rollback()
    assert (kept, db.session.scalar(select(func.count()).select_from(AttendanceTap))) == (1, 0)
    assert marks(day) == [(one, "present", None)]
