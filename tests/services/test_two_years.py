"""Two years and a bit of an office's life, day by day, with the worker at work; in the end the counts agree."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email import message_from_bytes
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from courseapp import worker
from courseapp.app import create_app
from courseapp.config import Settings
from courseapp.db import db
from courseapp.domain.access import Actor
from courseapp.domain.registration import TAKES_SEAT, Status
from courseapp.mail import outbox
from courseapp.models.certificate import Certificate
from courseapp.models.event import Event
from courseapp.models.journal import OutboxEmail
from courseapp.models.registration import DietaryNeed, Registration
from courseapp.services import attendance, certificates, registrations
from courseapp.services.forgetting import FIRST_NAME
from tests import smtp
from tests.attending import AWAY
from tests.conftest import NOW, Clock, settings_for
from tests.keys import key_of
from tests.letters import the_registration
from tests.making import make_event, wish
from tests.people import organizer

COURSES, SEATS, PEOPLE, DAYS = 4, 3, 5, 840
APART = 170
TOLD = {"confirmation": SEATS, "waiting": 2, "cancelled": 1, "seat_given": 1, "reminder": 2 * SEATS, "thanks": 2}
"""What the people of a course are written, besides invitations and kursbevis."""


def address(course: int, number: int) -> str:
    return f"kare{course * 10 + number}@lege.example.org"


@dataclass
class Life:
    """What happens on which day; the days are counted from the beginning."""

    settings: Settings
    office: smtp.Office
    time: Clock
    actor: Actor
    courses: dict[int, Event] = field(default_factory=dict)

    def first_day(self, course: int) -> int:
        """Of its two days in a row."""
        return 60 + course * APART

    def happens(self, course: int, day: int) -> None:
        """Whatever people and the office do about a course on that day of its life."""
        match day - self.first_day(course):
            case -50:
                starts = NOW + timedelta(days=self.first_day(course), hours=-1)
                both = (starts, starts + timedelta(days=1))
                self.courses[course] = make_event(slug=f"kurs-{course}", starts=both, capacity=SEATS)
            case -45 | -44 | -43 | -42 | -41 as before:
                number = before + 46
                needs = {"dietary_needs": "Nøtter"} if number == 2 else {}
                registrations.sign_up(wish(self.courses[course], course * 10 + number, **needs))
            case -20:
                registrations.cancel(key_of(address(course, 1)))
            case 0 | 1 as which:
                self.mark(course, which)
            case 3:
                assert certificates.issue(f"kurs-{course}", actor=self.actor) == 2
            case _:
                pass

    def mark(self, course: int, which: int) -> None:
        """All were there but the third, who came to neither day."""
        event = self.courses[course]
        away = the_registration(address(course, 3)).id
        session = event.sessions[which].id
        attendance.mark(event.slug, session, away, AWAY, by=self.actor)
        attendance.mark_rest(event.slug, session, by=self.actor)

    def interesting(self, day: int) -> bool:
        """Whether anything may be due; between two such days a fortnight looks like another."""
        near = any(-51 <= day - self.first_day(course) <= 16 for course in range(COURSES))
        return (near and (day % 7 == 0 or self.busy(day))) or day % 14 == 0

    def busy(self, day: int) -> bool:
        """Whether somebody does something, or a date comes near."""
        known = {-50, -45, -44, -43, -42, -41, -20, -8, -7, -6, -2, -1, 0, 1, 2, 3, 14, 15, 16}
        return any(day - self.first_day(course) in known for course in range(COURSES))

    def hold(self) -> None:
        """What must be true on every evening."""
        db.session.rollback()
        taken = select(Registration.event_id, func.count()).where(Registration.status.in_(TAKES_SEAT))
        assert [row for row in db.session.execute(taken.group_by(Registration.event_id)) if row[1] > SEATS] == []
        pending = select(func.count()).select_from(OutboxEmail).where(OutboxEmail.state.in_(outbox.PENDING))
        assert db.session.scalar(pending) == 0
        db.session.rollback()


@pytest.mark.timeout(240)
def test_two_years_pass(database_url: str, app: Flask, tmp_path: Path, time: Clock) -> None:
    with smtp.server() as office:
        mail = {"COURSEAPP_MAIL_SERVER": "127.0.0.1", "COURSEAPP_MAIL_PORT": str(office.port)}
        settings = settings_for(database_url, tmp_path, **mail)
        mailing = create_app(settings)
        with mailing.app_context():
            life = Life(settings, office, time, organizer())
            for day in range(DAYS):
                time.moment = NOW + timedelta(days=day)
                for course in range(COURSES):
                    life.happens(course, day)
                if life.interesting(day):
                    worker.run_once(settings)
                    life.hold()
            check_wire(office)
            check_counts(time.moment)
            db.session.remove()
            db.engine.dispose()


def check_wire(office: smtp.Office) -> None:
    """Every letter came once, and nobody got another number of a kind than what happened to her."""
    ids = Counter(message_from_bytes(one.content)["Message-ID"] for one in office.received)
    rows = db.session.execute(select(OutboxEmail.message_id, OutboxEmail.occasion).order_by(OutboxEmail.id)).all()
    sent = db.session.scalar(select(func.count()).where(OutboxEmail.sent_at.is_not(None)))
    assert (max(ids.values()), len(ids)) == (1, sent)
    kinds = Counter(row.occasion for row in rows)
    assert {kind: kinds[kind] for kind in TOLD} == {kind: count * COURSES for kind, count in TOLD.items()}


def check_counts(now: datetime) -> None:
    """Everybody is counted still; those of two years ago have no names any more, and nobody's meals are known."""
    db.session.rollback()
    statuses = Counter(db.session.scalars(select(Registration.status)))
    assert statuses == {
        Status.REGISTERED: SEATS * COURSES,
        Status.WAITLISTED: COURSES,
        Status.CANCELLED: COURSES,
    }
    numbers = list(db.session.scalars(select(Certificate.number).order_by(Certificate.id)))
    assert len(numbers) == len(set(numbers)) == 2 * COURSES
    assert db.session.scalar(select(func.count()).select_from(DietaryNeed)) == 0
    nameless = db.session.scalar(select(func.count()).where(Registration.first_name == FIRST_NAME))
    over = [one for one in range(COURSES) if NOW + timedelta(days=60 + one * APART + 732) < now]
    assert (nameless, len(over)) == (PEOPLE * len(over), 1)
