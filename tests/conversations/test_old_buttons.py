"""Buttons tapped twice, too late, or never given: obeyed at most once, and answered kindly."""

from __future__ import annotations

import pytest

from tests.conversations.answers import BOSS, CAUSE, THIN, WHOLE
from tests.conversations.stage import Candidate, take_all

OLD = "That button belongs to an earlier moment"


def texts(candidate: Candidate) -> list[str]:
    return [bubble.text for bubble in candidate.screen()]


async def taps_twice(candidate: Candidate, label: str) -> None:
    """Both taps are on their way before the bot has read the first."""
    bubble, data = candidate.find_button(label)
    await candidate.telegram.taps(candidate.chat_id, bubble.message_id, data)
    await candidate.telegram.taps(candidate.chat_id, bubble.message_id, data)
    await candidate.settle()


async def test_two_taps_on_every_button_do_what_one_does(candidate: Candidate) -> None:
    await candidate.sends("/start")
    for label in ("Health & care", "Within a week"):
        await taps_twice(candidate, label)
    assert sum("A warm-up first" in text for text in texts(candidate)) == 1
    await candidate.sends("A good shift is a calm one, with time to sit down by somebody's bed.")
    await candidate.taps("Start an interview")
    for label in ("Hiring manager", "3", "Coached"):
        await taps_twice(candidate, label)
    assert sum("1 of 3" in text for text in texts(candidate)) == 1
    await candidate.sends(THIN)
    await taps_twice(candidate, "That's my answer")
    assert sum("Leave it there" in button.text for button in buttons(candidate)) == 1
    await taps_twice(candidate, "Leave it there")
    assert sum("Too short" in text for text in texts(candidate)) == 1
    await taps_twice(candidate, "Try again")
    assert sum("once more from the top" in text for text in texts(candidate)) == 1
    await candidate.answers(WHOLE)
    await taps_twice(candidate, "Next")
    assert sum("2 of 3" in text for text in texts(candidate)) == 1
    await taps_twice(candidate, "Skip this one")
    assert sum("3 of 3" in text for text in texts(candidate)) == 1
    await candidate.answers(WHOLE)
    await candidate.leaves_probes()
    await taps_twice(candidate, "Finish")
    assert sum("really wanted to know" in text for text in texts(candidate)) == 1
    await candidate.sends("/forget")
    await taps_twice(candidate, "Yes, delete everything")
    assert sum("you can delete that in the app" in text for text in texts(candidate)) == 1
    assert candidate.telegram.spinning(7) == []


def buttons(candidate: Candidate) -> list[object]:
    return [button for bubble in candidate.screen() for row in bubble.buttons for button in row]


async def test_a_question_loses_its_buttons_once_it_is_over(candidate: Candidate) -> None:
    await candidate.sits_before("hiring_manager", CAUSE, BOSS)
    old, _ = candidate.find_button("Skip this one")
    await candidate.answers(WHOLE)
    shown = {bubble.message_id: bubble for bubble in candidate.screen()}
    assert "1 of 2" in shown[old.message_id].text
    assert shown[old.message_id].buttons == ()


async def test_a_late_tap_on_an_old_question_is_not_obeyed(candidate: Candidate) -> None:
    await candidate.sits_before("hiring_manager", CAUSE, BOSS)
    await candidate.answers(WHOLE)
    await candidate.taps("Next")
    await candidate.forges("i:skip:1:1:1")
    assert "Skip this one" in candidate.labels()
    await candidate.answers(WHOLE)
    candidate.sees("Keep “")


async def test_a_tap_on_old_feedback_cannot_undo_a_new_try(candidate: Candidate) -> None:
    await candidate.sits_before("hiring_manager", CAUSE, BOSS)
    await candidate.answers(WHOLE)
    feedback = candidate.last.message_id
    await candidate.sends("Let me tell it again from the very beginning, with more about why.")
    await candidate.taps_data(feedback, "i:next:1:1:1")
    assert OLD in candidate.toast
    assert len(candidate.done_buttons()) == 1


