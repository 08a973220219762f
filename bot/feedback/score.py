"""The overall score from 1 to 5, as a sum of reasons that a candidate can read.

Length earns nothing: points come from parts, own deeds and measures, each counted up to a small
limit, and every fault holds the whole under a ceiling.
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.feedback.kind import Kind, is_would
from bot.feedback.look import Look
from bot.feedback.model import Finding, Label, QuestionType, Reason
from bot.feedback.rubric import Held, earned

LOWEST, HIGHEST = 1.0, 5.0
CEILING = {
    "missing_task": 3.75,
    "unquantified_result": 3.75,
    "missing_situation": 3.25,
    "missing_result": 3.0,
    "too_much_setup": 3.0,
    "fillers": 2.9,
    "rambling": 2.75,
    "we_not_i": 2.75,
    "hedging": 2.75,
    "missing_action": 2.6,
    "hypothetical": 2.25,
    "vague_action": 2.0,
    "confidential": 1.75,
    "blames_others": 1.75,
    "no_example": 1.6,
    "no_ownership": 1.5,
    "too_short": 1.4,
    "off_topic": 1.0,
}
FURTHER = 0.4
SURER = 0.1
SALAD = 0.25  # share of slogans above which nothing else counts
# What a reply to a question without a story earns by answering it; the rest comes from its rubric.
ANSWERS = {
    QuestionType.SITUATIONAL: 1.5,
    QuestionType.STRATEGIC: 0.95,
    QuestionType.MOTIVATION: 1.1,
    QuestionType.LOGISTICS: 2.4,
}
SAID = {
    "missing_task": "your own task is not said",
    "unquantified_result": "the result has no size",
    "missing_situation": "no setting",
    "missing_result": "no ending",
    "rambling": "long, with asides",
    "too_much_setup": "more setup than action",
    "we_not_i": "your own part is hidden in “we”",
    "hedging": "unsure wording",
    "fillers": "many fillers",
    "missing_action": "no action",
    "vague_action": "actions in general words",
    "hypothetical": "what you would do, not what you did",
    "confidential": "something private is given away",
    "blames_others": "others take the blame",
    "no_example": "no real event",
    "no_ownership": "no fault is owned",
    "too_short": "too short to judge",
    "off_topic": "another question is answered",
}


def merits(look: Look, held: Held) -> list[Reason]:
    """Points that the answer earns before its faults."""
    if look.behavioral:
        return _story_merits(look)
    return _plan_merits(look, held)


def _story_merits(look: Look) -> list[Reason]:
    reasons = []
    if look.talk.kind is Kind.HYPOTHETICAL:
        steps = len({c.shape.base for c in look.reading.fresh if is_would(c)})
        return [Reason(round(min(1.4, 0.4 + 0.2 * steps), 2), "you know the steps")]
    if look.has(Label.SITUATION):
        reasons.append(Reason(0.6, "the setting is clear"))
    if look.has(Label.TASK):
        reasons.append(Reason(0.4, "your task is said"))
    own = len({deed.base for deed in look.own_deeds})
    if own:
        reasons.append(Reason(min(1.5, 0.5 + 0.25 * own), "you say what you did"))
    elif look.has(Label.ACTION):
        reasons.append(Reason(0.5, "something is done"))
    if look.has(Label.RESULT):
        reasons.append(Reason(0.7, "it has an ending"))
    if look.measured:
        reasons.append(Reason(0.4, "the ending is measured"))
    if any(look.lesson(clause) for clause in look.clauses(Label.LEARNING)):
        reasons.append(Reason(0.4, "you say what you took from it"))
    return reasons


def _plan_merits(look: Look, held: Held) -> list[Reason]:
    reading = look.reading
    if not reading.fresh:
        return []
    if look.slogan_share > SALAD:
        return [Reason(0.5, "you name what the question is about")]
    return [Reason(ANSWERS[reading.asked.type], "you answer the question"), *earned(held)]


def score(look: Look, findings: Sequence[Finding], held: Held) -> tuple[float, tuple[Reason, ...]]:
    """The score and its reasons; the score is 1 plus their sum, within 1 and 5.

    A fault takes the total down to its ceiling as far as we are sure of it, and every further
    fault takes a little more.
    """
    reasons = merits(look, held)
    if not findings and look.story:
        reasons.append(Reason(0.3, "nothing gets in its way"))
    total = LOWEST + sum(reason.points for reason in reasons)
    if total > HIGHEST:
        reasons.append(Reason(round(HIGHEST - total, 2), "the scale ends at five"))
        total = HIGHEST
    for finding in sorted(findings, key=lambda found: CEILING[found.rule]):
        loss = FURTHER * finding.confidence
        if total > CEILING[finding.rule]:
            loss = max(loss, (total - CEILING[finding.rule]) * min(1.0, finding.confidence + SURER))
        reasons.append(Reason(-round(loss, 2), SAID[finding.rule]))
        total -= round(loss, 2)
    total = LOWEST + sum(reason.points for reason in reasons)
    return round(min(HIGHEST, max(LOWEST, total)), 2), tuple(reasons)
