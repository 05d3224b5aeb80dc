"""What is counted after a sign-up without counting again is what counting would find."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from courseapp.db import db
from courseapp.domain.event import SeatRule
from courseapp.domain.modes import Mode
from courseapp.domain.rows import Seats
from courseapp.models.event import Event
from courseapp.queries import seat_counts
from courseapp.services import registrations
from tests.letters import registrations as signed_up
from tests.making import make_event, make_hybrid, wish_in


def counted(event: Event) -> Seats:
    db.session.rollback()
    return seat_counts.of(db.session(), [event])[event.id]


ONE_ROOM, ROOMS = (None, None, None, None), (Mode.DIGITAL, Mode.PHYSICAL, Mode.PHYSICAL, Mode.DIGITAL)
EVENTS: dict[str, tuple[Callable[[], Event], tuple[Mode | None, ...]]] = {
    "bound": (lambda: make_event(capacity=2), ONE_ROOM),
    "without a limit": (lambda: make_event(capacity=None), ONE_ROOM),
    "applied for": (lambda: make_event(capacity=2, seat_rule=SeatRule.APPLICATION), ONE_ROOM),
    "both rooms bound": (lambda: make_hybrid(1, 1), ROOMS),
    "one room bound": (lambda: make_hybrid(1, None), ROOMS),
}


@pytest.mark.parametrize("kind", EVENTS)
def test_one_more_is_what_counting_finds(app: Flask, kind: str) -> None:
    make, modes = EVENTS[kind]
    event = make()
    known = counted(event)
    for number, mode in enumerate(modes, start=1):
        registrations.sign_up(wish_in(event, mode, number))
        known = seat_counts.with_one_more(known, signed_up()[-1].status, mode)
        assert known == counted(event)
