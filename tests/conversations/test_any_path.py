"""Whatever somebody taps and says, in any order: no failure, and never a dead end."""

from __future__ import annotations

import random

import pytest

from bot.interview.machine import Stage, load
from tests.conversations.answers import (
    ENDING,
    HYPOTHETICAL,
    SALAD,
    TEAM_ONLY,
    THIN,
    WHOLE,
    WITHOUT_ENDING,
)
from tests.conversations.stage import Candidate

ANSWERS = [THIN, WHOLE, WITHOUT_ENDING, ENDING, TEAM_ONLY, SALAD, HYPOTHETICAL, "fine"]
ASIDES = ["idk", "skip", "done", "yes", "no", "hi", "thanks", "👍", "what do you mean?", "again"]
COMMANDS = ["/help", "/history", "/settings", "/cancel", "/practice", "/start", "/export", "/drill"]
STEPS = 50
# The ways out of an interview are taken now and then only, else no walk gets far.
LEAVING = ("Yes, stop here", "Stop it here", "Yes, delete everything")
ONE_BELOW = {"✓ That's my answer", "Keep going", "Go on with it"}


@pytest.mark.parametrize("walk", range(6))
async def test_no_path_ends_in_a_failure_or_a_dead_end(candidate: Candidate, walk: int) -> None:
    chance = random.Random(walk)
    persona = chance.choice(["Executive", "Hiring", "Panel", "Future"])
    await candidate.arrives()
    await candidate.begins(persona, chance.choice([3, 5, 8]), chance.choice(["Coached", "Real"]))
    for _ in range(STEPS):
        await takes_a_step(candidate, chance)
        assert len(candidate.done_buttons()) <= 1
        if await is_listening(candidate):
            assert ONE_BELOW & set(candidate.labels())
        else:
            assert candidate.done_buttons() == []


async def takes_a_step(candidate: Candidate, chance: random.Random) -> None:
    kind = chance.random()
    if kind < 0.5:
        await taps_anything(candidate, chance)
    elif kind < 0.75:
        await candidate.sends(chance.choice(ANSWERS))
    elif kind < 0.87:
        await candidate.sends(chance.choice(ASIDES))
    elif kind < 0.95:
        await candidate.sends(chance.choice(COMMANDS))
    else:
        await candidate.waits(chance.choice([70, 200]))
    candidate.sees_not("Something went wrong")


async def taps_anything(candidate: Candidate, chance: random.Random) -> None:
    """Mostly what stands below, at times a button from long ago."""
    bubbles = candidate.screen() if chance.random() < 0.2 else candidate.screen()[-5:]
    buttons = [
        (bubble.message_id, button)
        for bubble in bubbles
        for row in bubble.buttons
        for button in row
        if button.text not in LEAVING or chance.random() < 0.1
    ]
    if buttons:
        message_id, button = chance.choice(buttons)
        await candidate.taps_data(message_id, button.data)


async def is_listening(candidate: Candidate) -> bool:
    async with candidate.house.store.turn(candidate.chat_id, at=candidate.clock.now()) as turn:
        stored = await turn.current_interview()
    return stored is not None and load(stored.events).stage is Stage.LISTENING
