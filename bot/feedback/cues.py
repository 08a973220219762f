"""Cues: short phrases over words and word classes, matched in one walk along the answer.

A phrase is words apart by spaces. `(a|b c)` is a choice, a trailing `?` makes a word optional,
`<class>` is any word of a class in words.toml, `..` is up to three words and `....` up to nine,
and a leading `^` holds the phrase to the first word of a clause. Gaps and phrases are short and
bounded, so matching takes time in proportion to the words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from typing import Any, NamedTuple

from bot.feedback import lexicon
from bot.feedback.words import Word

PART = re.compile(r"\([^)]*\)\??|[^\s()]+")
GAPS = {"..": 3, "....": 9}  # words that may stand in between, at most
END = "<end>"


@dataclass(frozen=True, slots=True)
class Cue:
    """One cue: what it is called and how much it speaks for each label."""

    id: str
    weights: Mapping[str, float]


class Hit(NamedTuple):
    """A cue found at words `first` up to but not including `last`."""

    cue: Cue
    first: int
    last: int


def alternatives(part: str) -> list[list[str]]:
    """All word sequences that one part of a phrase stands for."""
    optional = part.endswith("?") and len(part) > 1
    part = part.removesuffix("?")
    choices = part[1:-1].split("|") if part.startswith("(") else [part]
    found = [choice.split() for choice in choices]
    return [*found, []] if optional else found


class CueBook:
    """All cues of one data table, ready to match."""

    def __init__(self, table: Mapping[str, Mapping[str, Any]]) -> None:
        self.cues = {
            name: Cue(name, {k: float(v) for k, v in entry.items() if k != "say"})
            for name, entry in table.items()
        }
        self._free: dict[str, Any] = {}
        self._opening: dict[str, Any] = {}
        self._used: set[str] = set()
        self._meaning = lru_cache(maxsize=8192)(self._symbols)
        for name, entry in table.items():
            for phrase in entry["say"]:
                self._add(phrase, self.cues[name])

    def _symbols(self, word: str) -> tuple[str, ...]:
        """What a word can stand for, as far as a phrase asks for it."""
        return tuple(symbol for symbol in lexicon.symbols(word) if symbol in self._used)

    def _add(self, phrase: str, cue: Cue) -> None:
        root = self._opening if phrase.startswith("^") else self._free
        parts = [alternatives(part) for part in PART.findall(phrase.removeprefix("^").rstrip(" ."))]
        for choice in product(*parts):
            if not any(choice):
                raise ValueError(f"cue {cue.id}: “{phrase}” can match nothing at all")
            node, before = root, ""
            for symbol in (symbol for part in choice for symbol in part):
                if symbol in GAPS and before in GAPS:
                    continue  # two gaps meet where an optional word is left out
                before = symbol
                node = node.setdefault(symbol, {})
                self._used.add(symbol)
            node.setdefault(END, {})[cue.id] = cue

    def hits(
        self, words: Sequence[Word], openings: Iterable[int], limits: Sequence[int]
    ) -> list[Hit]:
        """Every cue in `words`, the longest match of each cue at each place, in order.

        `openings` are the places where a clause begins; no match crosses `limits[place]`.
        """
        meaning = [self._meaning(word.text) for word in words]
        starts = frozenset(openings)
        found: list[Hit] = []
        for place in range(len(words)):
            best: dict[str, Hit] = {}
            todo = [(self._free, place)]
            if place in starts:
                todo.append((self._opening, place))
            limit = limits[place]
            while todo:
                node, at = todo.pop()
                if END in node:
                    for name, cue in node[END].items():
                        old = best.get(name)
                        if old is None or at > old.last:
                            best[name] = Hit(cue, place, at)
                if at >= limit:
                    continue
                for symbol in meaning[at]:
                    if symbol in node:
                        todo.append((node[symbol], at + 1))
                for gap, width in GAPS.items():
                    if gap in node:
                        beyond = node[gap]
                        for later in range(at, min(at + width + 1, limit)):
                            for symbol in meaning[later]:
                                if symbol in beyond:
                                    todo.append((beyond[symbol], later + 1))
            if best:
                found += best.values()
        return found
