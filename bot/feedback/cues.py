"""Cues: short phrases over words and word classes, matched in one walk along the answer.

A phrase is words apart by spaces. `(a|b c)` is a choice, a trailing `?` makes a word optional,
`<class>` is any word of a class in classes.toml, `..` is up to three words and `....` up to nine,
and a leading `^` holds the phrase to the first word of a clause. Gaps and phrases are short and
bounded, so matching takes time in proportion to the words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, reduce
from operator import or_
from typing import Any, NamedTuple

from bot.feedback import lexicon

PART = re.compile(r"\([^)]*\)\??|[^\s()]+")
NESTED = re.compile(r"\([^)]*\(")
SHARED = 2  # parts at the start of a phrase that phrases share word by word
GROUPED = "|"  # between the words of a group: "days|weeks" is one symbol
SHORT = 3
GAPS = {"..": SHORT, "....": 9}  # words that may stand in between, at most

Symbols = Sequence[tuple[str, ...]]  # for each word what it can stand for


@dataclass(frozen=True, slots=True)
class Cue:
    """One cue: what it is called and how much it speaks for each label (nothing for a sign)."""

    id: str
    weights: Mapping[str, float]


class Hit(NamedTuple):
    """A cue found at words `first` up to but not including `last`."""

    cue: Cue
    first: int
    last: int


class Node:
    """A place in the tree of phrases: what may follow, at once or after a gap, and what ends."""

    __slots__ = ("after", "ends", "gap", "gaps", "grouped", "wants")

    def __init__(self, *, gap: bool = False) -> None:
        self.gap = gap
        self.grouped = False  # whether a group of words may follow
        self.wants = 0  # after a gap: the bits of all that may follow
        self.after = NO_NODES  # most places are ends: they share one table
        self.gaps: tuple[tuple[int, Node], ...] = ()
        self.ends: tuple[Cue, ...] = ()

    def step(self, symbol: str) -> Node:
        """The node that one more symbol leads to, made when it is new."""
        if symbol not in GAPS:
            node = self.after.get(symbol)
            if node is None:
                if not self.after:
                    self.after = {}
                node = self.after[symbol] = Node()
                if GROUPED in symbol:
                    self.grouped = True
            return node
        if self.gap:
            return self  # two gaps meet where an optional word is left out
        width = GAPS[symbol]
        for known, node in self.gaps:
            if known == width:
                return node
        self.gaps += ((width, node := Node(gap=True)),)
        return node


NO_NODES: dict[str, Node] = {}


class Known(NamedTuple):
    """What a word can stand for, as far as a phrase asks for it, and which phrases it begins.

    Few phrases ask for groups of words, so that `plain` is mostly all that need be looked through.
    """

    plain: tuple[str, ...]  # the word and its classes
    every: tuple[str, ...]  # and the groups that hold one of them
    shows: int  # the bits of those that some phrase asks for after a gap
    pausing: list[Node]  # phrases that may end or pause after the word
    by_next: dict[str, list[Node]]  # the others, by what the next word must stand for


@lru_cache(maxsize=4096)
def alternatives(part: str) -> list[list[str]]:
    """All word sequences that one part of a phrase stands for."""
    optional = part.endswith("?") and len(part) > 1
    part = part.removesuffix("?")
    choices = part[1:-1].split("|") if part.startswith("(") else [part]
    found = [choice.split() for choice in choices]
    return [*found, []] if optional else found


class CueBook:
    """All cues of some data tables, ready to match."""

    def __init__(self, *tables: Mapping[str, Mapping[str, Any]]) -> None:
        self._free = Node()
        self._opening = Node()
        self._used: set[str] = set()
        self._groups: dict[str, set[str]] = {}  # each word or class to the choices it stands in
        self._bits: dict[str, int] = {}  # a bit for each symbol that follows a gap
        self._known = lru_cache(maxsize=8192)(self._know)
        for table in tables:
            for name, entry in table.items():
                cue = Cue(name, {k: float(v) for k, v in entry.items() if k != "say"})
                for phrase in entry["say"]:
                    self._add(phrase, cue)

    def _know(self, word: str) -> Known:
        symbols = lexicon.symbols(word)
        plain = {symbol for symbol in symbols if symbol in self._used}
        every = plain.union(*(self._groups.get(symbol, ()) for symbol in symbols))
        found = tuple(sorted(every))
        shows = reduce(or_, (self._bits.get(symbol, 0) for symbol in found), 0)
        return Known(tuple(sorted(plain)), found, shows, *self._first_steps(found))

    def _choices(self, part: str, *, apart: bool) -> list[list[str]]:
        """The alternatives of a part; unless `apart`, those of one word are drawn together."""
        choices = alternatives(part)
        single = [choice[0] for choice in choices if len(choice) == 1]
        if apart or len(single) < 2:
            self._used.update(*choices)
            return choices
        group = GROUPED.join(sorted(single))
        for symbol in single:
            self._groups.setdefault(symbol, set()).add(group)
        longer = [choice for choice in choices if len(choice) != 1]
        self._used.update(*longer)
        return [[group], *longer]

    def _first_steps(self, symbols: Iterable[str]) -> tuple[list[Node], dict[str, list[Node]]]:
        """The phrases that any of some symbols begins: those that may pause, others by next."""
        pausing: list[Node] = []
        by_next: dict[str, list[Node]] = {}
        for symbol in symbols:
            node = self._free.after.get(symbol)
            if node is None:
                continue
            if node.ends or node.gaps:
                pausing.append(node)
                continue
            for following, beyond in node.after.items():
                by_next.setdefault(following, []).append(beyond)
        return pausing, by_next

    def _add(self, phrase: str, cue: Cue) -> None:
        if NESTED.search(phrase):
            raise ValueError(f"cue {cue.id}: “{phrase}” has a choice inside a choice")
        root = self._opening if phrase.startswith("^") else self._free
        said = phrase.removeprefix("^").rstrip(" .")
        if root is self._free:
            said = said.lstrip(" .")  # a gap at the edge says nothing
        ends = {id(root): root}
        for number, part in enumerate(PART.findall(said)):
            choices = self._choices(part, apart=number < SHARED)
            before, ends = ends, {}
            for node in before.values():
                for choice in choices:
                    end = node
                    for symbol in choice:
                        if end.gap and symbol not in GAPS:
                            end.wants |= self._bit(symbol)
                        end = end.step(symbol)
                    ends[id(end)] = end
        if id(root) in ends:
            raise ValueError(f"cue {cue.id}: “{phrase}” can match nothing at all")
        for end in ends.values():
            if cue not in end.ends:
                end.ends += (cue,)

    def _bit(self, symbol: str) -> int:
        """The bit of a symbol that follows a gap."""
        return self._bits.setdefault(symbol, 1 << len(self._bits))

    def hits(
        self, texts: Sequence[str], openings: Iterable[int], limits: Sequence[int]
    ) -> list[Hit]:
        """Every cue in some words, the longest match of each cue at each place, in order.

        `openings` are the places where a clause begins; no match crosses `limits[place]`.
        """
        if not texts:
            return []
        plain, every, shows, pausing, by_next = zip(*map(self._known, texts), strict=True)
        near = _near(shows)
        starts = frozenset(openings)
        found: list[Hit] = []
        for place, (nodes, nexts, limit) in enumerate(zip(pausing, by_next, limits, strict=True)):
            todo = [(node, place + 1) for node in nodes] if nodes else []
            if nexts and place + 1 < limit:
                for symbol in every[place + 1]:
                    if symbol in nexts:
                        todo += [(node, place + 2) for node in nexts[symbol]]
            if place in starts:
                todo.append((self._opening, place))
            if todo:
                found += _longest(todo, plain, every, near, place, limit)
        return found


def _near(shows: Sequence[int]) -> list[int]:
    """For each word the bits of itself and the next three: all that a short gap can lead to."""
    two = list(map(or_, shows, [*shows[1:], 0]))
    return list(map(or_, two, [*two[2:], 0, 0]))


def _longest(
    todo: list[tuple[Node, int]],
    plain: Symbols,
    every: Symbols,
    near: Sequence[int],
    place: int,
    limit: int,
) -> Iterable[Hit]:
    """Follow every phrase begun at `place`; for each cue the match that reaches furthest."""
    best: dict[str, Hit] = {}
    while todo:
        node, at = todo.pop()
        for cue in node.ends:
            old = best.get(cue.id)
            if old is None or at > old.last:
                best[cue.id] = Hit(cue, place, at)
        if at >= limit:
            continue
        after = node.after
        if after:
            for symbol in (every if node.grouped else plain)[at]:
                if symbol in after:
                    todo.append((after[symbol], at + 1))
        for width, beyond in node.gaps:
            if width == SHORT and not beyond.wants & near[at]:
                continue
            after = beyond.after
            reach = (every if beyond.grouped else plain)[at : min(at + width + 1, limit)]
            for later, symbols in enumerate(reach, at + 1):
                for symbol in symbols:
                    if symbol in after:
                        todo.append((after[symbol], later))
    return best.values()
