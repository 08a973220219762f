"""A chat's row in `lanes`, and the lock that it is.

Law: whoever changes what a chat has waiting, or takes a turn for it, holds its lane until the
transaction ends, and takes hold of it before reading anything else of the chat. On PostgreSQL that
is a row lock. On SQLite there is one writer, and nothing to lock.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.records import Priority
from bot.store.tables import lanes
from bot.store.upsert import insert

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


async def hold(connection: AsyncConnection, chat_id: int) -> sa.Row[Any] | None:
    """The lane, held; None if the chat has none."""
    lane = sa.select(lanes).where(lanes.c.candidate_id == chat_id).with_for_update()
    return (await connection.execute(lane)).first()


async def hold_for_turn(connection: AsyncConnection, chat_id: int) -> bool:
    """Hold the lane, which is made if need be; says whether it was. Not needed on SQLite."""
    if connection.dialect.name == "sqlite" or await hold(connection, chat_id) is not None:
        return False
    # Somebody may have made it meanwhile; then this waits for them, and holds it after them.
    new = insert(connection, lanes).values(
        candidate_id=chat_id,
        last_position=0,
        at=None,
        priority=int(Priority.REPLY),
        not_until=EPOCH,
        epoch=0,
        leaving=False,
    )
    await connection.execute(
        new.on_conflict_do_update(
            index_elements=[lanes.c.candidate_id], set_={"epoch": lanes.c.epoch}
        )
    )
    return True


async def drop_unused(connection: AsyncConnection, chat_id: int) -> None:
    """Remove a lane that was made to be held, and never written to."""
    await connection.execute(
        sa.delete(lanes).where(lanes.c.candidate_id == chat_id, lanes.c.last_position == 0)
    )
