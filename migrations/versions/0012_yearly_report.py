"""Activities that are typed in, what an office writes over in its yearly report, and what it calls the columns."""

import sqlalchemy as sa
from alembic import op


revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

WITH_SIGN_UP = "'veilederkurs', 'alis_kveld', 'alis_dag', 'kursholderdag', 'webinar', 'conference'"


def upgrade() -> None:
    """One step forward. What was imported from earlier reports, and kinds without sign-up, are typed in."""
    op.execute("ALTER TABLE event ADD COLUMN typed BOOLEAN DEFAULT false NOT NULL")
    op.execute(
        f"UPDATE event SET typed = true WHERE kind NOT IN ({WITH_SIGN_UP})"
        " OR id IN (SELECT event_id FROM audit_entry WHERE verb = 'imported' AND event_id IS NOT NULL)"
    )
    op.create_table(
        "report_override",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("field", sa.String(length=40), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "field IN ('place', 'activity', 'topic', 'number', 'comment')", name=op.f("ck_report_override_reportcolumn")
        ),
        sa.CheckConstraint("length(reason) > 0", name=op.f("ck_report_override_has_reason")),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_report_override_office_id_office")),
        sa.ForeignKeyConstraint(
            ["event_id"], ["event.id"], name=op.f("fk_report_override_event_id_event"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_report_override_user_id_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_override")),
        sa.UniqueConstraint("office_id", "event_id", "field", name=op.f("uq_report_override_office_id_event_id_field")),
    )
    for column in ("event_id", "user_id"):
        op.create_index(op.f(f"ix_report_override_{column}"), "report_override", [column])
    op.create_table(
        "report_heads",
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("heads", sa.JSON(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_report_heads_office_id_office")),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_report_heads_user_id_user_account")),
        sa.PrimaryKeyConstraint("office_id", name=op.f("pk_report_heads")),
    )
    op.create_index(op.f("ix_report_heads_user_id"), "report_heads", ["user_id"])


def downgrade() -> None:
    """One step back."""
    op.drop_index(op.f("ix_report_heads_user_id"), table_name="report_heads")
    op.drop_table("report_heads")
    for column in ("user_id", "event_id"):
        op.drop_index(op.f(f"ix_report_override_{column}"), table_name="report_override")
    op.drop_table("report_override")
    op.execute("ALTER TABLE event DROP COLUMN typed")
