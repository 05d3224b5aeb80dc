"""Offered seats: taken, turned down, reminded of, run out, and always somebody's within their time."""

from collections import Counter
from datetime import timedelta
from functools import partial

import pytest
from flask import Flask

from courseapp import clock
from courseapp.db import db, transaction
from courseapp.domain.errors import AlreadyRegistered, EventCancelled, EventStarted, MoveNotAllowed
from courseapp.domain.event import FillMode
from courseapp.domain.registration import Role, Status
from courseapp.domain.waitlist import Share
from courseapp.models.event import Event
from courseapp.queries import events
from courseapp.services import changes, line, offers, registrations
from courseapp.services.offers import LineClosed, OfferRanOut
from tests.conftest import NOW, Clock
from tests.keys import key_of
from tests.letters import all_letters, history, occasions, the_registration
from tests.letters import registrations as rows
from tests.making import make_event, wish
from tests.people import organizer
from tests.services.life_rules import changed
from tests.together import at_once

ADDRESS = "kare{}@lege.example.org"
GIVEN = ["seat_given", "invitation", "invitation"]


def full(people: int = 3, **more: object) -> Event:
    """One seat, the first has it, the rest wait; seats are offered."""
    event = make_event(**{"capacity": 1, "fill_mode": FillMode.OFFER, **more})  # type: ignore[arg-type]
    for number in range(1, people + 1):
        registrations.sign_up(wish(event, number))
    return event


def statuses() -> list[str]:
    return [str(one.status) for one in rows()]


def test_a_seat_that_comes_free_is_offered_to_the_next_for_two_days(app: Flask) -> None:
    full()
    registrations.cancel(key_of(ADDRESS.format(1)))
    second = the_registration(ADDRESS.format(2))
    assert (statuses(), second.offer_expires_at) == (["cancelled", "offered", "waitlisted"], NOW + timedelta(hours=48))
    assert occasions(ADDRESS.format(2)) == ["waiting", "offer"]


def test_an_offer_never_stands_past_the_cut_off(app: Flask) -> None:
    event = full(starts=(NOW + timedelta(days=8),), closes_at=None, fill_stops_days=7)
    registrations.cancel(key_of(ADDRESS.format(1)))
    assert event.starts_at is not None
    assert the_registration(ADDRESS.format(2)).offer_expires_at == event.starts_at - timedelta(days=7)


def test_nothing_is_offered_after_the_cut_off(app: Flask, time: Clock) -> None:
    full(starts=(NOW + timedelta(days=8),), closes_at=None, fill_stops_days=7)
    time.pass_by(days=2)
    registrations.cancel(key_of(ADDRESS.format(1)))
    assert statuses() == ["cancelled", "waitlisted", "waitlisted"]


def test_an_event_that_is_moved_to_before_its_cut_off_gives_the_seats_that_came_free_after_it(app: Flask) -> None:
    event = full(starts=(NOW + timedelta(days=8),), closes_at=None, fill_stops_days=10)
    registrations.cancel(key_of(ADDRESS.format(1)))
    assert statuses() == ["cancelled", "waitlisted", "waitlisted"]
    later = changed(db.session.get_one(Event, event.id), "day", 25, 0)
    changes.change(event.slug, later, actor=organizer())
    assert statuses() == ["cancelled", "offered", "waitlisted"]


@pytest.mark.parametrize("shares", [[], [{"role": "samlis", "least": None, "most": 5}]])
def test_nobody_passes_the_line_when_the_limit_is_lifted_after_the_cut_off(app: Flask, shares: list[object]) -> None:
    event = full(starts=(NOW + timedelta(days=8),), closes_at=None, fill_stops_days=10, role_shares=shares)
    lifted = line.SeatsWish(
        capacity=None, fill_mode=FillMode.CONFIRM, offer_hours=48, fill_stops_days=10, role_shares=line_shares(shares)
    )
    line.set_seats(event.slug, lifted, organizer())
    assert registrations.sign_up(wish(event, 9)).status is Status.WAITLISTED
    assert (statuses(), events.page(event.slug, NOW).seats.left) == (["registered", *["waitlisted"] * 3], 0)  # type: ignore[union-attr]


