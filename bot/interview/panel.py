"""Who of a panel an answer spoke to, by the words each panelist listens for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from bot.feedback import Span
from bot.interview.model import Panelist

_BESIDE = 5  # words
_CLOSE = 80  # characters


@dataclass(frozen=True, slots=True)
class Hearing:
    """What one panelist got out of an answer.

    `words` are those that spoke to their worry, None for one who was left out; `phrase` is what
    stands around them.
    """

    panelist: Panelist
    words: Span | None
    phrase: str = ""


def hearings(answer: str, panelists: Iterable[Panelist]) -> tuple[Hearing, ...]:
    """For each panelist, the words of `answer` that speak most to what worries them."""
    return tuple(_hearing(answer, panelist) for panelist in panelists)


def _hearing(answer: str, panelist: Panelist) -> Hearing:
    places = [found.span() for found in _ear(panelist.hears).finditer(answer)]
    if not places:
        return Hearing(panelist, None)
    best = max(places, key=lambda place: _company(places, place))  # of equals the first
    return Hearing(panelist, best, _around(answer, best))


def _company(places: Sequence[Span], place: Span) -> int:
    """How many words that they listen for stand close to a place, itself among them."""
    return sum(abs(start - place[0]) < _CLOSE for start, _ in places)


def _around(answer: str, span: Span) -> str:
    """The words at `span` with a few on either side, on one line and within the sentence."""
    before = re.split(r"[.!?\n]", answer[: span[0]])[-1]
    after = re.split(r"[.!?\n]", answer[span[1] :])[0]
    first = re.search(rf"(?:\S+\s+){{0,{_BESIDE}}}\S*$", before)
    rest = re.match(rf"\S*(?:\s+\S+){{0,{_BESIDE}}}", after)
    assert first is not None
    assert rest is not None
    return " ".join(f"{first[0]}{answer[span[0] : span[1]]}{rest[0]}".split()).rstrip(",;:")


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
