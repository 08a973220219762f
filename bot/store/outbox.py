"""The outbox as delivery sees it: lines are claimed in order per chat, and settled.

Law 1: a line is in the outbox until Telegram has it, and leaves in the transaction that says so.
So nothing is pruned here: what is sent, given up or taken back is gone at once.
Law 2: of one chat, one line at a time is on its way, the oldest first among those whose time has
come; a line whose time is only seconds away holds back what was written after it, so that a pause
between two bubbles lets nothing slip in. Each chat has a row in `lanes` that says when delivery
may look at it; claiming moves that time to the end of a lease, so a claim whose holder died comes
back by itself.
Law 3: the bot's pace is one, however many replicas deliver (see pace.py).
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from datetime import datetime, timedelta
from secrets import token_hex
from typing import Any, TypeGuard

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store import failed
from bot.store import pace as paces
from bot.store.claiming import HOLD, Held, claim_lanes, heads, is_due, soonest
from bot.store.lane import hold
from bot.store.lines import DELETE, SENDS, STAYING, STRIP, write
from bot.store.pace import Room
from bot.store.records import Claim, Line, Pace, Priority
from bot.store.tables import lanes, outbox, slots
from bot.store.upsert import insert

LEASE = timedelta(minutes=2)
LOOK_AGAIN = timedelta(seconds=2)  # at the latest, for what other replicas leave behind
LOCKED = timedelta(milliseconds=50)
WAITING = 100  # lines of one chat that are looked at when its next time is decided

Work = Callable[[], AbstractAsyncContextManager[AsyncConnection]]


class Outbox:
    """The side of the outbox that delivery sees. Every method is a transaction of its own."""

    def __init__(self, work: Work, *, shared: bool) -> None:
        self._work = work
        self._shared = shared
        self._owner = token_hex(4)
        self.changed = asyncio.Event()

    async def claim(
        self, now: datetime, limit: int, *, pace: Pace | None = None, lease: timedelta = LEASE
    ) -> tuple[list[Claim], datetime | None]:
        """Take the next line of up to `limit` chats that are due, replies before the rest.

        With a `pace`, no more are taken than all replicas together may send now. `lease` must be
        longer than delivery ever works on a claim: after it the line is claimed anew. Also says
        when to look again, unless a commit comes first; None when nothing waits.
        """
        async with self._work() as connection:
            room = Room.without_limit(now, limit)
            if pace is not None:
                room = await paces.room(connection, pace, now)
            held = await claim_lanes(
                connection, now, limit, room, owner=self._owner, until=now + lease
            )
            claims = await self._take(connection, held, now) if held else []
            if pace is not None and claims:
                made = [Priority(held[claim.chat_id].priority) for claim in claims]
                await paces.spend(connection, room, made, now)
                room = await paces.room(connection, pace, now)
            next_at = await soonest(connection, room)
        return claims, self._look_again(now, next_at, full=len(claims) >= limit)

    def _look_again(
        self, now: datetime, next_at: datetime | None, *, full: bool
    ) -> datetime | None:
        """`next_at`, or earlier where other replicas write lines too and may die with a claim.

        A lane that is due and was yet not taken is locked, by a turn that ends in a moment.
        """
        if not self._shared:
            return next_at
        next_at = min(next_at or now + LOOK_AGAIN, now + LOOK_AGAIN)
        return next_at if full else max(next_at, now + LOCKED)

    async def keep_quiet(self, until: datetime) -> None:
        """Have no replica claim anything at a pace before `until`; Telegram said so."""
        async with self._work() as connection:
            await paces.keep_quiet(connection, until)

    async def owed_at(self, moment: datetime) -> datetime | None:
        """When the next chat with a line meant for `moment` or earlier is due; None if none is."""
        async with self._work() as connection:
            at: datetime | None = await connection.scalar(
                sa.select(sa.func.min(lanes.c.at))
                .join(outbox, outbox.c.candidate_id == lanes.c.candidate_id)
                .where(is_due(moment))
            )
            return at

    async def done(
        self, claim: Claim, now: datetime, not_until: datetime, message_id: int | None = None
    ) -> datetime | None:
        """The line needs no more sending. `message_id` is given when it put up a new message.

        Returns when the chat's next line goes out if that is a message only pausing for effect.
        """
        async with self._work() as connection:
            lane = await hold(connection, claim.chat_id)
            await connection.execute(sa.delete(outbox).where(*_row(claim)))
            if claim.slot is not None and lane is not None and not lane.leaving:
                await _settle_slot(connection, claim, claim.slot, now, message_id)
            if not _holds(lane, claim):
                return None
            return await _release(connection, lane, now, not_until)

    async def give_up(self, claim: Claim, now: datetime, traceback_text: str) -> str | None:
        """The line is never sent, and kept as a failure; returns the reference of that.

        None, and nothing is kept, when the line was taken back while it was on its way: its
        candidate may have asked to be forgotten.
        """
        call = json.dumps({"method": claim.method, **claim.payload}, ensure_ascii=False)
        reference = None
        async with self._work() as connection:
            lane = await hold(connection, claim.chat_id)
            dropped = await connection.execute(
                sa.delete(outbox).where(*_row(claim)).returning(outbox.c.position)
            )
            waited = dropped.first() is not None
            if lane is not None and not lane.leaving:
                if waited:
                    reference = await failed.record(
                        connection, claim.chat_id, call, traceback_text, now
                    )
                if claim.slot is not None:
                    await _settle_slot(connection, claim, claim.slot, now, None)
            if _holds(lane, claim):
                await _release(connection, lane, now, claim.not_until)
        return reference

    async def postpone(
        self, claim: Claim, now: datetime, not_until: datetime, *, tried: bool
    ) -> None:
        """The line was not sent; the chat may try again at `not_until`.

        `tried` says whether that may have been the line's own fault, and counts as a try.
        """
        async with self._work() as connection:
            lane = await hold(connection, claim.chat_id)
            if tried:
                await connection.execute(
                    sa.update(outbox).where(*_row(claim)).values(tries=outbox.c.tries + 1)
                )
            if _holds(lane, claim):
                await _release(connection, lane, now, not_until)

    async def block(self, claim: Claim, now: datetime) -> None:
        """The candidate has blocked the bot: drop what waits, write no more until they return.

        A line written while the claim was out may answer a candidate who is back: it is tried,
        and if they are not, that says so. Does nothing when the lease was lost.
        """
        async with self._work() as connection:
            lane = await hold(connection, claim.chat_id)
            if not _holds(lane, claim):
                return
            await connection.execute(
                sa.delete(outbox).where(
                    outbox.c.candidate_id == claim.chat_id,
                    outbox.c.position <= claim.last_position,
                )
            )
            await _release(connection, lane, now, claim.not_until)
            nothing_waits = (lanes.c.candidate_id == claim.chat_id) & lanes.c.at.is_(None)
            await connection.execute(sa.update(lanes).where(nothing_waits).values(blocked_at=now))

    async def _take(self, connection: AsyncConnection, held: Held, now: datetime) -> list[Claim]:
        """The lines that the claimed lanes `held` owe now; a lane that owes none is let go."""
        claims = await heads(connection, held, now)
        # What a lane was woken for may have been taken back since, or be held back.
        for chat_id in held.keys() - {claim.chat_id for claim in claims}:
            lane = await hold(connection, chat_id)
            if lane is not None:
                await _release(connection, lane, now, lane.not_until)
        return claims


async def free_all(connection: AsyncConnection) -> None:
    """Let go of claims that a process left behind when it died; for when no other one runs."""
    await connection.execute(
        sa.update(lanes).where(lanes.c.owner.is_not(None)).values(owner=None, at=lanes.c.not_until)
    )


def _row(claim: Claim) -> tuple[sa.ColumnElement[bool], sa.ColumnElement[bool]]:
    return outbox.c.candidate_id == claim.chat_id, outbox.c.position == claim.position


def _holds(lane: sa.Row[Any] | None, claim: Claim) -> TypeGuard[sa.Row[Any]]:
    """Whether the claim still holds; not when its lease ran out and somebody claimed anew."""
    return lane is not None and lane.epoch == claim.epoch


async def _settle_slot(
    connection: AsyncConnection, claim: Claim, slot: str, now: datetime, message_id: int | None
) -> None:
    """Record what stands in the slot now; a message that stood there before has had its time."""
    if message_id is not None:
        new = insert(connection, slots).values(
            candidate_id=claim.chat_id, slot=slot, message_id=message_id
        )
        await connection.execute(
            new.on_conflict_do_update(
                index_elements=[slots.c.candidate_id, slots.c.slot],
                set_={"message_id": message_id},
            )
        )
        if claim.slot_message is not None and claim.method in SENDS:
            method = STRIP if slot in STAYING else DELETE
            old = Line(method, {"message_id": claim.slot_message}, None, Priority.REPLY, None)
            await write(connection, claim.chat_id, [old], at=now, wrote=False, leaving=False)
    elif claim.method == DELETE:
        await connection.execute(
            sa.delete(slots).where(
                slots.c.candidate_id == claim.chat_id,
                slots.c.slot == slot,
                slots.c.message_id == claim.slot_message,
            )
        )


async def _release(
    connection: AsyncConnection, lane: sa.Row[Any], now: datetime, not_until: datetime
) -> datetime | None:
    """End the claim on a lane that is held, and say when the chat is due next.

    Returns when the next line goes out if it is a message that waits for its own moment, soon.
    """
    here = lanes.c.candidate_id == lane.candidate_id
    waiting = (
        await connection.execute(
            sa.select(outbox.c.method, outbox.c.priority, outbox.c.not_before)
            .where(outbox.c.candidate_id == lane.candidate_id)
            .order_by(outbox.c.position)
            .limit(WAITING)
        )
    ).all()
    if not waiting:
        if lane.leaving:
            await connection.execute(sa.delete(lanes).where(here))
        else:
            await connection.execute(
                sa.update(lanes).where(here).values(owner=None, at=None, not_until=not_until)
            )
        return None
    soonest = max(not_until, min(row.not_before or now for row in waiting))
    head = next(row for row in waiting if (row.not_before or now) <= soonest + HOLD)
    at = max(not_until, head.not_before or now)
    priority = min(row.priority for row in waiting if (row.not_before or now) <= at)
    await connection.execute(
        sa.update(lanes)
        .where(here)
        .values(owner=None, at=at, priority=priority, not_until=not_until)
    )
    pauses = head.not_before is not None and now < head.not_before and at <= now + HOLD
    return at if pauses and head.method in SENDS else None
