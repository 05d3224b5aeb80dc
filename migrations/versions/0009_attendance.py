"""Attendance, hours granted by hand, course leaders' own links, and what each event allows on the day."""

import sqlalchemy as sa
from alembic import op


revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """One step forward."""
    for table, column in ADDED:
        op.execute(f"ALTER TABLE {table} ADD COLUMN {column.replace('MOMENT', _moment())}")
    op.create_table(
        "attendance",
        sa.Column("registration_id", sa.Integer(), nullable=False),
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=True),
        sa.Column("previous_state", sa.String(), nullable=True),
        sa.Column("previous_minutes", sa.Integer(), nullable=True),
        sa.Column("batch", sa.String(), server_default="", nullable=False),
        sa.Column("marked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("leader_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("state IN ('present', 'partly', 'absent')", name=op.f("ck_attendance_attendancestate")),
        sa.CheckConstraint("(state = 'partly') = (minutes IS NOT NULL)", name=op.f("ck_attendance_partly_has_minutes")),
        sa.CheckConstraint("minutes IS NULL OR minutes > 0", name=op.f("ck_attendance_minutes_positive")),
        sa.CheckConstraint("user_id IS NULL OR leader_id IS NULL", name=op.f("ck_attendance_one_marker")),
        sa.ForeignKeyConstraint(
            ["registration_id"],
            ["registration.id"],
            name=op.f("fk_attendance_registration_id_registration"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["session_id"], ["session.id"], name=op.f("fk_attendance_session_id_session"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_attendance_user_id_user_account")),
        sa.ForeignKeyConstraint(
            ["leader_id"], ["course_leader.id"], name=op.f("fk_attendance_leader_id_course_leader")
        ),
        sa.PrimaryKeyConstraint("registration_id", "session_id", name=op.f("pk_attendance")),
    )
    for column in ("session_id", "user_id", "leader_id"):
        op.create_index(op.f(f"ix_attendance_{column}"), "attendance", [column])
    op.create_table(
        "attendance_tap",
        sa.Column("token", sa.String(), nullable=False),
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["session_id"], ["session.id"], name=op.f("fk_attendance_tap_session_id_session"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("token", name=op.f("pk_attendance_tap")),
    )
    for column in ("session_id", "at"):
        op.create_index(op.f(f"ix_attendance_tap_{column}"), "attendance_tap", [column])
    op.create_table(
        "hours_grant",
        sa.Column("registration_id", sa.Integer(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("minutes > 0", name=op.f("ck_hours_grant_minutes_positive")),
        sa.CheckConstraint("length(note) > 0", name=op.f("ck_hours_grant_has_note")),
        sa.ForeignKeyConstraint(
            ["registration_id"],
            ["registration.id"],
            name=op.f("fk_hours_grant_registration_id_registration"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_hours_grant_user_id_user_account")),
        sa.PrimaryKeyConstraint("registration_id", name=op.f("pk_hours_grant")),
    )
    op.create_index(op.f("ix_hours_grant_user_id"), "hours_grant", ["user_id"])


def _moment() -> str:
    """Aware on PostgreSQL; SQLite keeps UTC without a zone."""
    return "DATETIME" if op.get_bind().dialect.name == "sqlite" else "TIMESTAMP WITH TIME ZONE"


ADDED = (
    (
        "event",
        "hours_rule VARCHAR(40) DEFAULT 'all_sessions' NOT NULL"
        " CONSTRAINT ck_event_hoursrule CHECK (hours_rule IN ('all_sessions', 'each_session'))",
    ),
    ("event", "self_check_in BOOLEAN DEFAULT false NOT NULL"),
    ("event", "leaders_see_kitchen BOOLEAN DEFAULT false NOT NULL"),
    ("event", "leader_note VARCHAR DEFAULT '' NOT NULL"),
    ("course_leader", "link_serial INTEGER DEFAULT 0 NOT NULL"),
    ("course_leader", "link_sent_at MOMENT"),
)


def downgrade() -> None:
    """One step back."""
    op.drop_index(op.f("ix_hours_grant_user_id"), table_name="hours_grant")
    op.drop_table("hours_grant")
    for column in ("at", "session_id"):
        op.drop_index(op.f(f"ix_attendance_tap_{column}"), table_name="attendance_tap")
    op.drop_table("attendance_tap")
    for column in ("leader_id", "user_id", "session_id"):
        op.drop_index(op.f(f"ix_attendance_{column}"), table_name="attendance")
    op.drop_table("attendance")
    for table, column in reversed(ADDED):
        op.execute(f"ALTER TABLE {table} DROP COLUMN {column.split()[0]}")
