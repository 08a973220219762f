"""How much one candidate has used lately. Asked seldom: not in an ordinary turn."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from bot.store.tables import events, interviews


def written_since(connection: sa.Connection, chat_id: int, since: datetime) -> int:
    """How many bytes the events of the candidate's interviews take that came at `since` or later.

    That is what they wrote, and a little for each event.
    """
    size = sa.func.length(sa.cast(events.c.body, sa.LargeBinary))
    if connection.dialect.name == "postgresql":
        size = sa.func.octet_length(events.c.body)
    query = sa.select(sa.func.sum(size)).where(
        events.c.candidate_id == chat_id, events.c.at >= since
    )
    return int(connection.scalar(query) or 0)


def opened_since(connection: sa.Connection, chat_id: int, since: datetime) -> int:
    """How many interviews the candidate opened at `since` or later."""
    query = sa.select(sa.func.count(interviews.c.interview_id)).where(
        interviews.c.candidate_id == chat_id, interviews.c.opened_at >= since
    )
    return int(connection.scalar(query) or 0)
