"""While an answer is open: pieces, pastes, edits, silence, and commands in between."""

from __future__ import annotations

import pytest

from tests.conversations.answers import BOSS, CAUSE, ENDING, THIN, WHOLE, WITHOUT_ENDING
from tests.conversations.stage import Candidate

PASTE = "\n".join(f"Then I rang family number {number} and wrote it down." for number in range(210))


@pytest.fixture
async def seated(candidate: Candidate) -> Candidate:
    await candidate.sits_before("hiring_manager", CAUSE, BOSS)
    return candidate


async def told(candidate: Candidate) -> str:
    """Everything of the latest answer, as "More" shows it."""
    before = len(candidate.screen())
    await candidate.taps("More")
    return "\n".join(bubble.text for bubble in candidate.screen()[before:])


async def test_several_messages_are_one_answer(seated: Candidate) -> None:
    await seated.sends_quickly("Our till kept crashing on Fridays.", "I took it apart.", ENDING)
    assert len(seated.done_buttons()) == 1
    assert seated.labels() == ["✓ That's my answer"]
    await seated.taps("That's my answer")
    await seated.leaves_probes()
    whole = await told(seated)
    assert "kept crashing" in whole
    assert "took it apart" in whole
    assert "By June" in whole


async def test_the_button_that_ends_an_answer_stands_below_the_last_piece(
    seated: Candidate,
) -> None:
    for piece in ("It was a Monday.", "The line was jammed.", "I timed the calls."):
        await seated.sends(piece)
        assert seated.done_buttons() == [seated.screen()[-1].message_id]


async def test_a_long_paste_arrives_in_pieces_and_is_one_answer(seated: Candidate) -> None:
    assert len(PASTE) > 10_000
    await seated.sends(PASTE)
    assert len(seated.done_buttons()) == 1
    await seated.taps("That's my answer")
    assert await seated.leaves_probes() == 0
    whole = await told(seated)
    assert "family number 0 " in whole
    assert "family number 209 " in whole


async def test_what_goes_over_the_cap_is_left_out_kindly(seated: Candidate) -> None:
    await seated.sends(PASTE)
    await seated.sends(PASTE)
    seated.sees("20,000 characters", "I kept the first part")
    assert seated.labels() == ["✓ That's my answer"]
    await seated.sends("And one more thing.")
    seated.sees("20,000 characters")
    assert seated.done_buttons() == [seated.screen()[-1].message_id]
    await seated.taps("That's my answer")
    await seated.leaves_probes()
    assert "one more thing" not in await told(seated)


@pytest.mark.parametrize("words", ["done", "That's it.", "that's all", "I'm done", "yes"])
async def test_an_answer_may_be_ended_in_words(seated: Candidate, words: str) -> None:
    await seated.sends(WHOLE)
    await seated.sends(words)
    assert "↻ Try again" in seated.labels()
    assert seated.done_buttons() == []


async def test_no_means_that_more_is_to_come(seated: Candidate) -> None:
    await seated.sends(WITHOUT_ENDING)
    await seated.sends("no")
    assert seated.labels() == ["✓ That's my answer"]
    await seated.sends(ENDING)
    await seated.taps("That's my answer")
    assert "By June" in await told(seated)


async def test_next_ends_the_answer_and_wants_no_probe(seated: Candidate) -> None:
    await seated.sends(THIN)
    await seated.sends("next")
    assert "↻ Try again" in seated.labels()


async def test_rather_not_say_leaves_the_question(seated: Candidate) -> None:
    await seated.sends("It was about a colleague")
    await seated.sends("I'd rather not say")
    seated.sees("2 of 2")


async def test_the_question_can_be_heard_again_in_the_middle(seated: Candidate) -> None:
    await seated.sends("It was a Monday.")
    await seated.sends("can you repeat that?")
    seated.sees("Walk me through one problem")
    assert seated.done_buttons() == [seated.screen()[-1].message_id]
    await seated.sends("what do you mean?")
    seated.sees("Put differently")
    assert seated.done_buttons() == [seated.screen()[-1].message_id]
    await seated.taps("That's my answer")
    await seated.leaves_probes()
    assert "repeat" not in await told(seated)


