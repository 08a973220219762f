"""The tables. Each is keyed by the candidate first, so that one candidate's rows live together.

The one exception is `pace`, a single row about the bot as a whole.
"""

from __future__ import annotations

from datetime import UTC, datetime

import sqlalchemy as sa
from sqlalchemy.engine import Dialect


class UtcDateTime(sa.types.TypeDecorator[datetime]):
    """An aware instant, kept in UTC; SQLite has no zones, so there the zone is left off."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """UTC, without its zone on SQLite. Raises ValueError for a naive time."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a time without a zone: {value!r}")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """The instant, aware again."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _candidate_id() -> sa.Column[int]:
    """The private chat's id; Telegram's ids need more than 32 bits."""
    return sa.Column("candidate_id", sa.BigInteger, primary_key=True, autoincrement=False)


def _of_interview() -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["candidate_id", "interview_id"],
        ["interviews.candidate_id", "interviews.interview_id"],
        ondelete="CASCADE",
    )


candidates = sa.Table(
    "candidates",
    metadata,
    _candidate_id(),
    sa.Column("stage", sa.Text, nullable=False),
    sa.Column("line_of_work", sa.Text),
    sa.Column("interview_when", sa.Text),
    sa.Column("preferences", sa.JSON, nullable=False),
    sa.Column("created_at", UtcDateTime, nullable=False),
)

interviews = sa.Table(
    "interviews",
    metadata,
    _candidate_id(),
    sa.Column("interview_id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("persona", sa.Text, nullable=False),
    sa.Column("mode", sa.Text, nullable=False),
    sa.Column("opened_at", UtcDateTime, nullable=False),
    sa.Column("closed_at", UtcDateTime),
    sa.ForeignKeyConstraint(["candidate_id"], ["candidates.candidate_id"], ondelete="CASCADE"),
)
sa.Index(
    "one_open_interview",
    interviews.c.candidate_id,
    unique=True,
    sqlite_where=interviews.c.closed_at.is_(None),
    postgresql_where=interviews.c.closed_at.is_(None),
)

events = sa.Table(
    "events",
    metadata,
    _candidate_id(),
    sa.Column("interview_id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("body", sa.Text, nullable=False),
    sa.Column("at", UtcDateTime, nullable=False),
    _of_interview(),
)
sa.Index(
    "questions_asked",
    events.c.candidate_id,
    events.c.at,
    sqlite_where=events.c.kind == "QuestionAsked",
    postgresql_where=events.c.kind == "QuestionAsked",
)

attempts = sa.Table(
    "attempts",
    metadata,
    _candidate_id(),
    sa.Column("interview_id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("attempt", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("question_id", sa.Text, nullable=False),
    sa.Column("competency", sa.Text, nullable=False),
    sa.Column("answer", sa.Text, nullable=False),
    sa.Column("probes", sa.Integer, nullable=False),
    sa.Column("overall", sa.Float, nullable=False),
    sa.Column("top_fix", sa.Text),
    sa.Column("feedback", sa.JSON, nullable=False),
    sa.Column("at", UtcDateTime, nullable=False),
    _of_interview(),
)

reminders = sa.Table(
    "reminders",
    metadata,
    _candidate_id(),
    sa.Column("kind", sa.Text, primary_key=True),
    sa.Column("due_at", UtcDateTime, nullable=False, index=True),
    sa.Column("ref", sa.JSON, nullable=False),
    sa.Column("taken_until", UtcDateTime),
)

# What is owed to a candidate and noted about it; when to look at it next is a reminder.
agendas = sa.Table(
    "agendas",
    metadata,
    _candidate_id(),
    sa.Column("plan", sa.Text, nullable=False),
    sa.Column("notes", sa.JSON, nullable=False),
)

updates = sa.Table(
    "updates",
    metadata,
    _candidate_id(),
    sa.Column("update_id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("at", UtcDateTime, nullable=False, index=True),
)

failures = sa.Table(
    "failures",
    metadata,
    _candidate_id(),
    sa.Column("reference", sa.Text, primary_key=True, index=True),
    sa.Column("update", sa.Text, nullable=False),
    sa.Column("traceback", sa.Text, nullable=False),
    sa.Column("at", UtcDateTime, nullable=False, index=True),
)

# What waits to be sent. A row leaves in the transaction that records that it was sent.
outbox = sa.Table(
    "outbox",
    metadata,
    _candidate_id(),
    sa.Column("position", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("method", sa.Text, nullable=False),
    sa.Column("payload", sa.JSON, nullable=False),
    sa.Column("slot", sa.Text),
    sa.Column("priority", sa.SmallInteger, nullable=False),
    sa.Column("not_before", UtcDateTime),
    sa.Column("tries", sa.Integer, nullable=False),
)

# One row per chat that was ever written to. `at` is when delivery may look at it next: NULL while
# nothing waits, the end of the lease while `owner` holds it. `not_until` is pace and retry_after;
# it outlives an empty outbox. `leaving` removes the row itself once the goodbye is out.
lanes = sa.Table(
    "lanes",
    metadata,
    _candidate_id(),
    sa.Column("last_position", sa.BigInteger, nullable=False),
    sa.Column("at", UtcDateTime),
    sa.Column("priority", sa.SmallInteger, nullable=False),
    sa.Column("not_until", UtcDateTime, nullable=False),
    sa.Column("owner", sa.Text),
    sa.Column("epoch", sa.BigInteger, nullable=False),
    sa.Column("blocked_at", UtcDateTime),
    sa.Column("leaving", sa.Boolean, nullable=False),
)
sa.Index(
    "lanes_waiting",
    lanes.c.priority,
    lanes.c.at,
    sqlite_where=lanes.c.at.is_not(None),
    postgresql_where=lanes.c.at.is_not(None),
)

# The message that stands in each named place of a chat.
slots = sa.Table(
    "slots",
    metadata,
    _candidate_id(),
    sa.Column("slot", sa.Text, primary_key=True),
    sa.Column("message_id", sa.BigInteger, nullable=False),
)

# The calls of the last second, by all replicas, as [milliseconds since 1970, priority] each, and
# until when Telegram wants to hear nothing from the bot at all.
pace = sa.Table(
    "pace",
    metadata,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("calls", sa.JSON, nullable=False),
    sa.Column("quiet_until", UtcDateTime),
)
