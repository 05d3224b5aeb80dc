"""Course leaders: mobile, who no longer leads, pairs that are dissolved, and what leaders' calendars were told."""

import sqlalchemy as sa
from alembic import op


revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """One step forward."""
    op.create_table(
        "leader_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("leader_id", sa.Integer(), nullable=False),
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("method", sa.String(), nullable=False),
        sa.Column("stamp", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attendee", sa.String(), server_default="", nullable=False),
        sa.Column("summary", sa.String(), nullable=False),
        sa.Column("location", sa.String(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("organizer_name", sa.String(), nullable=False),
        sa.Column("organizer_email", sa.String(), nullable=False),
        sa.CheckConstraint("method IN ('REQUEST', 'CANCEL')", name=op.f("ck_leader_entry_method")),
        sa.ForeignKeyConstraint(
            ["leader_id"], ["course_leader.id"], name=op.f("fk_leader_entry_leader_id_course_leader")
        ),
        sa.ForeignKeyConstraint(["session_id"], ["session.id"], name=op.f("fk_leader_entry_session_id_session")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_leader_entry")),
        sa.UniqueConstraint("uid", name=op.f("uq_leader_entry_uid")),
        sa.UniqueConstraint(
            "leader_id", "session_id", "generation", name=op.f("uq_leader_entry_leader_id_session_id_generation")
        ),
    )
    op.create_index(op.f("ix_leader_entry_session_id"), "leader_entry", ["session_id"])
    for table, column in ADDED:
        op.execute(f"ALTER TABLE {table} ADD COLUMN {column.replace('MOMENT', _moment())}")


def _moment() -> str:
    """Aware on PostgreSQL; SQLite keeps UTC without a zone."""
    return "DATETIME" if op.get_bind().dialect.name == "sqlite" else "TIMESTAMP WITH TIME ZONE"


ADDED = (
    ("course_leader", "mobile VARCHAR DEFAULT '' NOT NULL"),
    ("course_leader", "retired_at MOMENT"),
    ("leader_pair", "dissolved_at MOMENT"),
    ("event_leader", "told_at MOMENT"),
)


def downgrade() -> None:
    """One step back."""
    for table, column in reversed(ADDED):
        op.execute(f"ALTER TABLE {table} DROP COLUMN {column.split()[0]}")
    op.drop_index(op.f("ix_leader_entry_session_id"), table_name="leader_entry")
    op.drop_table("leader_entry")
