"""Reminders: a week and a day before, to those with a seat, never twice, moved when the course moves."""

from datetime import timedelta

from flask import Flask

from courseapp.db import transaction
from courseapp.domain.event import EventStatus
from courseapp.models.event import Event, EventSession
from courseapp.services import registrations, reminders
from tests.conftest import NOW, Clock
from tests.keys import key_of
from tests.letters import all_letters, occasions
from tests.making import make_event, wish

KARE, BERIT = "kare1@lege.example.org", "kare2@lege.example.org"
FIRST = NOW + timedelta(days=20)


def through(time: Clock, days: int) -> list[tuple[int, int]]:
    """Let days pass, the worker coming by every six hours: (days since the start, how many reminders)."""
    put = []
    for _ in range(days * 4):
        if count := reminders.put_due():
            put.append(((time() - NOW).days, count))
        time.pass_by(hours=6)
    return put


def test_two_days_in_a_row_are_reminded_of_a_week_and_a_day_before(app: Flask, time: Clock) -> None:
    registrations.sign_up(wish(make_event(starts=(FIRST, FIRST + timedelta(days=1)))))
    assert through(time, 25) == [(13, 1), (19, 1)]
    assert occasions(KARE).count("reminder") == 2


def test_a_second_day_a_month_later_is_reminded_of_on_its_own(app: Flask, time: Clock) -> None:
    registrations.sign_up(wish(make_event(starts=(FIRST, FIRST + timedelta(days=28)))))
    assert through(time, 55) == [(13, 1), (19, 1), (47, 1)]


def test_only_those_with_a_seat_are_reminded(app: Flask, time: Clock) -> None:
    event = make_event(capacity=1, starts=(FIRST,))
    for number in (1, 2):
        registrations.sign_up(wish(event, number))
    through(time, 25)
    assert (occasions(KARE).count("reminder"), occasions(BERIT).count("reminder")) == (2, 0)


def test_who_was_confirmed_after_the_moment_is_not_reminded_of_it(app: Flask, time: Clock) -> None:
    event = make_event(starts=(FIRST,), closes_at=None)
    time.pass_by(days=14)
    registrations.sign_up(wish(event))
    assert reminders.put_due() == 0
    time.pass_by(days=5)
    assert reminders.put_due() == 1


def test_who_has_cancelled_is_not_reminded(app: Flask, time: Clock) -> None:
    registrations.sign_up(wish(make_event(starts=(FIRST,))))
    registrations.cancel(key_of(KARE))
    assert through(time, 21) == []


def test_a_cancelled_event_reminds_nobody(app: Flask, time: Clock) -> None:
    event = make_event(starts=(FIRST,))
    registrations.sign_up(wish(event))
    with transaction() as tx:
        tx.get_one(Event, event.id).status = EventStatus.CANCELLED
    assert through(time, 21) == []


def test_a_course_that_moves_is_reminded_of_at_its_new_time(app: Flask, time: Clock) -> None:
    event = make_event(starts=(FIRST,))
    registrations.sign_up(wish(event))
    time.pass_by(days=13, hours=1)
    assert reminders.put_due() == 1
    with transaction() as tx:
        session = tx.get_one(EventSession, event.sessions[0].id)
        session.starts_at, session.ends_at = FIRST + timedelta(days=30), FIRST + timedelta(days=30, hours=7)
        moved = tx.get_one(Event, event.id)
        moved.starts_at, moved.ends_at = session.starts_at, session.ends_at
    assert reminders.put_due() == 0
    time.pass_by(days=30)
    assert reminders.put_due() == 1


def test_the_letter_says_when_and_where(app: Flask, time: Clock) -> None:
    registrations.sign_up(wish(make_event(starts=(FIRST,))))
    time.pass_by(days=19)
    reminders.put_due()
    letter = next(one for one in all_letters() if one.occasion == "reminder")
    told = f"{letter.subject} {letter.text}".replace("\N{NO-BREAK SPACE}", " ")
    assert [
        fact for fact in ("søndag 31. januar 2027", "kl. 10.00–17.00", "Møterom Ås", "/min/") if fact not in told
    ] == []
