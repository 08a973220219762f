"""What a question without a story wants: what was found of it, in which words."""

from __future__ import annotations

import pytest
from hypothesis import given, settings

from bot.feedback import CENTRAL, RUBRIC, Asked, Channel, QuestionType, review
from tests.feedback.telling import faults, tell
from tests.feedback.test_properties import ANY_TEXT

CASE = "Something you released is failing for one customer in ten. What do you do first?"
VIEW = "From what you have seen of us, what would you change here?"
MOTIVE = "You could do this job elsewhere. Why here?"
PAY = "What pay are you looking for, and what is that based on?"
QUESTIONS = {
    QuestionType.SITUATIONAL: CASE,
    QuestionType.STRATEGIC: VIEW,
    QuestionType.MOTIVATION: MOTIVE,
    QuestionType.LOGISTICS: PAY,
}
STEPS = "I'd look at the error rate for the last hour, and I'd roll back what went out today."
REPORT = "I read in your report that you took in 4,100 coats."


def shown(answer: str, kind: QuestionType, question: str = "") -> dict[str, str | None]:
    """Each criterion with its words, or None."""
    feedback = review(answer, Asked(question or QUESTIONS[kind], kind, "problem_solving"))
    return {each.id: feedback.quote(each.span) if each.span else None for each in feedback.rubric}


@pytest.mark.parametrize("kind", RUBRIC)
def test_each_type_has_its_own_criteria_in_the_order_of_the_rubric(kind: QuestionType) -> None:
    names = [point.criterion for point in RUBRIC[kind] if point.criterion]
    assert list(shown(STEPS, kind)) == names
    assert 3 <= len(names) <= 4


def test_a_story_has_no_other_rubric() -> None:
    assert tell(STEPS).rubric == ()


def test_what_is_central_is_a_criterion() -> None:
    names = {point.criterion for points in RUBRIC.values() for point in points}
    assert set(CENTRAL) < names


# A case.


def test_steps_alone_are_steps_alone() -> None:
    assert shown(STEPS, QuestionType.SITUATIONAL) == {
        "steps": "I'd roll back what went out today",
        "option": None,
        "reason": None,
        "safeguard": None,
    }


@pytest.mark.parametrize(
    ("more", "criterion", "words"),
    [
        ("If it is still failing I'd wake them.", "option", "If it is still failing I'd wake them"),
        ("I'd do that because Dana wrote it.", "reason", "because Dana wrote it"),
        (
            "I'd say it aloud so nobody rolls it out again.",
            "reason",
            "so nobody rolls it out again",
        ),
        ("And I'd write it down for Monday.", "safeguard", "I'd write it down for Monday"),
    ],
)
def test_a_criterion_is_quoted_in_the_words_that_show_it(
    more: str, criterion: str, words: str
) -> None:
    before = shown(STEPS, QuestionType.SITUATIONAL)
    after = shown(f"{STEPS} {more}", QuestionType.SITUATIONAL)
    assert before[criterion] is None
    assert after[criterion] == words


@pytest.mark.parametrize(
    ("words", "criterion"),
    [
        ("It has been down since nine o'clock.", "reason"),
        ("I'd put them in the hall first.", "safeguard"),
        ("It may be down till breakfast.", "safeguard"),
        ("There are several options.", "option"),
    ],
)
def test_a_word_that_is_often_something_else_is_no_proof(words: str, criterion: str) -> None:
    assert shown(f"{STEPS} {words}", QuestionType.SITUATIONAL)[criterion] is None


def test_what_counts_without_being_plain_is_a_hint() -> None:
    asked = Asked(CASE, QuestionType.SITUATIONAL)
    rubric = {each.id: each for each in review(f"{STEPS} I'd put them in the hall.", asked).rubric}
    assert (rubric["safeguard"].span, rubric["safeguard"].hinted) == (None, True)
    assert not rubric["option"].hinted
    assert not rubric["steps"].hinted


def test_what_was_done_once_is_no_step_of_a_plan() -> None:
    told = shown(
        "I rang the depot and I fixed the till. It was a Monday.", QuestionType.SITUATIONAL
    )
    assert told["steps"] is None


# A view.


def test_a_figure_about_them_comes_before_one_of_ones_own() -> None:
    answer = (
        "I'd test it in 3 shops. You have 41 chairs on nine sites. I would close the tenth one."
    )
    told = shown(answer, QuestionType.STRATEGIC)
    assert told["figure"] == "You have 41 chairs on nine sites"
    assert told["choice"] == "I'd test it in 3 shops"


def test_two_questions_are_no_figure_and_two_years_are() -> None:
    assert shown("I'd ask two questions first.", QuestionType.STRATEGIC)["figure"] is None
    told = shown("I'd ask, and within two years you'd see it.", QuestionType.STRATEGIC)
    assert told["horizon"] is not None


def test_an_effect_over_time_lies_ahead() -> None:
    past = shown("We cut the fleet over three years and I liked it.", QuestionType.STRATEGIC)
    assert past["horizon"] is None
    ahead = shown("I'd shrink the fleet over three years.", QuestionType.STRATEGIC)
    assert ahead["horizon"] == "I'd shrink the fleet over three years"


def test_what_others_will_do_is_no_choice() -> None:
    assert shown("They will ask for more money.", QuestionType.STRATEGIC)["choice"] is None


# A motive.


def test_homework_on_them_and_a_deed_of_ones_own_are_told_apart() -> None:
    told = shown(
        f"{REPORT} I mended coats for six years in Leith, so the bench would suit me.",
        QuestionType.MOTIVATION,
    )
    assert told == {
        "them": "I read in your report that you took in 4,100 coats",
        "me": "I mended coats for six years in Leith",
        "fit": "so the bench would suit me",
    }


def test_a_wish_is_no_deed() -> None:
    told = shown(
        "I have always wanted to work with coats like your coats.", QuestionType.MOTIVATION
    )
    assert told["me"] is None


# Plain facts.


def test_a_plain_answer_with_its_reason_and_its_room() -> None:
    told = shown(
        "I'm looking for 42, because two other trusts pay that. I'm flexible if Fridays are free.",
        QuestionType.LOGISTICS,
    )
    assert told == {
        "amount": "I'm looking for 42, because two other trusts pay that",
        "grounds": "because two other trusts pay that",
        "room": "I'm flexible if Fridays are free",
    }


# Where nothing may be claimed.


def test_an_answer_to_another_question_has_no_rubric() -> None:
    feedback = tell("Sorry, could you repeat that?", CASE, QuestionType.SITUATIONAL)
    assert faults(feedback)[0] == "off_topic"
    assert feedback.rubric == ()


def test_slogans_show_nothing() -> None:
    salad = (
        "Leadership, ownership, stakeholder alignment, synergy, impact, KPIs, 40%, strategic,"
        " results driven, proactive, because innovation drives measurable outcomes."
    )
    assert set(shown(salad, QuestionType.STRATEGIC).values()) <= {None}


@settings(max_examples=200, deadline=None)
@given(ANY_TEXT)
def test_every_span_holds_words_of_the_answer(answer: str) -> None:
    for kind, question in QUESTIONS.items():
        for channel in Channel:
            for each in review(answer, Asked(question, kind), channel).rubric:
                if each.span is not None:
                    start, end = each.span
                    assert 0 <= start < end <= len(answer)
                    assert answer[start:end] == answer[start:end].strip()
                    assert len(answer[start:end].split()) <= 12
