"""Applications: the order of roles, what becomes of those without a seat, and adjustments by hand."""

import sqlalchemy as sa
from alembic import op


revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """One step forward."""
    for column in ADDED:
        op.execute(f"ALTER TABLE event ADD COLUMN {column}")
    op.create_table(
        "application_adjustment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("registration_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=True),
        sa.Column("outcome", sa.String(length=40), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("undone_by_id", sa.Integer(), nullable=True),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("outcome IN ('seat', 'line', 'refusal')", name=op.f("ck_application_adjustment_outcome")),
        sa.CheckConstraint("(place IS NULL) <> (outcome IS NULL)", name=op.f("ck_application_adjustment_one_thing")),
        sa.CheckConstraint("place IS NULL OR place > 0", name=op.f("ck_application_adjustment_place_positive")),
        sa.CheckConstraint("length(reason) > 0", name=op.f("ck_application_adjustment_has_reason")),
        sa.CheckConstraint(
            "(undone_at IS NULL) = (undone_by_id IS NULL)", name=op.f("ck_application_adjustment_undone_whole")
        ),
        sa.ForeignKeyConstraint(
            ["registration_id"],
            ["registration.id"],
            name=op.f("fk_application_adjustment_registration_id_registration"),
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_application_adjustment_user_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["undone_by_id"], ["user_account.id"], name=op.f("fk_application_adjustment_undone_by_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_application_adjustment")),
    )
    op.create_index(
        op.f("ix_application_adjustment_registration_id"), "application_adjustment", ["registration_id"], unique=False
    )
    op.create_index(op.f("ix_application_adjustment_user_id"), "application_adjustment", ["user_id"], unique=False)
    op.create_index(
        op.f("ix_application_adjustment_undone_by_id"), "application_adjustment", ["undone_by_id"], unique=False
    )
    for name, condition in STANDING:
        op.create_index(
            name,
            "application_adjustment",
            ["registration_id"],
            unique=True,
            sqlite_where=sa.text(condition),
            postgresql_where=sa.text(condition),
        )


ADDED = (
    "role_order JSON DEFAULT '[]' NOT NULL",
    "refuses_rest BOOLEAN DEFAULT false NOT NULL",
)

# At most one place and one outcome stand for each person; those that were undone are kept as history.
STANDING = (
    ("uq_application_adjustment_place", "place IS NOT NULL AND undone_at IS NULL"),
    ("uq_application_adjustment_outcome", "outcome IS NOT NULL AND undone_at IS NULL"),
)


def downgrade() -> None:
    """One step back."""
    for name, _ in STANDING:
        op.drop_index(name, table_name="application_adjustment")
    for column in ("undone_by_id", "user_id", "registration_id"):
        op.drop_index(op.f(f"ix_application_adjustment_{column}"), table_name="application_adjustment")
    op.drop_table("application_adjustment")
    for column in reversed(ADDED):
        op.execute(f"ALTER TABLE event DROP COLUMN {column.split()[0]}")
