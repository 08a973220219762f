"""Which questions an interview asks: varied, fresh, and fitting the candidate's line of work."""

from __future__ import annotations

from collections.abc import Collection, Sequence

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

    Questions in `recent` come only when nothing else of their type is left; no competency comes
    twice while another is left; on a panel the three take turns. `length` is one of LENGTHS.
    """
    fitting = [question for question in bank if not question.fields or field in question.fields]
    waiting = shuffled(fitting, seed, "plan")
    chosen: list[Question] = []
    for position, wanted in enumerate(_SHAPES[length]):
        asker = persona.panelists[(seed + position) % 3].id if persona.panelists else None
        best = min(waiting, key=lambda question: _misfit(question, wanted, asker, chosen, recent))
        waiting.remove(best)
        chosen.append(best)
    return tuple(question.id for question in chosen)


def _misfit(
    question: Question,
    wanted: QuestionType,
    asker: str | None,
    chosen: Sequence[Question],
    recent: Collection[str],
) -> tuple[bool, bool, bool, bool, bool]:
    """How badly a question fits the next place, the worst reason first; ties keep their order."""
    return (
        question.type is not wanted,
        question.id in recent,
        question.competency in {earlier.competency for earlier in chosen},
        question.asker != asker,
        not question.fields,
    )
