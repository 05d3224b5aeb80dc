"""One whole measurement of one database."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from flask import Flask

from courseapp.app import create_app
from courseapp.config import Settings
from courseapp.db import db
from tests.bench import crowds, desk, sizes
from tests.bench.crowds import Post, Rush
from tests.bench.desk import Bearing
from tests.bench.measure import LONG, Bare, Figure, measured, page, sent_by_sign_up, sign_up
from tests.conftest import migrated
from tests.load.servers import Server, web
from tests.making import make_event

DAYS = tuple(
    datetime.now(UTC).replace(hour=8, minute=0, second=0, microsecond=0) + timedelta(days=days) for days in (60, 61)
)
COUNT = 200
RUSHES = (200, 1000)


@dataclass(frozen=True)
class Measured:
    """What was found with one database.

    `sent`: requests and bytes of one sign-up; `idle`: MiB of web processes before the first page, and of the worker;
    `start`: seconds, and a bare page's CPU just then; `bare`: that of all the run.
    """

    figures: list[Figure]
    bearings: list[Bearing]
    rushes: list[Rush]
    post: Post
    sent: tuple[int, int]
    start: tuple[float, float]
    idle: tuple[float, float]
    memory: float
    bare: float

    def of(self, name: str) -> Figure:
        """The figure of the work that is called so, or begins or ends like it."""
        return next(one for one in self.figures if one.name.startswith(f"{name} (") or one.name.endswith(name))

    def borne(self, name: str) -> Bearing:
        """What was borne of the work that begins like it."""
        return next(one for one in self.bearings if one.name.startswith(name))


def prepare(app: Flask) -> str:
    """Twelve open events; the slug of the one that is looked at."""
    with app.app_context():
        event = make_event(capacity=None, starts=DAYS)
        for number in range(11):
            make_event(starts=DAYS, slug=f"annet-{number}")
        db.engine.dispose()
        return event.slug


def measure(settings: Settings, people: int, registrations: int) -> Measured:
    """The work of one database; the crowd is one event of so many people, with so many registrations in others."""
    app = migrated(create_app(settings))
    open_one = prepare(app)
    sizes.past(app, registrations)
    idle = crowds.idle(app, settings)
    slug, cookie = desk.crowd(app, people)
    with web(settings, app="tests.bench.bare:app") as other:
        bare = Bare(other)
        before, begun = bare.spend(LONG), time.perf_counter()
        with web(settings) as server:
            started, cold = time.perf_counter() - begun, (before + bare.spend(LONG)) / 2
            sent = sent_by_sign_up(server, open_one)
            made = [*_pages(server, open_one, bare), *desk.works(server, slug, cookie, DAYS[0].year, bare)]
            borne = desk.bearings(server, open_one, page(server, f"/arrangementer/{open_one}"), bare)
            rushes = [crowds.rushed(app, server, f"rush-{people}", DAYS, people, bare) for people in RUSHES]
            memory = desk.memory(server)
        post = crowds.posted(app, settings, bare)
        return Measured(made, borne, rushes, post, sent, (started, cold), idle, memory, bare.cpu)


def _pages(server: Server, slug: str, bare: Bare) -> Iterator[Figure]:
    """What a doctor sees, page by page and in one go."""
    path = f"/arrangementer/{slug}"
    for name, where in (("list of events", "/"), ("event page", path), ("sign-up form", f"{path}/pamelding")):
        yield measured(name, server, COUNT, page(server, where), bare)
    yield measured("sign-up (3 pages, POST)", server, COUNT, sign_up(server, slug, "b"), bare)
