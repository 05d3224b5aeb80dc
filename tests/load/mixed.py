"""What people and an office do all day, one thing after the other, each timed."""

from __future__ import annotations

import time
from collections import defaultdict, deque
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.client import HTTPException
from itertools import count
from random import Random
from threading import Event as Signal
from threading import Lock

from flask import Flask
from sqlalchemy import select

from courseapp.db import db
from courseapp.links import links
from courseapp.models.registration import Registration
from tests.load.servers import FORM, Client

PACE = "alive"
"""Asks nothing of anybody: what it takes is what the machine is doing besides."""

KINDS = {PACE: 6, "list": 6, "event": 8, "sign_up": 4, "cancel": 4, "table": 2, "xlsx": 1, "csv": 1, "report": 1}
"""How often each is done beside the others."""

STAY = 30
"""So many sign-ups stand before the oldest is cancelled, so that the course does not grow."""

PAUSE_SECONDS = 0.15


@dataclass
class Work:
    """Each kind of work, against a server that runs."""

    app: Flask
    port: int
    course: str
    crowd: str
    cookie: str
    numbers: count[int] = field(default_factory=count)
    standing: deque[str] = field(default_factory=deque)

    def do(self, kind: str) -> bool:
        """Do it; whether it went as it should."""
        with closing(Client(self.port)) as client:
            if kind == "sign_up":
                return self._sign_up(client)
            if kind == "cancel":
                return self._cancel(client)
            return self._seen(client, self._pages[kind])

    @property
    def _pages(self) -> dict[str, str]:
        table = f"/kontor/arrangementer/{self.crowd}/deltakere"
        return {
            PACE: "/healthz",
            "list": "/",
            "event": f"/arrangementer/{self.course}",
            "table": table,
            "xlsx": f"{table}.xlsx",
            "csv": f"{table}.csv",
            "report": f"/kontor/rapport/{datetime.now(UTC).year}",
        }

    def _seen(self, client: Client, path: str) -> bool:
        inside = path.startswith("/kontor/")
        headers = {"Accept-Encoding": "gzip"} | ({"Cookie": f"courseapp={self.cookie}"} if inside else {})
        client.line.request("GET", path, headers=headers)
        answer = client.line.getresponse()
        answer.read()
        return answer.status == 200

    def _sign_up(self, client: Client) -> bool:
        path = f"/arrangementer/{self.course}/pamelding"
        email = f"kare{next(self.numbers)}@lege.example.org"
        told = {**FORM, "csrf_token": client.token(path), "first_name": "Kåre", "email": email}
        if client.post(path, told)[0] != 303:
            return False
        self.standing.append(email)
        return True

    def _cancel(self, client: Client) -> bool:
        if len(self.standing) < STAY:
            return self._sign_up(client)
        email = self.standing.popleft()
        with self.app.app_context():
            one = db.session.scalars(select(Registration).where(Registration.email == email)).one()
            path = f"/min/{links().key(one.id, one.link_serial)}/avmeld"
        return client.post(path, {"csrf_token": client.token(path)})[0] == 303


class Load:
    """Several clients at it until it is over."""

    def __init__(self, work: Work, over: Signal) -> None:
        self.work, self.over, self.lock = work, over, Lock()
        self.times: dict[str, list[float]] = defaultdict(list)
        self.failed = 0

    def go_on(self, number: int) -> None:
        """One client, with a moment between two things."""
        chance = Random(number)
        while not self.over.wait(PAUSE_SECONDS):
            (kind,) = chance.choices(list(KINDS), list(KINDS.values()))
            begun = time.perf_counter()
            try:
                well = self.work.do(kind)
            except (OSError, HTTPException, AssertionError):
                well = False
            with self.lock:
                self.times[kind].append((time.perf_counter() - begun) * 1000)
                self.failed += not well

    def take(self) -> tuple[dict[str, list[float]], int]:
        """Milliseconds by kind since it was last asked, and how many failed."""
        with self.lock:
            taken, failed = dict(sorted(self.times.items())), self.failed
            self.times, self.failed = defaultdict(list), 0
        return taken, failed
