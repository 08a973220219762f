"""General talk or a trait where one real event was asked for."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.feedback.kind import Kind
from bot.feedback.look import Look
from bot.feedback.model import Finding, QuestionType
from bot.feedback.rules.base import Case, Rule

FEWEST = 20  # words: below, an answer is too short and no more
DEED_ASKED = re.compile(
    r"achiev|example|instance|a (?:time|moment)|have you done|proud|accompl|something you"
    r"|one (?:job|day|case|project|piece)|sums (?:it|you) up",
    re.IGNORECASE,
)


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
        spans = reading.signs.get("cannot", ()) + reading.signs.get("generic", ()) or look.head()
        if look.behavioral and look.talk.kind in {Kind.GENERAL, Kind.NOTHING}:
            signs = bool(look.talk.general) + (look.talk.events == 0)
            if signs:  # talk in general, or nothing that happened; better both
                yield self.found(spans, 0.6 + 0.15 * signs)
        elif reading.asked.type is QuestionType.MOTIVATION and reading.fresh_length >= FEWEST:
            claims = reading.signs.get("buzz", ()) + reading.signs.get("generic", ())
            dense = len(claims) >= 2 and len(claims) * 25 >= reading.fresh_length
            if dense and (not look.talk.events or self._nothing_done(look)):
                yield self.found(claims, 0.65)

    def _nothing_done(self, look: Look) -> bool:
        """Whether an achievement was asked for and nothing done is told."""
        asked = DEED_ASKED.search(look.reading.asked.text) is not None
        return asked and look.talk.past_deeds < 2
