"""A worker that was stopped for a day catches up: what was due leaves once, and what has passed is not spoken of."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from flask import Flask

from courseapp import worker
from courseapp.config import Settings
from courseapp.domain.event import FillMode
from courseapp.domain.registration import Status
from courseapp.models.journal import MailState
from courseapp.services import registrations
from tests.conftest import NOW, Clock
from tests.letters import all_letters, occasions
from tests.making import make_event, wish
from tests.people import join

LONG_AGO = NOW - timedelta(days=30)


def test_a_day_without_a_worker(app: Flask, settings: Settings, time: Clock, tmp_path: Path) -> None:
    passed = make_event(slug="passed", starts=(NOW + timedelta(hours=20),), closes_at=None)
    today = make_event(slug="today", starts=(NOW + timedelta(hours=40),), closes_at=None)
    this_week = make_event(slug="week", starts=(NOW + timedelta(days=7, hours=12),), closes_at=None)
    offering = make_event(slug="offer", starts=(NOW + timedelta(days=90),), capacity=1, fill_mode=FillMode.OFFER)
    for first, event in ((1, passed), (11, today), (21, this_week)):
        join(event, 2, first=first, status_at=LONG_AGO)
    join(offering, 1, first=31, status=Status.OFFERED, offer_expires_at=NOW + timedelta(hours=5), status_at=LONG_AGO)
    join(offering, 1, first=32, status=Status.WAITLISTED)
    registrations.sign_up(wish(make_event(slug="far", starts=(NOW + timedelta(days=80),)), 41))
    time.pass_by(days=1, hours=2)
    worker.run_once(settings)
    told = {number: occasions(f"kare{number}@lege.example.org") for number in (1, 2, 11, 12, 21, 22, 31, 32, 41)}
    assert told == {
        1: [],
        2: [],
        **{number: ["reminder"] for number in (11, 12, 21, 22)},
        31: ["offer_expired"],
        32: ["offer"],
        41: ["confirmation", "invitation"],
    }
    letters = [(one.id, one.sent_at) for one in all_letters()]
    assert {one.state for one in all_letters()} == {MailState.SENT}
    assert (worker.run_once(settings), [(one.id, one.sent_at) for one in all_letters()]) == (0, letters)
