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
from typing import Any

import sqlalchemy as sa

from bot.store.lane import NEW, hold, sane
from bot.store.records import Line, Slot
from bot.store.tables import lanes, outbox, slots

SENDS = frozenset({"sendMessage", "sendDocument", "sendPhoto"})
DELETE = "deleteMessage"
STRIP = "editMessageReplyMarkup"
STAYING = frozenset({Slot.TABLE.value})

_CHAT = sa.bindparam("chat", type_=sa.BigInteger)
_OF_SLOT = (outbox.c.candidate_id == _CHAT) & (outbox.c.slot == sa.bindparam("of_slot"))
_TAKE_BACK = sa.delete(outbox).where(_OF_SLOT)
_TAKE_BACK_EDITS = sa.delete(outbox).where(_OF_SLOT, outbox.c.method == sa.bindparam("by"))
_STANDING = sa.select(slots.c.slot).where(slots.c.candidate_id == _CHAT)
_HERE = lanes.c.candidate_id == _CHAT
_REOPEN = sa.update(lanes).where(_HERE).values(blocked_at=None)
_EXTEND = (
    sa.update(lanes)
    .where(_HERE)
    .values(
        {
            name: sa.bindparam(f"new_{name}", type_=lanes.c[name].type)
            for name in ("last_position", "at", "priority", "blocked_at", "leaving")
        }
    )
)
_BEGIN_LANE = sa.insert(lanes)
PUT = sa.insert(outbox)
_ERASE = (
    sa.delete(outbox).where(outbox.c.candidate_id == _CHAT),
    sa.delete(slots).where(slots.c.candidate_id == _CHAT),
    sa.update(lanes).where(_HERE).values(leaving=True),
)
_DROP_FREE = sa.delete(lanes).where(_HERE, lanes.c.owner.is_(None))


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


def write(
    connection: sa.Connection,
    chat_id: int,
    lines: Sequence[Line],
    *,
    at: datetime,
    wrote: bool,
    leaving: bool,
) -> None:
    """Put `lines` at the end of the chat's lane, and wake it when the first is due.

    `wrote` says that the candidate is there: a chat that had blocked the bot is open again.
    Lines for a chat that is still blocked are dropped.
    """
    lane = hold(connection, chat_id)
    if lane is not None and lane.at is not None:
        _take_back_outdated(connection, chat_id, lines)
    if lane is None or lane.owner is None:
        # While a claim is out, the message to delete may just be on its way.
        lines = _without_pointless(connection, chat_id, lines)
    was_blocked = lane is not None and lane.blocked_at is not None
    if not lines:
        if wrote and was_blocked:
            connection.execute(_REOPEN, {"chat": chat_id})
        return
    if was_blocked and not wrote:
        return
    known: dict[str, Any] = dict(NEW) if lane is None else dict(lane._mapping)
    extended = _extended(known, lines, at) | {"blocked_at": None, "leaving": leaving}
    if lane is None:
        connection.execute(_BEGIN_LANE, known | extended | {"candidate_id": chat_id})
    else:
        new = {f"new_{name}": value for name, value in extended.items()}
        connection.execute(_EXTEND, new | {"chat": chat_id})
    first = known["last_position"] + 1
    rows = [row_of(line, chat_id, position) for position, line in enumerate(lines, first)]
    connection.execute(PUT, rows)


def row_of(line: Line, chat_id: int, position: int) -> dict[str, Any]:
    """The line as a row of the outbox."""
    return {
        "candidate_id": chat_id,
        "position": position,
        "method": line.method,
        "payload": dict(line.payload),
        "slot": line.slot,
        "priority": int(line.priority),
        "not_before": line.not_before,
        "tries": 0,
    }


def _extended(lane: dict[str, Any], lines: Sequence[Line], at: datetime) -> dict[str, Any]:
    """What changes of a lane when `lines` are put at its end; its pace is kept."""
    due = max(sane(lane["not_until"], at), min(line.not_before or at for line in lines))
    priority = min(int(line.priority) for line in lines)
    if lane["at"] is not None:
        priority = min(priority, lane["priority"])
        if lane["owner"] is not None or lane["at"] < due:
            due = lane["at"]
    return {"last_position": lane["last_position"] + len(lines), "at": due, "priority": priority}


def _take_back_outdated(connection: sa.Connection, chat_id: int, lines: Sequence[Line]) -> None:
    """Delete what waits and need not be sent any more once `lines` are written."""
    places, edits = [], []
    for line in lines:
        if line.slot is not None:
            of_slot = {"chat": chat_id, "of_slot": line.slot}
            if _takes_the_place(line):
                places.append(of_slot)
            elif line.method not in SENDS:
                edits.append(of_slot | {"by": line.method})
    if places:
        connection.execute(_TAKE_BACK, places)
    if edits:
        connection.execute(_TAKE_BACK_EDITS, edits)


def _without_pointless(
    connection: sa.Connection, chat_id: int, lines: Sequence[Line]
) -> Sequence[Line]:
    """`lines` without deletions of what was never sent."""
    if not any(line.method == DELETE and line.slot for line in lines):
        return lines
    standing = set(connection.scalars(_STANDING, {"chat": chat_id}))
    return [x for x in lines if not (x.method == DELETE and x.slot and x.slot not in standing)]


def erase(connection: sa.Connection, chat_id: int, *, goodbye: bool) -> None:
    """Remove what the outbox knows of a chat, before a `goodbye` is written or without one.

    A lane with a claim out stays until that call ends, so that nothing overtakes it.
    """
    for statement in _ERASE:
        connection.execute(statement, {"chat": chat_id})
    if not goodbye:
        connection.execute(_DROP_FREE, {"chat": chat_id})
