"""The language in which participants and course leaders are written to."""

from alembic import op


revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

TABLES = ("registration", "course_leader")


def upgrade() -> None:
    """One step forward. Until now everybody was written to in bokmål."""
    for table in TABLES:
        op.execute(
            f"ALTER TABLE {table} ADD COLUMN language VARCHAR(40) DEFAULT 'nb' NOT NULL"
            f" CONSTRAINT ck_{table}_language CHECK (language IN ('nb', 'nn', 'en'))"
        )


def downgrade() -> None:
    """One step back."""
    for table in TABLES:
        op.execute(f"ALTER TABLE {table} DROP COLUMN language")
