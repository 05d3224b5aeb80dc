"""`kill -9` of web processes in a rush: what was answered is there, nothing is half, the seats are right."""

from __future__ import annotations

import os
import signal
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime, timedelta
from http.client import HTTPException
from pathlib import Path
from threading import Thread

import pytest
from flask import Flask

from courseapp.config import Settings
from courseapp.domain.registration import Status
from courseapp.models.event import Event
from tests.letters import history, occasions, registrations
from tests.load.servers import FORM, Client, Server, web
from tests.load.workers import until
from tests.making import make_event

pytestmark = pytest.mark.load
SEATS, PEOPLE, CLIENTS = 20, 48, 6
LETTERS = {Status.REGISTERED: ["confirmation", "invitation"], Status.WAITLISTED: ["waiting"]}


class Rush:
    """Everybody signs up once; who gets no answer, or one that says so, is noted."""

    def __init__(self, port: int, event: Event) -> None:
        self.port, self.path = port, f"/arrangementer/{event.slug}/pamelding"
        self.shown: list[str] = []
        self.unheard: list[str] = []
        self.failed: list[int] = []

    def sign_up(self, emails: list[str]) -> None:
        """One after the other; a line that is dead is opened anew."""
        with closing(Client(self.port)) as client:
            for email in emails:
                try:
                    told = {**FORM, "csrf_token": client.token(self.path), "first_name": "Kåre", "email": email}
                    status, _where = client.post(self.path, told)
                except (OSError, HTTPException):
                    client.close()
                    self.unheard.append(email)
                    continue
                if status == 303:
                    self.shown.append(email)
                else:
                    self.failed.append(status)

    def all_of(self, emails: list[str]) -> None:
        """Several at once."""
        with ThreadPoolExecutor(CLIENTS) as pool:
            list(pool.map(self.sign_up, [emails[first::CLIENTS] for first in range(CLIENTS)]))


def children(server: Server) -> list[int]:
    """The processes that answer."""
    parent = server.process.pid
    return [int(one) for one in Path(f"/proc/{parent}/task/{parent}/children").read_text().split()]


@pytest.mark.timeout(180)
def test_whoever_was_answered_has_what_she_was_told(app: Flask, settings: Settings, real_time: None) -> None:
    day = datetime.now(UTC).replace(minute=0, second=0, microsecond=0) + timedelta(days=60)
    event = make_event(capacity=SEATS, starts=(day,))
    emails = [f"kare{number}@lege.example.org" for number in range(PEOPLE)]
    with web(settings) as server:
        rush = Rush(server.port, event)
        people = Thread(target=rush.all_of, args=(emails,))
        people.start()
        until(lambda: len(rush.shown) >= 6, "some are in")
        (first, _second) = children(server)
        os.kill(first, signal.SIGKILL)
        until(lambda: first not in children(server) and len(children(server)) == 2, "another one answers in its place")
        until(lambda: len(rush.shown) >= 24 or not people.is_alive(), "more are in")
        server.kill()
        people.join(60)
    check(event, rush)
    assert len(rush.shown) >= 12
    assert rush.unheard != []
    again = sorted(rush.unheard)
    with web(settings) as server:
        after = Rush(server.port, event)
        after.all_of(again)
    assert (sorted(after.shown), after.unheard, after.failed) == (again, [], [])
    rows = registrations()
    assert sorted(one.email for one in rows) == sorted(emails)
    assert Counter(one.status for one in rows) == {Status.REGISTERED: SEATS, Status.WAITLISTED: PEOPLE - SEATS}


def check(event: Event, rush: Rush) -> None:
    """Each is there once, with her history and her letters, and the first have the seats."""
    rows = [one for one in registrations() if one.event_id == event.id]
    assert set(rush.shown) - {one.email for one in rows} == set()
    assert (rush.failed, len({one.email for one in rows})) == ([], len(rows))
    assert {tuple(history(one.id)) for one in rows} == {("signed_up",)}
    assert [occasions(one.email) for one in rows] == [LETTERS[one.status] for one in rows]
    assert [one.status for one in rows[:SEATS]] == [Status.REGISTERED] * min(SEATS, len(rows))
    assert [one.line_no for one in rows[SEATS:]] == list(range(1, len(rows) - SEATS + 1))
