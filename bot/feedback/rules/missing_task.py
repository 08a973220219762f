"""The candidate's own goal or duty is never said."""

from __future__ import annotations

from collections.abc import Iterator

from bot.feedback.look import Look, is_own_deed
from bot.feedback.model import Finding, Label
from bot.feedback.rules.base import Case, Rule

FEWEST = 15  # words, to tell at all
HINTS = frozenset({"t_mine", "t_wanted", "t_order", "t_asked", "t_my_job"})
UNSURE = 0.45  # listed, but never the one thing to fix


class MissingTask(Rule):
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

    def check(self, look: Look) -> Iterator[Finding]:
        """Look for a task, then for an aim in other parts."""
        if not look.story or look.reading.fresh_length < FEWEST or look.has(Label.TASK):
            return
        if "aim" not in look.reading.signs and not _hinted(look):
            yield self.found(look.head(), UNSURE)


def _hinted(look: Look) -> bool:
    """Whether words of a task stand before the first deed, though the clause is read otherwise."""
    for clause in look.reading.fresh:
        if is_own_deed(clause):
            return False
        if any(hit.cue.id in HINTS for hit in clause.hits):
            return True
    return False
