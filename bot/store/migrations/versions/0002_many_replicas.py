"""What several replicas share: one pace for sending, and leases on what is due."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Add the pace, with its one row, and the lease."""
    op.add_column("reminders", sa.Column("taken_until", INSTANT))
    pace = op.create_table(
        "pace",
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("calls", sa.JSON, nullable=False),
        sa.Column("quiet_until", INSTANT),
        sa.PrimaryKeyConstraint("name", name="pk_pace"),
    )
    op.bulk_insert(pace, [{"name": "bot", "calls": [], "quiet_until": None}])


def downgrade() -> None:
    """Drop them; a pace is worth nothing a second later, and a lease half a minute."""
    op.drop_table("pace")
    op.drop_column("reminders", "taken_until")
