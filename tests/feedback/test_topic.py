"""Which competency a name means, and when a plain question gets its fact."""

from __future__ import annotations

import pytest

from bot.feedback import COMPETENCIES, QuestionType
from bot.feedback.topic import nearest
from tests.feedback.telling import faults, tell


def test_there_are_eighteen_competencies_and_each_is_nearest_to_itself() -> None:
    assert len(COMPETENCIES) == 18
    assert [nearest(name) for name in COMPETENCIES] == list(COMPETENCIES)


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("Problem Solving", "problem_solving"),
        ("problem-solving", "problem_solving"),
        ("team_work", "teamwork"),
        ("prioritisation", "prioritization"),
        ("negotiation", "influence"),
        ("resilience", "adaptability"),
        ("juggling", ""),
        ("", ""),
    ],
)
def test_another_name_is_read_as_the_nearest(name: str, meant: str) -> None:
    assert nearest(name) == meant


@pytest.mark.parametrize(
    ("question", "reply", "off"),
    [
        ("What notice do you have to give?", "It is one month, or three weeks with leave.", False),
        (
            "What notice do you have to give?",
            "I do it all, interiors and polish, with my own kit.",
            True,
        ),
        (
            "What are your salary expectations?",
            "Somewhere between 38 and 42 thousand for me.",
            False,
        ),
        (
            "What are your salary expectations?",
            "I like the people and the view from the roof.",
            True,
        ),
    ],
)
def test_a_plain_question_wants_its_fact(question: str, reply: str, off: bool) -> None:
    feedback = tell(reply, question, QuestionType.LOGISTICS, "motivation")
    assert ("off_topic" in faults(feedback)) is off
