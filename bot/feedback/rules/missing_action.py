"""What was done is never said."""

from __future__ import annotations

from collections.abc import Iterator

from bot.feedback.look import Look, is_own_deed
from bot.feedback.model import Finding, Label
from bot.feedback.reading import Clause
from bot.feedback.rules.base import Case, Rule

SEVERAL = 2  # own deeds that are action, whatever part they were taken for


class MissingAction(Rule):
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
            "them. It was a very hard quarter. In the end they renewed for two years and the "
            "director thanked the whole team.",
            marks=("It was a very hard quarter.",),
        ),
    )

    def check(self, look: Look) -> Iterator[Finding]:
        """Count deeds in the action part."""
        if not look.story or look.reading.fresh_length < 25:
            return
        acts = [c for c in look.clauses(Label.ACTION) if is_deed(c)]
        told = [c for c in acts if c.shape.tense != "present" and not _denied(look, c)]
        told += [c for c in look.clauses(Label.OTHER) if is_own_deed(c) and not _denied(look, c)]
        parts = look.clauses(Label.TASK, Label.RESULT, Label.OTHER)
        hidden = [c for c in parts if _own(c) and not _denied(look, c)]
        # A story may be told in the present, but one such clause is none.
        if not told and len(acts) < SEVERAL and len(hidden) < SEVERAL:
            sure = 0.85 if look.has(Label.RESULT) or look.has(Label.SITUATION) else 0.6
            yield self.found(look.tail() if not look.has(Label.RESULT) else _gap(look), sure)


def _own(clause: Clause) -> bool:
    """Whether the speaker did something, by name or with the subject left out."""
    form = clause.shape
    did = form.verb in {"deed", "speech"} and form.tense in {"past", "perfect"}
    return did and form.actor in {"i", "elided"}


def is_deed(clause: Clause) -> bool:
    """Whether the clause says that something was done, by whomever of the speaker's side."""
    form = clause.shape
    if "if_frame" in clause.signs:
        return False
    if form.actor == "thing":
        return form.tense == "passive" and form.verb not in {"state", "mental"}
    return form.actor in {"i", "we", "elided"} and form.verb not in {"state", "mental"}


def _denied(look: Look, clause: Clause) -> bool:
    """Whether the deed is one that was not done."""
    form = clause.shape
    return any(word.text == "not" for word in look.reading.words[form.first : form.last])


def _gap(look: Look) -> list[tuple[int, int]]:
    """The last words before the result, where the action should stand."""
    clauses, labels = look.reading.clauses, look.labels
    at = labels.index(Label.RESULT)
    return [clauses[max(0, at - 1)].span]
