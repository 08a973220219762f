"""Buttons: what their data means. Data is hostile input: anything unknown parses to None."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

Row = tuple[tuple[str, str], ...]
"""One row of buttons, each as (text, data)."""

_NUMBER = re.compile(r"[0-9]{1,9}")


@dataclass(frozen=True, slots=True)
class Place:
    """The moment of an interview that a button belongs to."""

    interview: int
    number: int
    attempt: int

    def button(self, verb: str) -> str:
        """Data for a button that does `verb` at this moment."""
        return f"i:{verb}:{self.interview}:{self.number}:{self.attempt}"


def inline(rows: list[Row]) -> dict[str, Any]:
    """The rows as Telegram's inline keyboard; no rows take the keyboard away."""
    return {
        "inline_keyboard": [
            [{"text": text, "callback_data": data} for text, data in row] for row in rows
        ]
    }


def parse_place(parts: list[str]) -> Place | None:
    """The place that `[interview, number, attempt]` name, or None."""
    if len(parts) != 3 or not all(_NUMBER.fullmatch(part) for part in parts):
        return None
    return Place(*map(int, parts))


def parse_numbers(parts: list[str], count: int) -> tuple[int, ...] | None:
    """`count` whole numbers, or None."""
    if len(parts) != count or not all(_NUMBER.fullmatch(part) for part in parts):
        return None
    return tuple(map(int, parts))
