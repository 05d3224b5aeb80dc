"""The worker's loop: deliver letters, end and remind of offers, clear away what expired. Every job may be repeated."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import structlog
from flask import Flask

from courseapp import clock, metrics
from courseapp.config import Settings
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
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    log.info("worker_started")
    next_at = {job: clock.now() for job, _seconds in JOBS}
    while not stopping.is_set():
        with app.app_context():
            for job, seconds in JOBS:
                if next_at[job] <= clock.now():
                    _guarded(job)
                    next_at[job] = clock.now() + timedelta(seconds=seconds)
            taken = _guarded(lambda: postman.deliver_due(mail_folder(settings), clock.now))
        if not taken:
            stopping.wait(IDLE_SECONDS)
    log.info("worker_stopped")


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
