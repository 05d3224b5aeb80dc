"""Letters hold secret links, so their bodies are sealed with the installation's key."""

from collections.abc import Callable

import sqlalchemy as sa
from alembic import op
from flask import current_app


revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

BODIES = ("text", "html", "ics")
AT_ONCE = 500


def upgrade() -> None:
    """One step forward. The key is the application's own, so it is the application that seals."""
    _rewrite(current_app.extensions["courseapp.seal"].shut_long)


def downgrade() -> None:
    """One step back."""
    _rewrite(current_app.extensions["courseapp.seal"].opened_long)


def _rewrite(how: Callable[[str], str]) -> None:
    last, line = 0, op.get_bind()
    select = sa.text(f"SELECT id, text, html, ics FROM outbox_email WHERE id > :last ORDER BY id LIMIT {AT_ONCE}")
    update = sa.text("UPDATE outbox_email SET text = :text, html = :html, ics = :ics WHERE id = :id")
    while rows := line.execute(select, {"last": last}).all():
        for row in rows:
            bodies = {name: how(body) if (body := getattr(row, name)) else body for name in BODIES}
            line.execute(update, {"id": row.id, **bodies})
        last = rows[-1].id
