"""Whether the parts are within bounds: database, migrations, worker, outbox."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Select, func, select, text
from sqlalchemy.exc import SQLAlchemyError

from courseapp.db import db, is_trouble
from courseapp.models.journal import IS_DUE, IS_FAILED, MailState, OutboxEmail, WorkerPulse

PULSE_AT_MOST = timedelta(minutes=2)
LETTER_AT_MOST = timedelta(minutes=15)
WAITING = (MailState.QUEUED, MailState.SENDING, MailState.FAILED)


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


def may_pass(problem: BaseException) -> bool:
    """Whether what went wrong is the database's or the disk's trouble, and may go well in a minute."""
    return is_trouble(problem)


@cache
def head(folder: str) -> str | None:
    """The newest migration in the folder."""
    return ScriptDirectory(folder).get_current_head()


def _migrated(folder: str) -> Check:
    current = MigrationContext.configure(db.session.connection()).get_current_revision()
    newest = head(folder) or ""
    if current is not None and current > newest:
        # A newer version migrates while this one still serves: what it added is in nobody's way.
        return Check("migrations", ok=True, said=f"at {current}, newer than this version's {newest}")
    ok = current == newest
    return Check("migrations", ok, "ok" if ok else f"at {current}, not {newest}: run 'flask db upgrade'")


def gauges(now: datetime) -> dict[str, tuple[str, float]]:
    """What stands in the database: letters by state, the age of the oldest, and since when the worker is silent."""
    # Each has an index of its own, which both databases see in the words of it.
    under_way = select(OutboxEmail.state, func.count()).where(IS_DUE).group_by(OutboxEmail.state)
    states = {row[0]: row[1] for row in db.session.execute(under_way)}
    of_any = func.count(func.coalesce(OutboxEmail.event_id, 0))  # nothing but that index has both for SQLite
    states[MailState.FAILED] = db.session.scalar(select(of_any).where(IS_FAILED)) or 0
    at, oldest = db.session.scalar(select(WorkerPulse.at)), db.session.scalar(_oldest_due(now))
    found = {
        f"courseapp_letters_{state}": (f"Letters that are {state}.", float(states.get(state, 0))) for state in WAITING
    }
    found["courseapp_oldest_letter_seconds"] = (
        "How long the oldest letter has been due.",
        0.0 if oldest is None else (now - oldest).total_seconds(),
    )
    found["courseapp_worker_silent_seconds"] = (
        "How long ago the worker was last seen; -1 where it never was.",
        -1.0 if at is None else (now - at).total_seconds(),
    )
    return found


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
    oldest = db.session.scalar(_oldest_due(now))
    ok = oldest is None or now - oldest <= LETTER_AT_MOST
    return Check("outbox", ok, "ok" if ok else f"a letter has been due since {oldest.isoformat() if oldest else ''}")


def _oldest_due(now: datetime) -> Select[datetime | None]:
    return select(func.min(OutboxEmail.not_before)).where(text(IS_DUE.text), OutboxEmail.not_before < now)
