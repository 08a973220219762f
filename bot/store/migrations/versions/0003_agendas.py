"""What is owed to a candidate: drills, and messages around real interviews."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the agendas; nobody has one yet."""
    op.create_table(
        "agendas",
        sa.Column("candidate_id", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("plan", sa.Text, nullable=False),
        sa.Column("notes", sa.JSON, nullable=False),
        sa.PrimaryKeyConstraint("candidate_id", name="pk_agendas"),
    )


def downgrade() -> None:
    """Drop them, and the reminders to look at them; drills end, answers stay."""
    op.execute("DELETE FROM reminders WHERE kind = 'agenda'")
    op.drop_table("agendas")
