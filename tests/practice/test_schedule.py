from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest

from bot.feedback import Feedback, Label, QuestionType, review
from bot.interview.model import Competency
from bot.practice.schedule import (
    CardKey,
    Deck,
    Grade,
    deck_from_json,
    deck_to_json,
    due_at,
    due_order,
    is_due,
    learn,
    rate,
)
from tests.practice.drilling import FULL_STORY, book

S, T, A, R = Label.SITUATION, Label.TASK, Label.ACTION, Label.RESULT
MONDAY = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)
DAY = timedelta(days=1)
STORY = QuestionType.BEHAVIORAL
QUESTION = book().questions["pe-customer-nobody-could-stand"]
NO_ENDING = (
    FULL_STORY.rsplit(" She was", 1)[0] + " I carried her bags up and I wrote it in the book."
)


def feedback_on(answer: str) -> Feedback:
    return review(answer, QUESTION.asked())


def test_a_faultless_answer_is_good_or_easy_in_every_part_it_tells() -> None:
    grades = rate(feedback_on(FULL_STORY), STORY)
    assert set(grades) == {S, T, A, R}
    assert min(grades.values()) >= Grade.GOOD
    assert grades[A] is Grade.EASY  # five deeds of one's own


def test_an_answer_without_an_ending_fails_in_its_result_alone() -> None:
    grades = rate(feedback_on(NO_ENDING), STORY)
    assert grades[R] is Grade.AGAIN
    assert grades[A] is Grade.GOOD


def test_an_ending_without_a_size_is_hard() -> None:
    thin = FULL_STORY.rsplit(" She was", 1)[0] + " In the end it went well and she was happy."
    assert rate(feedback_on(thin), STORY)[R] is Grade.HARD


def test_talk_in_general_fails_in_every_part() -> None:
    grades = rate(feedback_on("I always try to listen, and I usually stay calm. " * 5), STORY)
    assert grades == dict.fromkeys((S, T, A, R), Grade.AGAIN)


def test_too_short_an_answer_is_hard_where_it_told_something_and_again_elsewhere() -> None:
    grades = rate(feedback_on("I rang her the next morning and I apologised for the noise."), STORY)
    assert grades[A] is Grade.HARD
    assert grades[R] is Grade.AGAIN


def test_a_part_that_came_only_after_a_probe_is_hard() -> None:
    assert rate(feedback_on(FULL_STORY), STORY, prompted={R})[R] is Grade.HARD


def test_only_the_parts_that_were_asked_for_are_graded() -> None:
    assert set(rate(feedback_on(FULL_STORY), STORY, parts=(R,))) == {R}


def test_a_question_without_a_story_grades_what_is_proposed_and_no_part_of_a_story() -> None:
    question = next(q for q in book().questions.values() if q.type is QuestionType.SITUATIONAL)
    answer = "I would ask both of them first. I would then ring the client, because he is waiting."
    grades = rate(review(answer, question.asked()), question.type)
    assert set(grades) == {A}


def deck_with(grades: dict[CardKey, Grade], at: datetime = MONDAY) -> Deck:
    deck: Deck = {}
    for (competency, part), grade in grades.items():
        deck = learn(deck, competency, {part: grade}, at)
    return deck


CONFLICT_R = (Competency.CONFLICT, R)


@pytest.mark.parametrize("grade", Grade)
def test_no_card_comes_back_on_the_same_day_nor_after_three_months(grade: Grade) -> None:
    at, deck = MONDAY, deck_with({CONFLICT_R: grade})
    for _ in range(8):
        card = deck[CONFLICT_R]
        assert DAY <= card.due - at <= 90 * DAY
        at = card.due
        deck = learn(deck, Competency.CONFLICT, {R: grade}, at)


def test_the_better_a_part_went_the_later_it_comes_back() -> None:
    waits = [deck_with({CONFLICT_R: grade})[CONFLICT_R].due for grade in Grade]
    assert waits == sorted(waits)
    assert waits[0] < waits[-1]


def test_the_same_answers_give_the_same_dates() -> None:
    assert deck_with({CONFLICT_R: Grade.GOOD}) == deck_with({CONFLICT_R: Grade.GOOD})


def test_what_is_due_comes_first_and_the_weakest_of_it_in_front() -> None:
    deck = deck_with(
        {
            (Competency.ETHICS, A): Grade.EASY,
            (Competency.TEAMWORK, S): Grade.GOOD,
            CONFLICT_R: Grade.AGAIN,
            (Competency.FAILURE, R): Grade.HARD,
        }
    )
    order = [card.key for card in due_order(deck, MONDAY + 3 * DAY)]
    assert order == [
        CONFLICT_R,
        (Competency.FAILURE, R),
        (Competency.TEAMWORK, S),
        (Competency.ETHICS, A),
    ]
    assert not is_due(deck[Competency.ETHICS, A], MONDAY + 3 * DAY)


@pytest.mark.parametrize("days", [2, 3, 5, 10, 30, 80])
@pytest.mark.parametrize("grade", Grade)
def test_a_card_comes_at_least_once_more_before_the_interview(grade: Grade, days: int) -> None:
    deck = deck_with({CONFLICT_R: Grade.EASY}, MONDAY - 20 * DAY)
    card = learn(deck, Competency.CONFLICT, {R: grade}, MONDAY)[CONFLICT_R]
    interview = MONDAY + days * DAY
    assert MONDAY + DAY <= due_at(card, interview) <= interview - DAY


def test_a_cancelled_or_past_interview_gives_a_card_its_own_date_back() -> None:
    card = deck_with({CONFLICT_R: Grade.EASY})[CONFLICT_R]
    soon = MONDAY + 4 * DAY
    assert is_due(card, MONDAY + 2 * DAY, soon)
    assert due_at(card, None) == card.due
    assert not is_due(card, soon + timedelta(hours=1), soon)


def test_a_deck_survives_being_stored_and_is_small() -> None:
    deck: Deck = {}
    for competency in Competency:
        deck = learn(deck, competency, dict.fromkeys((S, T, A, R), Grade.HARD), MONDAY)
    stored = json.dumps(deck_to_json(deck), separators=(",", ":"))
    assert deck_from_json(json.loads(stored)) == deck
    assert len(stored) < 72 * 80


def test_a_card_of_something_that_is_no_more_is_left_out() -> None:
    row = [1.0, 5.0, 2, 0, 86400]
    assert deck_from_json({"juggling:R": row, "conflict:Q": row, "conflict": row}) == {}
