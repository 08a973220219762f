"""Long and wandering."""

from __future__ import annotations

from collections.abc import Iterator

from bot.feedback.kind import PAST
from bot.feedback.look import Look
from bot.feedback.model import Finding, Label, QuestionType, Span
from bot.feedback.rules.base import Case, Rule

LONG = 320
WANDERING = 210
LONG_LOGISTICS = 120
LONG_STORY = 255
BESIDE_SHARE = 0.38  # setting and asides; in order, a long story is no fault
LONG_PLAN = 140
ASIDE_SHARE = 0.25
TALE_SHARE = 0.25


class Rambling(Rule):
    """Fires over 350 words, over 210 with much beside the point, and on plain facts over 120.

    Quiet on a long answer in order with all its parts.
    """

    name = "rambling"
    why = "After two minutes the listener stops sorting for you."
    source = (
        "Practice threshold: on our practice answers faulted ones had 158-416 words, others up "
        "to 213"
    )
    advice = "Drop the asides and keep to two minutes: about 250 words."
    good = (Case("At the shop in May a fridge failed. I moved the stock and nothing was lost."),)
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
        """Compare the length with what the question needs."""
        reading = look.reading
        if reading.asked.type is QuestionType.LOGISTICS:
            if reading.length > LONG_LOGISTICS:
                yield self.found(self._asides(look), 0.75)
        elif reading.length > LONG:
            yield self.found(self._asides(look), 0.85)
        elif look.behavioral:
            aside = look.shares[Label.OTHER]
            beside = aside + look.shares[Label.SITUATION]
            if (reading.length > LONG_STORY and beside > BESIDE_SHARE) or (
                reading.length > WANDERING and aside > ASIDE_SHARE
            ):
                yield self.found(self._asides(look), 0.65)
        elif reading.asked.type is QuestionType.SITUATIONAL:
            tales = [c for c in reading.clauses if c.shape.tense in PAST and c.shape.actor != "you"]
            if reading.length > LONG_PLAN and len(tales) > TALE_SHARE * len(reading.clauses):
                yield self.found([c.span for c in tales], 0.65)
        elif reading.length > WANDERING:
            yield self.found(self._asides(look), 0.65)

    def _asides(self, look: Look) -> list[Span]:
        asides = [p for p in look.pieces if p.label is Label.OTHER] or list(look.pieces)
        inner = [p for p in asides if p.start] or asides
        longest = max(inner, key=lambda piece: piece.end - piece.start)
        return [(longest.start, longest.end)]
