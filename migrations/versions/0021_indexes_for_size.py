"""Indexes that keep the cost of a page and of the worker's jobs the same, however many people there have been."""

import sqlalchemy as sa
from alembic import op


revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

SEATED = sa.text("status IN ('offered', 'registered')")
OF_NO_PERSON = sa.text("registration_id IS NULL")


def upgrade() -> None:
    """One step forward. SQLite compares byte by byte already."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute('ALTER TABLE registration ALTER COLUMN sort_key TYPE VARCHAR COLLATE "C"')
    op.create_index(
        "ix_registration_seated",
        "registration",
        ["event_id", "primary_role", "sort_key", "id"],
        sqlite_where=SEATED,
        postgresql_where=SEATED,
    )
    op.create_index("ix_registration_counted", "registration", ["event_id", "status", "primary_role", "municipality"])
    op.create_index("ix_event_status_ends_at", "event", ["status", "ends_at"])
    op.create_index("ix_audit_entry_event_id_verb", "audit_entry", ["event_id", "verb"])
    op.create_index(
        "ix_audit_entry_of_event",
        "audit_entry",
        ["event_id", "id"],
        sqlite_where=OF_NO_PERSON,
        postgresql_where=OF_NO_PERSON,
    )
    op.drop_index("ix_audit_entry_event_id", table_name="audit_entry")
    op.create_index("ix_certificate_issued_at", "certificate", ["issued_at"])


def downgrade() -> None:
    """One step back."""
    op.drop_index("ix_certificate_issued_at", table_name="certificate")
    op.create_index("ix_audit_entry_event_id", "audit_entry", ["event_id"])
    op.drop_index("ix_audit_entry_of_event", table_name="audit_entry")
    op.drop_index("ix_audit_entry_event_id_verb", table_name="audit_entry")
    op.drop_index("ix_event_status_ends_at", table_name="event")
    op.drop_index("ix_registration_counted", table_name="registration")
    op.drop_index("ix_registration_seated", table_name="registration")
    if op.get_bind().dialect.name == "postgresql":
        op.execute('ALTER TABLE registration ALTER COLUMN sort_key TYPE VARCHAR COLLATE "default"')
