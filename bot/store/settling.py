"""What becomes of lines that were on their way, and of their chats; for outbox.py alone.

Many are settled in one go: a few statements, however many calls have come back.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.store import failed
from bot.store.claiming import HOLD, Held
from bot.store.lane import hold_all
from bot.store.lines import DELETE, PUT, SENDS, STAYING, STRIP, row_of
from bot.store.records import Claim, Line, Priority
from bot.store.tables import lanes, outbox, slots
from bot.store.upsert import put

_CHAT = sa.bindparam("chat", type_=sa.BigInteger)
_THIS = (outbox.c.candidate_id == _CHAT, outbox.c.position == sa.bindparam("at_position"))
_SENT = sa.delete(outbox).where(*_THIS)
_DROPPED = _SENT.returning(outbox.c.position)
_TRIED = sa.update(outbox).where(*_THIS).values(tries=outbox.c.tries + 1)
_UNWANTED = sa.delete(outbox).where(
    outbox.c.candidate_id == _CHAT, outbox.c.position <= sa.bindparam("up_to")
)
_CLEARED = sa.delete(slots).where(
    slots.c.candidate_id == _CHAT,
    slots.c.slot == sa.bindparam("of_slot"),
    slots.c.message_id == sa.bindparam("message"),
)
_WAITING = (
    sa.select(outbox.c.candidate_id, outbox.c.method, outbox.c.priority, outbox.c.not_before)
    .where(outbox.c.candidate_id.in_(sa.bindparam("chats", expanding=True)))
    .order_by(outbox.c.candidate_id, outbox.c.position)
)
_HERE = lanes.c.candidate_id == _CHAT
_LEFT = sa.delete(lanes).where(_HERE)
_RELEASED = ("last_position", "at", "priority", "not_until", "blocked_at")
_RELEASE = (
    sa.update(lanes)
    .where(_HERE)
    .values(
        {name: sa.bindparam(f"new_{name}", type_=lanes.c[name].type) for name in _RELEASED}
        | {"owner": None}
    )
)


@dataclass(frozen=True, slots=True)
class Landed:
    """A call that came back at `now`; the chat's next one may be made at `not_until`.

    `sent`: the line needs no more sending, and put up `message_id` if it was a message. `why`: it
    is given up, and why. `blocked`: nobody is there. None of these: it is to be tried again, and
    `tried` says whether this counted as a try.
    """

    claim: Claim
    now: datetime
    not_until: datetime
    sent: bool = False
    message_id: int | None = None
    why: str | None = None
    blocked: bool = False
    tried: bool = False


@dataclass(frozen=True, slots=True)
class _Idle:
    """A claim that found nothing to send at `now`."""

    now: datetime
    not_until: datetime
    blocked: bool = False


@dataclass(frozen=True, slots=True)
class Settled:
    """`pause_until`: the chat's next line only waits for its moment, until then, soon.

    `reference`: that of the failure as which a line given up is kept.
    """

    pause_until: datetime | None = None
    reference: str | None = None


def settle(connection: sa.Connection, landed: Sequence[Landed]) -> list[Settled]:
    """Settle calls of as many chats. What a claim whose lease was lost says of its lane is moot."""
    held = hold_all(connection, [each.claim.chat_id for each in landed])
    references = _remove(connection, landed, held)
    _settle_slots(connection, landed, held)
    mine = {
        each.claim.chat_id: each
        for each in landed
        if (lane := held.get(each.claim.chat_id)) and lane.epoch == each.claim.epoch
    }
    positions = _tidy_up(connection, landed, held)
    pauses = _release(connection, mine, held, positions) if mine else {}
    return [
        Settled(pauses.get(each.claim.chat_id), references.get(each.claim.chat_id))
        for each in landed
    ]


def _remove(connection: sa.Connection, landed: Sequence[Landed], held: Held) -> dict[int, str]:
    """Take out of the outbox what leaves it; returns the references of failures by chat."""
    lines = {id(each): _line(each.claim) for each in landed}
    _many(connection, _SENT, [lines[id(each)] for each in landed if each.sent])
    _many(connection, _TRIED, [lines[id(each)] for each in landed if each.tried])
    references = {}
    for each in landed:
        lane = held.get(each.claim.chat_id)
        if each.why is not None:
            was_there = connection.execute(_DROPPED, lines[id(each)]).first() is not None
            # Taken back meanwhile? Then its candidate may have asked to be forgotten.
            if was_there and lane is not None and not lane.leaving:
                references[each.claim.chat_id] = _keep(connection, each, each.why)
        elif each.blocked and lane is not None and lane.epoch == each.claim.epoch:
            up_to = {"chat": each.claim.chat_id, "up_to": each.claim.last_position}
            connection.execute(_UNWANTED, up_to)
    return references


def _keep(connection: sa.Connection, each: Landed, why: str) -> str:
    call = {"method": each.claim.method, **each.claim.payload}
    what = json.dumps(call, ensure_ascii=False)
    return failed.record(connection, each.claim.chat_id, what, why, each.now)


def _is_over(each: Landed) -> bool:
    """Whether the line is sent or given up, so that its slot is settled."""
    return each.sent or each.why is not None


def _settle_slots(connection: sa.Connection, landed: Sequence[Landed], held: Held) -> None:
    """Record what stands in the slots now."""
    standing, cleared = [], []
    for each in landed:
        claim, lane = each.claim, held.get(each.claim.chat_id)
        if claim.slot is None or lane is None or lane.leaving or not _is_over(each):
            continue
        of_slot = {"candidate_id": claim.chat_id, "slot": claim.slot}
        if each.message_id is not None:
            standing.append(of_slot | {"message_id": each.message_id})
        elif claim.method == DELETE and claim.slot_message is not None:
            cleared.append(
                {"chat": claim.chat_id, "of_slot": claim.slot, "message": claim.slot_message}
            )
    put(connection, slots, standing)
    _many(connection, _CLEARED, cleared)


def _tidy_up(connection: sa.Connection, landed: Sequence[Landed], held: Held) -> dict[int, int]:
    """Have messages that a new one took the place of deleted, or lose their buttons.

    Returns the last position of each lane, by chat.
    """
    positions = {chat_id: lane.last_position for chat_id, lane in held.items()}
    rows = []
    for each in landed:
        claim, lane = each.claim, held.get(each.claim.chat_id)
        had_its_time = each.message_id is not None and claim.slot_message is not None
        if lane is None or lane.leaving or not had_its_time or claim.method not in SENDS:
            continue
        method = STRIP if claim.slot in STAYING else DELETE
        old = Line(method, {"message_id": claim.slot_message}, None, Priority.REPLY, None)
        positions[claim.chat_id] += 1
        rows.append(row_of(old, claim.chat_id, positions[claim.chat_id]))
    _many(connection, PUT, rows)
    return positions


def _release(
    connection: sa.Connection,
    mine: Mapping[int, Landed | _Idle],
    held: Held,
    positions: dict[int, int],
) -> dict[int, datetime]:
    """End the claims on lanes and say when each is due next; returns the pauses by chat."""
    waiting: dict[int, list[Any]] = defaultdict(list)
    for row in connection.execute(_WAITING, {"chats": sorted(mine)}):
        waiting[row.candidate_id].append(row)
    released, left, pauses = [], [], {}
    for chat_id, each in mine.items():
        lane = held[chat_id]
        if chat_id not in waiting and lane.leaving:
            left.append({"chat": chat_id})
            continue
        at, priority, pause = _next(waiting[chat_id], each)
        blocked_at = each.now if each.blocked and at is None else lane.blocked_at
        new = (positions[chat_id], at, priority, each.not_until, blocked_at)
        named = {f"new_{name}": value for name, value in zip(_RELEASED, new, strict=True)}
        released.append({"chat": chat_id} | named)
        if pause is not None:
            pauses[chat_id] = pause
    _many(connection, _LEFT, left)
    _many(connection, _RELEASE, released)
    return pauses


def let_go(connection: sa.Connection, idle: Sequence[Any], now: datetime) -> None:
    """Release claimed lanes that owe nothing now.

    What they were woken for may have been taken back since, or be held back.
    """
    if idle:
        held = {lane.candidate_id: lane for lane in idle}
        nobody = {chat: _Idle(now, lane.not_until) for chat, lane in held.items()}
        positions = {chat: lane.last_position for chat, lane in held.items()}
        _release(connection, nobody, held, positions)


def _next(
    waiting: Sequence[Any], each: Landed | _Idle
) -> tuple[datetime | None, int, datetime | None]:
    """When a lane with these lines is due next, with what priority, and until when it pauses."""
    now = each.now
    if not waiting:
        return None, int(Priority.REPLY), None
    soonest = max(each.not_until, min(row.not_before or now for row in waiting))
    head = next(row for row in waiting if (row.not_before or now) <= soonest + HOLD)
    at = max(each.not_until, head.not_before or now)
    priority = min(row.priority for row in waiting if (row.not_before or now) <= at)
    pauses = head.not_before is not None and now < head.not_before and at <= now + HOLD
    return at, priority, at if pauses and head.method in SENDS else None


def _line(claim: Claim) -> dict[str, int]:
    return {"chat": claim.chat_id, "at_position": claim.position}


def _many(
    connection: sa.Connection, statement: sa.Executable, rows: Sequence[dict[str, Any]]
) -> None:
    """Execute a statement once for each row, if there is any."""
    if rows:
        connection.execute(statement, rows)
