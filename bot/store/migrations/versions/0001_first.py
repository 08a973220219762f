"""The first tables."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def _candidate_id() -> sa.Column[int]:
    return sa.Column("candidate_id", sa.BigInteger, nullable=False, autoincrement=False)


def _part(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer, nullable=False, autoincrement=False)


def _of_interview(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["candidate_id", "interview_id"],
        ["interviews.candidate_id", "interviews.interview_id"],
        name=f"fk_{table}_interviews",
        ondelete="CASCADE",
    )


def upgrade() -> None:
    """Create everything."""
    _create_candidate_tables()
    _create_practice_tables()
    _create_sending_tables()


def _create_candidate_tables() -> None:
    op.create_table(
        "candidates",
        _candidate_id(),
        sa.Column("stage", sa.Text, nullable=False),
        sa.Column("line_of_work", sa.Text),
        sa.Column("interview_when", sa.Text),
        sa.Column("preferences", sa.JSON, nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("candidate_id", name="pk_candidates"),
    )
    op.create_table(
        "reminders",
        _candidate_id(),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("due_at", INSTANT, nullable=False),
        sa.Column("ref", sa.JSON, nullable=False),
        sa.PrimaryKeyConstraint("candidate_id", "kind", name="pk_reminders"),
    )
    op.create_index("ix_reminders_due_at", "reminders", ["due_at"])
    op.create_table(
        "updates",
        _candidate_id(),
        sa.Column("update_id", sa.BigInteger, nullable=False, autoincrement=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("candidate_id", "update_id", name="pk_updates"),
    )
    op.create_index("ix_updates_at", "updates", ["at"])
    op.create_table(
        "failures",
        _candidate_id(),
        sa.Column("reference", sa.Text, nullable=False),
        sa.Column("update", sa.Text, nullable=False),
        sa.Column("traceback", sa.Text, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("candidate_id", "reference", name="pk_failures"),
    )
    op.create_index("ix_failures_reference", "failures", ["reference"])
    op.create_index("ix_failures_at", "failures", ["at"])


def _create_practice_tables() -> None:
    op.create_table(
        "interviews",
        _candidate_id(),
        _part("interview_id"),
        sa.Column("persona", sa.Text, nullable=False),
        sa.Column("mode", sa.Text, nullable=False),
        sa.Column("opened_at", INSTANT, nullable=False),
        sa.Column("closed_at", INSTANT),
        sa.PrimaryKeyConstraint("candidate_id", "interview_id", name="pk_interviews"),
        sa.ForeignKeyConstraint(
            ["candidate_id"],
            ["candidates.candidate_id"],
            name="fk_interviews_candidates",
            ondelete="CASCADE",
        ),
    )
    still_open = sa.text("closed_at IS NULL")
    op.create_index(
        "one_open_interview",
        "interviews",
        ["candidate_id"],
        unique=True,
        sqlite_where=still_open,
        postgresql_where=still_open,
    )
    op.create_table(
        "events",
        _candidate_id(),
        _part("interview_id"),
        _part("seq"),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("candidate_id", "interview_id", "seq", name="pk_events"),
        _of_interview("events"),
    )
    asked = sa.text("kind = 'QuestionAsked'")
    op.create_index(
        "questions_asked",
        "events",
        ["candidate_id", "at"],
        sqlite_where=asked,
        postgresql_where=asked,
    )
    op.create_table(
        "attempts",
        _candidate_id(),
        _part("interview_id"),
        _part("number"),
        _part("attempt"),
        sa.Column("question_id", sa.Text, nullable=False),
        sa.Column("competency", sa.Text, nullable=False),
        sa.Column("answer", sa.Text, nullable=False),
        sa.Column("probes", sa.Integer, nullable=False),
        sa.Column("overall", sa.Float, nullable=False),
        sa.Column("top_fix", sa.Text),
        sa.Column("feedback", sa.JSON, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint(
            "candidate_id", "interview_id", "number", "attempt", name="pk_attempts"
        ),
        _of_interview("attempts"),
    )


def _create_sending_tables() -> None:
    op.create_table(
        "outbox",
        _candidate_id(),
        sa.Column("position", sa.BigInteger, nullable=False, autoincrement=False),
        sa.Column("method", sa.Text, nullable=False),
        sa.Column("payload", sa.JSON, nullable=False),
        sa.Column("slot", sa.Text),
        sa.Column("priority", sa.SmallInteger, nullable=False),
        sa.Column("not_before", INSTANT),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("candidate_id", "position", name="pk_outbox"),
    )
    op.create_table(
        "lanes",
        _candidate_id(),
        sa.Column("last_position", sa.BigInteger, nullable=False),
        sa.Column("at", INSTANT),
        sa.Column("priority", sa.SmallInteger, nullable=False),
        sa.Column("not_until", INSTANT, nullable=False),
        sa.Column("owner", sa.Text),
        sa.Column("epoch", sa.BigInteger, nullable=False),
        sa.Column("blocked_at", INSTANT),
        sa.Column("leaving", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("candidate_id", name="pk_lanes"),
    )
    waiting = sa.text("at IS NOT NULL")
    op.create_index(
        "lanes_waiting",
        "lanes",
        ["priority", "at"],
        sqlite_where=waiting,
        postgresql_where=waiting,
    )
    op.create_table(
        "slots",
        _candidate_id(),
        sa.Column("slot", sa.Text, nullable=False),
        sa.Column("message_id", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("candidate_id", "slot", name="pk_slots"),
    )


def downgrade() -> None:
    """Drop everything, children first."""
    for table in (
        "slots",
        "lanes",
        "outbox",
        "attempts",
        "events",
        "interviews",
        "failures",
        "updates",
        "reminders",
        "candidates",
    ):
        op.drop_table(table)
