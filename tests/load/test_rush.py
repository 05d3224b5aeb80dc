"""Two hundred people at the same moment, thirty seats, a real server with two processes, both databases."""

from collections import Counter

import pytest
from flask import Flask
from sqlalchemy import select

from courseapp.config import Settings
from courseapp.db import db
from courseapp.domain.modes import Mode
from courseapp.domain.registration import Status
from courseapp.models.registration import Registration
from tests.letters import all_letters
from tests.load.servers import rush, web
from tests.making import make_event, make_hybrid

pytestmark = pytest.mark.load
MODES = (Mode.PHYSICAL, Mode.DIGITAL)


@pytest.mark.timeout(300)
def test_two_hundred_at_once_get_thirty_seats_and_a_line_in_order(app: Flask, settings: Settings) -> None:
    event = make_event(capacity=30)
    with web(settings) as server:
        answers = rush(server.port, event.slug, 200)
    assert Counter(answers) == {303: 200}
    rows = list(db.session.scalars(select(Registration).order_by(Registration.id)))
    assert Counter(one.status for one in rows) == {Status.REGISTERED: 30, Status.WAITLISTED: 170}
    assert [one.status for one in rows[:30]] == [Status.REGISTERED] * 30
    assert [one.line_no for one in rows[30:]] == list(range(1, 171))
    assert Counter(one.occasion for one in all_letters()) == {"confirmation": 30, "invitation": 60, "waiting": 170}


@pytest.mark.timeout(300)
def test_sixty_at_once_never_take_more_than_either_room_has(app: Flask, settings: Settings) -> None:
    event = make_hybrid(capacity=10, digital_capacity=15)
    with web(settings) as server:
        answers = rush(server.port, event.slug, 60, more=lambda number: {"mode": MODES[number % 2]})
    assert Counter(answers) == {303: 60}
    rows = list(db.session.scalars(select(Registration).order_by(Registration.id)))
    assert Counter((one.mode, one.status) for one in rows) == {
        (Mode.PHYSICAL, Status.REGISTERED): 10,
        (Mode.PHYSICAL, Status.WAITLISTED): 20,
        (Mode.DIGITAL, Status.REGISTERED): 15,
        (Mode.DIGITAL, Status.WAITLISTED): 15,
    }
    for mode, number in ((Mode.PHYSICAL, 10), (Mode.DIGITAL, 15)):
        here = [one for one in rows if one.mode is mode]
        assert [one.status for one in here[:number]] == [Status.REGISTERED] * number
        in_line = [one.line_no or 0 for one in here[number:]]
        assert in_line == sorted(in_line)
    assert Counter(one.occasion for one in all_letters()) == {"confirmation": 25, "invitation": 25, "waiting": 35}


@pytest.mark.timeout(300)
def test_without_the_lock_the_same_rush_sells_too_many(app: Flask, settings: Settings) -> None:
    """If this one cannot oversell, the test above proves nothing."""
    sold = []
    with web(settings, app="tests.load.unlocked:app") as server:
        for _ in range(5):
            event = make_event(capacity=30)
            rush(server.port, event.slug, 60)
            db.session.rollback()
            chosen = select(Registration.id).where(
                Registration.event_id == event.id, Registration.status == Status.REGISTERED
            )
            sold.append(len(db.session.scalars(chosen).all()))
            if sold[-1] > 30:
                break
    assert sold[-1] > 30
