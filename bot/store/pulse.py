"""How the store is: whether it answers, and what waits in the outbox. Cheap at any backlog."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from bot.store.records import Priority
from bot.store.tables import lanes, outbox

COUNTED = 10_000  # lines; beyond that a count costs more than it tells


@dataclass(frozen=True, slots=True)
class Pulse:
    """`waiting` lines in the outbox, COUNTED at most; since when the longest overdue is due."""

    waiting: int
    due_since: datetime | None


def ping(connection: sa.Connection) -> None:
    """Have the database answer. Raises what the database does if it cannot."""
    connection.execute(sa.select(sa.literal(1)))


def pulse(connection: sa.Connection, now: datetime) -> Pulse:
    """Look at the outbox."""
    some = sa.select(outbox.c.candidate_id).limit(COUNTED).subquery()
    waiting = connection.scalar(sa.select(sa.func.count()).select_from(some))
    # One index walk per priority. A lane that is being sent stands at the end of its lease.
    firsts = sa.union_all(
        *(
            sa.select(sa.func.min(lanes.c.at).label("at")).where(
                lanes.c.priority == int(priority), lanes.c.at <= now
            )
            for priority in Priority
        )
    ).subquery()
    due_since = connection.scalar(sa.select(sa.func.min(firsts.c.at)))
    return Pulse(waiting or 0, due_since)
