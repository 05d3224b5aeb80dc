"""Indexes by which an office's events, a year's and the newest are found among all that have been."""

from alembic import op


revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

INDEXES = (
    ("ix_event_reported", "event", ["report_year", "office_id", "status"]),
    ("ix_event_of_office", "event", ["office_id", "ends_at", "kind", "status"]),
    ("ix_certificate_counted", "certificate", ["event_id", "stands", "registration_id"]),
)


def upgrade() -> None:
    """One step forward."""
    for name, table, columns in INDEXES:
        op.create_index(name, table, columns)


def downgrade() -> None:
    """One step back."""
    for name, table, _columns in INDEXES:
        op.drop_index(name, table_name=table)
