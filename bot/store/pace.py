"""The bot's pace: how many calls it may make now, counted once for all replicas.

The calls of the last second are kept in one row, which a claim locks, reads and writes in its own
transaction: no second ever holds more of them than the pace allows, however many replicas claim.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.records import Pace, Priority
from bot.store.tables import pace as paces

SECOND = timedelta(seconds=1)
_BOT = paces.c.name == "bot"

Calls = Sequence[tuple[int, int]]
"""The latest calls, oldest first: when (milliseconds since 1970), and their Priority."""


@dataclass(frozen=True, slots=True)
class Room:
    """How many calls of each priority may be made now, and when there is room for one more."""

    calls: Mapping[Priority, int]
    at: Mapping[Priority, datetime]
    latest: Calls = ()

    @staticmethod
    def without_limit(now: datetime, limit: int) -> Room:
        """Room for `limit` calls, whatever was made before."""
        return Room(dict.fromkeys(Priority, limit), dict.fromkeys(Priority, now))


async def room(connection: AsyncConnection, pace: Pace, now: datetime) -> Room:
    """What the pace leaves now. Other claims wait until this transaction ends."""
    held = sa.select(paces.c.calls, paces.c.quiet_until).where(_BOT).with_for_update()
    row = (await connection.execute(held)).one()
    this = _milliseconds(now)
    # A call "from the future" was written by a clock that has been put right since.
    latest = [(at, priority) for at, priority in row.calls if abs(this - at) < 1000]
    quiet_until = row.quiet_until or now
    if quiet_until > now:
        nothing, later = dict.fromkeys(Priority, 0), dict.fromkeys(Priority, quiet_until)
        return Room(nothing, later, latest)
    nudges = [call for call in latest if call[1] == Priority.NUDGE]
    any_left, any_at = _left(latest, pace.calls, now)
    nudges_left, nudges_at = _left(nudges, pace.nudges, now)
    return Room(
        {Priority.REPLY: any_left, Priority.NUDGE: min(any_left, nudges_left)},
        {Priority.REPLY: any_at, Priority.NUDGE: max(any_at, nudges_at)},
        latest,
    )


async def spend(
    connection: AsyncConnection, before: Room, made: Sequence[Priority], now: datetime
) -> None:
    """Note the calls that are made now."""
    latest = [*before.latest, *((_milliseconds(now), int(priority)) for priority in made)]
    await connection.execute(sa.update(paces).where(_BOT).values(calls=sorted(latest)))


async def keep_quiet(connection: AsyncConnection, until: datetime) -> None:
    """Let nobody claim anything before `until`."""
    later = paces.c.quiet_until.is_(None) | (paces.c.quiet_until < until)
    await connection.execute(sa.update(paces).where(_BOT, later).values(quiet_until=until))


def _left(calls: Calls, most: int, now: datetime) -> tuple[int, datetime]:
    """How many more calls fit beside those of the last second, and when one more does."""
    left = most - len(calls)
    if left > 0:
        return left, now
    leaves = datetime.fromtimestamp(calls[-most][0] / 1000, UTC)
    return 0, leaves + SECOND


def _milliseconds(moment: datetime) -> int:
    return round(moment.timestamp() * 1000)
