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

# Each pattern begins with the few characters that it can start at: the rest is passed over quickly.
ENDING = re.compile(r"[.!?…](?:[.!?…]*[\"')\]]*(?=\s|$)|(?<=[.!?])(?=[a-z]{2,}\s[a-z]))")
BREAK = re.compile(r"\n+")
ABBREVIATION = re.compile(
    r"(?:\b(?:e\.g|i\.e|etc|mr|mrs|ms|dr|vs|approx|no|st|inc|ltd|a\.m|p\.m|b|sr|jr)|^\s*\d{1,2})\.$"
)
CAPITAL = re.compile(
    r" (?=[A-Z])(?<=[a-z0-9%)] )"
    r"(?=(?:The|She|He|They|We|It|Then|First|Second|After|So|But|And|My|Our|This|That|There|For"
    r"|In|On|At|By|When|What|Who|Nobody|No one|Everyone|Next|Since|If|As|Now|Every|One|Two|All"
    r"|From|Before|Because|Once|Later|Finally|Result|Her|His|Their|Its|Some|Not)"
    r"(?: I)? [a-z0-9])"
)
HEADING = re.compile(
    r"(?<=\S )(?<!my )(?=(?:situation|context|background|task|goal|aim|(?:my )?(?:job|role|part)"
    r"|my task|actions?|did|what i did|me|results?|outcome|impact|lessons?|learned|learning)\s?:)"
)
BREATH = re.compile(r"[,;:()\-\u2190-\u2bff\U0001f000-\U0001faff]")
CONNECTIVE = lexicon.SETS["connective"]
TURNS = frozenset(
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
TURN_WORDS = frozenset(turn[0] for turn in TURNS)
SUBJECT = lexicon.SETS["subject"]
HANGS = lexicon.SETS["hangs"]
AUXILIARY = lexicon.SETS["auxiliary"]
RUN_ON = frozenset({"i", "we", "he", "she", "they", "it", "there", "nobody", "everyone"})
SHORTEST = 4
NOMINATIVE = frozenset({"i", "we", "he", "she", "they"})
AMOUNTS = frozenset({"all", "both"})
LONG_BREATH = 22
NO_BREATH = 40


@dataclass(frozen=True, slots=True)
class Cut:
    """One clause: words `first` to `last` (exclusive); `hard` when it opens a sentence or line.

    `loose` when it stands inside a sentence that goes on without any stop, so that nothing tells
    whether a new sentence begins.
    """

    start: int
    end: int
    first: int
    last: int
    hard: bool
    loose: bool


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
    if first in lexicon.DETERMINERS or first in lexicon.CLASSES["person"] or first in AMOUNTS:
        for word in words[at + 1 : min(at + 4, limit)]:
            if word.text in NOMINATIVE:
                return False  # "the staffing I weighed": the new subject comes first
            if word.text in AUXILIARY or lexicon.past_base(word.text) is not None:
                return True
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
    """Places in the text after which a new sentence or line begins, in no order."""
    ends = [found.end() for found in BREAK.finditer(flat)]
    for found in ENDING.finditer(flat):
        stop = found.end()
        if found.group() == "." and ABBREVIATION.search(flat, max(0, stop - 12), stop):
            line = flat.rfind("\n", 0, stop) + 1
            if not flat[line:stop].strip(" .0123456789") or not flat[stop - 2].isdigit():
                continue
        ends.append(stop)
    return ends


def turns(words: Sequence[Word], at: int, last: int) -> bool:
    """Whether a phrase that turns the story ("in the end") begins at `at`."""
    return tuple(word.text for word in words[at : min(at + 3, last)]) in TURNS or (
        tuple(word.text for word in words[at : min(at + 2, last)]) in TURNS
    )


def line_starts(text: str, flat: str) -> list[int]:
    """Places that only a new line or message explains: "… by noon Then I rang", "… noon Did:"."""
    found = [capital.end() for capital in CAPITAL.finditer(text)]
    return found + [heading.start() for heading in HEADING.finditer(flat)] if ":" in flat else found


def is_breathless(pauses: frozenset[int], first: int, last: int) -> bool:
    """Whether many words stand without a stop: nobody put in any punctuation."""
    if last - first < NO_BREATH:
        return False
    return sum(first < at < last for at in pauses) * NO_BREATH <= last - first


def starts_afresh(words: Sequence[Word], at: int, last: int) -> bool:
    """Whether a new sentence may begin at `at` in a text without punctuation."""
    before = words[at - 1].text
    if before in lexicon.DETERMINERS:
        return False
    if words[at].text in lexicon.CLASSES["person"] and words[at].text not in SUBJECT:
        for near in (at - 2, at - 3):  # "the veg man", "a member services officer"
            if near >= 0 and words[near].text in lexicon.DETERMINERS:
                return False
    if is_verb(before) and words[at].text not in NOMINATIVE:
        return False  # it may be the object of that verb
    return opens_clause(words, at, last)


def soft_places(words: Sequence[Word], pauses: frozenset[int], first: int, last: int) -> list[int]:
    """Words inside one sentence at which a new clause opens."""
    places: list[int] = []
    previous = first
    breathless = is_breathless(pauses, first, last)
    for at in range(first + 1, last):
        text = words[at].text
        if at - previous < SHORTEST or last - at < SHORTEST - 1:
            continue
        joined = text in CONNECTIVE
        breath = at in pauses
        turn = text in TURN_WORDS and turns(words, at, last)
        if not (turn or joined or breath or text in RUN_ON or breathless):
            continue
        after = at + 1
        while after < last and words[after].text in CONNECTIVE:
            after += 1
        opens = turn or (joined and opens_clause(words, after, last))
        opens = opens or (breath and (opens_clause(words, at, last) or (joined and text != "and")))
        if not opens and words[at - 1].text not in HANGS:
            if breathless:
                opens = starts_afresh(words, at, last)
            elif text in RUN_ON and at - previous >= 2 * SHORTEST and last - first >= LONG_BREATH:
                opens = opens_clause(words, at, last)
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
    starts: list[tuple[int, int, bool, bool]] = [(begin, 0, True, False)]
    at = 0
    for stop in sorted({*hard_ends(flat), *line_starts(text, flat), finish}):
        first = at
        while at < len(words) and words[at].start < stop:
            at += 1
        if at == first:
            continue
        loose = is_breathless(pauses, first, at)
        for place in soft_places(words, pauses, first, at):
            starts.append((words[place].start, place, False, loose))
        if at < len(words):
            starts.append((skip_blank(text, stop), at, True, False))
    cuts = []
    for number, (start, first, hard, loose) in enumerate(starts):
        last = starts[number + 1][1] if number + 1 < len(starts) else len(words)
        end = starts[number + 1][0] if number + 1 < len(starts) else finish
        while end > start and text[end - 1].isspace():
            end -= 1
        cuts.append(Cut(start, end, first, last, hard, loose))
    return cuts


def skip_blank(text: str, at: int) -> int:
    """The first visible character from `at` on."""
    while at < len(text) and text[at].isspace():
        at += 1
    return at
