"""Offers with a deadline, changes told and not told, reminders, replies and private feeds."""

import sqlalchemy as sa
from alembic import op


revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """One step forward."""
    op.create_table(
        "link_request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("email_key", sa.String(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_link_request")),
    )
    op.create_table(
        "feed_token",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("email_key", sa.String(), nullable=True),
        sa.Column("leader_id", sa.Integer(), nullable=True),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(CASE WHEN email_key IS NULL THEN 0 ELSE 1 END) + (CASE WHEN leader_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN user_id IS NULL THEN 0 ELSE 1 END) = 1",
            name=op.f("ck_feed_token_one_owner"),
        ),
        sa.ForeignKeyConstraint(
            ["leader_id"], ["course_leader.id"], name=op.f("fk_feed_token_leader_id_course_leader")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_feed_token_user_id_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feed_token")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_feed_token_token_hash")),
    )
    with op.batch_alter_table("feed_token", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_feed_token_email_key"), ["email_key"], unique=False)
        batch_op.create_index(batch_op.f("ix_feed_token_leader_id"), ["leader_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_feed_token_user_id"), ["user_id"], unique=False)

    op.create_table(
        "calendar_reply",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("registration_id", sa.Integer(), nullable=False),
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("partstat", sa.String(), nullable=False),
        sa.Column("replied_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("message_id", sa.String(), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["registration_id"], ["registration.id"], name=op.f("fk_calendar_reply_registration_id_registration")
        ),
        sa.ForeignKeyConstraint(["session_id"], ["session.id"], name=op.f("fk_calendar_reply_session_id_session")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_reply")),
        sa.UniqueConstraint("message_id", name=op.f("uq_calendar_reply_message_id")),
    )
    with op.batch_alter_table("calendar_reply", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_calendar_reply_registration_id"), ["registration_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_calendar_reply_session_id"), ["session_id"], unique=False)

    op.create_table(
        "reminder",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("registration_id", sa.Integer(), nullable=False),
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("put_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["registration_id"], ["registration.id"], name=op.f("fk_reminder_registration_id_registration")
        ),
        sa.ForeignKeyConstraint(["session_id"], ["session.id"], name=op.f("fk_reminder_session_id_session")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reminder")),
        sa.UniqueConstraint(
            "registration_id",
            "session_id",
            "kind",
            "starts_at",
            name=op.f("uq_reminder_registration_id_session_id_kind_starts_at"),
        ),
    )
    with op.batch_alter_table("reminder", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_reminder_session_id"), ["session_id"], unique=False)

    for table, column in ADDED:
        op.execute(f"ALTER TABLE {table} ADD COLUMN {column.replace('MOMENT', _moment())}")
    offered = sa.text("status = 'offered'")
    op.create_index(
        "ix_registration_offer_expires_at",
        "registration",
        ["offer_expires_at"],
        sqlite_where=offered,
        postgresql_where=offered,
    )
    # Claims read in order of id; with the id first the index holds just the letters that wait.
    op.drop_index("ix_outbox_email_due", table_name="outbox_email")
    waiting = sa.text("state IN ('queued', 'sending')")
    op.create_index(
        "ix_outbox_email_due", "outbox_email", ["id", "not_before"], sqlite_where=waiting, postgresql_where=waiting
    )
    failed = sa.text("state = 'failed'")
    op.create_index(
        "ix_outbox_email_failed",
        "outbox_email",
        ["event_id", "registration_id"],
        sqlite_where=failed,
        postgresql_where=failed,
    )
    op.create_index("ix_outbox_email_registration_id_state", "outbox_email", ["registration_id", "state"])
    op.drop_index("ix_outbox_email_registration_id", table_name="outbox_email")


def _moment() -> str:
    """Aware on PostgreSQL; SQLite keeps UTC without a zone."""
    return "DATETIME" if op.get_bind().dialect.name == "sqlite" else "TIMESTAMP WITH TIME ZONE"


# A column brings its CHECK along, so that SQLite need not copy whole tables (and forget constraints on the way).
ADDED = (
    (
        "event",
        "offer_hours INTEGER DEFAULT 48 NOT NULL CONSTRAINT ck_event_offer_hours CHECK (offer_hours BETWEEN 1 AND 336)",
    ),
    (
        "event",
        "fill_stops_days INTEGER DEFAULT 0 NOT NULL"
        " CONSTRAINT ck_event_fill_stops_days CHECK (fill_stops_days BETWEEN 0 AND 365)",
    ),
    ("event", "role_shares JSON DEFAULT '[]' NOT NULL"),
    ("event", "criteria JSON DEFAULT '[]' NOT NULL"),
    ("event", "decided_at MOMENT"),
    ("event", "told JSON"),
    (
        "registration",
        "offer_expires_at MOMENT CONSTRAINT ck_registration_offer_ends"
        " CHECK (status <> 'offered' OR offer_expires_at IS NOT NULL)",
    ),
    ("registration", "offer_reminded_at MOMENT"),
    ("calendar_entry", "attendee VARCHAR DEFAULT '' NOT NULL"),
)


def downgrade() -> None:
    """One step back."""
    op.drop_index("ix_outbox_email_due", table_name="outbox_email")
    waiting = sa.text("state IN ('queued', 'sending')")
    op.create_index(
        "ix_outbox_email_due", "outbox_email", ["not_before", "id"], sqlite_where=waiting, postgresql_where=waiting
    )
    op.create_index("ix_outbox_email_registration_id", "outbox_email", ["registration_id"])
    op.drop_index("ix_outbox_email_registration_id_state", table_name="outbox_email")
    op.drop_index("ix_outbox_email_failed", table_name="outbox_email")
    op.drop_index("ix_registration_offer_expires_at", table_name="registration")
    for table, column in reversed(ADDED):
        op.execute(f"ALTER TABLE {table} DROP COLUMN {column.split()[0]}")

    with op.batch_alter_table("reminder", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_reminder_session_id"))

    op.drop_table("reminder")
    with op.batch_alter_table("calendar_reply", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_calendar_reply_session_id"))
        batch_op.drop_index(batch_op.f("ix_calendar_reply_registration_id"))

    op.drop_table("calendar_reply")
    with op.batch_alter_table("feed_token", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_feed_token_user_id"))
        batch_op.drop_index(batch_op.f("ix_feed_token_leader_id"))
        batch_op.drop_index(batch_op.f("ix_feed_token_email_key"))

    op.drop_table("feed_token")
    op.drop_table("link_request")
