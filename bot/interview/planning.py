"""Which questions an interview asks: varied, fresh, and fitting the candidate's line of work."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import cycle, permutations

from bot.feedback import QuestionType
from bot.interview.chance import shuffled
from bot.interview.model import Persona, Question, WorkField

LENGTHS = (3, 5, 8)

# How many questions of each type an interview of that length asks, in the order they come up in:
# a second round is mostly about real events, with one or two looks ahead.
_B, _S = QuestionType.BEHAVIORAL, QuestionType.SITUATIONAL
_P, _M, _L = QuestionType.STRATEGIC, QuestionType.MOTIVATION, QuestionType.LOGISTICS
_SHAPES: dict[int, tuple[QuestionType, ...]] = {
    3: (_B, _B, _S),
    5: (_M, _B, _B, _S, _B),
    8: (_M, _B, _B, _S, _B, _P, _B, _L),
}


def plan(
    bank: Sequence[Question],
    persona: Persona,
    length: int,
    *,
    field: WorkField | None,
    recent: Collection[str],
    seed: int,
) -> tuple[str, ...]:
    """The ids of `length` questions from `bank`, in the order they are asked.

    Questions in `recent` come only when nothing else of their type is left, and no competency
    comes twice while another is left. A panel takes turns, in the order at the table that leaves
    the fewest wishes open. `length` is one of LENGTHS.
    """
    fitting = [question for question in bank if not question.fields or field in question.fields]
    waiting = shuffled(fitting, seed, "plan")
    askers: list[str | None] = [panelist.id for panelist in persona.panelists]
    tables = shuffled(permutations(askers or [None]), seed, "table")
    plans = [_filled(waiting, _SHAPES[length], table, recent) for table in tables]
    _, best = min(plans, key=lambda plan: plan[0])
    return tuple(question.id for question in best)


Misfit = tuple[int, ...]


def _filled(
    waiting: Sequence[Question],
    shape: Sequence[QuestionType],
    askers: Sequence[str | None],
    recent: Collection[str],
) -> tuple[Misfit, list[Question]]:
    """The best question for each place in turn, and how badly they fit, all places together."""
    chosen: list[Question] = []
    misfits: list[Misfit] = []
    for wanted, asker in zip(shape, cycle(askers), strict=False):
        left = [question for question in waiting if question not in chosen]
        misfit, place = min(
            (_misfit(question, wanted, asker, chosen, recent), place)
            for place, question in enumerate(left)
        )
        misfits.append(misfit)
        chosen.append(left[place])
    return tuple(map(sum, zip(*misfits, strict=True))), chosen


def _misfit(
    question: Question,
    wanted: QuestionType,
    asker: str | None,
    chosen: Sequence[Question],
    recent: Collection[str],
) -> Misfit:
    """How badly a question fits the next place, the worst reason first; ties keep their order."""
    return (
        question.type is not wanted,
        question.id in recent,
        question.competency in {earlier.competency for earlier in chosen},
        question.asker != asker,
        not question.fields,
    )