def line_shares(shares: list[object]) -> list[Share]:
    """The same bounds as the service takes them."""
    return [Share(role=Role.SAMLIS, most=5)] if shares else []


def test_taking_the_offer_gives_the_seat_and_the_calendar(app: Flask) -> None:
    full()
    registrations.cancel(key_of(ADDRESS.format(1)))
    offers.accept(key_of(ADDRESS.format(2)))
    assert statuses() == ["cancelled", "registered", "waitlisted"]
    assert occasions(ADDRESS.format(2)) == ["waiting", "offer", "seat_given", "invitation", "invitation"]


def test_turning_it_down_offers_it_to_the_next_at_once(app: Flask) -> None:
    full()
    registrations.cancel(key_of(ADDRESS.format(1)))
    offers.decline(key_of(ADDRESS.format(2)))
    assert statuses() == ["cancelled", "declined", "offered"]
    assert occasions(ADDRESS.format(2)) == ["waiting", "offer", "declined"]


def test_an_offered_seat_counts_as_taken(app: Flask) -> None:
    event = full()
    registrations.cancel(key_of(ADDRESS.format(1)))
    assert registrations.sign_up(wish(event, 9)).status == Status.WAITLISTED


def test_an_offer_that_runs_out_goes_on_and_its_holder_is_told(app: Flask, time: Clock) -> None:
    full()
    registrations.cancel(key_of(ADDRESS.format(1)))
    time.pass_by(hours=47)
    assert offers.expire_due() == 0
    time.pass_by(hours=1)
    assert offers.expire_due() == 1
    assert statuses() == ["cancelled", "declined", "offered"]
    assert occasions(ADDRESS.format(2)) == ["waiting", "offer", "offer_expired"]
    assert offers.expire_due() == 0


def test_who_let_it_run_out_may_wait_on_at_the_end(app: Flask, time: Clock) -> None:
    full(4)
    registrations.cancel(key_of(ADDRESS.format(1)))
    time.pass_by(hours=48)
    offers.expire_due()
    offers.wait_on(key_of(ADDRESS.format(2)))
    queue = sorted((one for one in rows() if one.status is Status.WAITLISTED), key=lambda one: one.line_no or 0)
    assert [one.email for one in queue] == [ADDRESS.format(4), ADDRESS.format(2)]
    assert history(queue[1].id)[-2:] == ["offer_expired", "waits_on"]


def test_waiting_on_when_nobody_else_waits_brings_the_offer_back(app: Flask, time: Clock) -> None:
    full(2)
    registrations.cancel(key_of(ADDRESS.format(1)))
    offers.decline(key_of(ADDRESS.format(2)))
    offers.wait_on(key_of(ADDRESS.format(2)))
    assert statuses() == ["cancelled", "offered"]


def test_an_answer_after_the_deadline_is_refused_even_before_the_worker_comes_by(app: Flask, time: Clock) -> None:
    full()
    registrations.cancel(key_of(ADDRESS.format(1)))
    time.pass_by(hours=48)
    for act in (offers.accept, offers.decline):
        with pytest.raises(OfferRanOut):
            act(key_of(ADDRESS.format(2)))


def test_a_second_answer_is_refused(app: Flask) -> None:
    full()
    registrations.cancel(key_of(ADDRESS.format(1)))
    offers.accept(key_of(ADDRESS.format(2)))
    for act in (offers.accept, offers.decline, offers.wait_on):
        with pytest.raises(MoveNotAllowed):
            act(key_of(ADDRESS.format(2)))


def test_an_offer_that_stands_is_answered_with_yes_or_no(app: Flask) -> None:
    full()
    registrations.cancel(key_of(ADDRESS.format(1)))
    with pytest.raises(MoveNotAllowed):
        offers.wait_on(key_of(ADDRESS.format(2)))
    assert (statuses(), occasions(ADDRESS.format(2))) == (
        ["cancelled", "offered", "waitlisted"],
        ["waiting", "offer"],
    )


