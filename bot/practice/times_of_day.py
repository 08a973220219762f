"""Times of day and lengths in words: "3pm", "half past ten", "15h", "2-3.30pm", "45 min"."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from datetime import time

LONGEST = 200  # characters; what is longer is no date
DEFAULT_MINUTES = 60
HALF_DAY, WHOLE_DAY = 240, 480
MOST_MINUTES = 12 * 60
NUMBERS = {
    "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7,
    "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "fifteen": 15, "twenty": 20,
    "thirty": 30, "forty": 40, "forty-five": 45, "fifty": 50, "sixty": 60, "ninety": 90,
    "couple of": 2, "a couple of": 2, "few": 3, "a few": 3,
}  # fmt: skip
_HOUR_WORD = "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve"
_HOUR = rf"(?P<h>[01]?\d|2[0-4]|{_HOUR_WORD})"
_HALF = (
    r"\s*(?P<half>[ap])\.?\s?m\b\.?|\s*(?:in the |at )?(?P<of>morning|afternoon|evening|night)\b"
)
_SAID = (
    rf"\b(?P<frac>half|quarter|five|ten|twenty(?:-five)?)\s(?:past|after|to)\s{_HOUR}(?:{_HALF})?",
    rf"\bhalf\s(?P<british>(?:{_HOUR_WORD})\b|(?:1[0-2]|[1-9])(?![\d:/]|\.\d))(?:{_HALF})?",
    r"\b(?P<word>noon|midday|midnight)\b",
    rf"\b{_HOUR}(?::|\s?h\s?|\.(?=\d\d\s?[ap]\.?\s?m))(?P<m>[0-5]\d)(?::[0-5]\d)?(?!\d)(?:{_HALF})?",
    rf"\b{_HOUR}\s?(?:o'?\s?clock|uhr)(?:{_HALF})?",
    rf"\b{_HOUR}(?:\s*[ap]\.?\s?m\b\.?|\s*in the (?:morning|afternoon|evening)\b)",
    r"\b(?P<h4>[01]\d|2[0-3])(?P<m4>[0-5]\d)\s?(?:h|hrs?|hours)\b",
    r"\b(?P<h>[01]?\d|2[0-4])\s?(?:h|hrs)\b(?!\s?\d)",
)
_SAID_ANYHOW = tuple(re.compile(pattern) for pattern in _SAID)
# What is a time only where a date has been taken out, or after "at".
_BARE = tuple(
    re.compile(pattern)
    for pattern in (
        rf"\b(?:at|@|from|around|about)\s+{_HOUR}(?:[.:](?P<m>[0-5]\d))?\b(?:{_HALF})?",
        r"^[\s,;:.]*(?P<h>[01]?\d|2[0-3])[.:](?P<m>[0-5]\d)[\s,;.!?]*$",
        r"^[\s,;:.]*(?P<h4>[01]\d|2[0-3])(?P<m4>[0-5]\d)[\s,;.!?]*$",
        rf"^[\s,;:.]*{_HOUR}[\s,;.!?]*$",
    )
)
_EVENING = re.compile(r"\b(?:tonight|this evening|in the evening|evening|at night)\b")
_MORNING = re.compile(r"\b(?:this morning|in the morning|morning)\b")
_AFTERNOON = re.compile(r"\b(?:this afternoon|in the afternoon|afternoon)\b")
_UNTIL = re.compile(
    r"(?P<from>\d{1,2}(?:[:.]\d\d)?\s?(?:[ap]\.?m\.?)?)\s?(?:-|to|until|till)\s?"
    r"(?P<to>\d{1,2}(?:[:.]\d\d)?\s?(?:[ap]\.?m\b\.?)?)(?![\d./-])"
)
_NUMBER = r"\d+(?:[.,]\d+)?|" + "|".join(sorted(NUMBERS, key=len, reverse=True))
_LENGTH = re.compile(
    rf"(?:\b(?:for|lasts?|takes?|about|around|roughly|will be|is)\s)*"
    rf"(?:(?<![\w.:])(?P<n>{_NUMBER})?\s?-?\s?(?P<unit>hours?|hrs?|h|minutes?|mins?|min|m)\b"
    r"(?:\s?(?:and\s)?(?P<more>a half|a quarter|\d{1,2}|thirty|fifteen)"
    r"(?:\s?(?:minutes?|mins?|min|m))?\b)?)"
)


def normal(text: str) -> str:
    """The text in small letters with plain dashes, quotes and blanks; "" when it is too long."""
    if len(text) > LONGEST:
        return ""
    flat = unicodedata.normalize("NFKC", text).casefold()
    flat = re.sub(r"[‐-―−]", "-", flat).replace("’", "'")
    return " ".join(flat.split())


def read_time(text: str) -> time | None:
    """The time of day that a whole short answer names; None when it names none."""
    flat = normal(text)
    hour, _ = take_hour(flat)
    if hour is None:
        hour, _ = take_bare_hour(flat, flat)
    return hour


def take_hour(text: str) -> tuple[time | None, str]:
    """A time that is one whatever stands around it, and the text without it."""
    for pattern in _SAID_ANYHOW:
        if match := pattern.search(text):
            if (hour := _hour(match, text)) is None:
                return None, text
            return hour, _without(text, match)
    return None, text


def take_bare_hour(text: str, whole: str) -> tuple[time | None, str]:
    """A time after "at", or all that is left of the text; and the text without it.

    `whole` is the text before anything was taken out: "tonight" says which seven is meant.
    """
    part = _EVENING.search(text) or _AFTERNOON.search(text) or _MORNING.search(text)
    rest = _without(text, part) if part else text
    for pattern in _BARE:
        if match := pattern.search(rest):
            hour = _hour(match, whole)
            return (None, text) if hour is None else (hour, _without(rest, match))
    return None, text


def _without(text: str, match: re.Match[str]) -> str:
    return " ".join(f"{text[: match.start()]} {text[match.end() :]}".split())


def _hour(match: re.Match[str], text: str) -> time | None:
    said = match.groupdict()
    if word := said.get("word"):
        return time(0) if word == "midnight" else time(12)
    if said.get("h4"):
        return time(int(said["h4"] or 0), int(said["m4"] or 0))
    if said.get("british"):
        hour, minute = _number(said["british"] or ""), 30
    else:
        hour, minute = _number(said.get("h") or ""), int(said.get("m") or 0)
    if frac := said.get("frac"):
        past = {"half": 30, "quarter": 15, "five": 5, "ten": 10, "twenty": 20, "twenty-five": 25}
        minute = past[frac]
        if re.search(r"\bto\b", match[0]):
            hour, minute = hour - 1, 60 - minute
    return _in_half(hour, minute, _half(match, text), exact=bool(re.match(r"0\d", match[0])))


def _number(raw: str) -> int:
    return int(raw) if raw.isdigit() else NUMBERS[raw]


def _half(match: re.Match[str], text: str) -> str:
    """Which half of the day the words name, "a" or "p"; "" when they name none."""
    if marked := re.search(r"\b(?:\d+\s?)?([ap])\.?\s?m\b|\d([ap])\.?m\b", match[0]):
        return marked[1] or marked[2]
    if _MORNING.search(text):
        return "a"
    return "p" if _EVENING.search(text) or _AFTERNOON.search(text) else ""


def _in_half(hour: int, minute: int, half: str, *, exact: bool) -> time | None:
    """The hour on a 24-hour clock; without am or pm, the one in which people work."""
    if hour > 24 or (half and hour > 12 and half == "a"):
        return None
    if hour >= 13 or exact:
        return time(hour % 24, minute)
    if half:
        return time(hour % 12 + (12 if half == "p" else 0), minute)
    if hour == 0:
        return time(0, minute)
    return time(hour % 12 + 12 if hour < 7 or hour == 12 else hour, minute)


def take_length(text: str) -> tuple[int | None, str]:
    """How long it lasts, in minutes, where the text says so; and the text without that.

    "2-3.30pm" leaves the time at which it begins.
    """
    if match := _UNTIL.search(text):
        start, end = _clock(match["from"]), _clock(match["to"])
        if start is not None and end is not None and re.search(r"[:apm]", match[0]):
            half = re.search(r"[ap]\.?m", match["to"])
            first = match["from"].strip()
            own = re.search(r"[ap]\.?m", first)
            begins = first if own or not half else f"{first}{half[0]}"
            lasts = (end - start) % 720
            if half and not own and start > end and start < 720:
                begins = first + ("am" if "p" in half[0] else "pm")
            left = f"{text[: match.start()]} {begins} {text[match.end() :]}"
            return lasts or None, " ".join(left.split())
    for match in _lengths(text):
        if (minutes := _minutes(match)) is not None and _is_length(match, text):
            return minutes, _without(text, match)
    return None, text


def _clock(text: str) -> int | None:
    """Minutes since midnight of "3", "3.30" or "3:30pm", as written; None when there is none."""
    match = re.match(r"(\d{1,2})(?:[:.](\d\d))?", text)
    if match is None or int(match[1]) > 24 or int(match[2] or 0) > 59:
        return None
    return int(match[1]) * 60 + int(match[2] or 0)


def _lengths(text: str) -> Iterator[re.Match[str]]:
    return (match for match in _LENGTH.finditer(text) if match["n"] or match["unit"])


def _is_length(match: re.Match[str], text: str) -> bool:
    """Not "in an hour", and not "15h", which is a time."""
    if re.search(r"\bin\s$", text[: match.start()]) or text[match.end() :].startswith(" from now"):
        return False
    return bool(match["n"]) and (match["unit"] not in {"h", "m"} or match[0].startswith("for"))


def _minutes(match: re.Match[str]) -> int | None:
    number = match["n"]
    if number is None:
        return None
    amount = float(number.replace(",", ".")) if number[0].isdigit() else float(NUMBERS[number])
    more = match["more"]
    if match["unit"].startswith("h"):
        amount *= 60
        extra = {"a half": 30, "a quarter": 15, "thirty": 30, "fifteen": 15, None: 0}
        amount += extra[more] if more in extra else int(more)
    return round(amount) if 5 <= amount <= MOST_MINUTES else None


def read_minutes(text: str) -> int | None:
    """A length in minutes, 5 to 720: "45 min", "an hour and a half", "half a day", "2h", "90"."""
    flat = normal(text)
    if re.search(r"\bhalf (?:a |the )?day\b|\b(?:morning|afternoon)\b", flat):
        return HALF_DAY
    if re.search(r"\b(?:whole|full|all) day\b|\ba day\b|\b(?:1|one) day\b", flat):
        return WHOLE_DAY
    if re.search(r"\bhalf (?:an )?hour\b|\bhalf-hour\b", flat):
        return 30
    if re.search(r"\bthree quarters of an hour\b", flat):
        return 45
    if match := re.fullmatch(r"(\d{1,2})\s?h\s?(\d\d)", flat):
        return min(MOST_MINUTES, int(match[1]) * 60 + int(match[2]))
    if match := re.search(rf"\b(?P<n>{_NUMBER}) and a half hours?\b", flat):
        return _halved(match["n"])
    for match in _lengths(flat):
        if (minutes := _minutes(match)) is not None:
            return minutes
    bare = re.fullmatch(r"\D{0,12}?(\d{2,3})\D{0,3}", flat)
    return int(bare[1]) if bare and 5 <= int(bare[1]) <= MOST_MINUTES else None


def _halved(number: str) -> int | None:
    whole = float(number) if number[0].isdigit() else NUMBERS[number]
    return round(whole * 60 + 30) if whole * 60 + 30 <= MOST_MINUTES else None
