"""More than half of the answer is background."""

from __future__ import annotations

from bot.feedback.look import Look
from bot.feedback.model import Label, Span
from bot.feedback.rules.base import Case
from bot.feedback.rules.weighed import Weighed, length

SETUP = (Label.SITUATION, Label.TASK)


class TooMuchSetup(Weighed):
    """Fires when situation and task likely take most of the words of a story.

    The longer the story, the less of it may be setup: a brief one needs its setting too.
    """

    name = "too_much_setup"
    why = "The time goes before your part begins, and your part is what they score."
    source = (
        "Practice measure: on our practice answers nearly all faulted ones had over 60 % setup, "
        "good ones 15-55 %; the weights are fitted to them"
    )
    advice = "Cut the background to two sentences and start with your first step."
    good = (
        Case(
            "At the depot in May the scanner died. I borrowed one next door, I printed the "
            "lists by hand and I read each label out. All forty vans left on time and nobody "
            "waited."
        ),
    )
    bad = (
        Case(
            "This was at a hospital in Ohio in 2022. The wireless was a mix of two vendors "
            "after a merger, and the older part was still doing the login for the newer one. "
            "There were eleven people in each call and it had been going on for three weeks. "
            "I was on the network team. I measured the ward at noon. No drop since.",
            marks=(
                "The wireless was a mix of two vendors after a merger, and the older part was "
                "still doing the login for the newer one.",
            ),
        ),
    )

    fewest = 40

    def judges(self, look: Look) -> bool:
        """Whether it is a story long enough, with some setup to show."""
        return super().judges(look) and any(map(look.has, SETUP))

    def counts(self, look: Look) -> dict[str, float]:
        """How much of the words is setting and task, how much is action, and how many they are."""
        shares = look.likely_shares
        return {
            "setup": shares[Label.SITUATION] + shares[Label.TASK],
            "action": shares[Label.ACTION],
            "length": length(look),
        }

    def quotes(self, look: Look) -> tuple[Span, ...]:
        """The longest piece of the setup."""
        setup = [piece for piece in look.pieces if piece.label in SETUP]
        longest = max(setup, key=lambda piece: piece.end - piece.start)
        return ((longest.start, longest.end),)
