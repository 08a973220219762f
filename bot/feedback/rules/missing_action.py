"""What was done is never said."""

from __future__ import annotations

from bot.feedback.look import Look
from bot.feedback.model import Label, Span
from bot.feedback.reading import Clause
from bot.feedback.rules.base import Case
from bot.feedback.rules.missing import MissingPart

ENOUGH = 2  # deeds; hardly a reader misses the action of a story with two
MOST_POINTS = 2.0


class MissingAction(MissingPart):
    """Fires when a story goes from its setting to its end with hardly a deed on the way.

    Quiet when its action tells of two deeds, in the passive too: then somebody did act.
    """

    name = "missing_action"
    why = "The action is the part they hire. Without it the result could be luck."
    source = (
        "University of Georgia Career Center, Acing the Interview: say which specific "
        "steps you took"
    )
    advice = "Add three steps that you took, in order, each with its own verb."
    good = (
        Case(
            "The server went down on Friday. I traced it to a full disk, I moved the logs "
            "and I set an alarm. It was up in ten minutes."
        ),
    )
    bad = (
        Case(
            "In 2022 our largest client was about to leave us. I was the account manager for "
            "them. Their new director wanted everything cheaper. In the end they renewed for two "
            "years and the director thanked the whole team.",
            marks=("Their new director wanted everything cheaper.",),
        ),
    )

    part = Label.ACTION
    fewest = 25

    def judges(self, look: Look) -> bool:
        """Whether it is a story long enough, with less than two deeds."""
        return super().judges(look) and _deeds(look) < ENOUGH

    def own_counts(self, look: Look) -> dict[str, float]:
        """Deeds in the action, and the words that sound most like one."""
        points = max((clause.points(Label.ACTION) for clause in look.reading.fresh), default=0)
        return {"deeds": _deeds(look), "action_words": min(MOST_POINTS, points)}

    def quotes(self, look: Look) -> tuple[Span, ...]:
        """The last words before the result, where the action should stand; or else the end."""
        if not look.has(Label.RESULT):
            return look.tail()
        at = look.labels.index(Label.RESULT)
        return (look.reading.clauses[max(0, at - 1)].span,)


def _deeds(look: Look) -> int:
    """How many clauses of the action tell of a deed."""
    return sum(
        label is Label.ACTION and not clause.idle and is_deed(clause)
        for clause, label in zip(look.reading.clauses, look.labels, strict=True)
    )


def is_deed(clause: Clause) -> bool:
    """Whether the clause says that something was done, by the speaker's side or by nobody named."""
    form = clause.shape
    if "if_frame" in clause.signs:
        return False
    if form.verb in {"state", "mental"}:
        return False
    return form.actor in {"i", "we", "elided"} or form.tense == "passive"
