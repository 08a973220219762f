"""What is to be said, as a turn writes it at the end of the chat's lane, in its own transaction.

Whoever calls this holds the lane (see lane.py).

A slot names a message that has one place in a chat. A new message under the slot takes the place:
what still waits under it is never sent, and the message that stood there is deleted right after
the new one went out, so that the chat never jumps. In a staying slot every message is sent and
stays, and the one before only loses its buttons. Edits and deletes may name a slot instead of a
message id; which message that is, is looked up when they are sent.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.lane import EPOCH
from bot.store.records import Line, Slot
from bot.store.tables import lanes, outbox, slots
from bot.store.upsert import insert

SENDS = frozenset({"sendMessage", "sendDocument", "sendPhoto"})
DELETE = "deleteMessage"
STRIP = "editMessageReplyMarkup"
STAYING = frozenset({Slot.TABLE.value})


def merged(waiting: Sequence[Line], line: Line) -> list[Line]:
    """`waiting` with `line` behind it, without those that `line` makes pointless."""
    return [old for old in waiting if line.slot is None or not _outdates(line, old)] + [line]


def _outdates(new: Line, old: Line) -> bool:
    """Whether `old`, still unsent, need not be sent once `new` is written.

    A message and a deletion end whatever waits in the slot, an edit only earlier edits.
    """
    if old.slot != new.slot:
        return False
    return _takes_the_place(new) or (old.method == new.method and new.method not in SENDS)


def _takes_the_place(line: Line) -> bool:
    """Whether what waits in the slot of `line` is never sent once `line` is written."""
    return line.method == DELETE or (line.method in SENDS and line.slot not in STAYING)


async def write(
    connection: AsyncConnection,
    chat_id: int,
    lines: Sequence[Line],
    *,
    at: datetime,
    wrote: bool,
    leaving: bool,
) -> None:
    """Put `lines` at the end of the chat's lane.

    `wrote` says that the candidate is there: a chat that had blocked the bot is open again.
    Lines for a chat that is still blocked are dropped.
    """
    lines = await _without_pointless(connection, chat_id, lines)
    if not lines:
        if wrote:
            await connection.execute(
                sa.update(lanes)
                .where(lanes.c.candidate_id == chat_id, lanes.c.blocked_at.is_not(None))
                .values(blocked_at=None)
            )
        return
    lane = await _extend(connection, chat_id, lines, at=at, wrote=wrote, leaving=leaving)
    if lane.blocked_at is not None:
        return
    await connection.execute(
        sa.insert(outbox),
        [
            {
                "candidate_id": chat_id,
                "position": lane.last_position - len(lines) + 1 + index,
                "method": line.method,
                "payload": dict(line.payload),
                "slot": line.slot,
                "priority": int(line.priority),
                "not_before": line.not_before,
                "tries": 0,
            }
            for index, line in enumerate(lines)
        ],
    )


async def _without_pointless(
    connection: AsyncConnection, chat_id: int, lines: Sequence[Line]
) -> Sequence[Line]:
    """Take back waiting rows that `lines` outdate; drop deletions of what never was sent."""
    for line in lines:
        if line.slot is None or (line.slot in STAYING and line.method in SENDS):
            continue
        outdated = sa.delete(outbox).where(
            outbox.c.candidate_id == chat_id, outbox.c.slot == line.slot
        )
        if not _takes_the_place(line):
            outdated = outdated.where(outbox.c.method == line.method)
        await connection.execute(outdated)
    cleared = {line.slot for line in lines if line.method == DELETE and line.slot}
    if not cleared:
        return lines
    # While a claim is out, the message under the slot may just be on its way.
    rows = await connection.execute(
        sa.select(lanes.c.owner, slots.c.slot)
        .select_from(
            lanes.outerjoin(
                slots,
                (slots.c.candidate_id == lanes.c.candidate_id) & slots.c.slot.in_(cleared),
            )
        )
        .where(lanes.c.candidate_id == chat_id)
    )
    found = rows.all()
    if any(row.owner is not None for row in found):
        return lines
    standing = {row.slot for row in found}
    return [x for x in lines if not (x.method == DELETE and x.slot and x.slot not in standing)]


async def _extend(
    connection: AsyncConnection,
    chat_id: int,
    lines: Sequence[Line],
    *,
    at: datetime,
    wrote: bool,
    leaving: bool,
) -> sa.Row[tuple[int, datetime | None]]:
    """Reserve positions for `lines` and wake the lane when the first is due, pace allowing."""
    new = insert(connection, lanes).values(
        candidate_id=chat_id,
        last_position=len(lines),
        at=min(line.not_before or at for line in lines),
        priority=min(int(line.priority) for line in lines),
        not_until=EPOCH,
        epoch=0,
        leaving=leaving,
    )
    paced = sa.case((lanes.c.not_until > new.excluded.at, lanes.c.not_until), else_=new.excluded.at)
    idle = lanes.c.at.is_(None)
    closed = sa.false() if wrote else lanes.c.blocked_at.is_not(None)
    upsert = new.on_conflict_do_update(
        index_elements=[lanes.c.candidate_id],
        set_={
            "last_position": lanes.c.last_position + len(lines),
            "at": sa.case(
                (closed, sa.null()),
                (lanes.c.owner.is_not(None), lanes.c.at),
                (idle | (lanes.c.at > paced), paced),
                else_=lanes.c.at,
            ),
            "priority": sa.case(
                (idle | (lanes.c.priority > new.excluded.priority), new.excluded.priority),
                else_=lanes.c.priority,
            ),
            "blocked_at": sa.null() if wrote else lanes.c.blocked_at,
            "leaving": new.excluded.leaving,
        },
    ).returning(lanes.c.last_position, lanes.c.blocked_at)
    return (await connection.execute(upsert)).one()


async def erase(connection: AsyncConnection, chat_id: int, *, goodbye: bool) -> None:
    """Remove what the outbox knows of a chat, before a `goodbye` is written or without one.

    A lane with a claim out stays until that call ends, so that nothing overtakes it.
    """
    await connection.execute(sa.delete(outbox).where(outbox.c.candidate_id == chat_id))
    await connection.execute(sa.delete(slots).where(slots.c.candidate_id == chat_id))
    lane = lanes.c.candidate_id == chat_id
    await connection.execute(sa.update(lanes).where(lane).values(leaving=True))
    if not goodbye:
        await connection.execute(sa.delete(lanes).where(lane, lanes.c.owner.is_(None)))
