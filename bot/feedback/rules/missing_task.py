"""The candidate's own goal or duty is never said."""

from __future__ import annotations

from bot.feedback.look import Look
from bot.feedback.model import Label, Span
from bot.feedback.rules.base import Case
from bot.feedback.rules.missing import MissingPart
from bot.feedback.rules.weighed import length

MOST_POINTS = 2.0


class MissingTask(MissingPart):
    """Fires when a told story has neither a task nor any aim.

    Readers agree least on this fault, so it never comes first and its confidence stays low.
    """

    name = "missing_task"
    why = "Your duty is the yardstick for your result."
    source = (
        "University of Georgia Career Center, Acing the Interview: the goal, the problem "
        "and your role"
    )
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

    part = Label.TASK
    fewest = 15
    most_sure = 0.45  # listed, but never the one thing to fix

    def own_counts(self, look: Look) -> dict[str, float]:
        """The words of a task, the aims that other parts hold, and how much is a story at all."""
        fresh = look.reading.fresh
        early = fresh[: max(1, len(fresh) // 2)]
        points = max((clause.points(Label.TASK) for clause in early), default=0)
        return {
            "task_words": max(0, min(MOST_POINTS, points)),
            "aim": "aim" in look.reading.signs,
            "talk": look.likely_shares[Label.OTHER],
            "length": length(look),
        }

    def quotes(self, look: Look) -> tuple[Span, ...]:
        """The beginning of the answer."""
        return look.head()
