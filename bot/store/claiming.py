"""How chats are claimed, and which line each of them owes; for outbox.py alone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.batch import batch
from bot.store.pace import Room
from bot.store.records import Claim, Priority
from bot.store.tables import lanes, outbox, slots

HOLD = timedelta(seconds=5)  # a line due this soon keeps its place before later ones

Held = dict[int, sa.Row[Any]]


async def claim_lanes(
    connection: AsyncConnection,
    now: datetime,
    limit: int,
    room: Room,
    *,
    owner: str,
    until: datetime,
) -> Held:
    """Take up to `limit` lanes that are due, replies before the rest, as far as there is room."""
    held: Held = {}
    for priority in Priority:
        most = min(limit, room.calls[Priority.REPLY]) - len(held)
        most = min(most, room.calls[priority])
        if most > 0:
            values = {"owner": owner, "epoch": lanes.c.epoch + 1, "at": until}
            taken = await connection.execute(
                sa.update(lanes)
                .where(lanes.c.candidate_id.in_(_due_lanes(now, priority, most)))
                .values(values)
                .returning(
                    lanes.c.candidate_id,
                    lanes.c.last_position,
                    lanes.c.epoch,
                    lanes.c.priority,
                    lanes.c.not_until,
                )
            )
            held |= {row.candidate_id: row for row in taken}
    return held


def _due_lanes(now: datetime, priority: Priority, most: int) -> sa.Select[tuple[int]]:
    """The lanes to claim: a short walk along an index that costs the same at any backlog.

    A lane that is locked is claimed by another replica, or a turn of its chat is in hand.
    """
    due = (
        sa.select(lanes.c.candidate_id)
        .where(lanes.c.priority == int(priority), lanes.c.at <= now)
        .order_by(lanes.c.at)
    )
    return batch(due, most)


async def soonest(connection: AsyncConnection, room: Room) -> datetime | None:
    """When a lane is due next and there is room for it; None when none waits."""
    firsts = [
        sa.select(sa.func.min(lanes.c.at))
        .where(lanes.c.priority == int(priority), lanes.c.at.is_not(None))
        .scalar_subquery()
        for priority in Priority
    ]
    row: Sequence[datetime | None] = (await connection.execute(sa.select(*firsts))).one()
    times = [max(at, room.at[priority]) for priority, at in zip(Priority, row, strict=True) if at]
    return min(times, default=None)


async def heads(connection: AsyncConnection, held: Held, now: datetime) -> list[Claim]:
    """The lines that the claimed lanes owe now, replies first. A lane may owe none."""
    return [
        Claim(
            chat_id=row.candidate_id,
            position=row.position,
            last_position=held[row.candidate_id].last_position,
            epoch=held[row.candidate_id].epoch,
            method=row.method,
            payload=row.payload,
            slot=row.slot,
            slot_message=row.message_id,
            tries=row.tries,
            not_until=held[row.candidate_id].not_until,
        )
        for row in await connection.execute(_heads(list(held), now))
        if row.not_before is None or row.not_before <= now
    ]


def is_due(moment: datetime) -> sa.ColumnElement[bool]:
    """Whether a line's time has come by `moment`."""
    return outbox.c.not_before.is_(None) | (outbox.c.not_before <= moment)


def _heads(chat_ids: list[int], now: datetime) -> sa.Select[Any]:
    """The oldest line of each chat whose time has come or is near, and what is in its slot."""
    oldest = (
        sa.select(outbox.c.candidate_id, sa.func.min(outbox.c.position).label("position"))
        .where(outbox.c.candidate_id.in_(chat_ids), is_due(now + HOLD))
        .group_by(outbox.c.candidate_id)
        .subquery()
    )
    here = outbox.c.candidate_id
    is_oldest = (oldest.c.candidate_id == here) & (oldest.c.position == outbox.c.position)
    in_slot = (slots.c.candidate_id == here) & (slots.c.slot == outbox.c.slot)
    return (
        sa.select(outbox, slots.c.message_id)
        .select_from(outbox.join(oldest, is_oldest).outerjoin(slots, in_slot))
        .order_by(outbox.c.priority, here)
    )
