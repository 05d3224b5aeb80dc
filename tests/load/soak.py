"""`python -m tests.load.soak --minutes=60`: mixed load on web server and worker, and whether anything grows.

Every period (`--period`, seconds) one line: what web and worker hold (PSS in MiB, open files), milliseconds by kind of
work (median and 95 of 100), and how long the oldest letter has waited. `--postgresql` takes that instead of SQLite.

Flat means: the last third of the periods beside the first (those of the warm-up, `--warm-up` seconds, are left out)
holds at most a tenth and 24 MiB more memory and 8 more open files; no kind of work takes more than half as long again
and 20 ms in the median, where each third did it at least 30 times, and more than what /healthz takes longer (a machine
may get other things to do); no letter waits longer than 60 seconds at the end; and nothing failed. The exit
status is 1 if not.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import mean, median
from threading import Event as Signal
from threading import Thread

from flask import Flask

from courseapp.app import SETTINGS, create_app
from courseapp.config import Settings
from courseapp.db import db
from courseapp.queries import health
from tests import postgres, smtp
from tests.bench.desk import crowd
from tests.bench.measure import group
from tests.conftest import migrated, settings_for
from tests.load.mixed import KINDS, PACE, Load, Work
from tests.load.servers import web
from tests.load.workers import mail_to, working
from tests.making import make_event

CLIENTS, CROWD, ENOUGH = 3, 300, 30


@dataclass(frozen=True, kw_only=True)
class Period:
    """What was measured in one period."""

    web_memory: float
    worker_memory: float
    web_files: int
    worker_files: int
    counts: dict[str, int]
    median_ms: dict[str, float]
    p95_ms: dict[str, float]
    failed: int
    letter_seconds: float

    def line(self, second: float) -> str:
        """As it is printed."""
        times = "  ".join(f"{kind} {self.median_ms[kind]:.0f}/{self.p95_ms[kind]:.0f}" for kind in self.median_ms)
        held = f"web {self.web_memory:.0f} MiB {self.web_files} files, worker {self.worker_memory:.0f} MiB"
        done = f"{sum(self.counts.values())} done, {self.failed} failed"
        waits = f"{self.worker_files} files, letter {self.letter_seconds:.0f} s"
        return f"{second:6.0f} s  {held} {waits}, {done}; ms: {times}"


def memory(leader: int) -> float:
    """MiB that a process and its children hold, what they share counted once (PSS)."""
    total = 0
    for process in group(leader):
        lines = Path(f"/proc/{process}/smaps_rollup").read_text(encoding="ascii").splitlines()
        total += sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return total / 1024


def files(leader: int) -> int:
    """How many files and lines they have open."""
    return sum(len(list(Path(f"/proc/{process}/fd").iterdir())) for process in group(leader))


def verdict(periods: Sequence[Period], *, warm_up: int = 1) -> list[str]:
    """What is not flat, by the rule above; empty when all is. So many periods at the beginning are warm-up."""
    kept = periods[warm_up:]
    third = max(1, len(kept) // 3)
    first, last = kept[:third], kept[-third:]
    failed = sum(one.failed for one in periods)
    found = [f"{failed} failed"] if failed else []
    for name in ("web_memory", "worker_memory"):
        before, after = (mean(getattr(one, name) for one in part) for part in (first, last))
        found += [f"{name} {before:.0f} to {after:.0f} MiB"] if after > before * 1.1 + 24 else []
    for name in ("web_files", "worker_files"):
        before, after = (max(getattr(one, name) for one in part) for part in (first, last))
        found += [f"{name} {before} to {after}"] if after > before + 8 else []
    pace = max(1.0, _slower(PACE, first, last)[2])
    for kind in KINDS:
        before, after, times = _slower(kind, first, last)
        found += [f"{kind} {before:.0f} to {after:.0f} ms"] if times > 1.5 * pace and after > before + 20 else []
    waited = periods[-1].letter_seconds
    return [*found, f"a letter has waited {waited:.0f} s"] if waited > 60 else found


def _slower(kind: str, first: Sequence[Period], last: Sequence[Period]) -> tuple[float, float, float]:
    """Milliseconds in the first and the last periods, and how many times as long; a median of a few says nothing."""
    if min(sum(one.counts.get(kind, 0) for one in part) for part in (first, last)) < ENOUGH:
        return 0.0, 0.0, 1.0
    before, after = (mean(one.median_ms[kind] for one in part if kind in one.median_ms) for part in (first, last))
    return before, after, after / before


@contextmanager
def application(folder: Path, *, on_postgresql: bool) -> Iterator[Flask]:
    """On a new database of the kind that is wanted."""
    if not on_postgresql:
        yield migrated(create_app(settings_for(f"sqlite:///{folder / 'courseapp.db'}", folder)))
        return
    with postgres.cluster() as socket:
        yield migrated(create_app(settings_for(postgres.url(socket, "postgres"), folder)))


def soak(app: Flask, *, seconds: float, period: float) -> list[Period]:
    """Load for so long, and what each period came to."""
    settings: Settings = app.extensions[SETTINGS]
    slug, cookie = crowd(app, CROWD)
    with app.app_context():
        day = datetime.now(UTC).replace(minute=0, second=0, microsecond=0) + timedelta(days=60)
        course = make_event(slug="soak", starts=(day,), capacity=20).slug
        db.engine.dispose()
    found: list[Period] = []
    over = Signal()
    with (
        smtp.server() as office,
        web(settings, **mail_to(office)) as server,
        working(settings, mail_to(office)) as (worker,),
    ):
        work = Work(app=app, port=server.port, course=course, crowd=slug, cookie=cookie)
        load = Load(work, over)
        clients = [Thread(target=load.go_on, args=(number,)) for number in range(CLIENTS)]
        for one in clients:
            one.start()
        begun = time.monotonic()
        while time.monotonic() - begun < seconds:
            over.wait(period)
            office.received.clear()
            found.append(_measured(app, load, server.process.pid, worker.pid))
            sys.stdout.write(found[-1].line(time.monotonic() - begun) + "\n")
            sys.stdout.flush()
        over.set()
        for one in clients:
            one.join(60)
    return found


def _measured(app: Flask, load: Load, web_pid: int, worker_pid: int) -> Period:
    taken, failed = load.take()
    with app.app_context():
        _help, waited = health.gauges(datetime.now(UTC))["courseapp_oldest_letter_seconds"]
        db.session.remove()
        db.engine.dispose()
    return Period(
        web_memory=memory(web_pid),
        worker_memory=memory(worker_pid),
        web_files=files(web_pid),
        worker_files=files(worker_pid),
        counts={kind: len(times) for kind, times in taken.items()},
        median_ms={kind: median(times) for kind, times in taken.items()},
        p95_ms={kind: sorted(times)[int(len(times) * 0.95)] for kind, times in taken.items()},
        failed=failed,
        letter_seconds=waited,
    )


def main() -> int:
    """As the module says."""
    asked = argparse.ArgumentParser()
    asked.add_argument("--minutes", type=float, default=60)
    asked.add_argument("--period", type=float, default=60)
    asked.add_argument("--warm-up", type=float, default=60)
    asked.add_argument("--postgresql", action="store_true")
    told = asked.parse_args()
    with (
        tempfile.TemporaryDirectory() as folder,
        application(Path(folder), on_postgresql=told.postgresql) as app,
    ):
        periods = soak(app, seconds=told.minutes * 60, period=told.period)
        with app.app_context():
            db.engine.dispose()
    wrong = verdict(periods, warm_up=int(told.warm_up / told.period))
    sys.stdout.write("flat\n" if not wrong else f"not flat: {'; '.join(wrong)}\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
