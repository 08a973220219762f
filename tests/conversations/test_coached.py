"""Coached practice: probes, feedback with quotes, another go, and what came of it."""

from __future__ import annotations

import pytest

from tests.conversations.answers import (
    BOSS,
    CAUSE,
    ENDING,
    SALAD,
    THIN,
    WHOLE,
    WITHOUT_ENDING,
    rambling,
)
from tests.conversations.stage import Candidate


def score(candidate: Candidate) -> float:
    """What "More" says, on the scale from 1 to 5."""
    line = next(line for line in candidate.last.text.splitlines() if line.endswith(" of 5"))
    return float(line.split()[0])


@pytest.fixture
async def seated(candidate: Candidate) -> Candidate:
    """Before Maya, with two questions to come."""
    await candidate.sits_before("hiring_manager", CAUSE, BOSS)
    return candidate


async def test_a_hole_in_the_story_is_probed_and_the_reply_is_part_of_it(
    seated: Candidate,
) -> None:
    await seated.answers(WITHOUT_ENDING)
    seated.sees("Maya Okafor")
    assert seated.labels() == ["Leave it there"]
    await seated.answers(ENDING)
    await seated.leaves_probes()
    seated.sees("Keep “")
    await seated.taps("More")
    seated.sees("(came after a probe)", ENDING)
    before, after = seated.last.text.split("(came after a probe)", 1)
    assert "booking line" in before
    assert "By June" in after


async def test_nobody_is_probed_more_than_twice(seated: Candidate) -> None:
    await seated.answers(THIN)
    for _ in range(2):
        assert seated.labels() == ["Leave it there"]
        await seated.answers("We fixed it, as I said.")
    assert "↻ Try again" in seated.labels()


async def test_a_probe_may_be_left(seated: Candidate) -> None:
    await seated.answers(WITHOUT_ENDING)
    await seated.leaves_probes()
    assert "↻ Try again" in seated.labels()
    await seated.taps("More")
    seated.sees_not("came after a probe")


async def test_a_whole_answer_is_not_probed_and_not_faulted(seated: Candidate) -> None:
    await seated.answers(WHOLE)
    assert await seated.leaves_probes() == 0
    seated.sees("Nothing to fix")
    seated.sees_not("They might still ask")
    await seated.taps("More")
    assert score(seated) >= 4


async def test_an_answer_that_is_far_too_long_is_wanted_shorter_and_not_probed(
    seated: Candidate,
) -> None:
    await seated.answers(rambling(400))
    assert await seated.leaves_probes() == 0
    shorter = seated.book.personas["hiring_manager"].shorter
    assert any(text in seated.last.text for text in shorter)
    await seated.taps("Try again")
    await seated.answers(WHOLE)
    seated.sees("Before → now")


async def test_feedback_quotes_the_candidate(seated: Candidate) -> None:
    await seated.answers(WITHOUT_ENDING)
    await seated.leaves_probes()
    quotes = [part.split("”")[0] for part in seated.last.text.split("“")[1:]]
    assert quotes
    for quote in quotes:
        assert quote.rstrip("…") in WITHOUT_ENDING


async def test_another_go_shows_before_and_after(seated: Candidate) -> None:
    await seated.answers(THIN)
    await seated.leaves_probes()
    await seated.taps("Try again")
    seated.sees("once more from the top", "Walk me through one problem")
    await seated.sends(WHOLE)
    seated.sees("Taking this as a new try")
    await seated.taps("That's my answer")
    seated.sees("Before → now", "words 11 →")


async def test_the_ending_can_be_added_without_telling_it_all_again(seated: Candidate) -> None:
    await seated.answers(WITHOUT_ENDING)
    await seated.leaves_probes()
    label = next(label for label in seated.labels() if label.startswith("+"))
    await seated.taps(label)
    seated.sees("Your answer stands")
    await seated.sends(ENDING)
    seated.sees("I'm adding this to your answer")
    await seated.taps("That's my answer")
    seated.sees("Before → now", "Result, new: “")
    await seated.taps("More")
    seated.sees("booking line", "By June")


async def test_words_after_feedback_are_added_where_adding_mends_it(seated: Candidate) -> None:
    await seated.answers(WITHOUT_ENDING)
    await seated.leaves_probes()
    await seated.sends(ENDING)
    seated.sees("I'm adding this to your answer")
    await seated.taps("That's my answer")
    await seated.taps("More")
    seated.sees("booking line", "By June")


