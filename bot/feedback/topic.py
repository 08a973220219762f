"""Does an answer speak to its question: shared words, signs of the competency, facts asked for."""

from __future__ import annotations

import re
from functools import lru_cache

from bot.feedback import lexicon
from bot.feedback.model import Asked, QuestionType
from bot.feedback.reading import Reading
from bot.feedback.words import flatten, read

COMPETENCIES: dict[str, dict[str, str]] = lexicon.load("competencies.toml")
SMALL = frozenset(COMPETENCIES["small"]["words"].split())
SIGNALS = {
    name: frozenset(e["signals"].split()) for name, e in COMPETENCIES.items() if "signals" in e
}
ROOT = 5
FACTS = (
    (re.compile(r"salary|pay|expect|rate|package|earn"), re.compile(r"\d|flexible|range|negotia|k\b|hour|grand|pay|salar|money")),
    (re.compile(r"notice|start|available|when (?:would|could|can)"), re.compile(r"\d|(?<!last )week|month|day|immediate|straight ?away|tomorrow|notice|asap|monday|soon|(?:one|two|three|four|six)\b")),
    (re.compile(r"relocat|move|travel|commut|shift|weekend|night|hours|office|remote|licen[cs]e|visa|right to work"),
     re.compile(r"\byes|\byep|\byeah|\bno\b|\bnope|happy|fine|could|can\b|would|'d\b|move|relocat|live|travel|problem|visa|permit|licen|shift|week|day|train|drive|car\b|bus\b|depend|passport|office|home")),
)  # fmt: skip


def root(word: str) -> str:
    """The part of a word that its forms share."""
    return word[:ROOT]


@lru_cache(maxsize=512)
def roots_of(asked: Asked) -> frozenset[str]:
    """Roots of the content words of a question."""
    words = {word.text for word in read(flatten(asked.text))}
    return frozenset(root(w) for w in words if w not in SMALL and len(w) > 2)


def shared_with_question(reading: Reading) -> int:
    """How many content words the answer shares with its question."""
    return len({root(w) for w in reading.vocabulary if len(w) > 2} & roots_of(reading.asked))


def signals_in(reading: Reading) -> int:
    """How many different words show the competency; 1 when we do not know the competency."""
    signals = {root(signal) for signal in SIGNALS.get(reading.asked.competency, ())}
    if not signals:
        return 1
    return len({root(word) for word in reading.vocabulary if len(word) > 2} & signals)


def answers_logistics(reading: Reading) -> bool:
    """Whether a plain question about pay, dates or place gets a fact."""
    question = flatten(reading.asked.text)
    for asks, gives in FACTS:
        if asks.search(question):
            return gives.search(reading.flat) is not None
    return True


MOTIVE = re.compile(
    r"\byou\b(?! like| know)|\byour|because|\bwant|enjoy|\blove|interest|looking for|leav|fed up|appeal|attract|excit|need|contract|money|hours|\bhere\b|time for"
)
ASKS_MOTIVE = re.compile(
    r"\bwhy\b|draws|makes you|appeal|attract|know about|interest|leav|looking for"
)
VIEWS = frozenset({"would", "should", "could", "future", "must"})


def answers_view(reading: Reading) -> bool:
    """Whether a question about a view or a motive gets a view or a motive, or shares its words."""
    if reading.asked.type is QuestionType.MOTIVATION:
        wanted = ASKS_MOTIVE.search(flatten(reading.asked.text)) is not None
        return (
            not wanted
            or shared_with_question(reading) > 1
            or MOTIVE.search(reading.flat) is not None
        )
    own_past = sum(
        clause.shape.actor == "i" and clause.shape.tense in {"past", "perfect", "was"}
        for clause in reading.fresh
    )
    views = sum(clause.shape.tense in VIEWS for clause in reading.fresh)
    return own_past < 3 or views > 1 or signals_in(reading) > 0
