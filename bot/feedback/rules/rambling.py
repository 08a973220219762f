"""Long and wandering."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby

from bot.feedback.kind import PAST
from bot.feedback.look import Look
from bot.feedback.model import Finding, Label, QuestionType, Span
from bot.feedback.reading import Clause
from bot.feedback.rules.base import Case, Rule

LONG = 320
LONG_STORY = 255
LONG_VIEW = 210
LONG_LOGISTICS = 120
LONG_PLAN = 200
FEWEST_ASIDES = 2  # announced or taken back, in a story; one is enough in a view
TURNS = 3  # an old case told after a plan, in one or two breaths, is an example; more are detours
# Where a speaker says that they were elsewhere, or cannot settle what does not matter.
STRAYED = re.compile(
    r"\b(?:anyway|anyhow|where was i|what was i|by the way|by the by|i digress|tangent|hang on)\b"
    r"|\bas i (?:say|said|was saying)\b|\blike i sa(?:y|id)\b|\bi've said that\b|\byou asked\b"
    r"|\b(?:another|separate|whole) (?:story|tale|day|matter|conversation)\b|\blong story\b"
    r"|\b(?:will|'ll|to|going|brings me) (?:come )?back to\b|\b(?:will|'ll) come to\b"
    r"|\b(?:not the|off the) point\b|\boff topic\b|\bso yeah\b|\bbut yes\b"
    r"|\bno,? (?:wait|sorry|actually|no|it was|not)\b|, no,|\bwell not\b|\bi tell a lie\b"
    r"|\bor (?:was it|maybe it was|it (?:may|might) be)\b|\bi want to say\b"
)


class Rambling(Rule):
    """Fires over 320 words, and earlier where the speaker strays and comes back.

    Quiet on a long answer in order, and on one old case told to prove a plan.
    """

    name = "rambling"
    why = "After two minutes the listener stops sorting for you."
    source = (
        "Practice threshold: on our practice answers faulted stories had 292-481 words, others "
        "up to 272"
    )
    advice = "Drop the asides and keep to two minutes: about 250 words."
    good = (
        Case("At the shop in May a fridge failed. I moved the stock and nothing was lost."),
        Case(
            "I would ask the next in line, write down what is said and read it back aloud. " * 13
            + "It came up once in Luton. I did the same and nobody left.",
            type=QuestionType.SITUATIONAL,
            question="Two customers both say that they were first. What do you do?",
        ),
        Case(
            "I would ask the next in line, write down what is said and read it back aloud. " * 13
            + "Anyway, I had a queue like that in Hull and by the way it was my first week.",
            type=QuestionType.SITUATIONAL,
            question="Two customers both say that they were first. What do you do?",
        ),
    )
    bad = (
        Case(
            "Well, Aberdeen, I know it well, there is a chippy by the harbour. "
            + "We did look at moving once, when my eldest was in school, and then we did not. " * 8,
            type=QuestionType.LOGISTICS,
            question="Would you move to Aberdeen?",
            competency="",
            marks=(
                "We did look at moving once, when my eldest was in school, and then we did not.",
            ),
        ),
    )

    def check(self, look: Look) -> Iterator[Finding]:
        """Compare the length with what the question needs, and look for the way back."""
        reading = look.reading
        kind, words = reading.asked.type, reading.length
        if kind is QuestionType.LOGISTICS:
            if words > LONG_LOGISTICS:
                yield self.found(self._asides(look), 0.75)
        elif words > LONG:
            yield self.found(self._asides(look), 0.9)
        elif kind is QuestionType.SITUATIONAL:
            turns = self._turns(look) if words > LONG_PLAN else []
            if len(turns) >= TURNS:
                yield self.found(turns, 0.7)
        elif words > (LONG_STORY if look.behavioral else LONG_VIEW):
            strayed = self._strayed(look)
            if len(strayed) >= (FEWEST_ASIDES if look.behavioral else 1):
                yield self.found([*strayed[:1], *self._asides(look)], 0.75)

    def _strayed(self, look: Look) -> list[Span]:
        return [found.span() for found in STRAYED.finditer(look.reading.flat)]

    def _turns(self, look: Look) -> list[Span]:
        """Where a plan turns off: into a stretch of the past, or by saying so outside of one."""
        runs = groupby(look.reading.clauses, lambda clause: clause.shape.tense in PAST)
        stretches = [list(run) for past, run in runs if past]
        tales = [run[0].span for run in stretches if any(_is_own_past(look, c) for c in run)]
        apart = [
            (start, end)
            for start, end in self._strayed(look)
            if not any(run[0].start <= start < run[-1].end for run in stretches)
        ]
        return sorted([*tales, *apart])

    def _asides(self, look: Look) -> list[Span]:
        asides = [p for p in look.pieces if p.label is Label.OTHER] or list(look.pieces)
        inner = [p for p in asides if p.start] or asides
        longest = max(inner, key=lambda piece: piece.end - piece.start)
        return [(longest.start, longest.end)]


def _is_own_past(look: Look, clause: Clause) -> bool:
    """Whether a clause tells what the speaker did; "I put it down" may be a step to come."""
    form = clause.shape
    said = look.reading.texts[form.first : form.last]
    return form.actor in {"i", "we"} and form.base not in said
