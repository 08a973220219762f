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
    return re.compile(
        r"(?<!\w)(?:" + "|".join(re.escape(word) for word in longest_first) + r")(?!\w)",
        re.IGNORECASE,
    )
