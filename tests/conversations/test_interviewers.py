"""Every interviewer, in both modes, to the end; and that they are not the same person in masks."""

from __future__ import annotations

import pytest

from bot.interview.events import Mode
from tests.conversations.answers import (
    BOSS,
    CAUSE,
    DETAILED,
    HYPOTHETICAL,
    TEAM_ONLY,
    THIN,
    WHOLE,
    WITHOUT_ENDING,
)
from tests.conversations.stage import Candidate

BUTTONS = ["Executive", "Hiring manager", "Panel of three", "Future teammate"]
NAMES = {
    "Executive": "Helen Marsh",
    "Hiring manager": "Maya Okafor",
    "Panel of three": "The panel",
    "Future teammate": "Tomas Lind",
}
QUESTIONS = {
    "executive": "ex-influence-changed-a-mind",
    "hiring_manager": CAUSE,
    "panel": "pa-problem-solving-leaking-away",
    "peer": "pe-teamwork-rotten-job",
}


@pytest.mark.parametrize("persona", BUTTONS)
async def test_a_coached_interview_goes_from_the_handshake_to_the_debrief(
    candidate: Candidate, persona: str
) -> None:
    await candidate.arrives()
    await candidate.begins(persona, 3, "Coached")
    candidate.sees(NAMES[persona], "1 of 3")
    for answer in (WHOLE, WITHOUT_ENDING, THIN):
        await candidate.answers(answer)
        await candidate.leaves_probes()
        assert "🔍 More" in candidate.labels()
        await candidate.taps("Finish" if "Finish →" in candidate.labels() else "Next")
    candidate.sees(NAMES[persona], "3 answers", "really wanted to know", "to work on")
    candidate.sees_not("\n4. ")


@pytest.mark.parametrize("persona", BUTTONS)
async def test_a_real_interview_is_silent_to_the_end(candidate: Candidate, persona: str) -> None:
    await candidate.arrives()
    await candidate.begins(persona, 3, "Real")
    for answer in (WHOLE, WITHOUT_ENDING, THIN):
        candidate.sees_not("Keep “", "Try ", "to work on")
        await candidate.answers(answer)
        await candidate.leaves_probes()
    candidate.sees("3 answers", "really wanted to know", "to work on")
    candidate.sees_not("\n4. ")
    assert candidate.labels()[:2] == ["🎙 Start an interview", "📖 Past answers"]


async def test_a_debrief_names_three_priorities_at_most(candidate: Candidate) -> None:
    questions = ["hm-conflict-i-was-wrong", BOSS, CAUSE, "hm-teamwork-gave-up-own"]
    await candidate.sits_before("hiring_manager", *questions, mode=Mode.REAL)
    for answer in ("fine", WITHOUT_ENDING, HYPOTHETICAL, TEAM_ONLY):
        await candidate.answers(answer)
        await candidate.leaves_probes()
    candidate.sees("4 answers", "Three things to work on", "\n1. ", "\n2. ", "\n3. ")
    candidate.sees_not("\n4. ")


@pytest.mark.parametrize("persona", QUESTIONS)
async def test_the_executive_digs_once_and_the_others_twice(
    candidate: Candidate, persona: str
) -> None:
    await candidate.sits_before(persona, QUESTIONS[persona])
    await candidate.answers(THIN)
    probes = 0
    while "Leave it there" in candidate.labels():
        probes += 1
        await candidate.answers("We fixed it, as I said.")
    assert probes == (1 if persona == "executive" else 2)


async def test_the_four_use_different_words_for_the_same_answer(candidate: Candidate) -> None:
    heard: list[str] = []
    for persona, question in QUESTIONS.items():
        await candidate.sits_before(persona, question)
        await candidate.sends(THIN)
        listening = candidate.last.text
        await candidate.taps("That's my answer")
        heard.append(listening + candidate.last.text)
        await candidate.sends("/cancel")
        await candidate.taps("Yes, stop here")
    assert len(set(heard)) == 4


async def test_the_executive_asks_for_the_short_version_where_a_peer_listens_on(
    candidate: Candidate,
) -> None:
    await candidate.sits_before("executive", QUESTIONS["executive"])
    await candidate.answers(DETAILED)
    executive = candidate.last.text
    shorter = candidate.book.personas["executive"].shorter
    assert any(text in executive for text in shorter)
    await candidate.sends("/cancel")
    await candidate.taps("Yes, stop here")
    await candidate.sits_before("peer", QUESTIONS["peer"])
    await candidate.answers(DETAILED)
    assert not any(text in candidate.last.text for text in candidate.book.personas["peer"].shorter)


@pytest.mark.parametrize("persona", QUESTIONS)
async def test_each_waits_as_long_as_their_patience_goes(
    candidate: Candidate, persona: str
) -> None:
    waits = candidate.book.personas[persona].waits
    nudges = candidate.book.personas[persona].nudges
    await candidate.sits_before(persona, QUESTIONS[persona])
    await candidate.sends("It began on a Monday")
    await candidate.waits(waits - 20)
    assert candidate.new == []
    await candidate.waits(30)
    assert any(nudge in candidate.last.text for nudge in nudges)
