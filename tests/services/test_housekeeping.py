"""What has run out is forgotten, and nothing before its time."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask
from sqlalchemy import select

from courseapp.db import db
from courseapp.models.registration import DietaryNeed
from courseapp.services import housekeeping, registrations
from tests.conftest import Clock
from tests.making import COURSE_DAYS, make_event, wish


def needs() -> list[str]:
    db.session.rollback()
    return list(db.session.scalars(select(DietaryNeed.needs)))


def test_what_people_eat_is_forgotten_fourteen_days_after_the_last_session(app: Flask, time: Clock) -> None:
    event, later = make_event(), make_event(slug="senere", starts=(COURSE_DAYS[1] + timedelta(days=60),))
    registrations.sign_up(wish(event, 1, dietary_needs="Nøtter"))
    registrations.sign_up(wish(later, 2, dietary_needs="Melk"))
    end = COURSE_DAYS[1] + timedelta(hours=7)
    time.moment = end + timedelta(days=14)
    housekeeping.tidy()
    assert sorted(needs()) == ["Melk", "Nøtter"]
    time.moment += timedelta(minutes=1)
    housekeeping.tidy()
    housekeeping.tidy()
    assert needs() == ["Melk"]
