"""More than half of the answer is background."""

from __future__ import annotations

from collections.abc import Iterator

from bot.feedback.look import Look
from bot.feedback.model import Finding, Label
from bot.feedback.rules.base import Case, Rule

MOST = 0.54
MOST_IF_BRIEF = 0.62  # a brief story needs its setting too
WHOLE_STORY = 70
NEARLY_ALL = 0.75  # below that, a story without any action has a bigger fault
LONG_WAIT = 100  # words; so has one that is soon over
A_STORY = 4  # own deeds within what was taken for setting: that is no mere setting


class TooMuchSetup(Rule):
    """Fires when situation and task take over 54 % of the words of a story, 62 % of a brief one.

    Where nothing at all is done it takes 75 %, and a hundred words.

    Quiet when four own deeds or more stand in what was taken for setting.
    """

    name = "too_much_setup"
    why = "The time goes before your part begins, and your part is what they score."
    source = (
        "Practice threshold: on our practice answers nearly all faulted ones had over 60 % setup, "
        "good ones 15-55 %"
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

    def check(self, look: Look) -> Iterator[Finding]:
        """Add up the shares of situation and task."""
        if not look.story or look.reading.fresh_length < 40:
            return
        setup = look.shares[Label.SITUATION] + look.shares[Label.TASK]
        long = look.reading.fresh_length >= WHOLE_STORY
        acts = look.has(Label.ACTION) or (
            look.reading.fresh_length >= LONG_WAIT and setup > NEARLY_ALL
        )
        if (
            acts
            and self._deeds_inside(look) < A_STORY
            and setup > (MOST if long else MOST_IF_BRIEF)
        ):
            pieces = [p for p in look.pieces if p.label in {Label.SITUATION, Label.TASK}]
            longest = max(pieces, key=lambda piece: piece.end - piece.start)
            yield self.found([(longest.start, longest.end)], 0.5 + 2.5 * (setup - 0.5))

    def _deeds_inside(self, look: Look) -> int:
        """How many clauses of the setup tell what the speaker did, the "I" dropped or not."""
        return sum(
            c.shape.tense == "past"
            and c.shape.verb in {"deed", "speech"}
            and c.shape.actor in {"i", "elided"}
            for c in look.clauses(Label.SITUATION, Label.TASK)
        )
