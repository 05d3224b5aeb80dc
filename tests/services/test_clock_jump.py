"""The clock is a year ahead for a while and is set right again: nothing was ended, forgotten or sent because of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from courseapp import clock
from courseapp.app import create_app
from courseapp.config import Settings
from courseapp.db import db, transaction
from courseapp.domain.clock_watch import DOUBT_SECONDS
from courseapp.domain.event import EventStatus, FillMode
from courseapp.domain.registration import Status
from courseapp.mail import outbox
from courseapp.models.journal import MailState
from courseapp.models.privacy import RetentionAct
from courseapp.services import registrations
from courseapp.worker import Rounds
from tests import smtp
from tests.conftest import NOW, Clock, settings_for
from tests.letters import all_letters
from tests.letters import registrations as everybody
from tests.making import COURSE_DAYS, make_event, wish
from tests.people import join

A_YEAR = timedelta(days=365)


@dataclass
class Machine:
    """A worker, and seconds that run on whatever the clock is set to."""

    rounds: Rounds
    office: smtp.Office
    time: Clock
    steady: float = 1000.0

    def work(self, every: int = 1, **amount: float) -> None:
        """Time passes, and the worker comes by every so many minutes of it."""
        for _ in range(int(timedelta(**amount) / timedelta(minutes=every))):
            self.time.pass_by(minutes=every)
            self.steady += every * 60
            self.rounds.once()


@pytest.fixture
def machine(
    database_url: str, tmp_path: Path, app: Flask, time: Clock, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Machine]:
    """One that has been at work for a while."""
    with smtp.server() as office:
        mail = {"COURSEAPP_MAIL_SERVER": "127.0.0.1", "COURSEAPP_MAIL_PORT": str(office.port)}
        settings: Settings = settings_for(database_url, tmp_path, **mail)
        mailing = create_app(settings)
        here: list[Machine] = []
        monkeypatch.setattr(clock, "steady", lambda: here[0].steady if here else 1000.0)
        here.append(Machine(Rounds(mailing, settings), office, time))
        yield here[0]
        with mailing.app_context():
            db.session.remove()
            db.engine.dispose()


def people() -> Counter[str]:
    """How many stand how."""
    db.session.rollback()
    return Counter(str(one.status) for one in everybody())


def forgotten() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(RetentionAct)) or 0


def lived_in() -> None:
    """A course that was 14 months ago, and one to come with a seat taken, one offered and one who waits."""
    long_ago = NOW - timedelta(days=425)
    held = make_event(slug="holdt", starts=(long_ago,), status=EventStatus.HELD, closes_at=long_ago)
    join(held, 3)
    coming = make_event(slug="kommer", starts=COURSE_DAYS[:1], capacity=2, fill_mode=FillMode.OFFER)
    join(coming, 1, status_at=NOW)
    join(coming, 1, first=2, status=Status.OFFERED, offer_expires_at=NOW + timedelta(days=2))
    join(coming, 1, first=3, status=Status.WAITLISTED)


def test_a_year_ahead_for_ten_minutes_leaves_no_trace(machine: Machine) -> None:
    lived_in()
    machine.work(minutes=20)
    before, wire = people(), len(machine.office.received)
    machine.time.moment += A_YEAR
    machine.work(minutes=10)
    assert (people(), forgotten(), len(machine.office.received)) == (before, 0, wire)
    machine.time.moment -= A_YEAR
    machine.work(minutes=20)
    assert (people(), forgotten(), len(machine.office.received)) == (before, 0, wire)
    machine.work(every=180, days=2, hours=3)
    assert people() == before + Counter({"declined": 1, "waitlisted": -1})
    assert sorted(one.occasion for one in all_letters()) == ["offer", "offer_expired", "offer_reminder"]
    assert len(machine.office.received) == 3


def test_a_leap_that_lasts_is_believed(machine: Machine) -> None:
    lived_in()
    machine.work(minutes=20)
    machine.time.moment += A_YEAR
    machine.work(seconds=DOUBT_SECONDS + 60)
    assert forgotten() > 0


def test_letters_put_off_by_a_wrong_clock_leave_when_it_is_right(machine: Machine, time: Clock) -> None:
    """One was being sent by a worker that died, one waited after a failure, one was put by a web server."""
    event = make_event()
    registrations.sign_up(wish(event, 1))
    time.moment += A_YEAR
    with transaction() as tx:
        (claimed, failed, _third) = outbox.claim_due(tx, clock.now())
        outbox.give_back(tx, failed.id, failed.lease, clock.now(), "451 senere")
        claimed_id = claimed.id
    time.moment -= A_YEAR
    machine.work(minutes=1)
    assert claimed_id in {one.id for one in all_letters()}
    machine.work(minutes=6)
    assert {one.state for one in all_letters()} == {MailState.SENT}
    assert len(machine.office.received) == len(all_letters()) == 3


def test_a_clock_that_was_ahead_puts_no_job_off(machine: Machine, time: Clock) -> None:
    lived_in()
    time.moment += A_YEAR
    machine.work(minutes=1)
    time.moment -= A_YEAR
    machine.work(minutes=2)
    registrations.ask_for_links("kare1@lege.example.org")
    machine.work(minutes=1)
    assert [one.occasion for one in all_letters()] == ["my_links"]
