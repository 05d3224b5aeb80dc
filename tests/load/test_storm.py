"""Sixty people, organizers and jobs at the same moment, each doing several things; afterwards every rule holds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from random import Random
from threading import Event as Signal

import pytest
from flask import Flask
from pyotp import TOTP
from sqlalchemy import select, update

from courseapp import clock
from courseapp.config import Settings
from courseapp.db import db, transaction
from courseapp.domain.event import FillMode
from courseapp.domain.registration import ACTIVE, TAKES_SEAT, Status
from courseapp.links import links
from courseapp.models.event import Event
from courseapp.models.registration import Registration
from courseapp.services import moves, offers
from tests.letters import all_letters, registrations
from tests.load.replay import story
from tests.load.servers import FORM, Client, web
from tests.making import make_event
from tests.people import PASSWORD, user, with_app
from tests.services import life_seen
from tests.services.life_rules import mail_of
from tests.together import at_once

pytestmark = pytest.mark.load
PEOPLE, ORGANIZERS, JOBS = 54, 4, 2
SEATS, ACTS_EACH = 8, 2
ACTS = ("avmeld", "takk-ja", "takk-nei", "vent-videre", "flytt", "again")


def real_time() -> datetime:
    """The servers live in real time."""
    return datetime.now(UTC)


@dataclass
class Storm:
    """What everybody shares: where the server is, the two courses, every answer, and when it is over."""

    port: int
    courses: list[Event]
    cookies: dict[str, str]
    answers: list[tuple[str, int]] = field(default_factory=list)
    shown: list[tuple[int, str]] = field(default_factory=list)
    left: int = PEOPLE + ORGANIZERS
    over: Signal = field(default_factory=Signal)

    def done(self) -> None:
        """One more has had enough; the jobs go on as long as anybody is at it."""
        self.left -= 1
        if not self.left:
            self.over.set()

    def person(self, number: int) -> None:
        """Sign up, then do two things with what came of it."""
        chance, email = Random(number), f"kare{number}@lege.example.org"
        try:
            with closing(Client(self.port)) as client:
                course = self.courses[number % 2]
                token = client.token(f"/arrangementer/{course.slug}/pamelding")
                self._sign_up(client, token, course, email)
                for _ in range(ACTS_EACH):
                    key = self._key(email)
                    act = chance.choice(ACTS)
                    if act == "again":
                        self._sign_up(client, token, chance.choice(self.courses), email)
                        continue
                    to = {"to": chance.choice(self.courses).slug} if act == "flytt" else {}
                    status = self._post(client, f"/min/{key}/{act}", {"csrf_token": token, **to})
                    self.answers.append((act, status))
        finally:
            self.done()

    def organizer(self, number: int) -> None:
        """Raise and lower the capacity, and give seats past the line."""
        chance = Random(1000 + number)
        try:
            with closing(Client(self.port)) as client:
                client.cookies.update(self.cookies)
                course = self.courses[number % 2]
                desk = f"/kontor/arrangementer/{course.slug}"
                token = client.token(f"{desk}/plasser")
                for _ in range(ACTS_EACH):
                    told = {
                        "csrf_token": token,
                        "capacity": str(chance.randint(SEATS - 3, SEATS + 3)),
                        "fill_mode": str(course.fill_mode),
                        "offer_hours": "48",
                        "fill_stops_days": "0",
                    }
                    self.answers.append(("plasser", self._post(client, f"{desk}/plasser", told)))
                    if (one := self._somebody(course, chance)) is not None:
                        act = {"csrf_token": token, "act": "give", "reason": "Kursholder ba om det"}
                        self.answers.append(("give", self._post(client, f"{desk}/deltakere/{one}/plass", act)))
        finally:
            self.done()

    def job(self, number: int) -> None:
        """What a worker does, round after round, while now and then an offer's time runs out."""
        chance = Random(2000 + number)
        while not self.over.is_set():
            offered = db.session.scalars(select(Registration.id).where(Registration.status == Status.OFFERED)).all()
            if offered:
                with transaction() as tx:
                    tx.execute(
                        update(Registration)
                        .where(Registration.id == chance.choice(offered), Registration.status == Status.OFFERED)
                        .values(offer_expires_at=real_time() - timedelta(seconds=1))
                    )
            offers.expire_due()
            moves.release_due()

    def _post(self, client: Client, path: str, fields: dict[str, str]) -> int:
        """On a fresh line each time: the server drops idle ones after a few seconds."""
        client.close()
        return client.post(path, fields)[0]

    def _sign_up(self, client: Client, token: str, course: Event, email: str) -> None:
        told = {**FORM, "csrf_token": token, "first_name": "Kåre", "email": email}
        status = self._post(client, f"/arrangementer/{course.slug}/pamelding", told)
        self.answers.append(("pamelding", status))
        if status == 303:
            self.shown.append((course.id, email))

    def _key(self, email: str) -> str:
        """Of the newest letter with a link, as its reader has it."""
        db.session.rollback()
        found = select(Registration.id, Registration.link_serial).where(Registration.email == email)
        newest = db.session.execute(found.order_by(Registration.id.desc()).limit(1)).one()
        return links().key(newest[0], newest[1])

    def _somebody(self, course: Event, chance: Random) -> int | None:
        db.session.rollback()
        waiting = select(Registration.id).where(
            Registration.event_id == course.id, Registration.status == Status.WAITLISTED
        )
        found = db.session.scalars(waiting.order_by(Registration.id)).all()
        return chance.choice(found) if found else None


