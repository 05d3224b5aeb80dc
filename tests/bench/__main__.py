"""`make bench`: what pages and a sign-up cost the server, beside a bare Flask page in the same run.

Prints a table; `--write` keeps it in docs/performance.md.
"""

from __future__ import annotations

import platform
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from courseapp.app import create_app
from courseapp.config import ROOT, Settings
from courseapp.db import db
from tests import postgres
from tests.bench.measure import Figure, measured, page, sign_up
from tests.conftest import migrated, settings_for
from tests.load.servers import web
from tests.making import make_event

DAYS = tuple(
    datetime.now(UTC).replace(hour=8, minute=0, second=0, microsecond=0) + timedelta(days=days) for days in (60, 61)
)
COUNT = 200


def figures(settings: Settings) -> list[Figure]:
    """The work of one database, the bare page first."""
    app = migrated(create_app(settings))
    with app.app_context():
        event = make_event(capacity=None, starts=DAYS)
        for number in range(11):
            make_event(starts=DAYS, slug=f"annet-{number}")
        db.engine.dispose()
    path = f"/arrangementer/{event.slug}"
    with web(settings, app="tests.bench.bare:app") as bare:
        made = [measured("bare Flask page", bare, COUNT * 3, page(bare, "/"))]
    with web(settings) as server:
        for name, where in (("list of events", "/"), ("event page", path), ("sign-up form", f"{path}/pamelding")):
            made.append(measured(name, server, COUNT, page(server, where)))
        made.append(measured("sign-up (3 pages, POST)", server, COUNT, sign_up(server, event.slug, "b")))
    return made


def table(title: str, made: list[Figure]) -> Iterator[str]:
    """Markdown, with each figure as a multiple of the bare page's CPU."""
    bare = made[0].cpu
    yield f"### {title}\n"
    yield "| work | runs | server CPU ms | × bare page | median ms | p95 ms |"
    yield "|---|---|---|---|---|---|"
    for one in made:
        yield f"| {one.name} | {one.count} | {one.cpu:.2f} | {one.cpu / bare:.1f} | {one.median:.1f} | {one.p95:.1f} |"
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


def main() -> None:
    """Measure, print, and keep if asked."""
    lines: list[str] = []
    with databases() as found:
        for title, settings in found:
            lines += table(title, figures(settings))
    text = "\n".join(lines)
    sys.stdout.write(text)
    if "--write" in sys.argv:
        file = ROOT / "docs/performance.md"
        head = file.read_text(encoding="utf-8").partition("<!-- figures -->")[0]
        when = f"Measured {datetime.now(UTC):%Y-%m-%d}, {platform.machine()}, Python {platform.python_version()}.\n\n"
        file.write_text(f"{head}<!-- figures -->\n\n{when}{text}", encoding="utf-8")


main()
