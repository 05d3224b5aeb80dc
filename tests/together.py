"""Several people doing things at the same moment, each with a connection of its own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import Context
from threading import Barrier

from flask import Flask

from courseapp.db import db
from courseapp.domain.errors import DomainError

PATIENCE = 60


def at_once(app: Flask, jobs: Sequence[Callable[[], object]]) -> list[object]:
    """What each job came to, in order: its answer, or the class of its refusal. Anything else that is raised fails."""
    start = Barrier(len(jobs))

    def run(job: Callable[[], object]) -> object:
        with app.app_context():
            start.wait(PATIENCE)
            try:
                return job()
            except DomainError as refusal:
                return type(refusal)
            finally:
                db.session.remove()

    with ThreadPoolExecutor(len(jobs)) as pool:
        asked = [pool.submit(Context().run, run, job) for job in jobs]
        answers = [one.result(PATIENCE) for one in asked]
    db.session.rollback()
    return answers
