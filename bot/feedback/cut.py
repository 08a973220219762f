"""Cutting an answer into clauses.

Hard cuts stand at sentence ends, line breaks and bullets. Soft cuts stand inside a sentence, where
a new subject and verb begin after a comma, an emoji or a connective: a transcript has nothing else.
Nothing is lost: each clause runs up to the next one, white space aside.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.feedback import lexicon
from bot.feedback.words import Word

ENDING = re.compile(r"[.!?…]+[\"')\]]*(?=\s|$)|[.!?](?=[a-z]{2,}\s[a-z])|\n+")
ABBREVIATION = re.compile(
    r"(?:\b(?:e\.g|i\.e|etc|mr|mrs|ms|dr|vs|approx|no|st|inc|ltd|a\.m|p\.m|b|sr|jr)|^\s*\d{1,2})\.$"
)
BREATH = re.compile(r"[,;:()\-\u2190-\u2bff\U0001f000-\U0001faff]")
CONNECTIVE = lexicon.SETS["connective"]
TURNS = tuple(
    tuple(turn.split())
    for turn in (
        "in the end",
        "as a result",
        "after that",
        "since then",
        "and then",
        "looking back",
        "what i did",
        "what i learned",
    )
)
SUBJECT = lexicon.SETS["subject"]
HANGS = lexicon.SETS["hangs"]
AUXILIARY = lexicon.SETS["auxiliary"]
SHORTEST = 4
LONG_BREATH = 22


@dataclass(frozen=True, slots=True)
class Cut:
    """One clause: words `first` to `last` (exclusive); `hard` when it opens a sentence or line."""

    start: int
    end: int
    first: int
    last: int
    hard: bool


def is_verb(word: str) -> bool:
    """Whether a word can be the finite verb of a clause."""
    return (
        word in AUXILIARY
        or lexicon.past_base(word) is not None
        or lexicon.present_base(word) is not None
    )


def opens_clause(words: Sequence[Word], at: int, limit: int) -> bool:
    """Whether a subject and its verb stand within four words from `at`."""
    if at >= limit:
        return False
    first = words[at].text
    if first in SUBJECT:
        return any(is_verb(word.text) for word in words[at + 1 : min(at + 3, limit)])
    if first in lexicon.DETERMINERS or first in lexicon.CLASSES["person"]:
        found = False
        for word in words[at + 1 : min(at + 4, limit)]:
            if word.text in AUXILIARY or lexicon.past_base(word.text) is not None:
                found = True
        return found
    return False


def breaths(flat: str, words: Sequence[Word]) -> frozenset[int]:
    """Words before which a comma, a bracket, a dash or an emoji stands."""
    return frozenset(
        at
        for at in range(1, len(words))
        if words[at].start - words[at - 1].end > 1
        and BREATH.search(flat, words[at - 1].end, words[at].start)
    )


def hard_ends(flat: str) -> list[int]:
    """Places in the text after which a new sentence or line begins."""
    ends = []
    for found in ENDING.finditer(flat):
        stop = found.end()
        if found.group() == "." and ABBREVIATION.search(flat, max(0, stop - 12), stop):
            line = flat.rfind("\n", 0, stop) + 1
            if not flat[line:stop].strip(" .0123456789") or not flat[stop - 2].isdigit():
                continue
        ends.append(stop)
    return ends


def soft_places(words: Sequence[Word], pauses: frozenset[int], first: int, last: int) -> list[int]:
    """Words inside one sentence at which a new clause opens."""
    places: list[int] = []
    previous = first
    for at in range(first + 1, last):
        text = words[at].text
        if at - previous < SHORTEST or last - at < SHORTEST - 1:
            continue
        joined = text in CONNECTIVE
        breath = at in pauses
        turn = any(
            all(at + k < last and words[at + k].text == part for k, part in enumerate(parts))
            for parts in TURNS
            if parts[0] == text
        )
        after = at + 1
        while after < last and words[after].text in CONNECTIVE:
            after += 1
        opens = turn or (joined and opens_clause(words, after, last))
        opens = opens or (breath and (opens_clause(words, at, last) or (joined and text != "and")))
        if not opens and at - previous >= 2 * SHORTEST and words[at - 1].text not in HANGS:
            long = last - first >= LONG_BREATH
            opens = long and text in {"i", "we"} and opens_clause(words, at, last)
        if opens and words[at - 1].text not in CONNECTIVE:
            places.append(at)
            previous = at
    return places


def cut(text: str, flat: str, words: Sequence[Word], pauses: frozenset[int]) -> list[Cut]:
    """The clauses of `text`, in order; empty only when no visible character is there.

    `flat` and `words` are the same text lower-cased and read, `pauses` comes from `breaths`.
    """
    begin = len(text) - len(text.lstrip())
    finish = len(text.rstrip())
    if begin >= finish:
        return []
    starts: list[tuple[int, int, bool]] = [(begin, 0, True)]
    at = 0
    for stop in [*hard_ends(flat), finish]:
        first = at
        while at < len(words) and words[at].start < stop:
            at += 1
        if at == first:
            continue
        for place in soft_places(words, pauses, first, at):
            starts.append((words[place].start, place, False))
        if at < len(words):
            starts.append((skip_blank(text, stop), at, True))
    cuts = []
    for number, (start, first, hard) in enumerate(starts):
        last = starts[number + 1][1] if number + 1 < len(starts) else len(words)
        end = starts[number + 1][0] if number + 1 < len(starts) else finish
        while end > start and text[end - 1].isspace():
            end -= 1
        cuts.append(Cut(start, end, first, last, hard))
    return cuts


def skip_blank(text: str, at: int) -> int:
    """The first visible character from `at` on."""
    while at < len(text) and text[at].isspace():
        at += 1
    return at
