"""Wall time: what a clock on the wall in some zone reads, and the instants at which it does.

A wall time that a zone skips (the clocks go forward) stands for the first minute after the gap.
One that happens twice (the clocks go back) stands for the first time. Instants are aware, in UTC;
minutes are minutes of the day, 0 to 1439, on the wall clock.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

DAY_MINUTES = 24 * 60
MINUTE = timedelta(minutes=1)


class UnknownZone(ValueError):
    """No zone of this name in the tz database."""


@cache
def zone_named(name: str) -> ZoneInfo:
    """The zone of an IANA name such as "Africa/Lagos". Raises UnknownZone."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise UnknownZone(name) from error


def instant(day: date, minute: int, zone: ZoneInfo) -> datetime:
    """When the wall clock of `zone` first reads `minute` on `day`.

    A time inside a gap gives the first minute after it, which may lie on a later day.
    """
    wall = datetime.combine(day, time(minute // 60, minute % 60))
    found = wall.replace(tzinfo=zone).astimezone(UTC)
    if _reads(found, zone) == wall:
        return found
    return _end_of_gap(wall, zone)


def _end_of_gap(wall: datetime, zone: ZoneInfo) -> datetime:
    """The instant at which the clocks jumped over `wall`, found by halving."""
    before = wall.replace(tzinfo=zone, fold=1).astimezone(UTC)
    after = wall.replace(tzinfo=zone, fold=0).astimezone(UTC)
    offset = before.astimezone(zone).utcoffset()
    while after - before > timedelta(seconds=1):
        middle = before + timedelta(seconds=(after - before) // timedelta(seconds=2))
        if middle.astimezone(zone).utcoffset() == offset:
            before = middle
        else:
            after = middle
    return after


def _reads(at: datetime, zone: ZoneInfo) -> datetime:
    return at.astimezone(zone).replace(tzinfo=None, fold=0)


def day_of(at: datetime, zone: ZoneInfo) -> date:
    """The date on the wall calendar of `zone` at an instant."""
    return at.astimezone(zone).date()


def minute_of(at: datetime, zone: ZoneInfo) -> int:
    """The minute of the day that the wall clock of `zone` reads at an instant."""
    wall = at.astimezone(zone)
    return wall.hour * 60 + wall.minute


def day_exists(day: date, zone: ZoneInfo) -> bool:
    """Whether the calendar of `zone` has this day: Samoa had no 30 December 2011."""
    return day_of(instant(day, 0, zone), zone) == day


@dataclass(frozen=True, slots=True)
class QuietHours:
    """The minutes of each day when nothing is sent: from `start` until just before `end`.

    They may run over midnight. `start` equal to `end` means that there are none.
    """

    start: int = 21 * 60 + 30
    end: int = 8 * 60

    def __post_init__(self) -> None:
        """Raise ValueError for what is no minute of the day."""
        if not (0 <= self.start < DAY_MINUTES and 0 <= self.end < DAY_MINUTES):
            raise ValueError("quiet hours are minutes of the day, 0 to 1439")

    def __contains__(self, minute: int) -> bool:
        """Whether this minute of the day is quiet."""
        if self.start <= self.end:
            return self.start <= minute < self.end
        return minute >= self.start or minute < self.end

    def cover(self, at: datetime, zone: ZoneInfo) -> bool:
        """Whether the wall clock of `zone` is in quiet hours at an instant."""
        return minute_of(at, zone) in self

    def next_allowed(self, at: datetime, zone: ZoneInfo) -> datetime:
        """`at` itself outside quiet hours, else the instant at which they end.

        Clocks that go back to before the quiet hours began do not interrupt them.
        """
        while self.cover(at, zone):
            day = day_of(at, zone)
            if minute_of(at, zone) >= self.end:
                day += timedelta(days=1)
            at = _first_from(at, day, self.end, zone)
        return at

    def last_allowed(self, at: datetime, zone: ZoneInfo) -> datetime:
        """`at` itself outside quiet hours, else the last minute before they began."""
        while self.cover(at, zone):
            day = day_of(at, zone)
            if minute_of(at, zone) < self.start:
                day -= timedelta(days=1)
            at = min(at, instant(day, self.start, zone)) - MINUTE
        return at

    def fitted(self, day: date, minute: int, zone: ZoneInfo) -> datetime:
        """The first allowed instant from `minute` on that is still on `day`, else the last before.

        For what belongs to one day: the evening before must not turn into the next morning.
        """
        at = instant(day, minute, zone)
        later = self.next_allowed(at, zone)
        return later if day_of(later, zone) == day else self.last_allowed(at, zone)


def _first_from(at: datetime, day: date, minute: int, zone: ZoneInfo) -> datetime:
    """The first instant from `at` on at which the clock reads `minute` on `day`.

    It can be the second of two: the clocks went back over the end of the quiet hours.
    """
    if (first := instant(day, minute, zone)) >= at:
        return first
    wall = datetime.combine(day, time(minute // 60, minute % 60))
    return max(wall.replace(tzinfo=zone, fold=1).astimezone(UTC), at + MINUTE)
