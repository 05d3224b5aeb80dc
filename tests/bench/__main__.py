"""`make bench`: what pages and a sign-up cost the server, beside a bare Flask page in the same run.

Prints a table; `--write` keeps it in docs/performance.md, `--people=N` sets how many the large event has, and
`--registrations=N` puts so many into other events first. `--sizes` measures beside 0 to a million of them instead
(`--sizes=0,10000` beside those), `--on=SQLite` one database only; with `--write` it renews that section and picture.
All of them can be given to `make` as well: `make bench BENCH="--on=SQLite --write"`.
"""

from __future__ import annotations

import platform
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from courseapp.config import ROOT, Settings
from tests import postgres
from tests.bench import chart, sizes, targets
from tests.bench.whole import DAYS, Measured, measure, prepare
from tests.conftest import settings_for

FILE = ROOT / "docs/performance.md"
TARGETS, FIGURES, SIZES = "<!-- targets -->", "<!-- figures -->", "<!-- sizes -->"
PICTURE = "![Lines that are level where work costs the same at any size](pictures/cost-by-size.svg)"


def table(title: str, found: Measured, people: int) -> Iterator[str]:
    """Markdown, with each figure as a multiple of the bare page's CPU."""
    yield f"### {title}, {people:,} people in one event\n"
    yield "| work | runs | server CPU ms | bare page in between | times | median ms | p95 ms |"
    yield "|---|---|---|---|---|---|---|"
    for one in found.figures:
        took = f"{one.cpu:.2f} | {one.bare:.2f} | {one.times:.1f} | {one.median:.1f} | {one.p95:.1f}"
        yield f"| {one.name} | {one.count} | {took} |"
    yield "\n| at once | clients | in a second |\n|---|---|---|"
    for each in found.bearings:
        yield f"| {each.name} | {each.clients} | {each.per_second:.0f} |"
    for rush in found.rushes:
        told = f"all forms for 30 seats in {rush.seconds:.1f} s, {rush.seats} seats"
        yield f"| {told} | {rush.forms:,} | {rush.forms / rush.seconds:.0f} |"
    post, (idle_web, idle_worker) = found.post, found.idle
    yield f"| letters by one worker, {post.cpu:.1f} ms of CPU each | | {post.per_second:.0f} |"
    yield f"\nFrom the command to the first answer {found.start[0]:.1f} s."
    yield f"Web processes hold {idle_web:.0f} MiB before the first page and {found.memory:.0f} after it all,"
    yield f"the worker {idle_worker:.0f} and {post.memory:.0f}."
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


def renew(mark: str, text: str) -> None:
    """Print it, and keep it in the file between two such marks if that is asked for."""
    sys.stdout.write(text)
    if "--write" in sys.argv:
        before, _old, after = FILE.read_text(encoding="utf-8").split(mark)
        FILE.write_text(f"{before}{mark}\n\n{when()}{text}\n{mark}{after}", encoding="utf-8")


def measure_all(found: list[tuple[str, Settings]]) -> None:
    """The tables of work and what the server bears."""
    lines: list[str] = []
    wanted: list[str] = []
    people, registrations = int(asked("people", "10000")), int(asked("registrations", "0"))
    for title, settings in found:
        measured = measure(settings, people, registrations)
        wanted += targets.table(title, measured)
        lines += table(title, measured, people)
    renew(TARGETS, "\n".join(wanted))
    renew(FIGURES, "\n".join(lines))


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
    renew(SIZES, f"{PICTURE}\n\n{text}")
    if "--write" in sys.argv:
        (ROOT / "docs/pictures/cost-by-size.svg").write_text(drawn, encoding="utf-8")


def main() -> None:
    """Measure, print, and keep if asked."""
    only = asked("on", "")
    with databases() as found:
        chosen = [one for one in found if only in {"", one[0]}]
        (measure_sizes if any(one.startswith("--sizes") for one in sys.argv) else measure_all)(chosen)


main()
