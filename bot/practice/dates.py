"""Dates in words, as typed on a phone: "next Tue 3pm", "14.12. 15:00", "in two weeks, Thursday".

A reading is never final: it is read back and confirmed. Where words can mean two days, both are
given; where a day or a time is missing, that is said, and not made up. The English of dates is
read here, because `dateparser` takes "tomorrow at 9" for ten o'clock and "14 Dec, 1500" for a year;
it helps with dates in other languages.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.practice.days import (
    COUNT,
    DAYS,
    MONTHS,
    WEEK,
    Day,
    Doubt,
    count,
    mended,
    take_day,
    without,
)
from bot.practice.places import named_zone
from bot.practice.times_of_day import normal, take_bare_hour, take_hour, take_length

MOST_WORDS_LEFT = 8
FARTHEST = timedelta(days=730)
LANGUAGES = ["de", "fr", "es", "it", "pt", "nl", "pl"]
_AROUND_A_TIME = frozenset({"at", "on", "it", "is", "its", "starts", "the", "time"})
_SOON = re.compile(rf"\bin {COUNT} (?P<unit>hour|hr|minute|min)s?\b")
_OWN_CLOCK = re.compile(r"\b(?:my|local|our|same) time\b")
_DATEY = re.compile(
    rf"\d|\b(?:{'|'.join(DAYS)})(?:day)?\b|\b(?:{'|'.join(m for m in MONTHS if m != 'may')})\b"
    r"|\b(?:today|tomorrow|next|last|week|weekend|month|not|or)\b"
)
_OTHER_CLOCK = re.compile(
    r"(?<=[\dmhn.])\s?\(?\b(?P<zone>[a-z]{2,4})\b\)?|(?P<city>[^\d,]+) time\b"
)
_ENGLISH = re.compile(r"\b(?:the|or|not|week|month|day|next|people|i|we|you|at|on)\b")


@dataclass(frozen=True, slots=True)
class Reading:
    """A date and time as understood, to be read back.

    `start` and `alternatives` are naive wall times in `zone`, at 00:00 without a time. Without
    `has_date` only a time was given, and `start` is its next occurrence. `minutes` is the length,
    where one was said. `said_zone` is the other clock that was named ("3pm CET"); the times are
    already those of `zone`.
    """

    start: datetime
    zone: str
    has_date: bool
    has_time: bool
    past: bool
    alternatives: tuple[datetime, ...] = ()
    why: Doubt = Doubt.NONE
    minutes: int | None = None
    said_zone: str | None = None


def read_when(text: str, now: datetime, zone: str) -> Reading | None:
    """The date and time in `text`, for someone in `zone` at `now` (aware); None when there is none.

    Words that contradict each other ("Tuesday or Wednesday") are not understood, rather than half.
    """
    here = now.astimezone(ZoneInfo(zone)).replace(tzinfo=None, second=0, microsecond=0)
    flat = mended(normal(text))
    if not flat:
        return None
    if soon := _SOON.fullmatch(flat):
        amount = count(soon["n"]) * (60 if soon["unit"].startswith("h") else 1)
        then = (now + timedelta(minutes=amount)).astimezone(ZoneInfo(zone))
        start = then.replace(tzinfo=None, second=0, microsecond=0)
        return Reading(start, zone, has_date=True, has_time=True, past=False)
    other, rest = _take_zone(flat)
    minutes, rest = take_length(rest)
    hour, rest = take_hour(rest)
    day, rest = take_day(rest, here.date(), month_first=_month_first(zone), timed=hour is not None)
    if hour is None:
        hour, rest = take_bare_hour(rest, flat)
    left = re.sub(r"[^\w\s]", " ", rest).split()
    if (day is None and hour is None) or _DATEY.search(rest) or len(left) > MOST_WORDS_LEFT:
        return _in_another_language(flat, here, zone)
    if day is None and set(left) - _AROUND_A_TIME:
        return _in_another_language(flat, here, zone)  # a time beside words that are no day
    reading = _reading(day, hour, here, zone)
    reading = replace(reading, minutes=minutes)
    return _moved(reading, other, here) if other and hour else reading


def _take_zone(text: str) -> tuple[str | None, str]:
    """Another clock that the text names, as a zone; and the text without it."""
    text = _OWN_CLOCK.sub(" ", text)
    for match in _OTHER_CLOCK.finditer(text):
        said = match["zone"] or " ".join(match["city"].split()[-2:])
        for name in (said, said.split()[-1]):
            if zone := named_zone(name, with_cities=match["city"] is not None):
                rest = text.replace(f"{name} time", " ") if match["city"] else without(text, match)
                return zone, rest
    return None, text


def _month_first(zone: str) -> bool:
    """Whether people there write 12/14 for 14 December: the United States."""
    east = {"New_York", "Detroit", "Chicago", "Denver", "Boise", "Phoenix", "Los_Angeles", "Juneau"}
    west = {"Anchorage", "Menominee", "Indianapolis", "Louisville"}
    parts = zone.split("/")
    return zone == "Pacific/Honolulu" or (
        parts[0] == "America" and bool(set(parts) & (east | west))
    )


def _reading(day: Day | None, hour: time | None, here: datetime, zone: str) -> Reading:
    """Day and hour as one moment, with every other moment that the words may mean."""
    at = hour or time(0)
    if day is None:
        first = datetime.combine(here.date(), at)
        day = Day(here.date() if first > here else here.date() + timedelta(days=1))
        has_date = False
    else:
        has_date = True
        if day.why is Doubt.WHICH_WEEK and day.day == here.date() and hour:
            # "Friday 9am", said on a Friday at noon, is the next one; at eight it is today.
            over = datetime.combine(day.day, at) <= here
            day = Day(day.others[0]) if over else day
    start = datetime.combine(day.day, at)
    others = [datetime.combine(each, at) for each in day.others]
    why = day.why
    past = start < here if hour else start.date() < here.date()
    return Reading(start, zone, has_date, hour is not None, past, tuple(others), why)


def _moved(reading: Reading, other: str, here: datetime) -> Reading:
    """A reading on another clock, on the candidate's own."""

    def moved(moment: datetime) -> datetime:
        there = moment.replace(tzinfo=ZoneInfo(other))
        return there.astimezone(ZoneInfo(reading.zone)).replace(tzinfo=None)

    start = moved(reading.start)
    return replace(
        reading,
        start=start,
        alternatives=tuple(moved(each) for each in reading.alternatives),
        past=start < here,
        said_zone=other,
    )


def _in_another_language(text: str, here: datetime, zone: str) -> Reading | None:
    """A short date in another language that `dateparser` knows, in full or not at all."""
    hour, rest = take_hour(text)
    if len(text.split()) > 6 or not re.search(r"[^\W\d]", rest) or _ENGLISH.search(rest):
        return None
    day = _library_day(rest, here)
    return _reading(Day(day), hour, here, zone) if day else None


def _library_day(text: str, here: datetime) -> date | None:
    """The day as `dateparser` has it; its times are not trusted, nor a month without a day."""
    import dateparser  # type: ignore[import-untyped]

    settings = {"PREFER_DATES_FROM": "future", "RELATIVE_BASE": here}
    strict = {**settings, "REQUIRE_PARTS": ["day"]}
    found = dateparser.parse(text, languages=LANGUAGES, settings=strict)
    if found is not None:
        day: date = found.date()
        return day if abs(day - here.date()) < FARTHEST else None
    near = dateparser.parse(text, languages=LANGUAGES, settings=settings)
    soon: date | None = near.date() if near is not None else None
    return soon if soon and here.date() < soon <= here.date() + WEEK else None
