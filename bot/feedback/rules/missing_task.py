"""The candidate's own goal or duty is never said."""

from __future__ import annotations

from collections.abc import Iterator

from bot.feedback.look import Look
from bot.feedback.model import Finding, Label
from bot.feedback.rules.base import Case, Rule


class MissingTask(Rule):
    """Fires when a told story has neither a task nor any aim.

    Readers agree least on this fault, so it never comes first and its confidence stays low.
    """

    name = "missing_task"
    why = "Your duty is the yardstick for your result."
    source = "National Careers Service (UK), The STAR method: task, what you were asked to do"
    advice = "Say in one line what was yours to do, and by when."
    good = (
        Case(
            "At the depot the scanner died. My job was to get the vans out by six. I "
            "borrowed a scanner next door and all forty left on time."
        ),
    )
    bad = (
        Case(
            "In our lab the duplicates had drifted apart since the summer. I plotted the "
            "drift against room temperature and column. I rewrote the method and added a "
            "standard. Duplicates have stayed within 2% since October.",
            marks=("In our lab the duplicates had drifted apart since the summer.",),
        ),
    )

    def check(self, look: Look) -> Iterator[Finding]:
        """Look for a task, then for an aim in other parts."""
        if not look.story or look.reading.fresh_length < 25 or look.has(Label.TASK):
            return
        if "aim" not in look.reading.signs:
            yield self.found(look.head(), 0.55)
