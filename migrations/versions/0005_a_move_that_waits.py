"""Who moves to a full course keeps the old place until the new one is certain: the two registrations are linked."""

import sqlalchemy as sa
from alembic import op


revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """One step forward."""
    # In one statement with its constraint, so that SQLite need not copy the table.
    op.execute(
        "ALTER TABLE registration ADD COLUMN moves_from_id INTEGER"
        " CONSTRAINT fk_registration_moves_from_id_registration REFERENCES registration (id)"
    )
    moving = sa.text("moves_from_id IS NOT NULL")
    op.create_index(
        "ix_registration_moves_from_id",
        "registration",
        ["moves_from_id"],
        sqlite_where=moving,
        postgresql_where=moving,
    )


def downgrade() -> None:
    """One step back."""
    op.drop_index("ix_registration_moves_from_id", table_name="registration")
    op.execute("ALTER TABLE registration DROP COLUMN moves_from_id")
