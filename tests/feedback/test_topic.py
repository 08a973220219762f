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


SHIP = (
    "Well our ships are very good on that actually, we have twelve cabins on the new one and they "
    "have all got the wide door. The old one had two. There is a lift from the car deck to six."
)


def test_a_case_answered_without_a_single_step_misses_the_question() -> None:
    question = "A passenger finds the accessible cabin double-booked. What would you do?"
    off = tell(SHIP, question, QuestionType.SITUATIONAL, "customer_focus")
    assert faults(off)[0] == "off_topic"
    on = tell(
        SHIP + " I'd ring the purser and I'd offer her the crew cabin by the lift.",
        question,
        QuestionType.SITUATIONAL,
        "customer_focus",
    )
    assert "off_topic" not in faults(on)


def test_a_view_on_their_business_is_not_answered_with_a_career() -> None:
    cv = (
        "I have been working with speech models since 2018. My thesis was on attention and I cut "
        "the cost by 40% last year. I also mentor two juniors and I run our reading group."
    )
    question = "Which of our products would you stop investing in, and why?"
    assert faults(tell(cv, question, QuestionType.STRATEGIC, "expertise")) == ["off_topic"]
    view = "I'd stop the kiosk line. It sells to nobody new and you pay two people to keep it up."
    assert "off_topic" not in faults(tell(view, question, QuestionType.STRATEGIC, "expertise"))


def test_a_failure_without_fault_lesson_or_repair_is_not_owned() -> None:
    told = (
        "We launched a series in 2023 with six episodes and a decent push behind it. I was the "
        "producer, so the edit was with me. We hired a new host and we moved the release forward. "
        "It got 9,000 downloads against 60,000 and it wasn't renewed. "
    )
    question = "Talk us through a project that did not work out."
    feedback = tell(told, question, competency="failure")
    assert "no_ownership" in faults(feedback)
    owned = tell(told + "I had not tested the pilot on anyone.", question, competency="failure")
    assert "no_ownership" not in faults(owned)


def test_one_complaint_is_a_fact_and_several_are_blame() -> None:
    start = "In May at the depot the scanner died. My job was to get forty vans out. "
    end = " I printed the lists and I read each label out. All forty vans left on time."
    one = tell(start + "The supplier never replied." + end)
    assert "blames_others" not in faults(one)
    many = tell(
        start + "The supplier never replied. My boss was always moaning. The manager did not help."
        " As usual they let us down." + end
    )
    assert "blames_others" in faults(many)
