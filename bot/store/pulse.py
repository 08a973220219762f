"""How the store is: whether it takes what is to be kept, and what waits in the outbox.

Whether it takes anything is learned from the writes that there are anyway. Only after one of them
failed is there a write of our own, now and then, until one succeeds: a full disk still answers
every question, and a bot that is called unwell may be sent nothing by which it could get well.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from bot.store.lane import EPOCH
from bot.store.records import Priority, StoreAway
from bot.store.tables import lanes, outbox, updates

logger = logging.getLogger(__name__)

COUNTED = 10_000  # lines; beyond that a count costs more than it tells


@dataclass(frozen=True, slots=True)
class Pulse:
    """`waiting` lines in the outbox, COUNTED at most; since when the longest overdue is due."""

    waiting: int
    due_since: datetime | None


class Condition:
    """Whether the store is away: from the first thing that failed until something was written.

    Both moments are logged, once each, whoever noticed.
    """

    def __init__(self) -> None:
        self.is_away = False

    def failed(self, error: StoreAway) -> None:
        """The store could not be reached, or took nothing."""
        if not self.is_away:
            # Its words are the database's own about itself: no statement and nothing of anybody's.
            logger.warning("the store is away, and is tried until it is back: %s", error)
        self.is_away = True

    def written(self) -> None:
        """Something was written, and is kept."""
        if self.is_away:
            logger.warning("the store is back")
        self.is_away = False


def ping(connection: sa.Connection) -> None:
    """Have the database answer. Raises what the database does if it cannot."""
    connection.execute(sa.select(sa.literal(1)))


def touch(connection: sa.Connection) -> None:
    """Write a row and take it away again, which leaves nothing and yet needs the disk."""
    connection.execute(sa.insert(updates), {"candidate_id": 0, "update_id": 0, "at": EPOCH})
    connection.execute(sa.delete(updates).where(updates.c.candidate_id == 0))


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
