"""The words of a reply that speak for each point of a rubric, and how plainly they do.

The score counts them all. Only what is plain is shown to a candidate as proof: "since 2018" holds
a word of reasons and gives none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from bot.feedback import lexicon
from bot.feedback.between import FIRST, between
from bot.feedback.concrete import is_general
from bot.feedback.cues import CueBook, Hit
from bot.feedback.look import Look
from bot.feedback.model import Span
from bot.feedback.reading import Clause
from bot.feedback.topic import is_plan
from bot.feedback.words import Word

CONCRETE = frozenset({"deed", "speech", "change"})
EMPTY = frozenset({"o_ritual", "o_trait", "o_greeting"})
BEEN = frozenset({"past", "perfect", "progressive", "was"})
DOERS = frozenset({"i", "we", "elided"})
YOUR_SIDE = frozenset({"you", "your", "yours"})
THEIR_OWN = frozenset({"your", "yours"})
FEELINGS = frozenset({"want", "like", "love", "enjoy", "hope", "wish", "prefer"})
PREPOSITIONS = frozenset({"to", "with", "at", "for", "from"})
# "Two questions" is no size; with a unit of time behind it is one.
SMALL = frozenset({"two", "three", "half", "quarter"})
UNITS = lexicon.CLASSES["timeunit"]

SIGNS = CueBook(lexicon.load("rubric.toml"))


class Said(NamedTuple):
    """A clause that says something, with its words and where each sign of rubric.toml stands."""

    clause: Clause
    words: Sequence[Word]
    texts: frozenset[str]
    signs: Mapping[str, Span]


class Shown(NamedTuple):
    """One thing counted: the words behind it, and how plain they are; 0 is not to be shown."""

    span: Span
    plain: int


@dataclass(frozen=True, slots=True)
class Told:
    """What is left of a reply without ritual, traits, slogans and clauses one cannot picture."""

    said: Sequence[Said]


Showing = Callable[[Told], list[Shown]]


def telling(look: Look) -> Told:
    """The clauses of a reply that say something."""
    reading = look.reading
    ends = [clause.last for clause in reading.clauses for _ in reading.word_texts(clause)]
    hits = SIGNS.hits(reading.texts, (), ends)
    return Told(
        [
            _read(look, clause, between(hits, clause.first, clause.last, at=FIRST))
            for clause in reading.fresh
            if "buzz" not in clause.signs
            and not any(hit.cue.id in EMPTY for hit in clause.hits)
            and not all(map(is_general, reading.word_texts(clause)))
        ]
    )


def _read(look: Look, clause: Clause, hits: Sequence[Hit]) -> Said:
    reading = look.reading
    signs: dict[str, Span] = {}
    for hit in hits:
        signs.setdefault(hit.cue.id, reading.span_of(hit.first, hit.last))
    words = reading.words[clause.first : clause.last]
    return Said(clause, words, frozenset(reading.word_texts(clause)), signs)


def sign(*plain: str, loose: Sequence[str] = ()) -> Showing:
    """Shows the clauses that hold one of these signs of rubric.toml, the first the plainest.

    A loose sign counts and is not plain.
    """
    order = [*((name, at) for at, name in enumerate(reversed(plain), 1)), *((n, 0) for n in loose)]

    def shown(told: Told) -> list[Shown]:
        found = []
        for each in told.said:
            here = [Shown(each.signs[name], plain) for name, plain in order if name in each.signs]
            if here:
                found.append(max(here, key=lambda one: one.plain))
        return found

    return shown


def horizons(told: Told) -> list[Shown]:
    """Spans of time; those of the past say nothing of an effect, and a plan says most."""
    found = []
    for each in told.said:
        if "horizon" in each.signs or "horizon_loose" in each.signs:
            span = each.signs.get("horizon") or each.signs["horizon_loose"]
            plain = "horizon" in each.signs and each.clause.shape.tense not in BEEN
            found.append(Shown(span, plain * (2 if is_plan(each.clause) else 1)))
    return found


def steps(told: Told) -> list[Shown]:
    """Different things that are done or said; one's own, still to be done, are plain."""
    return _each_once(
        (each.clause, _is_ahead(each.clause) * (2 if is_plan(each.clause) else 1))
        for each in told.said
        if each.clause.shape.verb in CONCRETE
    )


