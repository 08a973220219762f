"""The candidate's own goal or duty is never said."""

from __future__ import annotations

from bot.feedback.look import Look, is_own_deed
from bot.feedback.model import Label, Span
from bot.feedback.rules.base import Case
from bot.feedback.rules.missing import MissingPart, margin, scene

MOST_POINTS = 2.0
HINTS = frozenset({"t_mine", "t_wanted", "t_order", "t_asked", "t_my_job"})


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

    def counts(self, look: Look) -> dict[str, float]:
        """How well the answer reads with a task, and the aims that other parts hold."""
        fresh = look.reading.fresh
        early = fresh[: max(1, len(fresh) // 2)]
        points = max((clause.points(Label.TASK) for clause in early), default=0)
        return {
            "margin": margin(look, Label.TASK),
            "task_words": max(0, min(MOST_POINTS, points)),
            "aim": "aim" in look.reading.signs,
            "hinted": _hinted(look),
            "scene": scene(look),
            "ends_in_talk": look.labels[-1] is Label.OTHER,
        }

    def gap(self, look: Look) -> tuple[Span, ...]:
        """The beginning of the answer."""
        return look.head()


def _hinted(look: Look) -> bool:
    """Whether words of a task stand before the first deed, though the clause is read otherwise."""
    for clause in look.reading.fresh:
        if is_own_deed(clause):
            return False
        if any(hit.cue.id in HINTS for hit in clause.hits):
            return True
    return False
