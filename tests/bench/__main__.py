"""`make bench`: what pages and a sign-up cost the server, beside a bare Flask page in the same run.

Prints a table; `--write` keeps it in docs/performance.md, `--people=N` sets how many the large event has, and
`--registrations=N` puts so many into other events first. `--sizes` measures beside 0 to a million of them instead
(`--sizes=0,10000` beside those), `--on=SQLite` one database only; with `--write` it renews that section and picture.
"""

from __future__ import annotations

import platform
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from flask import Flask

from courseapp.app import create_app
from courseapp.config import ROOT, Settings
from courseapp.db import db
from tests import postgres
from tests.bench import chart, desk, sizes
from tests.bench.desk import Bearing
from tests.bench.measure import Figure, measured, page, sign_up
from tests.conftest import migrated, settings_for
from tests.load.servers import web
from tests.making import make_event

DAYS = tuple(
    datetime.now(UTC).replace(hour=8, minute=0, second=0, microsecond=0) + timedelta(days=days) for days in (60, 61)
)
COUNT = 200
FILE = ROOT / "docs/performance.md"
FIGURES, SIZES = "<!-- figures -->", "<!-- sizes -->"
PICTURE = "![Lines that are level where work costs the same at any size](pictures/cost-by-size.svg)"


@dataclass(frozen=True)
class Measured:
    """What was found with one database; the bare page stands first among the figures."""

    figures: list[Figure]
    bearings: list[Bearing]
    start_seconds: float
    memory: float


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
    path = f"/arrangementer/{open_one}"
    with web(settings, app="tests.bench.bare:app") as bare:
        made = [measured("bare Flask page", bare, COUNT * 3, page(bare, "/"))]
    slug, cookie = desk.crowd(app, people)
    begun = time.perf_counter()
    with web(settings) as server:
        started = time.perf_counter() - begun
        for name, where in (("list of events", "/"), ("event page", path), ("sign-up form", f"{path}/pamelding")):
            made.append(measured(name, server, COUNT, page(server, where)))
        made.append(measured("sign-up (3 pages, POST)", server, COUNT, sign_up(server, open_one, "b")))
        made += desk.works(server, slug, cookie, DAYS[0].year)
        borne = desk.bearings(server, open_one, page(server, path))
        return Measured(made, borne, started, desk.memory(server))


def table(title: str, found: Measured, people: int) -> Iterator[str]:
    """Markdown, with each figure as a multiple of the bare page's CPU."""
    made, bare = found.figures, found.figures[0].cpu
    yield f"### {title}, {people:,} people in one event\n"
    yield "| work | runs | server CPU ms | × bare page | median ms | p95 ms |"
    yield "|---|---|---|---|---|---|"
    for one in made:
        yield f"| {one.name} | {one.count} | {one.cpu:.2f} | {one.cpu / bare:.1f} | {one.median:.1f} | {one.p95:.1f} |"
    yield "\n| at once | clients | in a second |\n|---|---|---|"
    for each in found.bearings:
        yield f"| {each.name} | {each.clients} | {each.per_second:.0f} |"
    started, held = found.start_seconds, found.memory
    yield f"\nFrom the command to the first answer {started:.1f} s; web processes after it all {held:.0f} MiB."
    yield ""


@contextmanager
def databases() -> Iterator[list[tuple[str, Settings]]]:
    """SQLite always, PostgreSQL where its programs are."""
    with tempfile.TemporaryDirectory() as folder:
        found = [("SQLite", settings_for(f"sqlite:///{folder}/courseapp.db", Path(folder)))]
        if postgres.binaries() is None:
            yield found
            return
        with postgres.cluster() as socket:
            yield [*found, ("PostgreSQL", settings_for(postgres.url(socket, "postgres"), Path(folder)))]


def asked(name: str, usual: str) -> str:
    """What an option of the command says, `--name=value`."""
    return next((one.partition("=")[2] for one in sys.argv if one.startswith(f"--{name}=")), usual)


def when() -> str:
    """When and where this is measured."""
    return f"Measured {datetime.now(UTC):%Y-%m-%d}, {platform.machine()}, Python {platform.python_version()}.\n\n"


def measure_all(found: list[tuple[str, Settings]]) -> None:
    """The tables of work and what the server bears."""
    lines: list[str] = []
    people, registrations = int(asked("people", "10000")), int(asked("registrations", "0"))
    for title, settings in found:
        lines += table(title, measure(settings, people, registrations), people)
    text = "\n".join(lines)
    sys.stdout.write(text)
    if "--write" in sys.argv:
        head = FILE.read_text(encoding="utf-8").partition(FIGURES)[0]
        FILE.write_text(f"{head}{FIGURES}\n\n{when()}{text}", encoding="utf-8")


def measure_sizes(found: list[tuple[str, Settings]]) -> None:
    """The section about sizes, and its picture of the first database."""
    chosen = [int(one) for one in asked("sizes", ",".join(map(str, sizes.SIZES))).split(",")]
    lines: list[str] = []
    drawn = ""
    for title, settings in found:
        grown = list(sizes.grow(settings, prepare, chosen, DAYS[0].year))
        lines += sizes.table(title, grown)
        drawn = drawn or chart.svg(f"Cost by size, {title}", grown)
    text = "\n".join(lines)
    sys.stdout.write(text)
    if "--write" in sys.argv:
        head, _mark, rest = FILE.read_text(encoding="utf-8").partition(SIZES)
        rest = rest.partition(SIZES)[2]
        FILE.write_text(f"{head}{SIZES}\n\n{when()}{PICTURE}\n\n{text}\n{SIZES}{rest}", encoding="utf-8")
        (ROOT / "docs/pictures/cost-by-size.svg").write_text(drawn, encoding="utf-8")


def main() -> None:
    """Measure, print, and keep if asked."""
    only = asked("on", "")
    with databases() as found:
        chosen = [one for one in found if only in {"", one[0]}]
        (measure_sizes if any(one.startswith("--sizes") for one in sys.argv) else measure_all)(chosen)


main()
