"""The worker's loop: deliver letters, end and remind of offers, clear away what expired. Every job may be repeated."""

from __future__ import annotations

import signal
import socket
import threading
from collections.abc import Callable
from pathlib import Path

import structlog
from flask import Flask

from courseapp import clock, metrics
from courseapp.config import Settings
from courseapp.domain.clock_watch import ClockWatch
from courseapp.logs import stack
from courseapp.mail import postman
from courseapp.services import (
    account_links,
    evaluation,
    housekeeping,
    moves,
    offers,
    registrations,
    reminders,
    retention,
)

log = structlog.get_logger(__name__)
IDLE_SECONDS = 1.0
SMTP_TIMEOUT_SECONDS = 20
JOBS: tuple[tuple[Callable[[], int | None], int], ...] = (
    (registrations.send_asked_links, 1),
    (account_links.send_asked, 1),
    (offers.expire_due, 15),
    (moves.release_due, 1),
    (offers.remind_due, 60),
    (reminders.put_due, 300),
    (evaluation.thank_due, 300),
    (housekeeping.tidy, 300),
    (retention.run_due, 900),
)
"""What the worker does besides delivering, and how many seconds lie between two rounds."""

BY_DATE = frozenset(
    {
        offers.expire_due,
        offers.remind_due,
        reminders.put_due,
        evaluation.thank_due,
        housekeeping.tidy,
        retention.run_due,
    }
)
"""What a date alone makes due, and nothing undoes: these wait while the clock is doubted."""


def run_once(settings: Settings) -> int:
    """Do every job once, then deliver everything that is due; returns how many letters were taken up."""
    for job, _seconds in JOBS:
        job()
    taken = 0
    while batch := postman.deliver_due(mail_folder(settings), clock.now):
        taken += batch
    return taken


def run_forever(app: Flask, settings: Settings) -> None:
    """Work until TERM or INT arrives; the letter in hand is finished first."""
    socket.setdefaulttimeout(SMTP_TIMEOUT_SECONDS)  # Flask-Mail sets none
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    log.info("worker_started")
    rounds = Rounds(app, settings)
    while not stopping.is_set():
        if not _guarded(rounds.once):
            stopping.wait(IDLE_SECONDS)
    log.info("worker_stopped")


class Rounds:
    """Round after round: each job when its seconds have passed, then one batch of letters."""

    def __init__(self, app: Flask, settings: Settings) -> None:
        self.app, self.settings = app, settings
        # Counted in seconds that run on whatever the clock is set to: a clock that was a year ahead and is set back
        # must not put the jobs off by a year.
        self.next_at = {job: clock.steady() for job, _seconds in JOBS}
        self.watch = ClockWatch(clock.now(), clock.steady())

    def once(self) -> int:
        """One round; returns how many letters were taken up."""
        doubted = self._doubts()
        with self.app.app_context():
            for job, seconds in JOBS:
                if self.next_at[job] <= clock.steady() and not (doubted and job in BY_DATE):
                    _guarded(job)
                    self.next_at[job] = clock.steady() + seconds
            return _guarded(lambda: postman.deliver_due(mail_folder(self.settings), clock.now))

    def _doubts(self) -> bool:
        before, steady = self.watch, clock.steady()
        self.watch = before.look(clock.now(), steady)
        if self.watch.doubted_until != before.doubted_until:
            metrics.job_failed("clock")
            log.error("clock_leapt", seconds=round(self.watch.off.total_seconds()), doubted=self.watch.doubts(steady))
        return self.watch.doubts(steady)


def mail_folder(settings: Settings) -> Path | None:
    """Where letters become files, or None when there is a server."""
    return None if settings.mail.server else settings.data_dir / "mail"


def _guarded(job: Callable[[], int | None]) -> int:
    """A job that fails is logged and tried again in the next round; the loop must outlive a database that restarts."""
    try:
        return job() or 0
    except Exception as problem:  # noqa: BLE001 - see above
        metrics.job_failed(getattr(job, "__name__", "letters").strip("<>"))
        log.error("worker_job_failed", problem=type(problem).__name__, stack=stack(problem))  # noqa: TRY400 - no message
        return 0
