"""Clocks to test against: every zone of the tz database, walked minute by minute."""

from __future__ import annotations

import zoneinfo
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache

FIRST, LAST = date(2024, 1, 1), date(2029, 1, 1)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def at(text: str) -> datetime:
    """The instant "2026-03-29 08:30", in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def there(text: str, zone: str) -> datetime:
    """The instant when the clocks of `zone` read this, the first time."""
    return datetime.fromisoformat(text).replace(tzinfo=zoneinfo.ZoneInfo(zone)).astimezone(UTC)


@dataclass(frozen=True)
class Change:
    """The clocks of a zone change at an instant."""

    zone: str
    at: datetime


@cache
def zones() -> tuple[str, ...]:
    """All zones of the tz database, by name."""
    return tuple(sorted(zoneinfo.available_timezones() - {"localtime"}))


@cache
def changes() -> tuple[Change, ...]:
    """Every change of the clocks in five years, once for all zones that agree on it."""
    midnights = [datetime(FIRST.year, 1, 1, tzinfo=UTC) + day * DAY for day in range(5 * 366)]
    found: dict[tuple[datetime, timedelta | None, timedelta | None], Change] = {}
    for name in zones():
        zone = zoneinfo.ZoneInfo(name)
        offsets = [midnight.astimezone(zone).utcoffset() for midnight in midnights]
        for index in range(1, len(midnights)):
            if (pair := (offsets[index - 1], offsets[index]))[0] != pair[1]:
                change = _changed(zone, midnights[index - 1], midnights[index])
                found.setdefault((change, *pair), Change(name, change))
    return tuple(found.values())


def _changed(zone: zoneinfo.ZoneInfo, low: datetime, high: datetime) -> datetime:
    """The minute between these two at which the clocks change, once."""
    while high - low > MINUTE:
        middle = low + (high - low) // 2 // MINUTE * MINUTE
        same = middle.astimezone(zone).utcoffset() == low.astimezone(zone).utcoffset()
        low, high = (middle, high) if same else (low, middle)
    return high


class Walked:
    """What the clocks of a zone read at every minute around an instant: slow, beyond doubt."""

    def __init__(self, zone: str, around: datetime, hours: int = 8) -> None:
        there = zoneinfo.ZoneInfo(zone)
        self.instants = [around + minute * MINUTE for minute in range(-60 * hours, 60 * hours)]
        self.readings = [
            each.astimezone(there).replace(tzinfo=None, fold=0) for each in self.instants
        ]
        self._first: dict[datetime, datetime] = {}
        self._gap: tuple[datetime, datetime, datetime] | None = None
        for index, reading in enumerate(self.readings):
            self._first.setdefault(reading, self.instants[index])
            if index and reading > self.readings[index - 1] + MINUTE:
                self._gap = (self.readings[index - 1], reading, self.instants[index])

    def expected(self, wall: datetime) -> datetime:
        """When this wall time first comes; the first minute after the gap if it is skipped."""
        if wall in self._first:
            return self._first[wall]
        assert self._gap is not None, f"{wall} was not walked"
        before, after, instant = self._gap
        assert before < wall < after, f"{wall} was not walked"
        return instant
