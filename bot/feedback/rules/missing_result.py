"""The story has no ending."""

from __future__ import annotations

from bot.feedback.look import Look
from bot.feedback.model import Label, Span
from bot.feedback.reading import Clause
from bot.feedback.rules.base import Case
from bot.feedback.rules.missing import MissingPart, margin

MOST = 3
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

    def counts(self, look: Look) -> dict[str, float]:
        """How well the answer reads with each part, and what follows the last own deed."""
        later = look.reading.clauses[look.last_own_deed + 1 :]
        return {
            "margin": margin(look, Label.RESULT),
            "situation": max(0.0, margin(look, Label.SITUATION)),
            "task": max(0.0, margin(look, Label.TASK)),
            "backed": _backed(look),
            "others": min(MOST, sum(_others_act(clause) for clause in later if not clause.idle)),
            "after": share_after(look, look.last_own_deed),
        }

    def gap(self, look: Look) -> tuple[Span, ...]:
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


def _others_act(clause: Clause) -> bool:
    """Whether somebody or something else did something."""
    form = clause.shape
    told = form.tense in {"past", "passive"} and form.verb not in {"state", "mental", "none"}
    return told and form.actor in {"person", "thing"}


def share_after(look: Look, number: int) -> float:
    """Share of the clauses that follow a clause; all for -1."""
    later = look.reading.clauses[number + 1 :]
    return sum(not clause.idle for clause in later) / max(1, len(look.reading.fresh))
