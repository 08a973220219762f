"""Days in words: "14.12.", "the 4th of December", "next Tue", "Thursday week", "in ten days"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from difflib import get_close_matches
from enum import StrEnum

from bot.practice.times_of_day import NUMBERS

JUST_PAST = timedelta(days=60)  # a day so recent was meant, rather than the same day next year
WEEK = timedelta(days=7)
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_SPELLED = (
    *("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "tomorrow"),
    *("january", "february", "august", "september", "october", "november", "december"),
)
_DAY = r"(?P<day>mon|tues?|wed(?:nes|s)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?s?\b\.?"
_MONTH = (
    r"(?P<m>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b\.?"
)
_YEAR = r"(?:,?\s?(?P<y>20\d\d)\b(?!\s?h))?"
_ISO = re.compile(r"\b(?P<y>20\d\d)[-/.](?P<b>\d{1,2})[-/.](?P<a>\d{1,2})(?!\d)")
_NUMERIC = re.compile(
    r"(?<![\d:.])(?P<a>\d{1,2})\s?(?P<sep>[./-])\s?(?P<b>\d{1,2})"
    r"(?:(?P=sep)\s?(?P<y>20\d\d|\d\d(?!:|\.?\d))|(?P<dot>\.(?!\d))|(?![\d:]))"
)
_NAMED = (
    re.compile(rf"\b(?:the )?(?P<d>\d{{1,2}})(?:st|nd|rd|th|\.)?\s?(?:of )?{_MONTH}{_YEAR}"),
    re.compile(
        rf"\b{_MONTH}\s?(?:the )?(?P<d>\d{{1,2}})(?:st|nd|rd|th)?\b"
        rf"(?!\s?(?:[:h]|[ap]\.?m\b)|\.\d){_YEAR}"
    ),
)
_NTH = re.compile(r"\b(?:the )?(?P<d>\d{1,2})(?:st|nd|rd|th)\b")
COUNT = rf"(?P<n>\d{{1,3}}|{'|'.join(sorted(NUMBERS, key=len, reverse=True))})"
_IN = re.compile(rf"\b(?:in |within )?{COUNT} (?P<unit>day|week|month)s?'?(?: time| from now)?\b")
_NEAR = {
    "day after tomorrow": 2,
    "overmorrow": 2,
    "tomorrow": 1,
    "tmrw": 1,
    "tmr": 1,
    "tmw": 1,
    "2moro": 1,
    "today": 0,
    "tonight": 0,
    "this morning": 0,
    "this afternoon": 0,
    "this evening": 0,
    "yesterday": -1,
}
WEEKDAYS = (
    ("later", re.compile(rf"\b(?:a|1|one) week (?:on |from |this )?{_DAY}")),
    ("later", re.compile(rf"\b{_DAY} week\b")),
    ("weeks", re.compile(rf"\b(?:in )?{COUNT} weeks?'?(?: time)?,? (?:on )?(?:a |the )?{_DAY}")),
    ("weeks", re.compile(rf"\b{_DAY},? in {COUNT} weeks?'?(?: time)?\b")),
    ("next week", re.compile(rf"\bnext week,? (?:on )?{_DAY}")),
    ("next week", re.compile(rf"\b{_DAY},? (?:of )?next week\b")),
    ("next", re.compile(rf"\bnext {_DAY}")),
    ("last", re.compile(rf"\blast {_DAY}")),
    ("this", re.compile(rf"\b(?:(?:this|coming|on) )*{_DAY}")),
)


class Doubt(StrEnum):
    """Why a reading has alternatives."""

    NONE = ""
    DAY_OR_MONTH = "day_or_month"
    WHICH_WEEK = "which_week"
    WEEKDAY_DIFFERS = "weekday_differs"
    WHICH_YEAR = "which_year"


@dataclass(frozen=True, slots=True)
class Day:
    """A day as read, with the other days that the words may mean."""

    day: date
    others: tuple[date, ...] = ()
    why: Doubt = Doubt.NONE


def mended(text: str) -> str:
    """The text with misspelt days and months put right, and an ISO "T" taken out."""
    text = re.sub(r"(\d)t(\d\d:)", r"\1 \2", text).replace("fortnight", "2 weeks")
    text = text.replace("a 2 weeks", "2 weeks")

    def word(match: re.Match[str]) -> str:
        near = get_close_matches(match[0], _SPELLED, 1, 0.83)
        return near[0] if near else match[0]

    return re.sub(r"\b[a-z]{5,11}\b", word, text)


def take_day(
    text: str, today: date, *, month_first: bool = False, timed: bool = False
) -> tuple[Day | None, str]:
    """The day that the text names, and the text without it; `timed` when it also names a time."""
    for take in (_take_numeric, _take_named, _take_nth):
        day, rest = take(text, today, month_first, timed)
        if day is not None:
            return _checked(day, rest)
    for step, pattern in WEEKDAYS:
        if match := pattern.search(text):
            return _on_weekday(match, step, today), without(text, match)
    for words, days in _NEAR.items():
        if match := re.search(rf"\b(?:the )?{words}\b", text):
            return Day(today + timedelta(days)), without(text, match)
    if match := _IN.search(text):
        return Day(after(today, count(match["n"]), match["unit"])), without(text, match)
    return None, text


def _take_numeric(text: str, today: date, month_first: bool, timed: bool) -> tuple[Day | None, str]:
    match = _ISO.search(text) or _NUMERIC.search(text)
    if match is None:
        return None, text
    said = match.groupdict()
    first, second, year = int(match["a"]), int(match["b"]), said["y"]
    if said.get("sep") == "-" and not year:
        return None, text
    sure = bool(year or said.get("dot") or timed or said.get("sep") == "/")
    if not sure and (re.search(r"\bat\s*$", text[: match.start()]) or _has_day(text)):
        return None, text  # "at 9.10", "Friday 9.10": a time
    plain = _on(year, second, first, today)
    if "sep" not in said or said["sep"] != "/":
        return plain, without(text, match)
    swapped = _on(year, first, second, today)
    one, two = (swapped, plain) if month_first else (plain, swapped)
    if one is None or two is None or one.day == two.day:
        return one or two, without(text, match)
    return Day(one.day, (two.day,), Doubt.DAY_OR_MONTH), without(text, match)


def _take_named(text: str, today: date, _first: bool, _timed: bool) -> tuple[Day | None, str]:
    for pattern in _NAMED:
        if match := pattern.search(text):
            month = MONTHS.index(match["m"][:3]) + 1
            return _on(match["y"], month, int(match["d"]), today), without(text, match)
    return None, text


def _take_nth(text: str, today: date, _first: bool, _timed: bool) -> tuple[Day | None, str]:
    match = _NTH.search(text)
    if match is None:
        return None, text
    for months in range(3):
        month = (today.month - 1 + months) % 12 + 1
        year = today.year + (today.month - 1 + months) // 12
        day = _date(year, month, int(match["d"]))
        if day and day >= today:
            return Day(day), without(text, match)
    return None, text


def _on(year: str | None, month: int, day: int, today: date) -> Day | None:
    """That day; without a year the next one, or the last if that was only just."""
    if year:
        found = _date(int(year) % 100 + 2000, month, day)
        return Day(found) if found else None
    days = [_date(today.year + step, month, day) for step in range(-1, 6)]
    likely = [each for each in days if each and each >= today - JUST_PAST]
    if not likely:
        return None
    doubt = likely[0] < today and len(likely) > 1
    return Day(likely[0], (likely[1],), Doubt.WHICH_YEAR) if doubt else Day(likely[0])


def _checked(day: Day, rest: str) -> tuple[Day, str]:
    """The day held against a weekday that stands beside it."""
    match = WEEKDAYS[-1][1].search(rest)
    if match is None:
        return day, rest
    wanted = weekday(match)
    fitting = [each for each in (day.day, *day.others) if each.weekday() == wanted]
    if fitting:
        return Day(fitting[0]), without(rest, match)
    gap = (wanted - day.day.weekday() + 3) % 7 - 3
    near = day.day + timedelta(days=gap)
    return Day(day.day, (near,), Doubt.WEEKDAY_DIFFERS), without(rest, match)


def weekday(match: re.Match[str]) -> int:
    """The weekday that was matched, Monday is 0."""
    return DAYS.index(match["day"][:3])


def _on_weekday(match: re.Match[str], step: str, today: date) -> Day:
    wanted = weekday(match)
    nearest = today + timedelta(days=(wanted - today.weekday()) % 7)
    monday = today - timedelta(days=today.weekday())
    of_next_week = monday + WEEK + timedelta(days=wanted)
    match step:
        case "later":
            return Day((nearest if nearest > today else nearest + WEEK) + WEEK)
        case "weeks":
            around = today + count(match["n"]) * WEEK
            on_or_after = around + timedelta(days=(wanted - around.weekday()) % 7)
            before = on_or_after - WEEK
            near, far = sorted((on_or_after, before), key=lambda day: abs(day - around))
            return Day(near, (far,), Doubt.WHICH_WEEK) if near != around else Day(near)
        case "next week":
            return Day(of_next_week)
        case "next":
            soonest = nearest if nearest > today else nearest + WEEK
            other = soonest if of_next_week != soonest else soonest + WEEK
            return Day(of_next_week, (other,), Doubt.WHICH_WEEK)
        case "last":
            return Day(nearest - WEEK)
        case _:
            return (
                Day(nearest, (nearest + WEEK,), Doubt.WHICH_WEEK)
                if nearest == today
                else Day(nearest)
            )


def _has_day(text: str) -> bool:
    return bool(WEEKDAYS[-1][1].search(text) or any(pattern.search(text) for pattern in _NAMED))


def count(word: str) -> int:
    """The number that a word or digits stand for."""
    return int(word) if word.isdigit() else NUMBERS[word]


def after(today: date, amount: int, unit: str) -> date:
    """The day so many days, weeks or months from today; the last of a month that is too short."""
    if unit != "month":
        return today + timedelta(days=min(amount, 730) * (7 if unit == "week" else 1))
    months = today.month - 1 + min(amount, 24)
    for day in range(today.day, 0, -1):
        if found := _date(today.year + months // 12, months % 12 + 1, day):
            return found
    raise AssertionError("every month has a first day")


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def without(text: str, match: re.Match[str]) -> str:
    """The text without what was matched."""
    return " ".join(f"{text[: match.start()]} {text[match.end() :]}".split()).strip(" ,;")
