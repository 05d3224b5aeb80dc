"""Runs the numbered migrations with the application's own engine, so SQLite has its pragmas and begins by itself."""

import time

from alembic import context
from flask import current_app
from sqlalchemy import Connection, inspect
from sqlalchemy.exc import OperationalError

from courseapp.db import WRITE, UtcDateTime

migrate = current_app.extensions["migrate"]
TRIES, PAUSE_SECONDS = current_app.config.get("MIGRATION_TRIES", 20), 0.5


def render_item(kind: str, item: object, _context: object) -> str | bool:
    """Migrations outlive the code, so they name plain column types only."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(item, UtcDateTime) else False


def run() -> None:
    """All of it in one transaction: a migration that fails leaves nothing behind.

    On PostgreSQL one that has to wait long for a table lets go of all it holds and begins anew a moment later, because
    everybody who comes after it waits as well. Raises OperationalError when a table is held for longer than all tries.
    """
    engine = migrate.db.engine.execution_options(**{WRITE: True})
    for left in reversed(range(TRIES)):
        try:
            with engine.connect() as connection:
                once(connection)
        except OperationalError as problem:
            if not left or getattr(problem.orig, "sqlstate", "") != "55P03":  # lock_not_available
                raise
            time.sleep(PAUSE_SECONDS)
        else:
            return


def once(connection: Connection) -> None:
    """One try."""
    context.configure(
        connection=connection,
        target_metadata=migrate.db.metadata,
        transactional_ddl=True,
        render_item=render_item,
        **migrate.configure_args,
    )
    with context.begin_transaction():
        if connection.dialect.name == "postgresql":
            take_turn(connection)
        context.run_migrations()


def take_turn(connection: Connection) -> None:
    """Wait for the events first, as whoever signs up does, and hold nothing while waiting.

    The other way round a sign-up could hold the events and wait for what the migration holds. PostgreSQL looks for
    that after a second, and ends one of the two: as likely the sign-up. The migration gives up sooner.
    """
    connection.exec_driver_sql("SET LOCAL lock_timeout = '3s'")
    if inspect(connection).has_table("event"):
        connection.exec_driver_sql("LOCK TABLE event IN ACCESS EXCLUSIVE MODE")
    connection.exec_driver_sql("SET LOCAL lock_timeout = '500ms'")


if context.is_offline_mode():
    raise SystemExit("migrations run against a real database only")
run()
