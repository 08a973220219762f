"""When they will decide, in words: "end of next week", "in 10 days", "they didn't say"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from bot.practice.days import COUNT, MONTHS, WEEK, Day, after, count, mended, take_day
from bot.practice.times_of_day import normal

_FRIDAY = 4
_FEW_DAYS = 5
_UNKNOWN = re.compile(
    r"\b(?:no (?:idea|date|clue|word|timeline|time ?frame|info)|not? (?:sure|said|told|given)"
    r"|(?:did not|didn'?t|haven'?t|have not|hasn'?t|never|wouldn'?t|nobody|no one|not) "
    r"(?:really |yet )?(?:say|said|tell|told|mention(?:ed)?|know|ask(?:ed)?|specif\w+|decided?)"
    r"|(?:don'?t|do not|dunno|didn'?t) (?:know|remember|ask)|unknown|unclear|dunno|idk|soon|asap"
    r"|no|none|nothing|whenever|forgot|not yet)\b|^[?\s.-]+$"
)
_WEEK_END = re.compile(
    r"\b(?:end|close|back end) of (?P<which>the|this|next|the following) week\b"
    r"|\b(?P<late>late(?:r)?|early|mid|middle of|beginning of|start of)?[\s-]*(?:the )?"
    r"(?P<plain>this|next|following) week\b(?! on)"
)
_MONTH_END = re.compile(
    r"\b(?:(?P<part>end|middle|mid|beginning|start|early|late)[\s-]*(?:of |in )?)?(?:the )?"
    rf"(?:(?P<near>this|next|the)? ?month(?:[- ]end)?|(?P<m>{'|'.join(MONTHS)})[a-z]*)(?:'s end)?\b"
)
_RANGE = re.compile(
    rf"\b\w+ ?(?:-|to|or) ?{COUNT} (?P<unit>working day|business day|day|week|month)s?"
)
_WORKING = re.compile(rf"\b(?:in |within )?{COUNT} (?:working|business|work) days?\b")
_HOURS = re.compile(r"\b(?:in |within )?(\d{2,3}) ?(?:hours|hrs|h)\b")


@dataclass(frozen=True, slots=True)
class Deadline:
    """The last day on which they mean to decide; None when they did not say."""

    day: date | None


def read_deadline(text: str, today: date) -> Deadline | None:
    """The day by which they decide, as said on `today`; None when the words are not understood.

    Where words leave room ("next week", "2-3 weeks") it is the last day that they allow, so that
    nobody asks too early. A day that is over is not understood.
    """
    flat = mended(normal(text))
    if not flat:
        return None
    day = _day(flat, today)
    if day is not None:
        return Deadline(day) if day >= today else None
    return Deadline(None) if _UNKNOWN.search(flat) else None


def _day(text: str, today: date) -> date | None:
    if match := _RANGE.search(text):
        unit = match["unit"].split()
        if len(unit) == 2:
            return _working(today, count(match["n"]))
        return after(today, count(match["n"]), unit[0])
    if match := _WORKING.search(text):
        return _working(today, count(match["n"]))
    if re.search(r"\b(?:a )?(?:few|couple(?: of)?) days\b", text):
        return today + timedelta(days=_FEW_DAYS)
    if match := _HOURS.search(text):
        return today + timedelta(days=-(-int(match[1]) // 24))
    found, rest = take_day(text, today)
    if found is not None:
        other, _ = take_day(rest, today) if " or " in f" {rest} " else (None, "")
        return max(_latest(each, today) for each in (found, other) if each)
    if match := _WEEK_END.search(text):
        return _in_week(match, today)
    if re.search(r"\b(?:a|one) week\b|\bweek from (?:now|today)\b", text):
        return today + WEEK
    if match := _MONTH_END.search(text):
        return _in_month(match, today)
    return None


def _latest(found: Day, today: date) -> date:
    """The day as read; of two readings the first that is still to come."""
    return next((day for day in (found.day, *found.others) if day >= today), found.day)


def _in_week(match: re.Match[str], today: date) -> date:
    """The Friday of that week, or the day that "early" and "mid" leave room for."""
    which = match["which"] or match["plain"]
    monday = today - timedelta(days=today.weekday())
    if which in {"next", "following", "the following"}:
        monday += WEEK
    elif today.weekday() > _FRIDAY:
        monday += WEEK  # "the end of the week", said at the weekend
    early = {"early": 1, "beginning of": 1, "start of": 1, "mid": 2, "middle of": 2}
    day = monday + timedelta(days=early.get(match["late"] or "", _FRIDAY))
    return day if day >= today else monday + timedelta(days=_FRIDAY)


def _in_month(match: re.Match[str], today: date) -> date | None:
    """The last day of the part of the month that is named; None for a month in passing ("may")."""
    part, named = match["part"] or "", match["m"]
    if named == "may" and not part and "in may" not in match.string:
        return None
    first = today.replace(day=1)
    if named:
        month = MONTHS.index(named) + 1
        first = first.replace(year=today.year + (month < today.month), month=month)
    elif match["near"] == "next":
        first = after(first, 1, "month")
    if part in {"mid", "middle"}:
        return first.replace(day=15)
    if part in {"early", "beginning", "start"}:
        return first.replace(day=7)
    return after(first, 1, "month") - timedelta(days=1)


def _working(today: date, days: int) -> date:
    day = today
    while days > 0 and day - today < timedelta(days=730):
        day += timedelta(days=1)
        days -= day.weekday() <= _FRIDAY
    return day
