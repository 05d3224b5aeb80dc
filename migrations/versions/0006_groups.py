"""Practice groups: who learns with whom, and who leads them."""

import sqlalchemy as sa
from alembic import op


revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """One step forward."""
    op.create_table(
        "practice_group",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("led_by_all", sa.Boolean(), nullable=False),
        sa.Column("leader_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("number > 0", name=op.f("ck_practice_group_number_positive")),
        sa.CheckConstraint("NOT led_by_all OR leader_id IS NULL", name=op.f("ck_practice_group_one_way_led")),
        sa.ForeignKeyConstraint(
            ["event_id"], ["event.id"], name=op.f("fk_practice_group_event_id_event"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["leader_id"],
            ["event_leader.id"],
            name=op.f("fk_practice_group_leader_id_event_leader"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_practice_group")),
        sa.UniqueConstraint("event_id", "number", name=op.f("uq_practice_group_event_id_number")),
    )
    op.create_index(op.f("ix_practice_group_leader_id"), "practice_group", ["leader_id"])
    op.create_table(
        "group_member",
        sa.Column("registration_id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["registration_id"],
            ["registration.id"],
            name=op.f("fk_group_member_registration_id_registration"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["group_id"],
            ["practice_group.id"],
            name=op.f("fk_group_member_group_id_practice_group"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("registration_id", name=op.f("pk_group_member")),
    )
    op.create_index(op.f("ix_group_member_group_id"), "group_member", ["group_id"])


def downgrade() -> None:
    """One step back."""
    op.drop_index(op.f("ix_group_member_group_id"), table_name="group_member")
    op.drop_table("group_member")
    op.drop_index(op.f("ix_practice_group_leader_id"), table_name="practice_group")
    op.drop_table("practice_group")
