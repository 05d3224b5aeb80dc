"""Events and activities that come again: the series they belong to, and how it counts."""

import sqlalchemy as sa
from alembic import op


revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """One step forward."""
    op.create_table(
        "event_series",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("counted", sa.String(length=40), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("counted IN ('each', 'visits', 'people')", name=op.f("ck_event_series_counted")),
        sa.CheckConstraint("length(title) > 0", name=op.f("ck_event_series_has_title")),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_event_series_office_id_office")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event_series")),
    )
    op.create_index(op.f("ix_event_series_office_id"), "event_series", ["office_id"])
    op.execute(
        "ALTER TABLE event ADD COLUMN series_id INTEGER"
        " CONSTRAINT fk_event_series_id_event_series REFERENCES event_series (id)"
    )
    op.create_index(op.f("ix_event_series_id"), "event", ["series_id"])


def downgrade() -> None:
    """One step back."""
    op.drop_index(op.f("ix_event_series_id"), table_name="event")
    op.execute("ALTER TABLE event DROP COLUMN series_id")
    op.drop_index(op.f("ix_event_series_office_id"), table_name="event_series")
    op.drop_table("event_series")
