"""When people were forgotten, a register of what was, and requests to be."""

import sqlalchemy as sa
from alembic import op


revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

REMEMBERED = sa.text("people_forgotten_at IS NULL")
IS_OPEN = sa.text("settled_at IS NULL")
KINDS = "'dietary', 'people', 'certificates', 'leaders', 'letters', 'erased'"


def upgrade() -> None:
    """One step forward."""
    moment = "TIMESTAMP WITH TIME ZONE" if op.get_bind().dialect.name == "postgresql" else "DATETIME"
    op.execute(f"ALTER TABLE registration ADD COLUMN anonymised_at {moment}")
    op.execute("ALTER TABLE registration ADD COLUMN alias VARCHAR DEFAULT '' NOT NULL")
    op.execute(f"ALTER TABLE event ADD COLUMN people_forgotten_at {moment}")
    op.create_index("ix_event_remembered", "event", ["ends_at"], sqlite_where=REMEMBERED, postgresql_where=REMEMBERED)
    op.create_table(
        "retention_act",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("what", sa.String(length=40), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=True),
        sa.Column("event_id", sa.Integer(), nullable=True),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(f"what IN ({KINDS})", name=op.f("ck_retention_act_forgotten")),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_retention_act_office_id_office")),
        sa.ForeignKeyConstraint(
            ["event_id"], ["event.id"], name=op.f("fk_retention_act_event_id_event"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_retention_act_user_id_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_retention_act")),
    )
    for column in ("at", "office_id", "event_id", "user_id"):
        op.create_index(op.f(f"ix_retention_act_{column}"), "retention_act", [column])
    op.create_table(
        "erasure_request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("registration_id", sa.Integer(), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("erased", sa.Boolean(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("(settled_at IS NULL) = (user_id IS NULL)", name=op.f("ck_erasure_request_settled_whole")),
        sa.ForeignKeyConstraint(
            ["registration_id"],
            ["registration.id"],
            name=op.f("fk_erasure_request_registration_id_registration"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_erasure_request_office_id_office")),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_erasure_request_user_id_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_erasure_request")),
    )
    op.create_index(
        "uq_erasure_request_open",
        "erasure_request",
        ["registration_id"],
        unique=True,
        sqlite_where=IS_OPEN,
        postgresql_where=IS_OPEN,
    )
    for column in ("office_id", "user_id"):
        op.create_index(op.f(f"ix_erasure_request_{column}"), "erasure_request", [column])


def downgrade() -> None:
    """One step back."""
    op.drop_table("erasure_request")
    op.drop_table("retention_act")
    op.drop_index("ix_event_remembered", table_name="event")
    op.execute("ALTER TABLE event DROP COLUMN people_forgotten_at")
    op.execute("ALTER TABLE registration DROP COLUMN alias")
    op.execute("ALTER TABLE registration DROP COLUMN anonymised_at")
