"""Real workers beside the real servers, and what a test that lets things break waits for."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import update

from courseapp.config import ROOT, Settings
from courseapp.db import db, transaction
from courseapp.models.journal import MailState, OutboxEmail
from tests.letters import all_letters
from tests.load.servers import BIN, environment
from tests.smtp import Office


def mail_to(office: Office) -> dict[str, str]:
    """The settings of a program that mails to the test's server."""
    return {"COURSEAPP_MAIL_SERVER": "127.0.0.1", "COURSEAPP_MAIL_PORT": str(office.port)}


def start_worker(settings: Settings, *, app: str = "wsgi", **more: str) -> subprocess.Popen[bytes]:
    """The worker as somebody types it; of another application than `wsgi`, as a module that runs one."""
    typed: list[str | Path] = [BIN / "flask", "--app", "wsgi", "worker"]
    return subprocess.Popen(
        typed if app.partition(":")[0] == "wsgi" else [BIN / "python", "-m", app.partition(":")[0]],
        cwd=ROOT,
        env=environment(settings, **more),
        start_new_session=True,
        stdout=subprocess.DEVNULL,
    )


@contextmanager
def working(
    settings: Settings, mail: Mapping[str, str] | None = None, *, count: int = 1, app: str = "wsgi"
) -> Iterator[list[subprocess.Popen[bytes]]]:
    """So many workers, told to stop at the end; one that has ended by itself fails the test."""
    workers = [start_worker(settings, app=app, **(mail or {})) for _ in range(count)]
    try:
        yield workers
        assert [one.poll() for one in workers if one.poll() not in {None, -signal.SIGKILL}] == []
    finally:
        for one in workers:
            if one.poll() is None:
                one.send_signal(signal.SIGTERM)
        for one in workers:
            try:
                one.wait(30)
            except subprocess.TimeoutExpired:
                kill(one)


def kill(process: subprocess.Popen[bytes]) -> None:
    """At once, without a word."""
    os.killpg(process.pid, signal.SIGKILL)
    process.wait(10)


def until(true: Callable[[], object], what: str, seconds: float = 60) -> None:
    """Wait for something to come true, but not for ever."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, f"not in {seconds} seconds: {what}"
        time.sleep(0.05)  # between two looks at other processes


def expire_leases() -> None:
    """As if the five minutes of a lease had passed."""
    with transaction() as tx:
        tx.execute(
            update(OutboxEmail).where(OutboxEmail.state == MailState.SENDING).values(not_before=OutboxEmail.created_at)
        )
    db.session.remove()


def all_sent() -> bool:
    """Whether every letter has left."""
    states = {one.state for one in all_letters()}
    db.session.remove()
    return states == {MailState.SENT}


def arrived(office: Office) -> Counter[tuple[str, str]]:
    """What came over the wire, by receiver and Message-ID."""
    return Counter((one.receivers[0], message_id(one.content)) for one in office.received)


def put() -> Counter[tuple[str, str]]:
    """What was put into the outbox, once each."""
    return Counter((one.to_email, one.message_id) for one in all_letters())


def message_id(content: bytes) -> str:
    """Of a message on the wire."""
    line = next(one for one in content.splitlines() if one.lower().startswith(b"message-id:"))
    return line.partition(b":")[2].strip().decode()
