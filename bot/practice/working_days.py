"""Working days: Monday to Friday.

Public holidays are unknown here, and so are countries that rest on other days: a check-in may fall
on a holiday, and *snooze* moves it.
"""

from __future__ import annotations

from datetime import date, timedelta

_SATURDAY = 5
_DAY = timedelta(days=1)


def is_working(day: date) -> bool:
    """Whether people are at work on this day."""
    return day.weekday() < _SATURDAY


def working_from(day: date) -> date:
    """The day itself if it is a working day, else the next that is one."""
    while not is_working(day):
        day += _DAY
    return day


def working_after(day: date, days: int = 1) -> date:
    """The working day that comes `days` working days after this one."""
    for _ in range(days):
        day = working_from(day + _DAY)
    return day
