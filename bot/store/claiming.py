"""How chats are claimed, and which line each of them owes; for outbox.py alone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Any

import sqlalchemy as sa

from bot.store.batch import batch
from bot.store.lane import AHEAD, sane
from bot.store.pace import Room
from bot.store.records import Claim, Priority
from bot.store.tables import lanes, outbox, slots

HOLD = timedelta(seconds=5)  # a line due this soon keeps its place before later ones

Held = dict[int, Any]
"""The lanes that were claimed, as rows, by chat."""

_INSTANT = lanes.c.at.type


def claim_lanes(
    connection: sa.Connection,
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
            values = {"now": now, "new_owner": owner, "until": until}
            taken = connection.execute(_claim(priority, most), values)
            held |= {row.candidate_id: row for row in taken}
    return held


@cache
def _claim(priority: Priority, most: int) -> sa.UpdateBase:
    """Claim up to `most` lanes: a short walk along an index, which costs the same at any backlog.

    A lane that is locked is claimed by another replica, or a turn of its chat is in hand.
    """
    due = (
        sa.select(lanes.c.candidate_id)
        .where(
            lanes.c.priority == sa.literal_column(str(int(priority))),
            lanes.c.at <= sa.bindparam("now", type_=_INSTANT),
        )
        .order_by(lanes.c.at)
    )
    return (
        sa.update(lanes)
        .where(lanes.c.candidate_id.in_(batch(due, most)))
        .values(
            owner=sa.bindparam("new_owner"),
            epoch=lanes.c.epoch + 1,
            at=sa.bindparam("until", type_=_INSTANT),
        )
        .returning(*lanes.c)
    )


_RENEW = (
    sa.update(lanes)
    .where(
        lanes.c.candidate_id == sa.bindparam("chat", type_=sa.BigInteger),
        lanes.c.epoch == sa.bindparam("of_epoch", type_=sa.BigInteger),
        lanes.c.owner.is_not(None),
    )
    .values(at=sa.bindparam("until", type_=_INSTANT))
)


def renew(connection: sa.Connection, out: Sequence[tuple[int, int]], until: datetime) -> None:
    """Extend the leases of claims, each a chat and its epoch, that were not lost meanwhile.

    Their lanes may be held by turns: it waits, and in ascending order, as all who hold several.
    """
    if out:
        rows = [{"chat": chat, "of_epoch": epoch, "until": until} for chat, epoch in sorted(out)]
        connection.execute(_RENEW, rows)


def put_right(connection: sa.Connection, now: datetime, before: datetime) -> None:
    """Make due what waits only because the clock stood at `before` and was set back to `now`.

    What does wait for a later moment is found to do so when its chat is looked at. It locks many
    lanes, so it is a transaction of its own.
    """
    waiting = lanes.c.owner.is_(None) & lanes.c.priority.in_(list(Priority))
    wrong = (
        sa.select(lanes.c.candidate_id)
        .where(waiting, lanes.c.at.between(now, before + AHEAD))
        .order_by(lanes.c.candidate_id)
        .with_for_update()
        .cte("wrong")
        .prefix_with("MATERIALIZED")
    )
    connection.execute(
        sa.update(lanes)
        .where(lanes.c.candidate_id.in_(sa.select(wrong)))
        .values(at=now, not_until=now)
    )
    righted = sa.select(lanes.c.candidate_id).where(waiting, lanes.c.at == now)
    soon = outbox.c.not_before.between(now, before + HOLD)
    connection.execute(
        sa.update(outbox).where(outbox.c.candidate_id.in_(righted), soon).values(not_before=None)
    )


_SOONEST = sa.select(
    *(
        sa.select(sa.func.min(lanes.c.at))
        .where(lanes.c.priority == sa.literal_column(str(int(each))), lanes.c.at.is_not(None))
        .scalar_subquery()
        for each in Priority
    )
)


def soonest(connection: sa.Connection, room: Room) -> datetime | None:
    """When a lane is due next and there is room for it; None when none waits."""
    row = connection.execute(_SOONEST).one()
    times = [max(at, room.at[priority]) for priority, at in zip(Priority, row, strict=True) if at]
    return min(times, default=None)


def is_due(moment: datetime | sa.BindParameter[datetime]) -> sa.ColumnElement[bool]:
    """Whether a line's time has come by `moment`."""
    return outbox.c.not_before.is_(None) | (outbox.c.not_before <= moment)


def _heads() -> sa.Select[Any]:
    """The oldest line of each chat whose time has come or is near, and what is in its slot."""
    here = outbox.c.candidate_id
    oldest = (
        sa.select(here, sa.func.min(outbox.c.position).label("position"))
        .where(
            here.in_(sa.bindparam("chats", expanding=True)),
            is_due(sa.bindparam("soon", type_=_INSTANT)),
        )
        .group_by(here)
        .subquery()
    )
    is_oldest = (oldest.c.candidate_id == here) & (oldest.c.position == outbox.c.position)
    in_slot = (slots.c.candidate_id == here) & (slots.c.slot == outbox.c.slot)
    return (
        sa.select(outbox, slots.c.message_id)
        .select_from(outbox.join(oldest, is_oldest).outerjoin(slots, in_slot))
        .order_by(outbox.c.priority, here)
    )


_HEADS = _heads()


def heads(connection: sa.Connection, held: Held, now: datetime) -> list[Claim]:
    """The lines that the claimed lanes owe now, replies first. A lane may owe none."""
    found = connection.execute(_HEADS, {"chats": sorted(held), "soon": now + HOLD})
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
            not_until=sane(held[row.candidate_id].not_until, now),
        )
        for row in found
        if row.not_before is None or row.not_before <= now
    ]
