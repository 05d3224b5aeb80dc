"""What happens at once: a rush for thirty seats, and the worker with all the letters that come of it."""

from __future__ import annotations

import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from flask import Flask
from sqlalchemy import func, select

from courseapp.config import ROOT, Settings
from courseapp.db import db
from courseapp.domain.registration import Status
from courseapp.models.journal import MailState, OutboxEmail, WorkerPulse
from courseapp.models.registration import Registration
from tests.bench.desk import pss
from tests.bench.measure import LONG, Bare, group_cpu
from tests.load.servers import BIN, Server, environment, rush, web
from tests.making import make_event
from tests.smtp import free_port

SINK = """
import asyncio, sys
async def take(reader, writer):
    writer.write(b"220 sink\\r\\n")
    body = False
    while line := await reader.readline():
        if body:
            if line == b".\\r\\n":
                body = False
                writer.write(b"250 taken\\r\\n")
            continue
        body = line[:4].upper() == b"DATA"
        writer.write(b"354 go on\\r\\n" if body else b"250 yes\\r\\n")
async def main():
    server = await asyncio.start_server(take, "127.0.0.1", int(sys.argv[1]), limit=1 << 20)
    await server.serve_forever()
asyncio.run(main())
"""
"""A mail server that takes everything and costs nearly nothing, so that the worker is what is measured."""


@dataclass(frozen=True)
class Rush:
    """So many forms sent at the same moment: seconds to the last answer, and how many got a seat; `bare` as always."""

    forms: int
    seconds: float
    seats: int
    bare: float


@dataclass(frozen=True)
class Post:
    """What the worker did with the letters that lay there. `cpu` in ms a letter, `memory` in MiB after them."""

    letters: int
    per_second: float
    cpu: float
    memory: float
    bare: float


def rushed(app: Flask, server: Server, slug: str, days: tuple[datetime, ...], people: int, bare: Bare) -> Rush:
    """An event of thirty seats, and so many who want one."""
    with app.app_context():
        event_id = make_event(capacity=30, slug=slug, starts=days).id
        db.engine.dispose()
    begun: list[float] = []
    before = bare.spend(LONG)
    answers = rush(server.port, slug, people, sending=lambda: begun.append(time.perf_counter()))
    seconds = time.perf_counter() - begun[0]
    assert Counter(answers) == {303: people}
    with app.app_context():
        seats = select(func.count()).where(Registration.event_id == event_id, Registration.status == Status.REGISTERED)
        found = db.session.scalars(seats).one()
        db.engine.dispose()
    return Rush(people, seconds, found, (before + bare.spend(LONG)) / 2)


def idle(app: Flask, settings: Settings) -> tuple[float, float]:
    """MiB of web processes before the first page, and of a worker that has found nothing to do, beside each other."""
    with web(settings) as server, _sink() as port, _worker(settings, port) as worker:
        time_limit = time.monotonic() + 60
        while not _pulse(app):
            assert time.monotonic() < time_limit, "the worker does not begin"
            time.sleep(0.05)  # it is starting
        return pss(server.process.pid), pss(worker.pid)


def _pulse(app: Flask) -> bool:
    with app.app_context():
        found = db.session.scalar(select(WorkerPulse.at))
        db.engine.dispose()
        return found is not None


def posted(app: Flask, settings: Settings, bare: Bare) -> Post:
    """A worker for every letter that waits."""
    waiting, before = _waiting(app), bare.spend(LONG)
    with _sink() as port, _worker(settings, port) as worker:
        time_limit = time.monotonic() + 600
        while _waiting(app) == waiting:
            assert time.monotonic() < time_limit, "the worker sends nothing"
            time.sleep(0.01)  # it is starting
        left, begun, spent = _waiting(app), time.perf_counter(), group_cpu(worker.pid)
        while now := _waiting(app):
            assert time.monotonic() < time_limit, f"{now} letters left"
            time.sleep(0.05)  # between two looks
        seconds, cpu = time.perf_counter() - begun, group_cpu(worker.pid) - spent
        return Post(left, left / seconds, cpu * 1000 / left, pss(worker.pid), (before + bare.spend(LONG)) / 2)


def _waiting(app: Flask) -> int:
    with app.app_context():
        pending = select(func.count()).where(OutboxEmail.state.in_([MailState.QUEUED, MailState.SENDING]))
        found = db.session.scalars(pending).one()
        db.engine.dispose()
        return found


@contextmanager
def _sink() -> Iterator[int]:
    port = free_port()
    process = subprocess.Popen([sys.executable, "-c", SINK, str(port)], start_new_session=True)
    try:
        yield port
    finally:
        process.kill()
        process.wait(10)


@contextmanager
def _worker(settings: Settings, port: int) -> Iterator[subprocess.Popen[bytes]]:
    mail = {"COURSEAPP_MAIL_SERVER": "127.0.0.1", "COURSEAPP_MAIL_PORT": str(port)}
    process = subprocess.Popen(
        [BIN / "flask", "--app", "wsgi", "worker"],
        cwd=ROOT,
        env=environment(settings, **mail),
        start_new_session=True,
        stdout=subprocess.DEVNULL,
    )
    try:
        yield process
    finally:
        process.terminate()
        process.wait(60)
