"""The line by hand: each act has a reason, is written down, and keeps the line fair behind it."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from courseapp.db import db
from courseapp.domain.access import Actor, UserRole
from courseapp.domain.errors import AlreadyRegistered, MoveNotAllowed, NotFound
from courseapp.domain.event import FillMode, SeatRule
from courseapp.domain.plan_errors import WrongCapacity
from courseapp.domain.registration import Role, Source, Status
from courseapp.domain.waitlist import Share
from courseapp.models.event import Event
from courseapp.models.journal import AuditEntry
from courseapp.queries import history as story
from courseapp.services import changes, line, registrations
from courseapp.services.line import (
    NoSuchPlace,
    ReasonMissing,
    SeatsWish,
    SharesExceedSeats,
    WrongFillStop,
    WrongOfferHours,
    WrongShares,
)
from tests.keys import key_of
from tests.letters import all_letters, history, occasions, the_registration
from tests.letters import registrations as rows
from tests.making import make_event, wish
from tests.people import registered, save
from tests.services.test_changes import last_letter, organizer

ADDRESS = "kare{}@lege.example.org"
WHY = "Avtalt på telefon"


def full(people: int = 4, **more: object) -> Event:
    """One seat; the first has it and the rest wait."""
    event = make_event(**{"capacity": 1, **more})  # type: ignore[arg-type]
    for number in range(1, people + 1):
        registrations.sign_up(wish(event, number))
    return event


def number(which: int) -> int:
    return the_registration(ADDRESS.format(which)).id


def in_line() -> list[str]:
    """Who waits, in order, by the figure in the address."""
    waiting = sorted((one for one in rows() if one.status is Status.WAITLISTED), key=lambda one: one.line_no or 0)
    return [one.email.removeprefix("kare").partition("@")[0] for one in waiting]


def told(verb: str) -> list[tuple[int | None, dict[str, object]]]:
    db.session.rollback()
    found = db.session.execute(select(AuditEntry.user_id, AuditEntry.details).where(AuditEntry.verb == verb))
    return [(row[0], row[1]) for row in found]


def seats(capacity: int | None = 1, *shares: Share, **more: int) -> SeatsWish:
    numbers: dict[str, Any] = {"offer_hours": 48, "fill_stops_days": 0, **more}
    return SeatsWish(capacity=capacity, fill_mode=FillMode.CONFIRM, role_shares=shares, **numbers)


@pytest.mark.parametrize(
    ("who", "place", "after"), [(4, 1, ["4", "2", "3"]), (2, 3, ["3", "4", "2"]), (3, 2, ["2", "3", "4"])]
)
def test_one_is_moved_and_the_others_keep_their_order(app: Flask, who: int, place: int, after: list[str]) -> None:
    event, kari = full(), organizer()
    letters, numbers = len(all_letters()), sorted(one.line_no for one in rows() if one.line_no)
    line.move_in_line(event.slug, number(who), place, WHY, kari)
    assert (in_line(), len(all_letters())) == (after, letters)
    assert sorted(one.line_no for one in rows() if one.line_no) == numbers
    assert told("moved_in_line") == [(kari.user_id, {"reason": WHY, "old": who - 1, "new": place})]


def test_who_comes_later_still_comes_last(app: Flask) -> None:
    event, kari = full(), organizer()
    line.move_in_line(event.slug, number(2), 3, WHY, kari)
    registrations.sign_up(wish(event, 5))
    assert in_line() == ["3", "4", "2", "5"]


def test_a_place_that_is_not_in_the_line_is_refused(app: Flask) -> None:
    event, kari = full(), organizer()
    for place in (0, 4, -1):
        with pytest.raises(NoSuchPlace):
            line.move_in_line(event.slug, number(2), place, WHY, kari)
    with pytest.raises(MoveNotAllowed):
        line.move_in_line(event.slug, number(1), 1, WHY, kari)
    assert in_line() == ["2", "3", "4"]


def test_a_seat_can_be_given_past_the_line_and_beyond_the_capacity(app: Flask) -> None:
    event, kari = full(), organizer()
    line.give_seat(event.slug, number(3), WHY, kari)
    assert [str(one.status) for one in rows()] == ["registered", "waitlisted", "registered", "waitlisted"]
    assert occasions(ADDRESS.format(3)) == ["waiting", "seat_given", "invitation", "invitation"]
    assert told("seat_given_by_hand") == [(kari.user_id, {"reason": WHY, "taken": 2, "capacity": 1})]
    assert story.acts(number(3))[0].reason == f"2 av 1 plasser tatt. {WHY}"


def test_an_overbooked_event_fills_nothing_until_it_is_below_its_capacity(app: Flask) -> None:
    event, kari = full(), organizer()
    line.give_seat(event.slug, number(3), WHY, kari)
    registrations.cancel(key_of(ADDRESS.format(1)))
    assert in_line() == ["2", "4"]
    registrations.cancel(key_of(ADDRESS.format(3)))
    assert in_line() == ["4"]


def test_an_applicant_can_be_given_a_seat(app: Flask) -> None:
    event, kari = full(2, seat_rule=SeatRule.APPLICATION), organizer()
    line.give_seat(event.slug, number(2), WHY, kari)
    assert occasions(ADDRESS.format(2)) == ["applied", "seat_given", "invitation", "invitation"]


def test_an_offered_seat_can_be_given_for_good(app: Flask) -> None:
    event, kari = full(2, fill_mode=FillMode.OFFER), organizer()
    registrations.cancel(key_of(ADDRESS.format(1)))
    line.give_seat(event.slug, number(2), "Ringte og takket ja", kari)
    assert (the_registration(ADDRESS.format(2)).status, the_registration(ADDRESS.format(2)).offer_expires_at) == (
        Status.REGISTERED,
        None,
    )


def test_a_seat_is_not_given_twice_nor_to_one_who_left(app: Flask) -> None:
    event, kari = full(), organizer()
    registrations.cancel(key_of(ADDRESS.format(4)))
    for which in (1, 4):
        with pytest.raises(MoveNotAllowed):
            line.give_seat(event.slug, number(which), WHY, kari)


def test_removing_one_with_a_seat_lets_the_next_in(app: Flask) -> None:
    event, kari = full(), organizer()
    last_letter()
    line.remove(event.slug, number(1), WHY, kari)
    assert (str(rows()[0].status), in_line()) == ("cancelled", ["3", "4"])
    assert occasions(ADDRESS.format(1))[-3:] == ["cancelled", "invitation_cancelled", "invitation_cancelled"]
    assert occasions(ADDRESS.format(2)) == ["waiting", "seat_given", "invitation", "invitation"]
    assert told("removed") == [(kari.user_id, {"reason": WHY})]
    with pytest.raises(MoveNotAllowed):
        line.remove(event.slug, number(1), WHY, kari)


def test_removing_one_who_waits_gives_nobody_a_seat(app: Flask) -> None:
    event, kari = full(), organizer()
    line.remove(event.slug, number(2), WHY, kari)
    assert (in_line(), occasions(ADDRESS.format(2))) == (["3", "4"], ["waiting", "cancelled"])


def test_put_back_goes_to_the_end_of_the_line_as_a_new_registration(app: Flask) -> None:
    event, kari = full(), organizer()
    old = number(2)
    registrations.cancel(key_of(ADDRESS.format(2)))
    new = line.put_back(event.slug, old, WHY, kari)
    assert (new != old, new == number(2), in_line()) == (True, True, ["3", "4", "2"])
    assert (history(old)[-1], history(new)) == ("put_back", ["put_back"])
    assert occasions(ADDRESS.format(2)) == ["waiting", "cancelled", "waiting"]


def test_put_back_gets_a_free_seat_when_nobody_waits_and_keeps_her_answers(app: Flask) -> None:
    event, kari = make_event(), organizer()
    registrations.sign_up(wish(event, 1, other_roles=(Role.LIS1,), note="Kommer sent"))
    registrations.cancel(key_of(ADDRESS.format(1)))
    old = rows()[0]
    line.put_back(event.slug, old.id, WHY, kari)
    new = the_registration(ADDRESS.format(1))
    assert new.status is Status.REGISTERED
    assert [(one.full_name, one.note, one.supervises, one.sort_key) for one in rows()] == [
        (old.full_name, "Kommer sent", ["lis1"], old.sort_key)
    ] * 2
    assert ([one.role for one in new.other_roles], new.source) == ([Role.LIS1], Source.ORGANIZER)
    assert occasions(ADDRESS.format(1))[-3:] == ["confirmation", "invitation", "invitation"]


def test_who_is_in_again_is_not_put_back(app: Flask) -> None:
    event, kari = make_event(), organizer()
    registrations.sign_up(wish(event))
    old = number(1)
    with pytest.raises(MoveNotAllowed):
        line.put_back(event.slug, old, WHY, kari)
    registrations.cancel(key_of(ADDRESS.format(1)))
    registrations.sign_up(wish(event))
    with pytest.raises(AlreadyRegistered):
        line.put_back(event.slug, old, WHY, kari)


def test_put_back_after_applications_are_decided_opens_none_again(app: Flask) -> None:
    event, kari = make_event(seat_rule=SeatRule.APPLICATION), organizer()
    (gone,) = save(registered(event, status=Status.CANCELLED, supervises=[]))
    line.put_back(event.slug, gone, WHY, kari)
    assert the_registration(ADDRESS.format(1)).status is Status.APPLIED
    line.remove(event.slug, number(1), WHY, kari)
    decided = make_event(seat_rule=SeatRule.APPLICATION, decided_at=event.created_at)
    (gone,) = save(registered(decided, 2, status=Status.DECLINED, supervises=[]))
    line.put_back(decided.slug, gone, WHY, kari)
    assert the_registration(ADDRESS.format(2)).status is Status.REGISTERED


ACTS: list[Callable[[str, int, str, Actor], object]] = [
    lambda slug, who, why, actor: line.move_in_line(slug, who, 1, why, actor),
    line.give_seat,
    line.remove,
    line.put_back,
]


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("reason", ["", " \n ", "x" * 301])
def test_no_act_without_a_reason(app: Flask, act: Callable[[str, int, str, Actor], object], reason: str) -> None:
    event, kari = full(), organizer()
    with pytest.raises(ReasonMissing):
        act(event.slug, number(3), reason, kari)


@pytest.mark.parametrize("act", ACTS)
def test_no_act_for_strangers_nor_across_events(app: Flask, act: Callable[[str, int, str, Actor], object]) -> None:
    event, other = full(), make_event(slug="annet")
    kari, outside, reader = organizer(), organizer("vest"), organizer("nord", UserRole.READER)
    before = [(one.status, one.line_no) for one in rows()]
    for slug, actor in ((event.slug, outside), (event.slug, reader), (other.slug, kari), ("finnes-ikke", kari)):
        with pytest.raises(NotFound):
            act(slug, number(3), WHY, actor)
    with pytest.raises(NotFound):
        act(event.slug, 999, WHY, kari)
    assert [(one.status, one.line_no) for one in rows()] == before


def test_more_seats_are_given_to_the_line_at_once(app: Flask) -> None:
    event, kari = full(), organizer()
    assert line.set_seats(event.slug, seats(3), kari) == 2
    assert (in_line(), told("seats_changed")) == (["4"], [(kari.user_id, {"old": 1, "new": 3})])
    assert line.set_seats(event.slug, seats(None), kari) == 1
    assert in_line() == []


def test_fewer_seats_throw_nobody_out(app: Flask) -> None:
    event, kari = make_event(capacity=3), organizer()
    for which in (1, 2, 3):
        registrations.sign_up(wish(event, which))
    assert line.set_seats(event.slug, seats(1), kari) == 0
    assert [str(one.status) for one in rows()] == ["registered"] * 3


def test_shares_pass_over_with_a_reason_that_can_be_read(app: Flask) -> None:
    event, kari = full(2), organizer()
    registrations.sign_up(wish(event, 3, primary_role=Role.SAMLIS))
    line.set_seats(event.slug, seats(2, Share(role=Role.ALIS, most=1)), kari)
    assert in_line() == ["2"]
    assert [one.reason for one in story.acts(number(2)) if one.verb == "passed_over"] == ["plassene for ALIS er fulle"]


def test_seats_kept_for_a_role_are_told_as_such(app: Flask) -> None:
    event, kari = full(2), organizer()
    registrations.sign_up(wish(event, 3, primary_role=Role.SAMLIS))
    line.set_seats(event.slug, seats(2, Share(role=Role.SAMLIS, least=1)), kari)
    passed = [one.reason for one in story.acts(number(2)) if one.verb == "passed_over"]
    assert (in_line(), passed) == (["2"], ["plasser er holdt av til SamLIS"])


@pytest.mark.parametrize(
    ("wrong", "refusal"),
    [
        (seats(0), WrongCapacity),
        (seats(10_001), WrongCapacity),
        (seats(offer_hours=0), WrongOfferHours),
        (seats(offer_hours=337), WrongOfferHours),
        (seats(fill_stops_days=-1), WrongFillStop),
        (seats(fill_stops_days=366), WrongFillStop),
        (seats(9, Share(role=Role.ALIS, least=3, most=2)), WrongShares),
        (seats(9, Share(role=Role.ALIS, least=-1)), WrongShares),
        (seats(9, Share(role=Role.ALIS, least=1), Share(role=Role.ALIS, most=4)), WrongShares),
        (seats(9, Share(role=Role.ALIS, least=5), Share(role=Role.SAMLIS, least=5)), SharesExceedSeats),
    ],
)
def test_rules_that_cannot_hold_are_refused(app: Flask, wrong: SeatsWish, refusal: type[Exception]) -> None:
    event, kari = full(2), organizer()
    with pytest.raises(refusal):
        line.set_seats(event.slug, wrong, kari)
    assert (in_line(), told("seats_changed")) == (["2"], [])


def test_nothing_is_given_in_an_event_that_is_called_off(app: Flask) -> None:
    event, kari = full(2), organizer()
    changes.call_off(event.slug, "Syk", actor=kari)
    with pytest.raises(changes.EventOver):
        line.give_seat(event.slug, number(2), WHY, kari)
    assert line.set_seats(event.slug, seats(5), kari) == 0
