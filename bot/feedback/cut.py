"""Cutting an answer into clauses.

Hard cuts stand at sentence ends, line breaks and bullets. Soft cuts stand inside a sentence, where
a new subject and verb begin after a comma, an emoji or a connective: a transcript has nothing else.
Nothing is lost: each clause runs up to the next one, white space aside.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from bot.feedback import lexicon
from bot.feedback.between import START
from bot.feedback.clauses import NOMINATIVE
from bot.feedback.model import Span
from bot.feedback.words import Word

# Each pattern begins with the few characters that it can start at: the rest is passed over quickly.
# A run of stops is taken whole or not at all: nobody wants to look at it from each of its places.
ENDING = re.compile(r"(?<![.!?…])[.!?…]++(?:[\"')\]]*+(?=\s|$)|(?<=[.!?])(?=[a-z]{2,}\s[a-z]))")
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
    r"(?<=\S )(?<!my )(?<!what i )(?=(?:situation|context|background|task|goal|aim"
    r"|(?:my )?(?:job|role|part)"
    r"|my task|actions?|did|what i did|me|results?|outcome|impact|lessons?|learned|learning)\s?:)"
)
BREATH = re.compile(r"[,;:()\-\u2190-\u2bff\U0001f000-\U0001faff]")
# A list on one line: "- rang him - swapped it", "1) rang him 2) swapped it".
MARKS = ("- ", "* ", "1)", "1.", "•", "·", "▪", "●", "‣", "◦")
MARKER = re.compile(r"([-*•·▪●‣◦]|\(?\d{1,2}[).])\s+(?=\S)")
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
        "first thing i",
        "next thing i",
    )
)
TURN_WORDS = frozenset(turn[0] for turn in TURNS)
# "and after two months", "so the next day", "and by Christmas": the story moves on.
WHEN = frozenset({"after", "by", "within", "in", "for", "from", "on", "around", "about", "at"})
WHICH_ONE = frozenset({"the", "that", "this", "my", "a", "one", "next", "first", "last", "same"})
NO_TIME = frozenset(
    ["second", "seconds", "round", "rounds", "visit", "visits", "sitting", "lesson", "lessons",
     "sat", "sun", "fall", "mar"]
)  # fmt: skip
# Words for a time that are mostly no other word: a visit or the sun is none.
TIMES = lexicon.CLASSES["timeunit"] | lexicon.CLASSES["month"] | lexicon.CLASSES["day"]
TIMES = (TIMES | {"end", "may"}) - NO_TIME
WHEN_WITHIN = 4  # words
# "so what I did", "and what I took from it": words of a kind of heading.
WHAT = frozenset({"i", "i'd", "i've", "i'll", "we", "we'd", "had", "happened", "it"})
# Before "what": it is what somebody asked, knew or worked out.
ASKED = frozenset(
    ["me", "us", "him", "her", "them", "you", "about", "exactly", "just", "really", "over", "out",
     "into", "through", "on"]
)  # fmt: skip
SUBJECT = lexicon.SETS["subject"]
HANGS = lexicon.SETS["hangs"]
AUXILIARY = lexicon.SETS["auxiliary"]
RUN_ON = frozenset({"i", "we", "he", "she", "they", "it", "there", "nobody", "everyone"})
MAY_OPEN = CONNECTIVE | TURN_WORDS | RUN_ON  # words that a clause may begin with amid a sentence
SHORTEST = 4
AMOUNTS = frozenset({"all", "both"})
LONG_BREATH = 22
NO_BREATH = 40  # words without a stop; one comma or so among eight of them changes nothing
PER_BREATH = 8


class Cut(NamedTuple):
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


@lru_cache(maxsize=8192)
def is_verb(word: str) -> bool:
    """Whether a word can be the finite verb of a clause."""
    return (
        word in AUXILIARY
        or lexicon.past_base(word) is not None
        or lexicon.present_base(word) is not None
    )


def opens_clause(texts: Sequence[str], at: int, limit: int) -> bool:
    """Whether a subject and its verb stand within four words from `at`."""
    if at >= limit:
        return False
    first = texts[at]
    if first in SUBJECT:
        return any(map(is_verb, texts[at + 1 : min(at + 3, limit)]))
    if first in lexicon.DETERMINERS or first in lexicon.CLASSES["person"] or first in AMOUNTS:
        for text in texts[at + 1 : min(at + 4, limit)]:
            if text in NOMINATIVE:
                return False  # "the staffing I weighed": the new subject comes first
            if text in AUXILIARY or lexicon.past_base(text) is not None:
                return True
    return False


def breaths(flat: str, words: Sequence[Word]) -> frozenset[int]:
    """Words before which a comma, a bracket, a dash or an emoji stands."""
    return frozenset(
        at
        for at, ((_, _, end), (_, start, _)) in enumerate(pairwise(words), 1)
        if start - end > 1 and BREATH.search(flat, end, start)
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


def list_marks(flat: str) -> list[Span]:
    """The markers before the items of a list, where there are two or more of them.

    Dashes are markers only where the first of them opens a line or follows a colon: else they are
    an aside. Numbers must count up from one.
    """
    found: dict[str, list[Span]] = {}
    if not any(sign in flat for sign in MARKS):
        return []
    for mark in MARKER.finditer(flat):
        sign, start = mark[1], mark.start()
        before = _last_before(flat, start)
        if start and not flat[start - 1].isspace():
            continue
        if sign in "-*" and sign not in found and before not in "\n:":
            continue
        known = found.get(sign[-1], ())
        if sign[-1] in ")." and int(sign.strip("().")) != len(known) + 1:
            continue
        found.setdefault(sign[-1], []).append((start, start + len(sign)))
    return [span for spans in found.values() if len(spans) > 1 for span in spans]


def _last_before(flat: str, at: int) -> str:
    """The last character before a place that is no blank; a new line at the beginning."""
    while at and flat[at - 1] == " ":
        at -= 1
    return flat[at - 1] if at else "\n"


def turns(texts: Sequence[str], at: int, last: int) -> bool:
    """Whether a phrase that turns the story ("in the end") begins at `at`."""
    return any(tuple(texts[at : min(at + length, last)]) in TURNS for length in (2, 3))


def leads(texts: Sequence[str], at: int, last: int) -> bool:
    """Whether after "and" or "so" the story moves on: by a turn, a time or "what I did"."""
    if at + 1 >= last:
        return False
    if texts[at] == "what":
        return texts[at + 1] in WHAT
    if texts[at] in WHEN or texts[at] in WHICH_ONE:
        if not TIMES.isdisjoint(texts[max(0, at - 1 - WHEN_WITHIN) : at - 1]):
            return False  # "in March and in April", "the front end and the back end"
        return not TIMES.isdisjoint(texts[at + 1 : min(at + WHEN_WITHIN, last)])
    return turns(texts, at, last)


def line_starts(text: str, flat: str) -> list[int]:
    """Places that only a new line or message explains: "… by noon Then I rang", "… noon Did:"."""
    found = [capital.end() for capital in CAPITAL.finditer(text)]
    return found + [heading.start() for heading in HEADING.finditer(flat)] if ":" in flat else found


def is_breathless(pauses: frozenset[int], first: int, last: int) -> bool:
    """Whether many words stand without a stop and with few commas: nobody cares to punctuate."""
    if last - first < NO_BREATH:
        return False
    return sum(first < at < last for at in pauses) * PER_BREATH <= last - first


def starts_afresh(texts: Sequence[str], at: int, last: int) -> bool:
    """Whether a new sentence may begin at `at` in a text without punctuation."""
    before = texts[at - 1]
    if before in lexicon.DETERMINERS:
        return False
    if texts[at] in lexicon.CLASSES["person"] and texts[at] not in SUBJECT:
        for near in (at - 2, at - 3):  # "the veg man", "a member services officer"
            if near >= 0 and texts[near] in lexicon.DETERMINERS:
                return False
    if is_verb(before) and texts[at] not in NOMINATIVE:
        return False  # it may be the object of that verb
    return opens_clause(texts, at, last)


def opens_what(texts: Sequence[str], at: int, last: int) -> bool:
    """Whether "what I took from it" begins at `at`, and is not what somebody asked or knows."""
    if texts[at] != "what" or at + 2 >= last or texts[at + 1] not in WHAT:
        return False
    return not is_verb(texts[at - 1]) and texts[at - 1] not in ASKED


def soft_places(
    texts: Sequence[str], pauses: frozenset[int], first: int, last: int, *, breathless: bool
) -> list[int]:
    """Words inside one sentence at which a new clause opens."""
    places: list[int] = []
    previous = first
    for at in range(first + SHORTEST, last - SHORTEST + 2):
        text = texts[at]
        breath = at in pauses
        if at - previous < SHORTEST or not (breath or breathless or text in MAY_OPEN):
            continue
        joined = text in CONNECTIVE
        after = at + 1
        while after < last and texts[after] in CONNECTIVE:
            after += 1
        opens = text in TURN_WORDS and turns(texts, at, last)
        opens = opens or (joined and opens_clause(texts, after, last))
        opens = opens or (joined and breathless and leads(texts, after, last))
        opens = opens or (breath and (opens_clause(texts, at, last) or (joined and text != "and")))
        if not opens and texts[at - 1] not in HANGS:
            if breathless:
                opens = starts_afresh(texts, at, last) or opens_what(texts, at, last)
            elif text in RUN_ON and at - previous >= 2 * SHORTEST and last - first >= LONG_BREATH:
                opens = opens_clause(texts, at, last)
        if opens and texts[at - 1] not in CONNECTIVE:
            places.append(at)
            previous = at
    return places


def cut(
    text: str,
    flat: str,
    words: Sequence[Word],
    texts: Sequence[str],
    pauses: frozenset[int],
    items: Iterable[int] = (),
) -> list[Cut]:
    """The clauses of `text`, in order; empty only when no visible character is there.

    `flat` and `words` are the same text lower-cased and read, `texts` are the words alone,
    `pauses` comes from `breaths`, `items` are the places where an item of a list begins.
    """
    begin = len(text) - len(text.lstrip())
    finish = len(text.rstrip())
    if begin >= finish:
        return []
    starts: list[tuple[int, int, bool, bool]] = [(begin, 0, True, False)]
    at = 0
    for stop in sorted({*hard_ends(flat), *line_starts(text, flat), *items, finish}):
        first = at
        at = bisect_left(words, stop, first, key=START)
        if at == first:
            continue
        loose = is_breathless(pauses, first, at)
        for place in soft_places(texts, pauses, first, at, breathless=loose):
            starts.append((words[place].start, place, False, loose))
        if at < len(words):
            starts.append((skip_blank(text, stop), at, True, False))
    cuts = []
    for opening, beyond in pairwise([*starts, (finish, len(words), True, False)]):
        start, first, hard, loose = opening
        end, last = beyond[:2]
        end = start + len(text[start:end].rstrip())
        cuts.append(Cut(start, end, first, last, hard, loose))
    return cuts


def skip_blank(text: str, at: int) -> int:
    """The first visible character from `at` on."""
    while at < len(text) and text[at].isspace():
        at += 1
    return at
