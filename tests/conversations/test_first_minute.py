"""The first minute: from /start to a warm-up that nobody scores."""

from __future__ import annotations

import pytest

from tests.conversations.answers import CAUSE, WHOLE
from tests.conversations.stage import Candidate


async def test_three_taps_and_two_lines_lead_to_the_first_interview(candidate: Candidate) -> None:
    await candidate.sends("/start")
    candidate.sees("I play the people you meet in a second interview", "/export", "/forget")
    await candidate.taps("Health & care")
    candidate.sees("When is your interview?")
    await candidate.taps("Today or tomorrow")
    candidate.sees("It isn't scored", "What does a good shift look like")
    await candidate.sends("I like it when the round is done by ten and I can sit with somebody.")
    candidate.sees("From here an interviewer asks")
    await candidate.taps("Start an interview")
    candidate.sees("Who will you face?")


async def test_the_promise_about_privacy_stays_on_the_screen(candidate: Candidate) -> None:
    await candidate.arrives()
    assert any("No AI service reads it" in bubble.text for bubble in candidate.screen())


async def test_a_warm_up_with_a_line_worth_keeping_is_quoted(candidate: Candidate) -> None:
    await candidate.sends("/start")
    await candidate.taps("Health & care")
    await candidate.taps("Later")
    await candidate.sends(WHOLE)
    candidate.sees("I'd keep that line")


async def test_a_warm_up_of_one_emoji_is_asked_for_again(candidate: Candidate) -> None:
    await candidate.sends("/start")
    await candidate.taps("Tech & data")
    await candidate.taps("No date yet")
    await candidate.sends("🙂")
    candidate.sees("I need words")
    await candidate.sends("I fixed the login page.")
    candidate.sees("From here an interviewer asks")


@pytest.mark.parametrize(
    ("typed", "understood"),
    [("nursing and care", "Health & care"), ("Teaching!", "Teaching"), ("juggler", "Something")],
)
async def test_a_line_of_work_may_be_typed(
    candidate: Candidate, typed: str, understood: str
) -> None:
    await candidate.sends("/start")
    await candidate.sends(typed)
    candidate.sees(understood, "When is your interview?")


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ("tomorrow at nine", "let's get you ready"),
        ("next week", "there is time to get better"),
        ("no date yet", "for the day there is one"),
        ("in two months", "plenty of time"),
    ],
)
async def test_a_date_may_be_typed(candidate: Candidate, typed: str, answer: str) -> None:
    await candidate.sends("/start")
    await candidate.taps("Office & finance")
    await candidate.sends(typed)
    candidate.sees(answer, "A warm-up first")


async def test_a_date_that_names_nothing_is_asked_for_by_button(candidate: Candidate) -> None:
    await candidate.sends("/start")
    await candidate.taps("Office & finance")
    await candidate.sends("when the swallows return")
    candidate.sees("A tap on one of the buttons above")
    await candidate.taps("Within a week")
    candidate.sees("A warm-up first")


async def test_writing_before_start_is_answered_with_the_welcome(candidate: Candidate) -> None:
    await candidate.sends("hello?")
    candidate.sees("what kind of work is it?")


async def test_start_again_begins_again_until_the_first_minute_is_over(
    candidate: Candidate,
) -> None:
    await candidate.sends("/start")
    await candidate.sends("/start")
    candidate.sees("what kind of work is it?")
    await candidate.taps("Tech & data")
    await candidate.sends("/start")
    candidate.sees("what kind of work is it?")
    await candidate.taps("Tech & data")
    await candidate.taps("Later")
    await candidate.sends("/start")
    candidate.sees("what kind of work is it?")
    await candidate.arrives()
    await candidate.sends("/start")
    candidate.sees("Good to see you again", "Health & care")
    assert candidate.labels() == ["🎙 Start an interview", "📅 My real one", "📖 Past answers"]


async def test_an_interview_may_begin_before_anything_is_known(candidate: Candidate) -> None:
    await candidate.begins("Executive", 3, "Coached")
    candidate.sees("Helen Marsh", "1 of 3")
    await candidate.answers(WHOLE)
    await candidate.leaves_probes()
    await candidate.taps("Stop")
    await candidate.taps("Yes, stop here")
    await candidate.sends("/start")
    candidate.sees("Good to see you again")


async def test_start_in_an_interview_says_again_what_is_on_the_table(
    candidate: Candidate,
) -> None:
    await candidate.sits_before("hiring_manager", CAUSE)
    candidate.sees("1 of 1", "Walk me through one problem")
    await candidate.sends("/start")
    candidate.sees("1 of 1", "Walk me through one problem")
    await candidate.sends("We had a problem with the rota")
    await candidate.sends("/start")
    candidate.sees("Walk me through one problem")
    assert candidate.labels() == ["✓ That's my answer"]
    await candidate.taps("That's my answer")
    probe = candidate.last.text
    await candidate.sends("/start")
    assert candidate.last.text == probe
    await candidate.leaves_probes()
    feedback = candidate.last.text
    await candidate.sends("/start")
    assert candidate.last.text == feedback
    await candidate.taps("Try again")
    await candidate.sends("/start")
    candidate.sees("Walk me through one problem")
