"""Activities that two offices both typed in: one is kept, the other set aside."""

import sqlalchemy as sa
from alembic import op


revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """One step forward."""
    op.create_table(
        "same_activity",
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("kept_id", sa.Integer(), nullable=False),
        sa.Column("joined", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("event_id <> kept_id", name=op.f("ck_same_activity_another")),
        sa.ForeignKeyConstraint(
            ["event_id"], ["event.id"], name=op.f("fk_same_activity_event_id_event"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["kept_id"], ["event.id"], name=op.f("fk_same_activity_kept_id_event"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_same_activity_user_id_user_account")),
        sa.PrimaryKeyConstraint("event_id", name=op.f("pk_same_activity")),
    )
    for column in ("kept_id", "user_id"):
        op.create_index(op.f(f"ix_same_activity_{column}"), "same_activity", [column])


def downgrade() -> None:
    """One step back."""
    op.drop_table("same_activity")
