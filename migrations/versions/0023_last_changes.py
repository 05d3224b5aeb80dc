"""Indexes by which the last change of the public list is found, whatever has been."""

from alembic import op


revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

INDEXES = (
    ("ix_event_news", "event", ["updated_at", "status", "kind"]),
    ("ix_registration_event_id_status_at", "registration", ["event_id", "status_at"]),
)


def upgrade() -> None:
    """One step forward."""
    for name, table, columns in INDEXES:
        op.create_index(name, table, columns)


def downgrade() -> None:
    """One step back."""
    for name, table, _columns in INDEXES:
        op.drop_index(name, table_name=table)
