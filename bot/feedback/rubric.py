"""What a reply to a question that asks for no story should hold, by type of question.

A case: the first steps, a second way, a reason, a safeguard. A view: facts from outside, a choice,
the effect over time, the link to the firm. A motive: a fact about them, one about oneself, and
what joins the two. Plain facts: an answer, its reason, and how far it bends.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from bot.feedback import lexicon
from bot.feedback.between import FIRST, between
from bot.feedback.concrete import is_general
from bot.feedback.cues import CueBook
from bot.feedback.look import Look
from bot.feedback.model import QuestionType, Reason
from bot.feedback.reading import Clause
from bot.feedback.topic import is_plan

CONCRETE = frozenset({"deed", "speech", "change"})
EMPTY = frozenset({"o_ritual", "o_trait", "o_greeting"})
BEEN = frozenset({"past", "perfect", "progressive", "was"})
YOUR_SIDE = frozenset({"you", "your", "yours"})


SIGNS = CueBook(lexicon.load("rubric.toml"))


@dataclass(frozen=True, slots=True)
class Told:
    """The clauses of a reply that say something, with the words and the signs of each."""

    clauses: Sequence[Clause]
    words: Sequence[Sequence[str]]
    signs: Sequence[Collection[str]]


NOTHING = Told((), (), ())
Counting = Callable[[Told], int]


@dataclass(frozen=True, slots=True)
class Point:
    """One thing that a good reply holds: how often `count` finds it, what one is worth, at most."""

    because: str
    count: Counting
    each: float
    most: float


def telling(look: Look) -> Told:
    """What is left without ritual, traits, slogans and clauses with nothing one could picture."""
    reading = look.reading
    clauses = [
        clause
        for clause in reading.fresh
        if "buzz" not in clause.signs
        and not any(hit.cue.id in EMPTY for hit in clause.hits)
        and not all(map(is_general, reading.word_texts(clause)))
    ]
    ends = [clause.last for clause in reading.clauses for _ in reading.word_texts(clause)]
    hits = SIGNS.hits(reading.texts, (), ends)
    return Told(
        clauses,
        [reading.word_texts(clause) for clause in clauses],
        [
            {hit.cue.id for hit in between(hits, clause.first, clause.last, at=FIRST)}
            for clause in clauses
        ],
    )


def _said(sign: str) -> Counting:
    """Counts the clauses that hold a sign of rubric.toml."""
    return lambda told: sum(sign in signs for signs in told.signs)


def _steps(told: Told) -> int:
    return len({clause.shape.base for clause in told.clauses if clause.shape.verb in CONCRETE})


def _plans(told: Told) -> int:
    return len({clause.shape.base for clause in told.clauses if is_plan(clause)})


def _sizes(told: Told) -> int:
    return len({word for words in told.words for word in words if lexicon.is_number(word)})


def _about_them(told: Told) -> int:
    return sum(not YOUR_SIDE.isdisjoint(words) for words in told.words)


def _about_me(told: Told) -> int:
    return sum(clause.shape.actor == "i" and clause.shape.tense in BEEN for clause in told.clauses)


RUBRIC: Mapping[QuestionType, tuple[Point, ...]] = {
    QuestionType.SITUATIONAL: (
        Point("you say what you would do, step by step", _steps, 0.2, 1.4),
        Point("you weigh a second way", _said("option"), 0.2, 0.3),
        Point("you give reasons", _said("reason"), 0.2, 0.6),
        Point("you make sure that it holds", _said("safeguard"), 0.2, 0.4),
    ),
    QuestionType.STRATEGIC: (
        Point("you give facts and sizes", _sizes, 0.15, 0.7),
        Point("you make a choice", _plans, 0.25, 0.9),
        Point("you say what it does over time", _said("horizon"), 0.2, 0.4),
        Point("you give reasons", _said("reason"), 0.2, 0.4),
        Point("you link it to this firm", _about_them, 0.2, 0.3),
        Point("you name concrete steps", _steps, 0.1, 0.5),
    ),
    QuestionType.MOTIVATION: (
        Point("you speak of them", _about_them, 0.2, 0.4),
        Point("you speak of what you have done", _about_me, 0.25, 0.8),
        Point("you give facts and sizes", _sizes, 0.15, 0.6),
        Point("you say why the two fit", _said("reason"), 0.2, 0.4),
        Point("you name concrete steps", _steps, 0.1, 0.5),
    ),
    QuestionType.LOGISTICS: (
        Point("you give facts and sizes", _sizes, 0.2, 0.4),
        Point("you give the reason", _said("reason"), 0.3, 0.3),
        Point("you say how far it bends", _said("flexible"), 0.15, 0.3),
    ),
}


def held(look: Look) -> list[Reason]:
    """The points that a reply earns; none for a behavioral question, whose rubric is the story."""
    points = RUBRIC.get(look.reading.asked.type, ())
    told = telling(look) if points else NOTHING
    found = []
    for point in points:
        if times := point.count(told):
            found.append(Reason(round(min(point.most, times * point.each), 2), point.because))
    return found
