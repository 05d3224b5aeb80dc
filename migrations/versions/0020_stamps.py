"""Stamps of events and offices, by which kept pages know whether something has changed."""

from alembic import op


revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

STAMPS = (("event", "stamp"), ("event", "facts_stamp"), ("office", "stamp"))


def upgrade() -> None:
    """One step forward. Zero is a stamp as good as any until the first change."""
    for table, stamp in STAMPS:
        op.execute(f"ALTER TABLE {table} ADD COLUMN {stamp} BIGINT DEFAULT '0' NOT NULL")
    op.create_index("ix_event_shown", "event", ["ends_at", "status", "kind", "stamp"])


def downgrade() -> None:
    """One step back."""
    op.drop_index("ix_event_shown", "event")
    for table, stamp in STAMPS:
        op.execute(f"ALTER TABLE {table} DROP COLUMN {stamp}")
