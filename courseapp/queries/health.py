"""Whether the parts are within bounds: database, migrations, worker, outbox."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import func, select, text
from sqlalchemy.exc import SQLAlchemyError

from courseapp.db import db
from courseapp.models.journal import IS_DUE, OutboxEmail, WorkerPulse

PULSE_AT_MOST = timedelta(minutes=2)
LETTER_AT_MOST = timedelta(minutes=15)


@dataclass(frozen=True)
class Check:
    """One part's name, whether it is well, and what to say of it."""

    name: str
    ok: bool
    said: str


def check(now: datetime, *, migrations: str) -> list[Check]:
    """Every check; when the database cannot be reached, only that."""
    try:
        return [
            Check("database", ok=True, said="ok"),
            _migrated(migrations),
            _pulse(now),
            _oldest(now),
        ]
    except SQLAlchemyError as problem:
        db.session.rollback()
        return [Check("database", ok=False, said=f"not reachable: {type(problem).__name__}")]


@cache
def head(folder: str) -> str | None:
    """The newest migration in the folder."""
    return ScriptDirectory(folder).get_current_head()


def _migrated(folder: str) -> Check:
    current = MigrationContext.configure(db.session.connection()).get_current_revision()
    ok = current == head(folder)
    return Check("migrations", ok, "ok" if ok else f"at {current}, not {head(folder)}: run 'flask db upgrade'")


def worker_lives(now: datetime) -> bool:
    """Whether a worker has been seen lately; False where there is no database to ask."""
    try:
        return _pulse(now).ok
    except SQLAlchemyError:
        return False
    finally:
        db.session.remove()
        db.engine.dispose()  # nothing of ours may hold the database while it is replaced


def _pulse(now: datetime) -> Check:
    at = db.session.scalar(select(WorkerPulse.at))
    if at is None:
        return Check("worker", ok=False, said="has never run: start 'flask worker'")
    ok = now - at <= PULSE_AT_MOST
    return Check("worker", ok, "ok" if ok else f"silent since {at.isoformat()}")


def _oldest(now: datetime) -> Check:
    oldest = db.session.scalar(
        select(func.min(OutboxEmail.not_before)).where(text(IS_DUE.text), OutboxEmail.not_before < now)
    )
    ok = oldest is None or now - oldest <= LETTER_AT_MOST
    return Check("outbox", ok, "ok" if ok else f"a letter has been due since {oldest.isoformat() if oldest else ''}")
