"""The database: Base, naming convention, aware times, and the one way to write: `transaction()`.

Seats are safe because every write transaction is one of its own (`BEGIN IMMEDIATE` on SQLite) and takes the event's
turn as its first statement. Both were tried the other way and sold 34 of 30 seats.
"""

from __future__ import annotations

import errno
import select
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime
from enum import StrEnum
from functools import cache
from typing import Any

from flask import Flask, current_app
from flask_sqlalchemy import SQLAlchemy
from flask_sqlalchemy.session import Session as FlaskSession
from sqlalchemy import (
    JSON,
    DateTime,
    Dialect,
    Engine,
    Enum,
    Insert,
    MetaData,
    String,
    Table,
    TypeDecorator,
    event,
    insert,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError, InterfaceError, InvalidatePoolError, OperationalError
from sqlalchemy.exc import TimeoutError as NoTurn
from sqlalchemy.orm import DeclarativeBase, Session, registry

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
WRITE, ALONE = "courseapp_write", "courseapp_alone"
READING, FRESH = "courseapp.reading", "courseapp_fresh"
SQLITE_BUSY_SECONDS = 30
SQLITE_TROUBLE = {
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_CANTOPEN,
}
POSTGRESQL_SESSION = "-c lock_timeout=30s -c idle_in_transaction_session_timeout=300s"
"""Nobody waits for a turn longer than for SQLite's, and a machine that vanishes in the middle of one gives it back."""

POSTGRESQL_CONNECT = {"connect_timeout": 5, "keepalives_idle": 30, "keepalives_interval": 10, "keepalives_count": 3}
"""A server that is switched off, rather than stopped, is noticed in a minute and not in two hours."""


class UtcDateTime(TypeDecorator[datetime]):
    """An aware moment. Stored as UTC; a naive datetime is refused, because it has no meaning."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """To UTC; SQLite keeps it without a zone."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("naive datetime")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Aware, in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def codes(kind: type[StrEnum]) -> Enum:
    """A column type for an enum: its values as text, with a CHECK that repeats the rule in the database."""
    return Enum(
        kind,
        native_enum=False,
        create_constraint=True,
        length=40,
        values_callable=lambda e: [member.value for member in e],
    )


class Base(DeclarativeBase):
    """Every table's base."""

    registry = registry(
        metadata=MetaData(naming_convention=NAMING),
        type_annotation_map={datetime: UtcDateTime, str: String, dict[str, Any]: JSON, list[str]: JSON},
    )


class Reading(FlaskSession):
    """The request's own session, which only reads: what is written would be there at once, and outside every turn."""

    def get_bind(self, *_asked: Any, **_more: Any) -> Engine:
        """There is one database."""
        engine: Engine = current_app.extensions[READING]
        return engine


@event.listens_for(Reading, "before_flush")
def _refuse(*_flush: object) -> None:
    raise RuntimeError("the request's session only reads; write in a transaction()")


db = SQLAlchemy(model_class=Base, session_options={"class_": Reading, "autoflush": False})
# SQLite lets one write at a time. Threads of one process line up here instead of polling the file's lock.
_sqlite_turn = threading.Lock()


@contextmanager
def transaction() -> Iterator[Session]:
    """A write transaction of its own: all of it is committed when the block ends, none of it when it raises.

    Objects stay readable after the commit. What the request's own session has read is forgotten first, so nothing
    read before the turn can decide anything, and pages that follow see what was written.
    """
    let_go()
    engine = db.engine
    turn = _in_turn() if engine.dialect.name == "sqlite" else nullcontext()
    bind = engine.execution_options(**{WRITE: True})
    with turn, Session(bind, expire_on_commit=False) as tx, tx.begin():
        yield tx


def add_plain(tx: Session, *rows: Base) -> None:
    """Write new rows of one table, now and by one statement. They get no id, and the session does not watch over them.

    Watching costs more than writing; for rows that their transaction is done with.
    """
    statement, names = _plain_insert(type(rows[0]))
    tx.connection().execute(statement, [{name: vars(row)[name] for name in names & vars(row).keys()} for row in rows])


@cache
def _plain_insert(table: type[Base]) -> tuple[Insert, frozenset[str]]:
    written = Base.metadata.tables[table.__tablename__]
    return insert(written), frozenset(written.columns.keys())


@contextmanager
def reading() -> Iterator[Session]:
    """A session for one question whose answer is fetched in pieces: they are all of the same moment."""
    with Session(db.engine) as session:
        yield session


def let_go() -> None:
    """Forget what the request's own session has read. A connection that broke meanwhile takes nothing with it."""
    _whole(db.session.rollback)


def part(_problem: BaseException | None = None) -> None:
    """End the request's own session. Raising here would cost the reader a page that is ready."""
    _whole(db.session.remove)


def _whole(end: Callable[[], None]) -> None:
    try:
        end()
    except DBAPIError as problem:
        if not is_trouble(problem):
            raise
        db.session.remove()


@contextmanager
def _in_turn() -> Iterator[None]:
    """Wait in line, but not longer than for the file itself: those behind somebody who waits must hear as well."""
    if not _sqlite_turn.acquire(timeout=SQLITE_BUSY_SECONDS):
        raise NoTurn("the turn to write did not come")
    try:
        yield
    finally:
        _sqlite_turn.release()


def is_trouble(problem: BaseException) -> bool:
    """Whether the database is away, full or held too long, or the disk is full: in a minute the same may go well."""
    if isinstance(problem, OSError):
        return problem.errno in {errno.ENOSPC, errno.EDQUOT}
    if not isinstance(problem, DBAPIError):
        return isinstance(problem, NoTurn)
    code = getattr(problem.orig, "sqlite_errorcode", None)
    if code is not None:
        return code & 0xFF in SQLITE_TROUBLE
    return problem.connection_invalidated or isinstance(problem, OperationalError | InterfaceError)


def engine_options(url: str) -> dict[str, Any]:
    """How connections are made and kept. A process holds at most `pool_size` + `max_overflow`."""
    options: dict[str, Any] = {"hide_parameters": True, "pool_size": 10, "max_overflow": 10, "pool_timeout": 30}
    if url.startswith("postgresql"):
        own = {} if "options=" in url else {"options": POSTGRESQL_SESSION}
        options |= {"connect_args": {**POSTGRESQL_CONNECT, **own}}
    return options


def insert_or_update(tx: Session, table: type[Base] | Table) -> sqlite.Insert | postgresql.Insert:
    """An INSERT that knows `on_conflict_do_update`, in the dialect of the transaction's database."""
    if tx.get_bind().dialect.name == "sqlite":
        return sqlite.insert(table)
    return postgresql.insert(table)


def attach(app: Flask) -> None:
    """Make SQLite durable, honest about foreign keys, and begin only when told to; spare PostgreSQL idle trips.

    What is only read is read by statements on their own: PostgreSQL's usual transactions would show them the same, and
    cost two more trips to the server.
    """
    with app.app_context():
        engine = db.engine
    if engine.dialect.name == "sqlite":
        app.extensions[READING] = engine.execution_options(**{ALONE: True})
        event.listen(engine, "connect", _set_up)
        event.listen(engine, "begin", _begin)
    else:
        app.extensions[READING] = engine.execution_options(isolation_level="AUTOCOMMIT")
        event.listen(engine, "connect", _begin_line)
        event.listen(engine, "checkout", _take_out)


def _set_up(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # the driver must not begin on its own
    for pragma in (
        f"busy_timeout = {SQLITE_BUSY_SECONDS * 1000}",
        "journal_mode = WAL",
        "synchronous = FULL",
        "foreign_keys = ON",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Any) -> None:
    options = connection.get_execution_options()
    if not options.get(ALONE, False):
        connection.exec_driver_sql("BEGIN IMMEDIATE" if options.get(WRITE, False) else "BEGIN")


def _begin_line(_connection: Any, record: Any) -> None:
    record.info[FRESH] = True


def _take_out(connection: Any, record: Any, _proxy: Any) -> None:
    """A server that stops or ends a line says so, and a line on which nothing was said stands: no need to ask it.

    A fresh one is taken as it is: ended already, it will say so when it is used.
    """
    if record.info.pop(FRESH, False):
        return
    heard = select.poll()
    if not connection.closed:
        heard.register(connection.fileno(), select.POLLIN)
    if connection.closed or heard.poll(0):
        raise InvalidatePoolError
