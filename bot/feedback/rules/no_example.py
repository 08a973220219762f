"""General talk or a trait where one real event was asked for."""

from __future__ import annotations

from collections.abc import Iterator

from bot.feedback.concrete import concreteness
from bot.feedback.kind import HALF, Kind
from bot.feedback.look import Look
from bot.feedback.model import Finding, QuestionType
from bot.feedback.rules.base import Case, Rule
from bot.feedback.topic import asks_for_a_fault

FEWEST = 20  # words: below, an answer is too short and no more
APART, CROWDED = 27, 12  # words for each claim: below, claims are many, and nothing but claims
PICTURED = 0.25  # of the words: what one could picture


class NoExample(Rule):
    """Fires when nothing in the answer happened once.

    Quiet as soon as one dated or one-time event is told, also when it is told in the present.
    """

    name = "no_example"
    why = "One real event is evidence; “I always” is only a claim."
    source = (
        "Bangerter, Corvalan and Cavin 2014, Storytelling in the selection interview, Journal of "
        "Business and Psychology: stories raised hiring recommendations, self-descriptions "
        "lowered them"
    )
    advice = "Pick one day, one person or one job, and tell only that."
    good = (
        Case(
            "Last June a guest lost her passport, so I rang the embassy and drove her there. "
            "She flew home that night."
        ),
        Case(
            "My van breaks down outside Leeds at four with a load of fish. I phone the yard, I "
            "flag down another driver, I pay him forty quid and we shift the boxes over. The fish "
            "is in the market by six."
        ),
        Case(
            "So this customer comes in one Saturday and he's shouting, and I go, let's sit "
            "down, and I get him a coffee. He came back the next week."
        ),
    )
    bad = (
        Case(
            "I always stay calm with customers. I usually listen first and I am a good team "
            "player.",
            marks=(
                "I always",
                "I usually",
                "I am a good team player",
            ),
        ),
        Case(
            "I am a hard worker and a fast learner.",
            marks=(
                "I am a hard worker",
                "fast learner",
            ),
        ),
    )

    def check(self, look: Look) -> Iterator[Finding]:
        """Compare general talk with one-time events."""
        reading = look.reading
        if look.behavioral and look.talk.kind in {Kind.GENERAL, Kind.NOTHING}:
            spans = reading.signs.get("cannot", ()) + reading.signs.get("generic", ())
            signs = bool(look.talk.general) + (look.talk.events == 0)
            yield self.found(spans or look.head(), 0.6 + 0.15 * signs)
        elif reading.asked.type is QuestionType.MOTIVATION and reading.fresh_length >= FEWEST:
            claims = reading.signs.get("buzz", ()) + reading.signs.get("generic", ())
            if self._claims_alone(look, len(claims)) and not asks_for_a_fault(reading.asked):
                yield self.found(claims, 0.65)

    def _claims_alone(self, look: Look, claims: int) -> bool:
        """Whether claims stand close together, and little that one could picture by them."""
        reading = look.reading
        dense = claims >= 2 and claims * APART >= reading.fresh_length
        told = look.talk.sure < HALF and claims * CROWDED < reading.fresh_length
        return dense and not told and concreteness(reading, reading.fresh) < PICTURED
