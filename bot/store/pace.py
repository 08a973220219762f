"""The bot's pace: how many calls it may make now, counted once for all replicas.

No second ever holds more calls than the pace allows, and no tenth of a second more than a few: an
idle bot answers at once, and a backlog leaves evenly. So only a few calls are on their way at any
instant, and if the process is killed just then, only these are made again by the next one.

On PostgreSQL the calls of the last second are kept in one row, which a claim locks, reads and
writes in its own transaction. On SQLite there is one process, which remembers them.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa

from bot.store.records import Pace, Priority
from bot.store.tables import pace as paces

FEW = 4  # calls in a tenth of a second, and more where the pace is faster than forty
LONGEST_QUIET = timedelta(minutes=15)

_BOT = paces.c.name == "bot"
_HELD = sa.select(paces.c.calls, paces.c.quiet_until).where(_BOT).with_for_update()
_SPEND = sa.update(paces).where(_BOT).values(calls=sa.bindparam("new_calls", type_=sa.JSON))

Calls = Sequence[tuple[int, int]]
"""The latest calls, oldest first: when (milliseconds since 1970), and their Priority."""


@dataclass(frozen=True, slots=True)
class Spent:
    """The calls that were made lately, and until when Telegram wants none."""

    calls: Calls = ()
    quiet_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Room:
    """How many calls of each priority may be made now, and when there is room for one more."""

    calls: Mapping[Priority, int]
    at: Mapping[Priority, datetime]

    @staticmethod
    def without_limit(now: datetime, limit: int) -> Room:
        """Room for `limit` calls, whatever was made before."""
        return Room(dict.fromkeys(Priority, limit), dict.fromkeys(Priority, now))


def room(spent: Spent, pace: Pace, now: datetime) -> Room:
    """What the pace leaves now."""
    quiet_until = spent.quiet_until
    if quiet_until is not None and now < quiet_until <= now + LONGEST_QUIET:
        return Room(dict.fromkeys(Priority, 0), dict.fromkeys(Priority, quiet_until))
    latest = _latest(spent.calls, now)
    nudges = [call for call in latest if call[1] == Priority.NUDGE]
    any_left, any_at = _left(latest, pace.calls, now)
    nudges_left, nudges_at = _left(nudges, pace.nudges, now)
    return Room(
        {Priority.REPLY: any_left, Priority.NUDGE: min(any_left, nudges_left)},
        {Priority.REPLY: any_at, Priority.NUDGE: max(any_at, nudges_at)},
    )


def spend(spent: Spent, made: Sequence[Priority], now: datetime) -> Spent:
    """What was spent once the calls `made` now are counted."""
    this = _milliseconds(now)
    calls = [*_latest(spent.calls, now), *((this, int(priority)) for priority in made)]
    return Spent(sorted(calls), spent.quiet_until)


def quiet(spent: Spent, until: datetime) -> Spent:
    """What was spent, with no calls before `until`; a shorter wait takes nothing back."""
    return Spent(spent.calls, max(until, spent.quiet_until or until))


# The row that replicas share


def read(connection: sa.Connection) -> Spent:
    """What all replicas have spent. Their claims wait until this transaction ends."""
    row = connection.execute(_HELD).one()
    return Spent([(at, priority) for at, priority in row.calls], row.quiet_until)


def write_calls(connection: sa.Connection, spent: Spent) -> None:
    """Have all replicas know the latest calls."""
    connection.execute(_SPEND, {"new_calls": spent.calls})


def keep_quiet(connection: sa.Connection, until: datetime) -> None:
    """Have no replica claim anything before `until`."""
    later = paces.c.quiet_until.is_(None) | (paces.c.quiet_until < until)
    connection.execute(sa.update(paces).where(_BOT, later).values(quiet_until=until))


# Counting


def _latest(calls: Calls, now: datetime) -> Calls:
    """The calls of the last second; one "from the future" is of a clock that was put right."""
    this = _milliseconds(now)
    first = bisect_right(calls, this - 1000, key=_when)
    return calls[first : bisect_left(calls, this + 1000, key=_when)]


def _left(calls: Calls, most: int, now: datetime) -> tuple[int, datetime]:
    """How many more calls fit beside those of the last second, and when one more does."""
    few = max(FEW, -(-most // 10))
    in_second, when = _fits(calls, most, now, 1000)
    in_tenth, then = _fits(calls, few, now, 100)
    return min(in_second, in_tenth), max(when, then)


def _fits(calls: Calls, most: int, now: datetime, window: int) -> tuple[int, datetime]:
    first = bisect_right(calls, _milliseconds(now) - window, key=_when)
    left = most - (len(calls) - first)
    if left > 0:
        return left, now
    return 0, datetime.fromtimestamp((calls[-most][0] + window) / 1000, UTC)


def _when(call: tuple[int, int]) -> int:
    return call[0]


def _milliseconds(moment: datetime) -> int:
    return round(moment.timestamp() * 1000)