def _is_ahead(clause: Clause) -> bool:
    return clause.shape.actor in DOERS and clause.shape.tense not in BEEN


def plans(told: Told) -> list[Shown]:
    """Different things that should be done; plain where it is clear by whom, or that they should.

    "They will ask" is a forecast.
    """
    return _each_once(
        (each.clause, _choice(each.clause)) for each in told.said if is_plan(each.clause)
    )


def _choice(clause: Clause) -> int:
    form = clause.shape
    if form.actor in DOERS:
        return 1 if form.verb == "speech" else 3
    return 2 if form.actor == "you" or form.tense == "should" else 0


def sizes(told: Told) -> list[Shown]:
    """Different numbers; most plain in a fact about them, least in what one would do."""
    return _numbers(told, lambda each: 3 if each.texts & YOUR_SIDE else 2 - is_plan(each.clause))


def amounts(told: Told) -> list[Shown]:
    """Different numbers; most plain where no tale of the past is told."""
    return _numbers(told, lambda each: 1 if each.clause.shape.tense in BEEN else 2)


def _numbers(told: Told, plain: Callable[[Said], int]) -> list[Shown]:
    found: dict[str, Shown] = {}
    for each in told.said:
        for at, word in enumerate(each.words):
            if not lexicon.is_number(word.text):
                continue
            after = each.words[at + 1].text if at + 1 < len(each.words) else ""
            bare = word.text in SMALL and after not in UNITS
            _keep(found, word.text, Shown((word.start, word.end), 0 if bare else plain(each)))
    return list(found.values())


def about_them(told: Told) -> list[Shown]:
    """Clauses that speak of "you"; plain is "your", "to you", "you are hiring", "you have 23"."""
    return [
        Shown(next((w.start, w.end) for w in each.words if w.text in YOUR_SIDE), _theirs(each))
        for each in told.said
        if each.texts & YOUR_SIDE
    ]


def _theirs(each: Said) -> int:
    if each.texts & THEIR_OWN:
        return 2
    form = each.clause.shape
    doing = form.actor == "you" and form.tense == "progressive"
    texts = [word.text for word in each.words]
    met = any(before in PREPOSITIONS and word == "you" for before, word in pairwise(texts))
    return int(doing or met or any(map(lexicon.is_number, texts)))


def about_me(told: Told) -> list[Shown]:
    """Clauses of the speaker's own past; plain is a deed or a number, least in homework on them."""
    return [
        Shown(each.clause.span, _mine(each))
        for each in told.said
        if each.clause.shape.actor == "i"
        and each.clause.shape.tense in BEEN
        and each.clause.shape.base not in FEELINGS  # "I have always wanted" tells of nothing done
    ]


def _mine(each: Said) -> int:
    verb = each.clause.shape.verb
    if each.texts & YOUR_SIDE:
        return int(verb in CONCRETE)
    if verb in CONCRETE or any(map(lexicon.is_number, each.texts)):
        return 3
    return 0 if verb == "mental" else 2


def _each_once(clauses: Iterable[tuple[Clause, int]]) -> list[Shown]:
    """Each verb once, by the clause that shows it most plainly."""
    found: dict[str, Shown] = {}
    for clause, plain in clauses:
        _keep(found, clause.shape.base, Shown(clause.span, plain))
    return list(found.values())


def _keep(found: dict[str, Shown], name: str, shown: Shown) -> None:
    if name not in found or shown.plain > found[name].plain:
        found[name] = shown