async def test_a_whole_story_after_feedback_takes_the_place_of_the_first(
    seated: Candidate,
) -> None:
    await seated.answers(WITHOUT_ENDING)
    await seated.leaves_probes()
    await seated.sends(WHOLE)
    seated.sees("Taking this as a new try")
    await seated.taps("That's my answer")
    await seated.taps("More")
    assert seated.last.text.count("booking line") == 1


async def test_another_go_may_be_left_as_it_was(seated: Candidate) -> None:
    await seated.answers(THIN)
    await seated.leaves_probes()
    await seated.taps("Try again")
    await seated.taps("Leave it as it was")
    seated.sees("2 of 2")
    await seated.answers(WHOLE)
    await seated.taps("Finish")
    seated.sees("2 answers")
    seated.sees_not("passed")


async def test_more_opens_the_marked_answer_even_later_on(seated: Candidate) -> None:
    await seated.answers(WHOLE)
    await seated.taps("Next")
    await seated.taps("More")
    seated.sees("They were really asking", "Situation", "Action", "Result", "What I found", "of 5")


async def test_a_doubt_is_put_as_one_with_a_line_to_add(seated: Candidate) -> None:
    await seated.answers(
        "In our lab the duplicates had drifted apart since the summer. I plotted the drift against "
        "room temperature and column. I rewrote the method and added a standard. Duplicates have "
        "stayed within 2% since October."
    )
    await seated.leaves_probes()
    await seated.taps("More")
    seated.sees("Your part of the job, but I am not sure. A line for it: My job was to ___")


async def test_stop_asks_first_and_keep_going_brings_the_buttons_back(seated: Candidate) -> None:
    await seated.answers(WHOLE)
    feedback = seated.labels()
    await seated.taps("Stop")
    assert seated.labels() == ["Yes, stop here", "Keep going"]
    await seated.taps("Keep going")
    assert seated.labels() == feedback
    await seated.taps("Stop")
    await seated.taps("Yes, stop here")
    seated.sees("One answer", "really wanted to know")


async def test_cancel_asks_first_and_keep_going_shows_the_question(seated: Candidate) -> None:
    await seated.sends("/cancel")
    seated.sees("Stop the interview here?")
    await seated.taps("Keep going")
    seated.sees("1 of 2", "Walk me through one problem")
    assert not any("Stop the interview" in bubble.text for bubble in seated.screen())


async def test_an_answer_in_hand_is_kept_when_the_interview_is_stopped(seated: Candidate) -> None:
    await seated.sends(WHOLE)
    await seated.sends("/cancel")
    await seated.taps("Yes, stop here")
    seated.sees("One answer")
    assert seated.done_buttons() == []


async def test_skipping_everything_ends_without_blame(seated: Candidate) -> None:
    await seated.taps("Skip this one")
    await seated.taps("Skip this one")
    seated.sees("No answers this time, 2 skipped", "whenever it suits you")
    seated.sees_not("to work on")


@pytest.mark.parametrize("answer", ["fine", "ok", "Good.", "It went well"])
async def test_fine_gets_no_praise_and_the_lowest_score(seated: Candidate, answer: str) -> None:
    await seated.answers(answer)
    await seated.leaves_probes()
    seated.sees_not("Keep “", "Nothing to fix")
    await seated.taps("More")
    assert score(seated) <= 1.5


async def test_keywords_alone_earn_nothing(seated: Candidate) -> None:
    await seated.answers(SALAD)
    await seated.leaves_probes()
    seated.sees_not("Keep “", "Nothing to fix")
    await seated.taps("More")
    assert score(seated) <= 2


async def test_feedback_fits_a_phone(seated: Candidate) -> None:
    for answer in (THIN, WITHOUT_ENDING, SALAD, rambling(280)):
        await seated.answers(answer)
        await seated.leaves_probes()
        assert len(seated.last.text.split()) <= 110
        assert len(seated.last.text.splitlines()) <= 12
        await seated.taps("Try again")


async def test_short_feedback_leaves_the_reason_to_more(seated: Candidate) -> None:
    await seated.sends("/settings")
    await seated.taps("make it shorter")
    assert seated.toast == "Saved."
    await seated.answers(THIN)
    await seated.leaves_probes()
    seated.sees("Try ")
    seated.sees_not("S ", " · T ")
