"""Nothing earns nothing: empty talk gets the lowest score and no praise."""

from __future__ import annotations

import pytest

from bot.feedback import QuestionType
from tests.feedback.telling import faults, tell

SALAD = (
    "Situation, task, action, result. I led, I managed, results driven synergy, stakeholder "
    "alignment, leadership, teamwork, communication, impact, 50%, growth, KPI, ownership, "
    "problem solving, proactive, dynamic, going forward, best practice, value add."
)
PLAIN_GOOD = (
    "Two winters back I had the night round on my own, nine houses, snow up to the gate. Mr next "
    "door rings at four, says his wife's not answering. I was meant to be at the other end of town "
    "by half past. I rang the office and said I'm going in, move my half past. I got in with the "
    "key safe, she was on the kitchen floor, cold. I put two blankets round her, I kept her "
    "talking about her dogs and I stayed till the ambulance came. She was home in six days. Her "
    "daughter asked for me by name after that."
)


@pytest.mark.parametrize(
    "answer", ["", " ", "fine", "idk", "ok", "😀😀", "...", "no comment", "yes"]
)
@pytest.mark.parametrize("kind", [QuestionType.BEHAVIORAL, QuestionType.SITUATIONAL])
def test_an_empty_answer_gets_the_floor_and_no_praise(answer: str, kind: QuestionType) -> None:
    feedback = tell(answer, kind=kind)
    assert feedback.overall <= 1.5
    assert feedback.best is None
    assert feedback.top_fix is not None


def test_fine_scores_one() -> None:
    assert tell("fine").overall == 1.0


@pytest.mark.parametrize("kind", list(QuestionType))
def test_a_salad_of_keywords_never_scores_above_two(kind: QuestionType) -> None:
    feedback = tell(SALAD, kind=kind)
    assert feedback.overall <= 2.0
    assert feedback.best is None


def test_a_plain_good_answer_without_textbook_words_is_not_faulted() -> None:
    feedback = tell(PLAIN_GOOD, "Tell me about a hard day.", competency="adaptability")
    assert faults(feedback) == []
    assert feedback.overall >= 4
    assert feedback.best is not None


def test_a_short_true_answer_to_a_plain_question_is_fine() -> None:
    feedback = tell("Four weeks, from the first.", "What is your notice?", QuestionType.LOGISTICS)
    assert faults(feedback) == []
