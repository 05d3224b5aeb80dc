"""What work costs beside up to a million registrations in other events: `python -m tests.bench --sizes`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from statistics import mean
from time import process_time

from flask import Flask

from courseapp import worker
from courseapp.app import create_app
from courseapp.config import Settings
from courseapp.db import db
from courseapp.services import past_load
from tests.bench import desk
from tests.bench.measure import LONG, Bare, Figure, measured, page, sign_up
from tests.conftest import migrated
from tests.load.servers import web

SIZES = (0, 10_000, 100_000, 1_000_000)
PEOPLE = 1_000
"""In the event that is looked at."""

PER_EVENT = 50
COUNT = 60
ROUNDS = 20


@dataclass(frozen=True)
class Grown:
    """What was found beside so many registrations: work and its CPU as a multiple of the bare page's."""

    registrations: int
    costs: dict[str, float]


def past(app: Flask, registrations: int) -> None:
    """So many registrations in events that have been."""
    if registrations:
        with app.app_context():
            past_load.generate_past(max(1, registrations // PER_EVENT), registrations)
            db.engine.dispose()


def grow(settings: Settings, prepare: Callable[[Flask], str], sizes: Sequence[int], year: int) -> Iterator[Grown]:
    """The same work at each size, in one database that grows; `prepare` gives the slug of the open event."""
    app = migrated(create_app(settings))
    slug = prepare(app)
    crowded, cookie = desk.crowd(app, PEOPLE)
    before = 0
    for number, size in enumerate(sizes):
        past(app, size - before)
        before = size
        with web(settings, app="tests.bench.bare:app") as server:
            bare = Bare(server)
            made = list(_figures(settings, (slug, crowded, cookie), number, year, bare))
            between = [bare.spend(LONG)]
            round_of_worker = _worker(app, settings)
            between.append(bare.spend(LONG))
        costs = {one.name: one.times for one in made}
        yield Grown(size, {**costs, "a round of the worker": round_of_worker / mean(between)})


def _figures(settings: Settings, seen: tuple[str, str, str], number: int, year: int, bare: Bare) -> Iterator[Figure]:
    slug, crowded, cookie = seen
    path = f"/arrangementer/{slug}"
    with web(settings) as server:
        for name, where in (("list of events", "/"), ("event page", path), ("sign-up form", f"{path}/pamelding")):
            yield measured(name, server, COUNT, page(server, where), bare)
        yield measured("sign-up (3 pages, POST)", server, COUNT, sign_up(server, slug, f"g{number}-"), bare)
        yield from desk.daily(server, crowded, cookie, year, COUNT // 2, bare)


def _worker(app: Flask, settings: Settings) -> float:
    """Milliseconds of CPU for everything the worker does when there is nothing to do."""
    with app.app_context():
        worker.run_once(settings)
        begun = process_time()
        for _ in range(ROUNDS):
            for job, _seconds in worker.JOBS:
                job()
        spent = process_time() - begun
        db.engine.dispose()
    return spent * 1000 / ROUNDS


def table(title: str, found: Sequence[Grown]) -> Iterator[str]:
    """Markdown: multiples of the bare page, and how much the largest is of the smallest."""
    yield f"### {title}\n"
    yield f"| work, × bare page | {' | '.join(f'{one.registrations:,}' for one in found)} | last ÷ first |"
    yield f"|---{'|---' * (len(found) + 1)}|"
    for name, first in found[0].costs.items():
        costs = [one.costs[name] for one in found]
        yield f"| {name} | {' | '.join(f'{cost:.1f}' for cost in costs)} | {costs[-1] / first:.2f} |"
    yield ""
