"""Unsure wording throughout."""

from __future__ import annotations

from collections.abc import Iterator

from bot.feedback.look import Look
from bot.feedback.model import Finding
from bot.feedback.rules.base import Case, Rule

FEWEST = 4
SHARE = 0.055


class Hedging(Rule):
    """Fires on four hedges or more, at six or more in a hundred words.

    Quiet on "about forty", "around noon" and one honest "I think".
    """

    name = "hedging"
    why = "Each “I guess” takes back a little of what you did."
    source = (
        "Hosman 1989, The Evaluative Consequences of Hedges, Hesitations, and Intensifiers, Human "
        "Communication Research: hedges changed how much authority a speaker was given; the "
        "threshold is from our practice answers"
    )
    advice = "Say the deed without “kind of” and “I guess”, once, out loud."
    good = (
        Case(
            "About forty tickets came in around noon. I think I sorted them by customer. I "
            "rang the ten largest and they stayed."
        ),
    )
    bad = (
        Case(
            "I guess I sort of noticed it, and maybe I kind of helped a bit, I suppose. I "
            "think it possibly worked.",
            marks=(
                "I guess",
                "sort of",
                "maybe",
            ),
        ),
    )

    def check(self, look: Look) -> Iterator[Finding]:
        """Count hedges for each hundred words."""
        hedges = look.reading.hedge_spans
        share = len(hedges) / max(1, look.reading.fresh_length)
        least = FEWEST if look.reading.fresh_length >= 25 else FEWEST - 2
        if len(hedges) >= least and share >= SHARE:
            yield self.found(hedges, 0.6 + 6 * (share - SHARE))