async def test_writing_on_withdraws_a_stop_that_was_not_confirmed(candidate: Candidate) -> None:
    await candidate.sits_before("hiring_manager", CAUSE, BOSS)
    await candidate.answers(WHOLE)
    await candidate.taps("Stop")
    await candidate.sends("No, wait, I want to say that the manager agreed to it in the end too.")
    await candidate.taps("Yes, stop here")
    assert OLD in candidate.toast
    await candidate.taps("That's my answer")
    candidate.sees("Before → now")


async def test_during_the_question_whether_to_stop_more_still_works(candidate: Candidate) -> None:
    await candidate.sits_before("hiring_manager", CAUSE, BOSS)
    await candidate.answers(WHOLE)
    more = candidate.find_button("More")
    await candidate.taps("Stop")
    await candidate.forges(more[1], more[0].message_id)
    candidate.sees("What I found")
    await candidate.taps("Keep going")
    await candidate.taps("Next")
    candidate.sees("2 of 2")


FORGED = [
    "",
    ":",
    "i",
    "i:",
    "i:done",
    "i:done:1:1",
    "i:done:1:1:1:1",
    "i:done:-1:1:1",
    "i:done:1:1:99999999999999999999",
    "i:done:１:1:1",
    "i:done:0:0:0",
    "i:fly:1:1:1",
    "i:next:1:1:1",
    "i:retry:1:1:1",
    "i:keep:1:1:1",
    "i:stop:1:1:1",
    "w:care",
    "w:",
    "h:week",
    "p:go:executive:3:coached",
    "p:who:",
    "p:long:executive:1000",
    "p:go:executive:3:turbo",
    "y:answer:1:1:1",
    "y:answer:1:x:1",
    "y:interview:999999999",
    "y:interview:-1",
    "y:older:0",
    "y:",
    "s:work:<b>",
    "s:depth:none",
    "s:when:never",
    "f:",
    "f:maybe",
    "zz:1",
    "ü:ß",
    "'; DROP TABLE candidates; --",
    "\x00",
    "x" * 64,
]


@pytest.mark.parametrize("data", FORGED)
async def test_a_forged_button_changes_nothing(candidate: Candidate, data: str) -> None:
    await candidate.sits_before("hiring_manager", CAUSE, BOSS)
    before = await everything(candidate)
    await candidate.forges(data)
    assert await everything(candidate) == before
    await candidate.answers(WHOLE)
    candidate.sees("Keep “")


async def everything(candidate: Candidate) -> dict[str, object]:
    """What is stored, but for the bookkeeping of updates and sending."""
    async with candidate.house.store.turn(candidate.chat_id, at=candidate.clock.now()) as turn:
        data = await turn.export()
    return {name: data[name] for name in ("candidates", "interviews", "events", "attempts")}


async def test_nobody_sees_or_moves_what_is_another_candidates(candidate: Candidate) -> None:
    await candidate.sits_before("hiring_manager", CAUSE, BOSS)
    await candidate.answers(WHOLE)
    before = await everything(candidate)
    other = Candidate(
        candidate.house, candidate.telegram, candidate.clock, candidate.book, chat_id=8
    )
    for data in ("y:interview:1", "y:answer:1:1:1", "i:next:1:1:1", "i:end:1:1:1"):
        await other.forges(data)
        assert all("booking line" not in bubble.text for bubble in other.screen())
    assert await everything(candidate) == before


async def test_buttons_left_after_forget_lead_nowhere(candidate: Candidate) -> None:
    await candidate.sits_before("hiring_manager", CAUSE, BOSS)
    await candidate.sends("/settings")
    await candidate.answers(WHOLE)
    await candidate.sends("/forget")
    await candidate.taps("Yes, delete everything")
    for label in ("More", "Next", "make it shorter"):
        await candidate.taps(label)
        assert candidate.toast != ""
    assert not any((await everything(candidate)).values())
    await candidate.sends("/start")
    candidate.sees("what kind of work is it?")


async def test_a_tap_and_a_message_at_once_are_taken_in_order(candidate: Candidate) -> None:
    await candidate.sits_before("hiring_manager", CAUSE, BOSS)
    await candidate.sends(THIN)
    bubble, data = candidate.find_button("That's my answer")
    await candidate.telegram.taps(7, bubble.message_id, data)
    await candidate.telegram.sends(7, "The manager had changed the list without telling us.")
    await take_all(candidate.house)
    await candidate.settle()
    assert len(candidate.done_buttons()) == 1
