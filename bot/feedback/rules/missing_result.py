"""The story has no ending."""

from __future__ import annotations

from collections.abc import Iterator

from bot.feedback.look import Look
from bot.feedback.model import Finding, Label
from bot.feedback.reading import Clause
from bot.feedback.rules.base import Case, Rule

TOSS_UP = -0.55  # points; nearer to zero the answer reads as well with a result
SIZED = frozenset({"measure", "thin_result"})
AHEAD = frozenset({"future", "would"})  # what has not happened yet is no result
GIVEN = frozenset({"get", "win", "earn", "receive"})  # "I got a mention" is what came of it
HARDLY = 0.8  # points; below, little but its place makes a clause the result
OUTCOME = 1.2  # how much the cues of a clause must say for a result


class MissingResult(Rule):
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

    def check(self, look: Look) -> Iterator[Finding]:
        """Look for a result among the labels."""
        if not look.story or look.reading.fresh_length < 25:
            return
        if look.has(Label.RESULT):
            hardly = not _backed(look) and look.margin(Label.RESULT) < HARDLY
            if hardly or all(c.shape.tense in AHEAD for c in look.clauses(Label.RESULT)):
                yield self.found(look.tail(), 0.55)
            return
        if look.margin(Label.RESULT) > TOSS_UP:
            return
        if any(speaks_of_result(look, number) for number in range(len(look.labels))):
            return
        if look.has(Label.ACTION) or look.has(Label.SITUATION) or look.has(Label.TASK):
            yield self.found(look.tail(), 0.8 if look.has(Label.ACTION) else 0.55)


def _backed(look: Look) -> bool:
    """Whether more than its place speaks for the result: a size, a reaction, a change."""
    if look.measured:
        return True
    return any(
        clause.signs & {"thin_result"} or clause.shape.verb == "change" or weighs(clause) >= 1
        for clause in look.clauses(Label.RESULT)
    )


def weighs(clause: Clause) -> float:
    """How much the cues of a clause speak for a result, each once."""
    return sum({hit.cue.id: hit.cue.weights.get("R", 0.0) for hit in clause.hits}.values())


def speaks_of_result(look: Look, number: int) -> bool:
    """Whether a late clause holds an outcome, whatever its label."""
    clauses = look.reading.clauses
    clause = clauses[number]
    if number < 0.5 * len(clauses):
        return False
    other = look.labels[number] is Label.OTHER
    if not other and is_outcome(look, number):
        return True
    own = clause.shape.actor in {"i", "elided"} and clause.shape.verb not in {"change", "state"}
    own = own and clause.shape.base not in GIVEN
    if own and not (SIZED & clause.signs and weighs(clause) >= OUTCOME):
        return False  # a deed, unless it runs on into its size or its welcome
    return weighs(clause) >= (OUTCOME + 1 if other else OUTCOME)


def is_outcome(look: Look, number: int) -> bool:
    """Whether somebody or something else acted after the speaker's last deed."""
    form = look.reading.clauses[number].shape
    others = form.actor in {"person", "thing"} and form.tense in {"past", "passive"}
    return number > look.last_own_deed >= 0 and others and form.verb in {"deed", "change", "speech"}
