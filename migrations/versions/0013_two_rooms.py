"""Hybrid events: physical and digital places counted apart."""

import sqlalchemy as sa
from alembic import op


revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

ADDED = (
    (
        "event",
        "hybrid BOOLEAN DEFAULT false NOT NULL"
        " CONSTRAINT ck_event_may_be_hybrid CHECK (NOT hybrid OR kind <> 'veilederkurs')",
    ),
    (
        "event",
        "digital_capacity INTEGER CONSTRAINT ck_event_digital_capacity"
        " CHECK (digital_capacity IS NULL OR (hybrid AND digital_capacity > 0))",
    ),
    (
        "event",
        "reported_digital INTEGER CONSTRAINT ck_event_reported_digital"
        " CHECK (reported_digital IS NULL OR reported_digital >= 0)",
    ),
    (
        "registration",
        "mode VARCHAR(40) CONSTRAINT ck_registration_mode CHECK (mode IN ('physical', 'digital'))",
    ),
)


def upgrade() -> None:
    """One step forward. No event is hybrid before somebody says so, and nobody has a mode."""
    for table, column in ADDED:
        op.execute(f"ALTER TABLE {table} ADD COLUMN {column}")
    op.create_index(
        "ix_registration_event_id_mode_status",
        "registration",
        ["event_id", "mode", "status"],
        unique=False,
        sqlite_where=sa.text("mode IS NOT NULL"),
        postgresql_where=sa.text("mode IS NOT NULL"),
    )


def downgrade() -> None:
    """One step back. How each person took part is forgotten with the column."""
    op.drop_index("ix_registration_event_id_mode_status", table_name="registration")
    for table, column in reversed(ADDED):
        op.execute(f"ALTER TABLE {table} DROP COLUMN {column.split()[0]}")
