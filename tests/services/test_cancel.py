"""Giving a place back: who may, who is told, and who gets it."""

from pathlib import Path

import pytest
from flask import Flask

from courseapp.domain.errors import EventStarted, MoveNotAllowed, NotFound
from courseapp.domain.event import EventStatus, SeatRule
from courseapp.domain.registration import Status
from courseapp.links import links
from courseapp.services import registrations
from tests.conftest import Clock
from tests.keys import key_of
from tests.letters import all_letters, deliver, history, occasions, the_registration
from tests.letters import registrations as rows
from tests.making import make_event, wish

ADDRESS = "kare{}@lege.example.org"


def test_a_cancelled_seat_goes_to_the_next_in_line_at_once(app: Flask) -> None:
    event = make_event(capacity=1)
    for number in (1, 2, 3):
        registrations.sign_up(wish(event, number))
    registrations.cancel(key_of(ADDRESS.format(1)))
    assert [one.status for one in rows()] == [Status.CANCELLED, Status.REGISTERED, Status.WAITLISTED]
    assert occasions(ADDRESS.format(2)) == ["waiting", "seat_given", "invitation", "invitation"]
    assert occasions(ADDRESS.format(3)) == ["waiting"]


def test_leaving_the_line_frees_no_seat(app: Flask) -> None:
    event = make_event(capacity=1)
    for number in (1, 2, 3):
        registrations.sign_up(wish(event, number))
    registrations.cancel(key_of(ADDRESS.format(2)))
    assert [one.status for one in rows()] == [Status.REGISTERED, Status.CANCELLED, Status.WAITLISTED]
    assert occasions(ADDRESS.format(2)) == ["waiting", "cancelled"]


def test_only_the_one_who_cancels_gets_calendar_mail(app: Flask, tmp_path: Path, time: Clock) -> None:
    event = make_event()
    registrations.sign_up(wish(event, 1))
    registrations.sign_up(wish(event, 2))
    deliver(tmp_path, time)
    before = {one.id for one in all_letters()}
    registrations.cancel(key_of(ADDRESS.format(1)))
    new = [one for one in all_letters() if one.id not in before]
    assert [(one.to_email, one.occasion, one.method, one.sequence) for one in new] == [
        (ADDRESS.format(1), "cancelled", None, None),
        (ADDRESS.format(1), "invitation_cancelled", "CANCEL", 1),
        (ADDRESS.format(1), "invitation_cancelled", "CANCEL", 1),
    ]


def test_the_cancellation_names_the_very_entries_of_the_invitation(app: Flask, tmp_path: Path, time: Clock) -> None:
    registrations.sign_up(wish(make_event()))
    deliver(tmp_path, time)
    invited = sorted(str(one.uid) for one in all_letters() if one.method == "REQUEST")
    registrations.cancel(key_of(ADDRESS.format(1)))
    assert sorted(str(one.uid) for one in all_letters() if one.method == "CANCEL") == invited


def test_a_calendar_that_has_heard_of_nothing_is_told_nothing(app: Flask) -> None:
    registrations.sign_up(wish(make_event()))
    registrations.cancel(key_of(ADDRESS.format(1)))
    assert [one.occasion for one in all_letters()] == ["confirmation", "cancelled"]


def test_what_people_eat_is_forgotten_when_they_cancel(app: Flask) -> None:
    registrations.sign_up(wish(make_event(), dietary_needs="Nøtter"))
    registrations.cancel(key_of(ADDRESS.format(1)))
    assert rows()[0].dietary is None


def test_signing_up_again_gives_new_calendar_entries(app: Flask, tmp_path: Path, time: Clock) -> None:
    event = make_event()
    registrations.sign_up(wish(event))
    deliver(tmp_path, time)
    registrations.cancel(key_of(ADDRESS.format(1)))
    old = {one.uid for one in all_letters() if one.method == "CANCEL"}
    registrations.sign_up(wish(event))
    new = [one for one in all_letters() if one.method == "REQUEST"][-2:]
    assert (len(old), [one.sequence for one in new], old & {one.uid for one in new}) == (2, [0, 0], set())


def test_nothing_is_given_by_itself_before_applications_are_decided(app: Flask) -> None:
    event = make_event(capacity=1, seat_rule=SeatRule.APPLICATION)
    for number in (1, 2):
        registrations.sign_up(wish(event, number))
    registrations.cancel(key_of(ADDRESS.format(1)))
    assert the_registration(ADDRESS.format(2)).status == Status.APPLIED


def test_a_cancelled_event_gives_no_seats(app: Flask) -> None:
    event = make_event(capacity=1)
    for number in (1, 2):
        registrations.sign_up(wish(event, number))
    _set(event.id, status=EventStatus.CANCELLED)
    registrations.cancel(key_of(ADDRESS.format(1)))
    assert the_registration(ADDRESS.format(2)).status == Status.WAITLISTED


def test_after_the_start_nobody_cancels(app: Flask, time: Clock) -> None:
    registrations.sign_up(wish(make_event()))
    key = key_of(ADDRESS.format(1))
    time.pass_by(days=70)
    with pytest.raises(EventStarted):
        registrations.cancel(key)
    assert rows()[0].status == Status.REGISTERED


def test_cancelling_twice_is_refused_and_sends_nothing_more(app: Flask) -> None:
    registrations.sign_up(wish(make_event()))
    key = key_of(ADDRESS.format(1))
    registrations.cancel(key)
    letters = len(all_letters())
    with pytest.raises(MoveNotAllowed):
        registrations.cancel(key)
    assert len(all_letters()) == letters


def test_a_forged_cut_or_foreign_key_opens_nothing(app: Flask) -> None:
    registrations.sign_up(wish(make_event()))
    key = key_of(ADDRESS.format(1))
    foreign = links().key(4711, 1)
    for wrong in (key[:-1], key[1:], key + "a", "x", "", foreign, key.swapcase(), "æ" * 20, "." * 300):
        with pytest.raises(NotFound):
            registrations.cancel(wrong)
    assert rows()[0].status == Status.REGISTERED


def test_history_tells_the_whole_story(app: Flask) -> None:
    event = make_event(capacity=1)
    for number in (1, 2):
        registrations.sign_up(wish(event, number))
    registrations.cancel(key_of(ADDRESS.format(1)))
    assert [history(one.id) for one in rows()] == [["signed_up", "cancelled"], ["signed_up", "seat_given"]]


def _set(event_id: int, **facts: object) -> None:
    from sqlalchemy import update

    from courseapp.db import transaction
    from courseapp.models.event import Event

    with transaction() as tx:
        tx.execute(update(Event).where(Event.id == event_id).values(**facts))
