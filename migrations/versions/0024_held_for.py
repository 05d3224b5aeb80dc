"""An index by which what an office's events were held for is found, whatever it has held."""

import sqlalchemy as sa
from alembic import op


revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

HELD_FOR = sa.text("place_text != ''")


def upgrade() -> None:
    """One step forward."""
    op.create_index(
        "ix_event_held_for",
        "event",
        ["office_id", "place_text", "typed"],
        sqlite_where=HELD_FOR,
        postgresql_where=HELD_FOR,
    )


def downgrade() -> None:
    """One step back."""
    op.drop_index("ix_event_held_for", table_name="event")
