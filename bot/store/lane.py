"""A chat's row in `lanes`, and the lock that it is.

Law: whoever changes what a chat has waiting, or takes a turn for it, holds its lane until the
transaction ends, and takes hold of it before reading anything else of the chat. On PostgreSQL that
is a row lock. On SQLite there is one writer, and nothing to lock.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from bot.store.records import Priority
from bot.store.tables import lanes

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
AHEAD = timedelta(minutes=15)  # nothing makes a chat wait longer
NEW = {
    "last_position": 0,
    "at": None,
    "priority": int(Priority.REPLY),
    "not_until": EPOCH,
    "owner": None,
    "epoch": 0,
    "blocked_at": None,
    "leaving": False,
}

_CHAT = sa.bindparam("chat", type_=sa.BigInteger)
_ONE = sa.select(lanes).where(lanes.c.candidate_id == _CHAT).with_for_update()
_SOME = (
    sa.select(lanes)
    .where(lanes.c.candidate_id.in_(sa.bindparam("chats", expanding=True)))
    .order_by(lanes.c.candidate_id)
    .with_for_update()
)
# Somebody may make the lane at the same moment; then this waits for them, and holds it after them.
_MAKE = (
    postgresql.insert(lanes)
    .values(candidate_id=_CHAT, **NEW)
    .on_conflict_do_update(index_elements=[lanes.c.candidate_id], set_={"epoch": lanes.c.epoch})
)
_DROP_UNUSED = sa.delete(lanes).where(lanes.c.candidate_id == _CHAT, lanes.c.last_position == 0)


def hold(connection: sa.Connection, chat_id: int) -> sa.Row[Any] | None:
    """The lane, held; None if the chat has none."""
    return connection.execute(_ONE, {"chat": chat_id}).first()


def hold_all(connection: sa.Connection, chat_ids: Collection[int]) -> dict[int, sa.Row[Any]]:
    """The lanes of several chats, held; always in the same order, so that nobody deadlocks."""
    found = connection.execute(_SOME, {"chats": sorted(chat_ids)})
    return {row.candidate_id: row for row in found}


def hold_for_turn(connection: sa.Connection, chat_id: int) -> bool:
    """Hold the lane, which is made if need be; says whether it was. Not needed on SQLite."""
    if connection.dialect.name == "sqlite" or hold(connection, chat_id) is not None:
        return False
    connection.execute(_MAKE, {"chat": chat_id})
    return True


def drop_unused(connection: sa.Connection, chat_id: int) -> None:
    """Remove a lane that was made to be held, and never written to."""
    connection.execute(_DROP_UNUSED, {"chat": chat_id})


def sane(not_until: datetime, now: datetime) -> datetime:
    """The pace of a chat, unless it was written by a clock that has been set back since."""
    return not_until if not_until <= now + AHEAD else now