def test_who_has_signed_up_anew_does_not_wait_twice(app: Flask) -> None:
    event = full()
    registrations.cancel(key_of(ADDRESS.format(1)))
    old = key_of(ADDRESS.format(2))
    offers.decline(old)
    registrations.sign_up(wish(event, 2))
    with pytest.raises(AlreadyRegistered):
        offers.wait_on(old)


def test_there_is_no_line_to_join_after_the_cut_off(app: Flask, time: Clock) -> None:
    full(starts=(NOW + timedelta(days=8),), closes_at=None, fill_stops_days=7)
    registrations.cancel(key_of(ADDRESS.format(1)))
    offers.decline(key_of(ADDRESS.format(2)))
    time.pass_by(days=1)
    with pytest.raises(LineClosed):
        offers.wait_on(key_of(ADDRESS.format(2)))


def test_an_offer_is_reminded_of_once_twelve_hours_before_its_end(app: Flask, time: Clock) -> None:
    full()
    registrations.cancel(key_of(ADDRESS.format(1)))
    reminded = []
    for _ in range(48):
        reminded.append(offers.remind_due())
        time.pass_by(hours=1)
    assert (sum(reminded), reminded.index(1)) == (1, 36)
    assert occasions(ADDRESS.format(2)) == ["waiting", "offer", "offer_reminder"]


def test_several_free_seats_go_out_together(app: Flask) -> None:
    event = make_event(capacity=3, fill_mode=FillMode.OFFER)
    for number in range(1, 7):
        registrations.sign_up(wish(event, number))
    for number in (1, 2, 3):
        registrations.cancel(key_of(ADDRESS.format(number)))
    assert statuses() == ["cancelled"] * 3 + ["offered"] * 3


def test_cancelling_an_offered_seat_passes_it_on(app: Flask) -> None:
    full()
    registrations.cancel(key_of(ADDRESS.format(1)))
    registrations.cancel(key_of(ADDRESS.format(2)))
    assert statuses() == ["cancelled", "cancelled", "offered"]


def test_a_role_that_has_its_share_is_passed_over_and_finds_the_reason(app: Flask) -> None:
    event = make_event(capacity=2, role_shares=[{"role": "alis", "least": None, "most": 1}])
    for number, role in ((1, Role.ALIS), (2, Role.SAMLIS), (3, Role.ALIS), (4, Role.SAMLIS)):
        registrations.sign_up(wish(event, number, primary_role=role))
    registrations.cancel(key_of(ADDRESS.format(2)))
    assert statuses() == ["registered", "cancelled", "waitlisted", "registered"]
    assert history(rows()[2].id) == ["signed_up", "passed_over"]


def test_seats_kept_for_a_role_are_not_given_to_others(app: Flask) -> None:
    event = make_event(capacity=3, role_shares=[{"role": "samlis", "least": 1, "most": None}])
    roles = [Role.ALIS, Role.ALIS, Role.ALIS, Role.SAMLIS]
    answers = [registrations.sign_up(wish(event, n, primary_role=role)).status for n, role in enumerate(roles)]
    assert [str(one) for one in answers] == ["registered", "registered", "waitlisted", "registered"]


def test_offer_letters_name_the_deadline(app: Flask) -> None:
    full()
    registrations.cancel(key_of(ADDRESS.format(1)))
    letter = next(one for one in all_letters() if one.occasion == "offer")
    told = letter.text.replace("\N{NO-BREAK SPACE}", " ")
    assert "Svar innen 13. januar 2027 kl. 10.00" in told
    assert "svar innen 13. januar 2027 kl. 10.00" in letter.subject.replace("\N{NO-BREAK SPACE}", " ")


