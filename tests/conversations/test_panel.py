"""The panel: three people who take turns, and each of whom may be left out."""

from __future__ import annotations

import pytest

from tests.conversations.answers import CAUSE, THIN, WITHOUT_ENDING
from tests.conversations.stage import Candidate

NAMES = ("Dana Reyes", "Lee Osei", "Ingrid Holm")
MONEY = "pa-problem-solving-leaking-away"


def speaker(candidate: Candidate) -> str:
    """Whose name stands over the newest bubble."""
    return next(name for name in NAMES if name in candidate.last.text)


async def test_all_three_introduce_themselves_and_take_turns(candidate: Candidate) -> None:
    await candidate.arrives()
    await candidate.begins("Panel", 3, "Real")
    candidate.sees(*NAMES)
    asked = [speaker(candidate)]
    for _ in range(2):
        await candidate.sends("skip")
        asked.append(speaker(candidate))
    assert sorted(asked) == sorted(NAMES)


async def test_another_panelist_than_the_one_who_asked_probes(candidate: Candidate) -> None:
    await candidate.sits_before("panel", MONEY)
    asker = speaker(candidate)
    await candidate.answers(THIN)
    assert candidate.labels() == ["Leave it there"]
    prober = speaker(candidate)
    assert prober != asker
    await candidate.sends("what do you mean?")
    assert speaker(candidate) == prober


async def test_feedback_says_who_was_reached_and_who_was_left_out(candidate: Candidate) -> None:
    await candidate.sits_before("panel", MONEY)
    await candidate.answers(f"{WITHOUT_ENDING} It cost £2,000 and saved £9,000 within the year.")
    await candidate.leaves_probes()
    lines = candidate.last.text.splitlines()
    assert any(line.startswith("✓ Dana (finance) heard “") for line in lines)
    await candidate.taps("Try again")
    await candidate.answers("I wrote a letter. Then I wrote another letter. Nothing came of it.")
    await candidate.leaves_probes()
    missed = candidate.book.personas["panel"].panelists[0].missed
    candidate.sees(f"– {missed}")


async def test_a_question_repeated_after_a_new_try_is_put_by_its_asker(
    candidate: Candidate,
) -> None:
    await candidate.sits_before("panel", MONEY)
    asker = speaker(candidate)
    await candidate.answers(THIN)
    await candidate.leaves_probes()
    await candidate.taps("Try again")
    assert speaker(candidate) == asker
    await candidate.sends("can you repeat that?")
    assert speaker(candidate) == asker


@pytest.mark.parametrize("answer", [THIN, WITHOUT_ENDING])
async def test_feedback_of_three_still_fits_a_phone(candidate: Candidate, answer: str) -> None:
    await candidate.sits_before("panel", MONEY)
    await candidate.answers(answer)
    await candidate.leaves_probes()
    assert len(candidate.last.text.split()) <= 115
    assert len(candidate.last.text.splitlines()) <= 12


async def test_a_single_interviewer_hears_alone(candidate: Candidate) -> None:
    await candidate.sits_before("hiring_manager", CAUSE)
    await candidate.answers(WITHOUT_ENDING)
    await candidate.leaves_probes()
    candidate.sees_not("heard “")
