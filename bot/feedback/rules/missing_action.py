"""What was done is never said."""

from __future__ import annotations

from bot.feedback.look import Look
from bot.feedback.model import Label, Span
from bot.feedback.reading import Clause
from bot.feedback.rules.base import Case
from bot.feedback.rules.missing import MissingPart, scene
from bot.feedback.rules.missing_result import share_after
from bot.feedback.rules.missing_situation import settings

MOST_DEEDS, MOST_POINTS = 4, 2.0


class MissingAction(MissingPart):
    """Fires when a story goes from its setting to its end with no deed of "I" or "we".

    Quiet when the deeds are told in the passive: then somebody did act.
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

    def counts(self, look: Look) -> dict[str, float]:
        """Deeds in the action, and what stands around them."""
        acts = [
            number
            for number, clause in enumerate(look.reading.clauses)
            if look.labels[number] is Label.ACTION and not clause.idle and is_deed(clause)
        ]
        points = max((clause.points(Label.ACTION) for clause in look.reading.fresh), default=0)
        return {
            "deeds": min(MOST_DEEDS, len(acts)),
            "action_words": min(MOST_POINTS, points),
            "begun": bool(settings(look)),
            "scene": scene(look),
            "ended": look.has(Label.RESULT),
            "after": share_after(look, max([look.last_own_deed, *acts])),
        }

    def gap(self, look: Look) -> tuple[Span, ...]:
        """The last words before the result, where the action should stand; or else the end."""
        if not look.has(Label.RESULT):
            return look.tail()
        at = look.labels.index(Label.RESULT)
        return (look.reading.clauses[max(0, at - 1)].span,)


def is_deed(clause: Clause) -> bool:
    """Whether the clause says that something was done, by whomever of the speaker's side."""
    form = clause.shape
    if "if_frame" in clause.signs:
        return False
    if form.actor == "thing":
        return form.tense == "passive" and form.verb not in {"state", "mental"}
    return form.actor in {"i", "we", "elided"} and form.verb not in {"state", "mental"}
