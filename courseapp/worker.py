"""The worker's loop: deliver letters, clear away what has expired. Every job may be run again without harm."""

from __future__ import annotations

import signal
import socket
import threading
from collections.abc import Callable
from pathlib import Path

import structlog
from flask import Flask

from courseapp import clock
from courseapp.config import Settings
from courseapp.mail import postman
from courseapp.services import housekeeping

log = structlog.get_logger(__name__)
IDLE_SECONDS = 1.0
TIDY_SECONDS = 300
SMTP_TIMEOUT_SECONDS = 20


def run_once(settings: Settings) -> int:
    """Deliver everything that is due now and tidy once; returns how many letters were taken up."""
    taken = 0
    while batch := postman.deliver_due(mail_folder(settings), clock.now):
        taken += batch
    housekeeping.tidy()
    return taken


def run_forever(app: Flask, settings: Settings) -> None:
    """Work until TERM or INT arrives; the letter in hand is finished first."""
    socket.setdefaulttimeout(SMTP_TIMEOUT_SECONDS)
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    log.info("worker_started")
    tidied_at = None
    while not stopping.is_set():
        with app.app_context():
            taken = _guarded(lambda: postman.deliver_due(mail_folder(settings), clock.now))
            now = clock.now()
            if tidied_at is None or (now - tidied_at).total_seconds() > TIDY_SECONDS:
                _guarded(housekeeping.tidy)
                tidied_at = now
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
    except Exception:
        log.exception("worker_job_failed")
        return 0
