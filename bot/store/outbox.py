"""The outbox as delivery sees it: lines are claimed in order per chat, and settled.

Law 1: a line is in the outbox until Telegram has it, and leaves in the transaction that says so.
Law 2: of one chat, one line at a time is on its way, the oldest first among those whose time has
come; a line whose time is only seconds away holds back what was written after it, so that a pause
between two bubbles lets nothing slip in. Each chat has a row in `lanes` that says when delivery
may look at it; claiming moves that time to the end of a lease, so a claim whose holder died comes
back by itself.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from datetime import datetime, timedelta
from secrets import token_hex
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store import failed
from bot.store.lines import DELETE, SENDS, STAYING, STRIP, write
from bot.store.records import Claim, Line, Priority
from bot.store.tables import lanes, outbox, slots

LEASE = timedelta(minutes=2)  # longer than any single call to Telegram may take
HOLD = timedelta(seconds=5)  # a line due this soon keeps its place before later ones

Work = Callable[[], AbstractAsyncContextManager[AsyncConnection]]


class Outbox:
    """The side of the outbox that delivery sees. Every method is a transaction of its own."""

    def __init__(self, work: Work) -> None:
        self._work = work
        self._owner = token_hex(4)
        self.changed = asyncio.Event()

    async def claim(self, now: datetime, limit: int) -> tuple[list[Claim], datetime | None]:
        """Take the next line of up to `limit` chats that are due, replies before the rest.

        Also says when the next chat is due after that; None when nothing waits.
        """
        async with self._work() as connection:
            taken = await connection.execute(
                sa.update(lanes)
                .where(lanes.c.candidate_id.in_(_due_lanes(now, limit)))
                .values(owner=self._owner, epoch=lanes.c.epoch + 1, at=now + LEASE)
                .returning(
                    lanes.c.candidate_id, lanes.c.last_position, lanes.c.epoch, lanes.c.not_until
                )
            )
            held = {row.candidate_id: row for row in taken}
            claims = await _take(connection, held, now) if held else []
            soonest: datetime | None = await connection.scalar(_soonest())
            return claims, soonest

    async def owed_at(self, moment: datetime) -> datetime | None:
        """When the next chat with a line meant for `moment` or earlier is due; None if none is."""
        async with self._work() as connection:
            at: datetime | None = await connection.scalar(
                sa.select(sa.func.min(lanes.c.at))
                .join(outbox, outbox.c.candidate_id == lanes.c.candidate_id)
                .where(_due(moment))
            )
            return at

    async def done(
        self, claim: Claim, now: datetime, not_until: datetime, message_id: int | None = None
    ) -> datetime | None:
        """The line needs no more sending. `message_id` is given when it put up a new message.

        Returns when the chat's next line goes out if that is a message only pausing for effect.
        """
        async with self._work() as connection:
            await connection.execute(sa.delete(outbox).where(*_row(claim)))
            if claim.slot is not None and not await _is_leaving(connection, claim):
                await _settle_slot(connection, claim, claim.slot, now, message_id)
            return await _release(connection, claim.chat_id, claim.epoch, now, not_until)

    async def give_up(self, claim: Claim, now: datetime, traceback_text: str) -> str | None:
        """The line is never sent, and kept as a failure; returns the reference of that.

        None, and nothing is kept, when the line was taken back while it was on its way: its
        candidate may have asked to be forgotten.
        """
        call = json.dumps({"method": claim.method, **claim.payload}, ensure_ascii=False)
        reference = None
        async with self._work() as connection:
            dropped = await connection.execute(
                sa.delete(outbox).where(*_row(claim)).returning(outbox.c.position)
            )
            waited = dropped.first() is not None
            if not await _is_leaving(connection, claim):
                if waited:
                    reference = await failed.record(
                        connection, claim.chat_id, call, traceback_text, now
                    )
                if claim.slot is not None:
                    await _settle_slot(connection, claim, claim.slot, now, None)
            await _release(connection, claim.chat_id, claim.epoch, now, claim.not_until)
        return reference

    async def postpone(
        self, claim: Claim, now: datetime, not_until: datetime, *, tried: bool
    ) -> None:
        """The line was not sent; the chat may try again at `not_until`.

        `tried` says whether that may have been the line's own fault, and counts as a try.
        """
        async with self._work() as connection:
            if tried:
                await connection.execute(
                    sa.update(outbox).where(*_row(claim)).values(tries=outbox.c.tries + 1)
                )
            await _release(connection, claim.chat_id, claim.epoch, now, not_until)

    async def block(self, claim: Claim, now: datetime) -> None:
        """The candidate has blocked the bot: drop what waits, write no more until they return.

        A line written while the claim was out may answer a candidate who is back: it is tried,
        and if they are not, that says so. Does nothing when the lease was lost.
        """
        async with self._work() as connection:
            mine = (lanes.c.candidate_id == claim.chat_id, lanes.c.epoch == claim.epoch)
            if await connection.scalar(sa.select(lanes.c.epoch).where(*mine)) is None:
                return
            await connection.execute(
                sa.delete(outbox).where(
                    outbox.c.candidate_id == claim.chat_id,
                    outbox.c.position <= claim.last_position,
                )
            )
            await _release(connection, claim.chat_id, claim.epoch, now, claim.not_until)
            await connection.execute(
                sa.update(lanes).where(*mine, lanes.c.at.is_(None)).values(blocked_at=now)
            )


async def free_all(connection: AsyncConnection) -> None:
    """Let go of claims that a process left behind when it died; for when no other one runs."""
    await connection.execute(
        sa.update(lanes).where(lanes.c.owner.is_not(None)).values(owner=None, at=lanes.c.not_until)
    )


def _row(claim: Claim) -> tuple[sa.ColumnElement[bool], sa.ColumnElement[bool]]:
    return outbox.c.candidate_id == claim.chat_id, outbox.c.position == claim.position


def _due(moment: datetime) -> sa.ColumnElement[bool]:
    return outbox.c.not_before.is_(None) | (outbox.c.not_before <= moment)


def _due_lanes(now: datetime, limit: int) -> sa.Select[Any]:
    """The lanes to claim. One short index walk per priority costs the same at any backlog."""
    walks = (
        sa.select(
            sa.select(lanes.c.candidate_id, lanes.c.priority, lanes.c.at)
            .where(lanes.c.priority == int(priority), lanes.c.at <= now)
            .order_by(lanes.c.at)
            .limit(limit)
            .subquery()
        )
        for priority in Priority
    )
    due = sa.union_all(*walks).subquery()
    return sa.select(due.c.candidate_id).order_by(due.c.priority, due.c.at).limit(limit)


def _soonest() -> sa.Select[tuple[datetime | None]]:
    """When any lane is due next."""
    firsts = (
        sa.select(sa.func.min(lanes.c.at).label("at")).where(
            lanes.c.priority == int(priority), lanes.c.at.is_not(None)
        )
        for priority in Priority
    )
    return sa.select(sa.func.min(sa.union_all(*firsts).subquery().c.at))


async def _take(
    connection: AsyncConnection, held: dict[int, sa.Row[Any]], now: datetime
) -> list[Claim]:
    """The lines that the claimed lanes `held` owe now; a lane that owes none is let go."""
    claims = [
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
    # What a lane was woken for may have been taken back since, or be held back.
    for chat_id in held.keys() - {claim.chat_id for claim in claims}:
        lane = held[chat_id]
        await _release(connection, chat_id, lane.epoch, now, lane.not_until)
    return claims


def _heads(chat_ids: list[int], now: datetime) -> sa.Select[Any]:
    """The oldest line of each chat whose time has come or is near, and what is in its slot."""
    oldest = (
        sa.select(outbox.c.candidate_id, sa.func.min(outbox.c.position).label("position"))
        .where(outbox.c.candidate_id.in_(chat_ids), _due(now + HOLD))
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


async def _is_leaving(connection: AsyncConnection, claim: Claim) -> bool:
    leaving = await connection.scalar(
        sa.select(lanes.c.leaving).where(lanes.c.candidate_id == claim.chat_id)
    )
    return leaving is not False


async def _settle_slot(
    connection: AsyncConnection, claim: Claim, slot: str, now: datetime, message_id: int | None
) -> None:
    """Record what stands in the slot now; a message that stood there before has had its time."""
    if message_id is not None:
        new = insert(slots).values(candidate_id=claim.chat_id, slot=slot, message_id=message_id)
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
    connection: AsyncConnection, chat_id: int, epoch: int, now: datetime, not_until: datetime
) -> datetime | None:
    """End a claim and say when the chat is due next. Does nothing when the lease was lost.

    Returns when the next line goes out if it is a message that waits for its own moment, soon.
    """
    mine = (lanes.c.candidate_id == chat_id, lanes.c.epoch == epoch)
    rows = (
        await connection.execute(
            sa.select(lanes.c.leaving, outbox.c.method, outbox.c.priority, outbox.c.not_before)
            .select_from(lanes.outerjoin(outbox, outbox.c.candidate_id == lanes.c.candidate_id))
            .where(*mine)
            .order_by(outbox.c.position)
        )
    ).all()
    waiting = [row for row in rows if row.priority is not None]
    if not waiting:
        if rows and rows[0].leaving:
            await connection.execute(sa.delete(lanes).where(*mine))
        else:
            await connection.execute(
                sa.update(lanes).where(*mine).values(owner=None, at=None, not_until=not_until)
            )
        return None
    soonest = max(not_until, min(row.not_before or now for row in waiting))
    head = next(row for row in waiting if (row.not_before or now) <= soonest + HOLD)
    at = max(not_until, head.not_before or now)
    priority = min(row.priority for row in waiting if (row.not_before or now) <= at)
    await connection.execute(
        sa.update(lanes)
        .where(*mine)
        .values(owner=None, at=at, priority=priority, not_until=not_until)
    )
    pauses = head.not_before is not None and now < head.not_before and at <= now + HOLD
    return at if pauses and head.method in SENDS else None
