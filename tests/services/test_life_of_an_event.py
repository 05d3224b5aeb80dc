"""The whole life of one event's registrations, driven at random: whatever happens, the rules hold after every step."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import pytest
from flask import Flask
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from courseapp import clock
from courseapp.db import Base, transaction
from courseapp.domain.errors import DomainError
from courseapp.domain.event import FillMode
from courseapp.domain.registration import ACTIVE, TAKES_SEAT, Status
from courseapp.links import links
from courseapp.services import offers, registrations, seats
from tests.conftest import KEPT, NOW, Clock
from tests.letters import all_letters, history
from tests.letters import registrations as rows
from tests.making import make_event, wish

PEOPLE = st.integers(1, 9)
EXPECTED = {
    Status.REGISTERED: {"confirmation", "seat_given"},
    Status.WAITLISTED: {"waiting"},
    Status.OFFERED: {"offer", "offer_reminder"},
    Status.DECLINED: {"declined", "offer_expired"},
    Status.CANCELLED: {"cancelled"},
}
STEPS = {
    *("signed_up", "cancelled", "seat_given", "seat_offered", "waits_on"),
    *("offer_accepted", "offer_declined", "offer_expired"),
}
ENDED = {Status.CANCELLED: {"cancelled"}, Status.DECLINED: {"offer_declined", "offer_expired"}}


class Life(RuleBasedStateMachine):
    """People sign up, cancel, answer offers and correct addresses; the office changes capacity and way; time passes."""

    def __init__(self) -> None:
        super().__init__()
        clear()
        self.event = make_event(capacity=3)
        self.capacity = 3
        self.time = Clock(NOW)
        clock.now = self.time

    @rule(number=PEOPLE)
    def sign_up(self, number: int) -> None:
        """Somebody signs up, perhaps again."""
        before = {one.id for one in rows() if one.status in ACTIVE}
        waiting = [one for one in rows() if one.status is Status.WAITLISTED]
        known = any(one.status in ACTIVE and one.email == f"kare{number}@lege.example.org" for one in rows())
        answer = registrations.sign_up(wish(self.event, number))
        assert len([one for one in rows() if one.status in ACTIVE]) == len(before) + (not known)
        if answer.status is Status.WAITLISTED:
            assert answer.position == len(waiting) + 1

    @rule(number=PEOPLE)
    def cancel(self, number: int) -> None:
        """Somebody gives a place back, or tries to."""
        mine = [one for one in rows() if one.email == f"kare{number}@lege.example.org"]
        if not mine:
            return
        newest = mine[-1]
        key = links().key(newest.id, newest.link_serial)
        if newest.status in ACTIVE:
            registrations.cancel(key)
        else:
            with pytest.raises(DomainError):
                registrations.cancel(key)

    @rule(number=PEOPLE, other=PEOPLE)
    def correct(self, number: int, other: int) -> None:
        """Somebody signs up and corrects the address to another's, or to a new one."""
        token = registrations.sign_up(wish(self.event, number)).receipt
        registrations.correct_address(token, f"kare{other}@lege.example.org")

    @rule(number=PEOPLE, answer=st.sampled_from([offers.accept, offers.decline, offers.wait_on]))
    def answer(self, number: int, answer: Callable[[str], None]) -> None:
        """Somebody answers an offer, has none to answer, or comes too late."""
        mine = [one for one in rows() if one.email == f"kare{number}@lege.example.org"]
        if not mine:
            return
        key = links().key(mine[-1].id, mine[-1].link_serial)
        before = mine[-1].status
        try:
            answer(key)
        except DomainError:
            assert the_status(mine[-1].id) is before
        else:
            assert before in {Status.OFFERED, Status.DECLINED}

    @rule(hours=st.integers(1, 60))
    def wait(self, hours: int) -> None:
        """Time passes, and the worker comes by."""
        self.time.pass_by(hours=hours)
        offers.remind_due()
        offers.expire_due()
        late = [one for one in rows() if one.offer_expires_at and one.offer_expires_at <= self.time()]
        assert late == []

    @rule(mode=st.sampled_from(FillMode))
    def change_mode(self, mode: FillMode) -> None:
        """The office gives seats another way."""
        with transaction() as tx:
            seats.take_turn(tx, self.event.id).fill_mode = mode

    @rule(capacity=st.integers(1, 8))
    def change_capacity(self, capacity: int) -> None:
        """The office changes its mind; free seats are filled at once."""
        with transaction() as tx:
            event = seats.take_turn(tx, self.event.id)
            event.capacity = capacity
            tx.flush()
            seats.fill(tx, event, clock.now())
        self.capacity = capacity

    @invariant()
    def nobody_sits_who_should_wait(self) -> None:
        """A seat is never free while somebody waits, and sign-ups never exceed what was ever allowed."""
        taken = [one for one in rows() if one.status in TAKES_SEAT]
        waiting = [one for one in rows() if one.status is Status.WAITLISTED]
        assert not waiting or len(taken) >= self.capacity
        assert len(taken) <= 8

    @invariant()
    def an_address_is_active_once(self) -> None:
        """One active registration per address."""
        active = Counter(one.email_key for one in rows() if one.status in ACTIVE)
        assert [address for address, count in active.items() if count > 1] == []

    @invariant()
    def the_line_keeps_its_order(self) -> None:
        """Line numbers are used once, and whoever was given a seat stood before all who still wait."""
        waiting = sorted(one.line_no or 0 for one in rows() if one.status is Status.WAITLISTED)
        given = [one.line_no or 0 for one in rows() if one.line_no and one.status in TAKES_SEAT]
        assert len(set(waiting)) == len(waiting)
        assert not waiting or not given or max(given) < waiting[0]

    @invariant()
    def everybody_was_told_and_it_is_written_down(self) -> None:
        """The newest letter about a status is about the present one, and history ends with it."""
        letters = all_letters()
        for one in rows():
            told = [
                letter.occasion
                for letter in letters
                if letter.registration_id == one.id and letter.to_email == one.email
            ]
            about = [occasion for occasion in told if occasion in set().union(*EXPECTED.values())]
            assert about, (one.id, told)
            assert about[-1] in EXPECTED[one.status]
            last = [verb for verb in history(one.id) if verb in STEPS][-1]
            assert last in ENDED.get(one.status, STEPS - set().union(*ENDED.values()))


def the_status(registration_id: int) -> Status:
    """Where a registration stands now."""
    return next(one.status for one in rows() if one.id == registration_id)


def clear() -> None:
    """Forget everything but the offices."""
    with transaction() as tx:
        for table in reversed(Base.metadata.sorted_tables):
            if table.name not in KEPT:
                tx.execute(table.delete())


def test_the_rules_hold_through_any_life(app: Flask) -> None:
    run_state_machine_as_test(
        Life,
        settings=settings(
            max_examples=12,
            stateful_step_count=18,
            deadline=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )
