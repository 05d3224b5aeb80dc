"""What participants say afterwards, and when they were thanked."""

import sqlalchemy as sa
from alembic import op


revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """One step forward."""
    moment = "TIMESTAMP WITH TIME ZONE" if op.get_bind().dialect.name == "postgresql" else "DATETIME"
    op.execute("ALTER TABLE event ADD COLUMN thanks BOOLEAN DEFAULT true NOT NULL")
    op.execute(f"ALTER TABLE event ADD COLUMN thanked_at {moment}")
    op.create_table(
        "evaluation_answer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("scores", sa.JSON(), nullable=False),
        sa.Column("good", sa.String(), nullable=False),
        sa.Column("better", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_evaluation_answer_event_id_event")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evaluation_answer")),
    )
    op.create_index(op.f("ix_evaluation_answer_event_id"), "evaluation_answer", ["event_id"])


def downgrade() -> None:
    """One step back."""
    op.drop_index(op.f("ix_evaluation_answer_event_id"), table_name="evaluation_answer")
    op.drop_table("evaluation_answer")
    op.execute("ALTER TABLE event DROP COLUMN thanked_at")
    op.execute("ALTER TABLE event DROP COLUMN thanks")