@pytest.mark.timeout(180)
def test_a_storm_breaks_no_rule(app: Flask, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", real_time)
    telephone = with_app(user())
    courses = [make_event(capacity=SEATS, fill_mode=mode) for mode in (FillMode.CONFIRM, FillMode.OFFER)]
    with web(settings) as server:
        storm = Storm(server.port, courses, logged_in(server.port, telephone))
        acts: list[Callable[[], object]] = [
            *(partial(storm.person, number) for number in range(PEOPLE)),
            *(partial(storm.organizer, number) for number in range(ORGANIZERS)),
            *(partial(storm.job, number) for number in range(JOBS)),
        ]
        at_once(app, acts)
    offers.expire_due()
    moves.release_due()
    statuses = Counter(status for _act, status in storm.answers)
    assert set(statuses) <= {303, 422}, Counter(storm.answers)
    assert len(storm.answers) == PEOPLE * (1 + ACTS_EACH) + sum(
        act in {"plasser", "give"} for act, _status in storm.answers
    )
    assert {(one.event_id, one.email) for one in registrations()} >= set(storm.shown)
    check_afterwards(courses)


def check_afterwards(courses: list[Event]) -> None:
    """Every rule of seats, line, letters, calendars and history."""
    seen = life_seen.look(real_time())
    life_seen.check_letters(seen)
    for course in courses:
        told = story(course.id, SEATS)
        mine = {one.id: one.status for one in seen.regs.values() if one.event_id == course.id}
        assert told.statuses == mine, "the history does not tell how people came to stand where they do"
        assert [one.id for one in seen.at(course.id, Status.WAITLISTED)] == told.line
        assert told.capacity == seen.events[course.id].rooms[None]
        taken = len(seen.at(course.id, *TAKES_SEAT))
        assert not told.line or taken >= told.capacity, f"{told.line} wait beside a free seat"
        assert told.most <= SEATS + 3 + told.overbooked
    active = Counter((one.event_id, one.email_key) for one in seen.regs.values() if one.status in ACTIVE)
    assert [pair for pair, count in active.items() if count > 1] == []
    assert [one for one in seen.regs.values() if one.moves_from_id and one.status is Status.REGISTERED] == []
    client = life_seen.Client({}, {}, set())
    for row in all_letters():
        if row.ics is not None:
            client.take(mail_of(row), row.ics)
    held = {email: mine for email, mine in client.entries.items() if mine}
    seated = {
        one.id: seen.events[one.event_id].slots[None] for one in seen.regs.values() if one.status is Status.REGISTERED
    }
    life_seen.check_calendars(held, seated, seen)


def logged_in(port: int, telephone: TOTP) -> dict[str, str]:
    """The cookies of an organizer who has logged in, with password and code."""
    path, second = "/kontor/logg-inn", "/kontor/logg-inn/kode"
    with closing(Client(port)) as client:
        told = {"csrf_token": client.token(path), "email": "kari@nord.example.org", "password": PASSWORD}
        assert client.post(path, told) == (303, second)
        assert client.post(second, {"csrf_token": client.token(second), "code": telephone.now()})[0] == 303
        return client.cookies
