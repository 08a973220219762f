"""Who of a panel an answer spoke to, by the words each panelist listens for."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from bot.feedback import Span
from bot.interview.model import Panelist


@dataclass(frozen=True, slots=True)
class Hearing:
    """What one panelist got out of an answer; `words` is None for one who was left out."""

    panelist: Panelist
    words: Span | None


def hearings(answer: str, panelists: Iterable[Panelist]) -> tuple[Hearing, ...]:
    """For each panelist, the first words of `answer` that speak to what worries them."""
    return tuple(
        Hearing(panelist, found.span() if (found := _ear(panelist.hears).search(answer)) else None)
        for panelist in panelists
    )


@lru_cache(maxsize=16)
def _ear(words: tuple[str, ...]) -> re.Pattern[str]:
    """Whole words only: "net" is not heard in "network"."""
    longest_first = sorted(words, key=len, reverse=True)
    return re.compile("|".join(map(_whole, longest_first)), re.IGNORECASE)


def _whole(word: str) -> str:
    """The pattern of a whole word; a sign such as "%" or "£" may touch a number."""
    before = r"(?<!\w)" if word[0].isalnum() else ""
    after = r"(?!\w)" if word[-1].isalnum() else ""
    return f"{before}{re.escape(word)}{after}"
