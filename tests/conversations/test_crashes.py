"""Crashes, restarts, second deliveries and crowds: nothing is lost, doubled or mixed up."""

from __future__ import annotations

import json
import logging
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from bot.chat import routing
from bot.chat.visit import Visit
from bot.local.telegram import LocalTelegram
from tests.conversations.answers import BOSS, CAUSE, ENDING, THIN, WHOLE, WITHOUT_ENDING
from tests.conversations.stage import Candidate, Content, TestClock, running_house

Steps = Callable[[Candidate], Awaitable[object]]


async def test_the_same_update_twice_changes_nothing(candidate: Candidate) -> None:
    await candidate.sits_before("hiring_manager", CAUSE)
    await candidate.telegram.sends(7, WITHOUT_ENDING)
    updates = await candidate.house.bot.get_updates()
    await candidate.house.intake.take(updates)
    await candidate.settle()
    screen = [bubble.message_id for bubble in candidate.screen()]
    await candidate.house.intake.take(updates)
    await candidate.settle()
    assert [bubble.message_id for bubble in candidate.screen()] == screen
    await candidate.taps("That's my answer")
    await candidate.leaves_probes()
    await candidate.taps("More")
    assert candidate.last.text.count("booking line") == 1


async def asked(candidate: Candidate) -> None:
    await candidate.sits_before("hiring_manager", CAUSE, BOSS)


async def listening(candidate: Candidate) -> None:
    await asked(candidate)
    await candidate.sends(WITHOUT_ENDING)


async def probed(candidate: Candidate) -> None:
    await listening(candidate)
    await candidate.taps("That's my answer")


async def reviewed(candidate: Candidate) -> None:
    await asked(candidate)
    await candidate.answers(WHOLE)


async def trying_again(candidate: Candidate) -> None:
    await reviewed(candidate)
    await candidate.taps("Try again")


async def stopping(candidate: Candidate) -> None:
    await reviewed(candidate)
    await candidate.taps("Stop")


GO_ON: dict[Steps, Steps] = {
    asked: lambda candidate: candidate.answers(WHOLE),
    listening: lambda candidate: candidate.answers(ENDING),
    probed: lambda candidate: candidate.answers(ENDING),
    reviewed: lambda candidate: candidate.answers("Once more: " + WHOLE),
    trying_again: lambda candidate: candidate.answers(WHOLE),
    stopping: lambda candidate: candidate.taps("Keep going"),
}


@pytest.mark.parametrize("stage", GO_ON, ids=lambda steps: steps.__name__)
async def test_after_a_restart_it_goes_on_where_it_was(
    tmp_path: Path,
    telegram: LocalTelegram,
    clock: TestClock,
    content: Content,
    stage: Steps,
) -> None:
    async with running_house(tmp_path, telegram, clock, content) as house:
        candidate = Candidate(house, telegram, clock, content[0])
        await stage(candidate)
    async with running_house(tmp_path, telegram, clock, content) as house:
        candidate.house = house
        await GO_ON[stage](candidate)
        await candidate.leaves_probes()
        await candidate.taps("Next")
        candidate.sees("2 of 2")


async def test_what_was_not_sent_before_a_crash_is_sent_after_it(
    tmp_path: Path, telegram: LocalTelegram, clock: TestClock, content: Content
) -> None:
    async with running_house(tmp_path, telegram, clock, content) as house:
        candidate = Candidate(house, telegram, clock, content[0])
        await asked(candidate)
        await telegram.sends(7, WHOLE)
        await house.intake.take(await house.bot.get_updates())
    async with running_house(tmp_path, telegram, clock, content) as house:
        candidate.house = house
        await candidate.settle()
        assert candidate.labels() == ["✓ That's my answer"]


async def test_a_handler_that_raises_is_owned_up_to_and_kept_for_replay(
    house: object,
    candidate: Candidate,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def broken(visit: Visit) -> None:
        visit.say("help")
        raise RuntimeError("the secret word")

    await candidate.sits_before("hiring_manager", CAUSE)
    await candidate.sends(WITHOUT_ENDING)
    monkeypatch.setitem(routing.COMMANDS, "help", broken)
    await candidate.sends("/help")
    candidate.sees("Something went wrong on my side", "reference")
    candidate.sees_not("How this works")
    reference = next(b.text for b in candidate.new if "reference" in b.text).split()[-1].rstrip(".")
    errors = [each.getMessage() for each in caplog.records if each.levelno >= logging.ERROR]
    assert len(errors) == 1
    assert reference in errors[0]
    assert "secret word" not in errors[0]
    caplog.clear()
    async with candidate.house.store.turn(7, at=candidate.clock.now()) as turn:
        (failure,) = (await turn.export())["failures"]
    assert failure["reference"] == reference
    assert json.dumps(failure).count("/help") >= 1
    monkeypatch.undo()
    await candidate.answers(ENDING)
    await candidate.leaves_probes()
    await candidate.taps("More")
    candidate.sees("booking line", "By June")


async def test_two_candidates_at_once_do_not_mix(candidate: Candidate) -> None:
    other = Candidate(
        candidate.house, candidate.telegram, candidate.clock, candidate.book, chat_id=8
    )
    await candidate.sits_before("hiring_manager", CAUSE)
    await other.sits_before("executive", "ex-influence-changed-a-mind")
    for mine, theirs in (
        ("I timed calls.", "I rang them."),
        (ENDING, "She agreed."),
        (THIN, "So."),
    ):
        await candidate.telegram.sends(7, mine)
        await other.telegram.sends(8, theirs)
    await candidate.settle()
    await other.settle()
    assert len(candidate.done_buttons()) == len(other.done_buttons()) == 1
    await other.taps("That's my answer")
    await other.leaves_probes()
    await other.taps("More")
    other.sees("I rang them.", "She agreed.")
    other.sees_not("timed calls", "By June")
    assert len(candidate.done_buttons()) == 1


async def test_who_blocked_the_bot_finds_the_interview_again(candidate: Candidate) -> None:
    await candidate.sits_before("hiring_manager", CAUSE)
    await candidate.sends(WITHOUT_ENDING)
    await candidate.telegram.blocks(7)
    await candidate.waits(3600)
    await candidate.telegram.blocks(7, blocked=False)
    await candidate.sends("/start")
    candidate.sees("Walk me through one problem")
    await candidate.answers(ENDING)
    await candidate.leaves_probes()
    await candidate.taps("More")
    candidate.sees("booking line", "By June")