@pytest.mark.parametrize("command", ["/help", "/settings", "/history", "/export", "/nonsense"])
async def test_a_command_in_the_middle_loses_nothing(seated: Candidate, command: str) -> None:
    await seated.sends(WITHOUT_ENDING)
    await seated.sends(command)
    assert seated.done_buttons() == [seated.screen()[-1].message_id]
    await seated.sends(ENDING)
    await seated.taps("That's my answer")
    whole = await told(seated)
    assert "booking line" in whole
    assert "By June" in whole


@pytest.mark.parametrize("command", ["/practice", "/cancel"])
async def test_a_command_that_could_end_it_asks_and_loses_nothing(
    seated: Candidate, command: str
) -> None:
    await seated.sends(WITHOUT_ENDING)
    await seated.sends(command)
    await seated.taps("Go on with it" if command == "/practice" else "Keep going")
    seated.sees("Walk me through one problem")
    assert seated.done_buttons() == [seated.screen()[-1].message_id]
    await seated.sends(ENDING)
    await seated.taps("That's my answer")
    assert "booking line" in await told(seated)


async def test_a_picture_in_the_middle_loses_nothing(seated: Candidate) -> None:
    await seated.sends(WHOLE)
    await seated.telegram.sends_sticker(7, "🎉")
    await seated.settle()
    seated.sees("I can only work with words")
    assert seated.done_buttons() == [seated.screen()[-1].message_id]


async def test_an_edit_while_the_answer_is_open_is_what_counts(seated: Candidate) -> None:
    message = await seated.sends("It began on a Sunday with the booking line.")
    await seated.edits(message, WHOLE)
    seated.sees("I have your edit")
    assert len(seated.done_buttons()) == 1
    await seated.taps("That's my answer")
    whole = await told(seated)
    assert "Last spring" in whole
    assert "Sunday" not in whole


async def test_an_edit_after_the_probe_is_answered_kindly(seated: Candidate) -> None:
    message = await seated.sends(WITHOUT_ENDING)
    await seated.taps("That's my answer")
    await seated.edits(message, "Something else.")
    seated.sees("I saw your edit", "next message")


async def test_an_edit_after_feedback_is_answered_kindly(seated: Candidate) -> None:
    message = await seated.sends(WHOLE)
    await seated.taps("That's my answer")
    await seated.edits(message, "Something else.")
    seated.sees("I saw your edit", "Try again")
    await seated.taps("Next")
    await seated.edits(message, "Something else again.")
    seated.sees("It stands as it was")


async def test_edits_of_what_was_no_answer_are_ignored(seated: Candidate) -> None:
    message = await seated.sends("can you repeat that?")
    await seated.edits(message, "could you repeat that?")
    assert seated.new == []
    await seated.taps("Skip this one")
    await seated.taps("Skip this one")
    message = await seated.sends("thank you")
    await seated.edits(message, "thank you both")
    assert seated.new == []


async def test_after_a_silence_there_is_one_nudge_and_never_two(seated: Candidate) -> None:
    maya = seated.book.personas["hiring_manager"]
    await seated.sends("It was a Monday.")
    await seated.waits(maya.waits + 5)
    assert any(nudge in seated.last.text for nudge in maya.nudges)
    assert seated.done_buttons() == [seated.screen()[-1].message_id]
    await seated.waits(3600)
    assert seated.new == []
    await seated.sends("The line was jammed.")
    await seated.waits(3600)
    assert seated.new == []


async def test_the_wait_begins_anew_with_each_piece(seated: Candidate) -> None:
    waits = seated.book.personas["hiring_manager"].waits
    await seated.sends("It was a Monday.")
    await seated.waits(waits - 20)
    await seated.sends("The line was jammed.")
    await seated.waits(waits - 20)
    assert seated.new == []


async def test_nobody_is_nudged_before_or_after_the_answer(seated: Candidate) -> None:
    await seated.waits(3600)
    assert seated.new == []
    await seated.answers(WHOLE)
    await seated.waits(3600)
    assert seated.new == []
