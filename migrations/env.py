"""Runs the numbered migrations with the application's own engine, so SQLite has its pragmas and begins by itself."""

from alembic import context
from flask import current_app

from courseapp.db import WRITE, UtcDateTime

migrate = current_app.extensions["migrate"]


def render_item(kind: str, item: object, _context: object) -> str | bool:
    """Migrations outlive the code, so they name plain column types only."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(item, UtcDateTime) else False


def run() -> None:
    """All of it in one transaction: a migration that fails leaves nothing behind."""
    engine = migrate.db.engine.execution_options(**{WRITE: True})
    with engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=migrate.db.metadata,
            transactional_ddl=True,
            render_item=render_item,
            **migrate.configure_args,
        )
        with context.begin_transaction():
            if connection.dialect.name == "postgresql":
                # A migration that waits for a table makes all who come after it wait too. It gives up first.
                connection.exec_driver_sql("SET LOCAL lock_timeout = '5s'")
            context.run_migrations()


if context.is_offline_mode():
    raise SystemExit("migrations run against a real database only")
run()
