"""A move to a full course: the old place is kept until the new one is certain, then it is given back, once."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import Context
from datetime import timedelta
from functools import partial
from time import sleep

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.orm import Session

from courseapp.db import db, transaction
from courseapp.domain.access import Actor
from courseapp.domain.event import EventKind, FillMode, SeatRule
from courseapp.domain.registration import Status
from courseapp.links import links
from courseapp.models.event import Event
from courseapp.services import changes, line, moves, offers, registrations, seats
from tests.conftest import NOW, Clock
from tests.keys import key_of
from tests.letters import all_letters, deliver, history, occasions, the_registration
from tests.letters import registrations as rows
from tests.making import make_event, wish
from tests.people import organizer
from tests.services.test_moves import ENDED, INVITED, OLD, set_facts, signed_up, standings
from tests.together import at_once

OTHER = "kare2@lege.example.org"


@pytest.fixture
def kari(app: Flask) -> Actor:
    """An organizer."""
    return organizer()


def waiting_there(**facts: object) -> tuple[Event, Event]:
    """One has a seat here, and waits for one there; a second has the only seat there."""
    here, there = signed_up(), signed_up(2, **{"capacity": 1, **facts})
    assert moves.move(key_of(OLD), there.slug) is Status.WAITLISTED
    return here, there


def test_a_seat_there_ends_the_one_here_in_the_next_round(app: Flask) -> None:
    here, there = waiting_there()
    assert moves.release_due() == 0
    registrations.cancel(key_of(OTHER))
    assert standings() == [(here.id, Status.REGISTERED), (there.id, Status.REGISTERED)]
    assert (moves.release_due(), moves.release_due()) == (1, 0)
    assert standings() == [(here.id, Status.CANCELLED), (there.id, Status.REGISTERED)]
    assert [history(one.id) for one in rows() if one.email == OLD] == [
        ["signed_up", "waits_elsewhere", "moved_to", "cancelled"],
        ["moved_from", "seat_given"],
    ]


def test_she_is_told_in_one_plain_letter_and_her_calendar_is_cleared(app: Flask, tmp_path: object, time: Clock) -> None:
    waiting_there()
    deliver(tmp_path, time)  # type: ignore[arg-type]
    registrations.cancel(key_of(OTHER))
    moves.release_due()
    told = ["seat_given", "invitation", "invitation", "moved", *ENDED[1:]]
    assert occasions(OLD) == [*INVITED, "waiting", *told]
    letter = next(one for one in all_letters() if one.occasion == "moved")
    sentence = "Du har fått plass på «Kurs i individuell veiledning i spesialistutdanningen for leger, 22. mars"
    for body in (letter.text, letter.html):
        assert sentence in " ".join(body.replace("\N{NO-BREAK SPACE}", " ").split())
        assert "/min/" not in body


def test_the_seat_left_behind_goes_to_the_next_in_line(app: Flask) -> None:
    here, there = signed_up(capacity=1), signed_up(2, capacity=1)
    registrations.sign_up(wish(here, 3))
    moves.move(key_of(OLD), there.slug)
    registrations.cancel(key_of(OTHER))
    moves.release_due()
    assert standings("kare3@lege.example.org") == [(here.id, Status.REGISTERED)]


def test_an_offer_ends_nothing_until_it_is_taken(app: Flask) -> None:
    here, there = waiting_there(fill_mode=FillMode.OFFER)
    registrations.cancel(key_of(OTHER))
    assert (moves.release_due(), standings()[0]) == (0, (here.id, Status.REGISTERED))
    assert "Takker du ja, melder vi deg av «" in all_letters()[-1].text
    offers.accept(key_of(OLD))
    assert (moves.release_due(), standings()) == (
        1,
        [(here.id, Status.CANCELLED), (there.id, Status.REGISTERED)],
    )


def test_an_offer_turned_down_leaves_the_seat_here_and_waiting_on_keeps_the_wish(app: Flask) -> None:
    here, there = waiting_there(fill_mode=FillMode.OFFER)
    registrations.cancel(key_of(OTHER))
    offers.decline(key_of(OLD))
    assert (moves.release_due(), standings()) == (0, [(here.id, Status.REGISTERED), (there.id, Status.DECLINED)])
    offers.wait_on(key_of(OLD))
    offers.accept(key_of(OLD))
    assert (moves.release_due(), standings()[0]) == (1, (here.id, Status.CANCELLED))


def test_a_seat_given_by_hand_counts_as_well(app: Flask, kari: Actor) -> None:
    here, there = waiting_there()
    line.give_seat(there.slug, the_registration(OLD).id, "Kursholder ba om det", kari)
    assert (moves.release_due(), standings()) == (
        1,
        [(here.id, Status.CANCELLED), (there.id, Status.REGISTERED)],
    )


def test_a_place_in_line_is_given_back_too(app: Flask) -> None:
    here, there = signed_up(3, capacity=1), signed_up(2, capacity=1)
    registrations.sign_up(wish(here, 1))
    moves.move(key_of(OLD), there.slug)
    registrations.cancel(key_of(OTHER))
    assert (moves.release_due(), standings()) == (
        1,
        [(here.id, Status.CANCELLED), (there.id, Status.REGISTERED)],
    )


def leave_here(here: Event, there: Event, kari: Actor) -> None:
    registrations.cancel(links().key(rows()[0].id, 1))


def leave_and_come_back(here: Event, there: Event, kari: Actor) -> None:
    leave_here(here, there, kari)
    registrations.sign_up(wish(here, 1))


def call_off_here(here: Event, there: Event, kari: Actor) -> None:
    changes.call_off(here.slug, "Kursholderen er syk", actor=kari)


def begin_here(here: Event, there: Event, kari: Actor) -> None:
    set_facts(here, starts_at=NOW - timedelta(hours=1))


@pytest.mark.parametrize("meanwhile", [leave_here, leave_and_come_back, call_off_here, begin_here])
def test_what_has_ended_here_already_is_left_alone(
    app: Flask, kari: Actor, meanwhile: Callable[[Event, Event, Actor], None]
) -> None:
    here, there = waiting_there()
    meanwhile(here, there, kari)
    before = [(one.event_id, one.status) for one in rows() if one.email == OLD and one.event_id == here.id]
    registrations.cancel(key_of(OTHER))
    assert moves.release_due() == 0
    assert [one for one in standings() if one[0] == here.id] == before
    assert (occasions(OLD).count("moved"), [one.moves_from_id for one in rows()]) == (0, [None] * len(rows()))
    assert (there.id, Status.REGISTERED) in standings()


def test_who_leaves_the_line_there_keeps_the_seat_here(app: Flask) -> None:
    here, there = waiting_there()
    registrations.cancel(key_of(OLD))
    registrations.cancel(key_of(OTHER))
    assert (moves.release_due(), standings()) == (0, [(here.id, Status.REGISTERED), (there.id, Status.CANCELLED)])


def test_who_gives_the_new_seat_back_at_once_keeps_the_old_one(app: Flask) -> None:
    here, there = waiting_there()
    registrations.cancel(key_of(OTHER))
    registrations.cancel(key_of(OLD))
    assert (moves.release_due(), standings()) == (0, [(here.id, Status.REGISTERED), (there.id, Status.CANCELLED)])


def test_a_course_that_is_called_off_there_leaves_the_seat_here(app: Flask, kari: Actor) -> None:
    here, there = waiting_there()
    changes.call_off(there.slug, "Kursholderen er syk", actor=kari)
    assert (moves.release_due(), standings()[0]) == (0, (here.id, Status.REGISTERED))


def test_who_moves_on_before_the_seat_came_leaves_the_first_as_well(app: Flask) -> None:
    here, there = waiting_there()
    third = make_event()
    assert moves.move(key_of(OLD), third.slug) is Status.REGISTERED
    assert (moves.release_due(), standings()) == (
        1,
        [(here.id, Status.CANCELLED), (there.id, Status.CANCELLED), (third.id, Status.REGISTERED)],
    )


def test_a_wish_upon_a_wish_ends_both_when_it_is_met(app: Flask) -> None:
    here, there = waiting_there()
    third = signed_up(3, capacity=1)
    moves.move(key_of(OLD), third.slug)
    registrations.cancel(key_of("kare3@lege.example.org"))
    assert (moves.release_due(), standings()) == (
        2,
        [(here.id, Status.CANCELLED), (there.id, Status.CANCELLED), (third.id, Status.REGISTERED)],
    )


def test_of_two_wishes_the_first_that_is_met_counts(app: Flask) -> None:
    here, there = waiting_there()
    third, mine = signed_up(3, capacity=1), links().key(rows()[0].id, 1)
    moves.move(mine, third.slug)
    for number in (2, 3):
        registrations.cancel(key_of(f"kare{number}@lege.example.org"))
        moves.release_due()
    assert standings() == [
        (here.id, Status.CANCELLED),
        (there.id, Status.REGISTERED),
        (third.id, Status.REGISTERED),
    ]


def test_two_workers_give_a_seat_back_once(app: Flask) -> None:
    waiting_there()
    registrations.cancel(key_of(OTHER))
    assert sorted(map(str, at_once(app, [moves.release_due] * 4))) == ["0", "0", "0", "1"]
    assert occasions(OLD).count("moved") == 1


def test_an_application_keeps_the_seat_until_it_is_met(app: Flask, kari: Actor) -> None:
    here, there = signed_up(), make_event(seat_rule=SeatRule.APPLICATION)
    assert moves.move(key_of(OLD), there.slug) is Status.APPLIED
    assert moves.release_due() == 0
    line.give_seat(there.slug, the_registration(OLD).id, "Best egnet", kari)
    assert (moves.release_due(), standings()[0]) == (1, (here.id, Status.CANCELLED))


def test_people_who_move_both_ways_never_wait_for_each_other_and_nobody_is_without_a_seat(
    app: Flask, kari: Actor
) -> None:
    """Two full courses, everybody wants the other; the office adds seats while four workers give back."""
    one, other = (make_event(capacity=4, kind=EventKind.WEBINAR) for _ in range(2))
    for number in range(8):
        registrations.sign_up(wish(one if number < 4 else other, number))
    keys = [(key_of(f"kare{number}@lege.example.org"), (other if number < 4 else one).slug) for number in range(8)]
    more = line.SeatsWish(capacity=5, fill_mode=FillMode.CONFIRM, offer_hours=48, fill_stops_days=0, role_shares=())
    at_once(
        app,
        [
            *(partial(moves.move, key, slug) for key, slug in keys),
            *(partial(line.set_seats, one_of.slug, more, kari) for one_of in (one, other)),
            *[moves.release_due] * 4,
        ],
    )
    moves.release_due()
    seated = sorted((row.event_id, row.email) for row in rows() if row.status is Status.REGISTERED)
    swapped = [((other if number < 4 else one).id, f"kare{number}@lege.example.org") for number in range(8)]
    assert seated == sorted(swapped)
    assert [row for row in rows() if row.moves_from_id is not None] == []


@pytest.mark.parametrize("backwards", [False, True])
def test_giving_back_holds_no_turn_while_it_waits_for_a_lower_one(app: Flask, *, backwards: bool) -> None:
    """Somebody holds the lower turn and wants the higher, as `move` may: that must not be a deadlock."""
    courses = [make_event(capacity=1), make_event(capacity=1)]
    here, there = reversed(courses) if backwards else courses
    for number, course in ((1, here), (2, there)):
        registrations.sign_up(wish(course, number))
    moves.move(key_of(OLD), there.slug)
    registrations.cancel(key_of(OTHER))

    def give_back() -> int:
        with app.app_context():
            return moves.release_due()

    with ThreadPoolExecutor(1) as pool:
        with transaction() as tx:
            seats.take_turn(tx, courses[0].id)
            job = pool.submit(Context().run, give_back)
            wait_until_somebody_waits(tx)
            seats.take_turn(tx, courses[1].id)
        assert job.result(60) == 1
    assert standings() == sorted(
        [(here.id, Status.CANCELLED), (there.id, Status.REGISTERED)], key=lambda one: [here.id, there.id].index(one[0])
    )


def wait_until_somebody_waits(tx: Session) -> None:
    """Bounded. SQLite needs no waiting for: whoever writes there holds the only turn there is."""
    if tx.get_bind().dialect.name == "sqlite":
        return
    for _ in range(500):
        waiting = text("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'")
        with db.engine.connect() as looking:
            if looking.scalar(waiting):
                return
        sleep(0.01)  # polling another connection
    raise AssertionError("nobody waits for the turn")
