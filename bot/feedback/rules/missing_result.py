"""The story has no ending."""

from __future__ import annotations

from bot.feedback.look import Look
from bot.feedback.model import Label, Span
from bot.feedback.rules.base import Case
from bot.feedback.rules.missing import MissingPart

ENOUGH = 1.0  # points of its words for a result


class MissingResult(MissingPart):
    """Fires when nothing says what came of it.

    Quiet when the result comes first, or when a failure is the result.
    """

    name = "missing_result"
    why = "They score outcomes. Without one they have to guess."
    source = (
        "University of Georgia Career Center, Acing the Interview: say what happened in "
        "the end and what you accomplished"
    )
    advice = "Finish with one line: what changed, for whom, and how you know."
    good = (
        Case(
            "At the shop in May a fridge failed. I moved the stock next door and rang the "
            "engineer. Nothing was thrown away and we opened on time."
        ),
        Case(
            "I cut waiting time by half. It was 2022, at a clinic in Hull. I mapped every "
            "step and moved the desk."
        ),
    )
    bad = (
        Case(
            "At the shop in May a fridge failed on a Sunday night. I was the only one on "
            "shift. I moved the stock next door and I rang the engineer.",
            marks=("and I rang the engineer.",),
        ),
    )

    part = Label.RESULT
    fewest = 25

    def own_counts(self, look: Look) -> dict[str, float]:
        """Whether more than its place makes some clause the result."""
        return {"backed": _backed(look)}

    def quotes(self, look: Look) -> tuple[Span, ...]:
        """The end of the answer."""
        return look.tail()


def _backed(look: Look) -> bool:
    """Whether more than its place makes some clause the result."""
    return any(
        "thin_result" in clause.signs
        or clause.shape.verb == "change"
        or clause.points(Label.RESULT) >= ENOUGH
        for clause in look.clauses(Label.RESULT)
    ) or bool(look.measured)
