"""Messages to participants with their files, and standard texts."""

import sqlalchemy as sa
from alembic import op


revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

OF_MESSAGE = sa.text("office_message_id IS NOT NULL")


def upgrade() -> None:
    """One step forward."""
    op.create_table(
        "message",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("token", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("choice", sa.JSON(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=True),
        sa.Column("leaders", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(sent_at IS NULL) = (people IS NULL)", name=op.f("ck_message_sent_to_somebody")),
        sa.CheckConstraint("(sent_at IS NULL) = (leaders IS NULL)", name=op.f("ck_message_sent_to_leaders")),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_message_event_id_event"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["author_id"], ["user_account.id"], name=op.f("fk_message_author_id_user_account"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message")),
        sa.UniqueConstraint("token", name=op.f("uq_message_token")),
    )
    op.create_index(op.f("ix_message_event_id"), "message", ["event_id"])
    op.create_index(op.f("ix_message_author_id"), "message", ["author_id"])
    op.create_table(
        "message_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("message_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("content_type", sa.String(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["message_id"], ["message.id"], name=op.f("fk_message_file_message_id_message"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message_file")),
    )
    op.create_index(op.f("ix_message_file_message_id"), "message_file", ["message_id"])
    op.create_table(
        "standard_text",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=True),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_standard_text_office_id_office")),
        sa.ForeignKeyConstraint(
            ["event_id"], ["event.id"], name=op.f("fk_standard_text_event_id_event"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_standard_text")),
        sa.UniqueConstraint("office_id", "event_id", "code", name=op.f("uq_standard_text_office_id_event_id_code")),
    )
    of_office, of_event = sa.text("event_id IS NULL"), sa.text("event_id IS NOT NULL")
    op.create_index(
        "uq_standard_text_office",
        "standard_text",
        ["office_id", "code"],
        unique=True,
        sqlite_where=of_office,
        postgresql_where=of_office,
    )
    op.create_index(
        "ix_standard_text_event_id", "standard_text", ["event_id"], sqlite_where=of_event, postgresql_where=of_event
    )
    # In one statement with its constraint, so that SQLite need not copy the table.
    op.execute(
        "ALTER TABLE outbox_email ADD COLUMN office_message_id INTEGER"
        " CONSTRAINT fk_outbox_email_office_message_id_message REFERENCES message (id)"
    )
    op.create_index(
        "ix_outbox_email_office_message_id",
        "outbox_email",
        ["office_message_id"],
        sqlite_where=OF_MESSAGE,
        postgresql_where=OF_MESSAGE,
    )


def downgrade() -> None:
    """One step back."""
    op.drop_index("ix_outbox_email_office_message_id", table_name="outbox_email")
    op.execute("ALTER TABLE outbox_email DROP COLUMN office_message_id")
    op.drop_index("ix_standard_text_event_id", table_name="standard_text")
    op.drop_index("uq_standard_text_office", table_name="standard_text")
    op.drop_table("standard_text")
    op.drop_index(op.f("ix_message_file_message_id"), table_name="message_file")
    op.drop_table("message_file")
    op.drop_index(op.f("ix_message_author_id"), table_name="message")
    op.drop_index(op.f("ix_message_event_id"), table_name="message")
    op.drop_table("message")