def test_an_event_that_is_called_off_gives_no_seat_and_writes_no_more_about_the_offer(app: Flask, time: Clock) -> None:
    event = full()
    registrations.cancel(key_of(ADDRESS.format(1)))
    changes.call_off(event.slug, "Kursholderen er syk", actor=organizer())
    before = len(all_letters())
    for act in (offers.accept, offers.decline):
        with pytest.raises(EventCancelled):
            act(key_of(ADDRESS.format(2)))
    for hours in (37, 24):
        time.pass_by(hours=hours)
        assert (offers.remind_due(), offers.expire_due()) == (0, 0)
    assert (statuses(), len(all_letters())) == (["cancelled", "offered", "waitlisted"], before)


def test_nobody_takes_a_seat_at_an_event_that_was_moved_and_has_begun(app: Flask) -> None:
    event = full()
    registrations.cancel(key_of(ADDRESS.format(1)))
    with transaction() as tx:
        tx.get_one(Event, event.id).starts_at = NOW
    with pytest.raises(EventStarted):
        offers.accept(key_of(ADDRESS.format(2)))


def test_a_double_click_takes_one_seat_and_writes_one_letter(app: Flask) -> None:
    full()
    registrations.cancel(key_of(ADDRESS.format(1)))
    answers = at_once(app, [partial(offers.accept, key_of(ADDRESS.format(2)))] * 4)
    assert Counter(answers) == {None: 1, MoveNotAllowed: 3}
    assert MoveNotAllowed.message == "Påmeldingen er ikke i en tilstand der dette går."
    assert (statuses(), occasions(ADDRESS.format(2))[2:]) == (["cancelled", "registered", "waitlisted"], GIVEN)


@pytest.mark.parametrize("round_", range(3))
def test_of_yes_and_no_at_once_one_counts_and_the_other_is_told(app: Flask, round_: int) -> None:
    full()
    registrations.cancel(key_of(ADDRESS.format(1)))
    key = key_of(ADDRESS.format(2))
    answers = at_once(app, [partial(offers.accept, key), partial(offers.decline, key)])
    yes = answers == [None, MoveNotAllowed]
    assert yes or answers == [MoveNotAllowed, None]
    told = GIVEN if yes else ["declined"]
    now = ["registered", "waitlisted"] if yes else ["declined", "offered"]
    assert (statuses(), occasions(ADDRESS.format(2))[2:]) == (["cancelled", *now], told)


@pytest.mark.parametrize("round_", range(3))
def test_a_yes_before_the_deadline_and_the_worker_after_it_never_both_win(
    app: Flask, time: Clock, round_: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    full()
    registrations.cancel(key_of(ADDRESS.format(1)))
    end, mine = NOW + timedelta(hours=48), partial(offers.accept, key_of(ADDRESS.format(2)))
    moments = iter([end - timedelta(seconds=1), *[end] * 100])
    monkeypatch.setattr(clock, "now", lambda: next(moments))  # the deadline passes while the two are at it
    said, ended, again = at_once(app, [mine, offers.expire_due, offers.expire_due])
    won = said is None
    assert (said in {None, OfferRanOut, MoveNotAllowed}, [ended, again].count(1)) == (True, 0 if won else 1)
    told = GIVEN if won else ["offer_expired"]
    now = ["registered", "waitlisted"] if won else ["declined", "offered"]
    assert (statuses(), occasions(ADDRESS.format(2))[2:]) == (["cancelled", *now], told)


@pytest.mark.parametrize("round_", range(3))
def test_cancelling_and_taking_the_offer_at_once_leaves_no_seat_to_nobody(app: Flask, round_: int) -> None:
    full()
    registrations.cancel(key_of(ADDRESS.format(1)))
    key = key_of(ADDRESS.format(2))
    said, left = at_once(app, [partial(offers.accept, key), partial(registrations.cancel, key)])
    assert (left, said in {None, MoveNotAllowed}) == (None, True)
    assert statuses() == ["cancelled", "cancelled", "offered"]
    told = [*GIVEN[:1], "cancelled"] if said is None else ["cancelled"]
    assert [one for one in occasions(ADDRESS.format(2))[2:] if "invitation" not in one] == told
