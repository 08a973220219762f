"""A month and a day as buttons: a tap instead of typing a date."""

from __future__ import annotations

import calendar
from datetime import date, timedelta

from bot.chat.buttons import Row

MONTHS_AHEAD = 12
CENTURIES = ("20", "21")
FIRST_HALF_HOUR, LAST_HALF_HOUR = 16, 35  # 08:00 and 17:30
A_ROW = 4
_NOTHING = "·"


def month_rows(area: str, month: date, today: date) -> list[Row]:
    """The days of a month, a week in a row; days that are over do nothing.

    Data: `x:d:20261124` a day, `x:m:202612` another month, `x:x` nothing.
    """
    month = min(max(month.replace(day=1), today.replace(day=1)), _last(today))
    blank = (_NOTHING, f"{area}:x")
    rows: list[Row] = [tuple((name[:1], f"{area}:x") for name in calendar.day_abbr)]
    for week in calendar.Calendar().monthdatescalendar(month.year, month.month):
        if week[-1] < today:
            continue
        rows.append(
            tuple(
                (str(day.day), f"{area}:d:{day:%Y%m%d}")
                if day.month == month.month and day >= today
                else blank
                for day in week
            )
        )
    before, after = month - timedelta(days=1), month + timedelta(days=31)
    back = ("←", f"{area}:m:{before:%Y%m}") if month > today.replace(day=1) else blank
    on = ("→", f"{area}:m:{after:%Y%m}") if month < _last(today) else blank
    rows.append((back, (f"{month:%b %Y}", f"{area}:x"), on))
    return rows


def time_rows(area: str) -> list[Row]:
    """The half hours in which people meet. Data: `x:t:1430`."""
    halves = range(FIRST_HALF_HOUR, LAST_HALF_HOUR + 1)
    times = [f"{half // 2:02}:{half % 2 * 30:02}" for half in halves]
    buttons = [(each, f"{area}:t:{each.replace(':', '')}") for each in times]
    return [tuple(buttons[at : at + A_ROW]) for at in range(0, len(buttons), A_ROW)]


def parse_day(text: str) -> date | None:
    """The day that `20261124` names; None for one that no button of ours shows, such as in 9999."""
    if len(text) != 8 or not (text.isascii() and text.isdigit()):
        return None
    if not text.startswith(CENTURIES):
        return None  # nothing could be counted on from the last days that Python knows
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:]))
    except ValueError:
        return None


def parse_month(text: str) -> date | None:
    """The first day of the month that `202612` names."""
    return parse_day(f"{text}01")


def parse_minute(text: str) -> int | None:
    """The minute of the day that `1430` names."""
    if len(text) != 4 or not (text.isascii() and text.isdigit()):
        return None
    hour, minute = int(text[:2]), int(text[2:])
    return hour * 60 + minute if hour < 24 and minute < 60 else None


def _last(today: date) -> date:
    """The last month that is shown."""
    months = today.year * 12 + today.month - 1 + MONTHS_AHEAD
    return date(months // 12, months % 12 + 1, 1)
