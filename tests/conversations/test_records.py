"""/history, /export and /forget: what was said can be read again, taken away and deleted."""

from __future__ import annotations

import json
from typing import Any

from bot.interview.events import Mode
from tests.conversations.answers import BOSS, CAUSE, ENDING, THIN, WHOLE, WITHOUT_ENDING
from tests.conversations.stage import Candidate


async def has_practised(candidate: Candidate) -> None:
    await candidate.sits_before("hiring_manager", CAUSE, BOSS)
    await candidate.answers(WITHOUT_ENDING)
    await candidate.answers(ENDING)
    await candidate.leaves_probes()
    await candidate.taps("Next")
    await candidate.answers(THIN)
    await candidate.leaves_probes()
    await candidate.taps("Finish")


async def exported(candidate: Candidate) -> dict[str, list[dict[str, Any]]]:
    await candidate.sends("/export")
    file = candidate.last.file
    assert file is not None
    assert file.name == "second-round-2026-11-22.json"
    content = b"".join(candidate.telegram.chunks(file.file_id))
    data: dict[str, list[dict[str, Any]]] = json.loads(content)
    return data


async def test_history_before_the_first_answer_invites_to_one(candidate: Candidate) -> None:
    await candidate.arrives()
    await candidate.sends("/history")
    candidate.sees("No answers yet")
    await candidate.taps("Start an interview")
    candidate.sees("Who will you face?")


async def test_history_leads_from_the_list_to_one_answer(candidate: Candidate) -> None:
    await has_practised(candidate)
    await candidate.sends("/history")
    candidate.sees("1. 22 November 2026 · Maya Okafor, 2 answers")
    await candidate.taps("1")
    candidate.sees("Walk me through one problem", "“Last spring the booking line")
    await candidate.taps("See 1")
    candidate.sees("(came after a probe)", "By June", "of 5")


async def test_history_in_an_interview_shows_it_as_open_and_loses_nothing(
    candidate: Candidate,
) -> None:
    await has_practised(candidate)
    await candidate.sits_before("executive", "ex-influence-changed-a-mind")
    await candidate.sends("/history")
    candidate.sees("2. 22 November 2026 · Helen Marsh, still open at question 1 of 1", "1. 22 Nov")
    await candidate.taps("1")
    candidate.sees("Maya Okafor")
    await candidate.answers(WHOLE)
    await candidate.leaves_probes()
    await candidate.taps("Finish")
    candidate.sees("One answer")


async def test_long_histories_come_in_pages(candidate: Candidate) -> None:
    for _ in range(10):
        await candidate.sits_before("executive", "ex-influence-changed-a-mind", mode=Mode.REAL)
        await candidate.sends("skip")
    await candidate.sends("/history")
    candidate.sees("10. ", "3. ")
    candidate.sees_not("\n2. ")
    await candidate.taps("Older")
    candidate.sees("2. ", "1. ")


async def test_the_export_holds_all_that_was_said_and_nothing_of_others(
    candidate: Candidate,
) -> None:
    other = Candidate(
        candidate.house, candidate.telegram, candidate.clock, candidate.book, chat_id=8
    )
    await other.sits_before("peer", "pe-teamwork-rotten-job")
    await other.answers(
        "I emptied the bins behind the kitchen, week after week, for nobody else did."
    )
    await has_practised(candidate)
    data = await exported(candidate)
    text = json.dumps(data, ensure_ascii=False)
    for said in (WITHOUT_ENDING, ENDING, THIN):
        assert said in text
    assert "bins behind the kitchen" not in text
    stored = data["everything stored"]
    assert len(stored["attempts"]) == 2
    assert stored["candidates"][0]["line_of_work"] == "care"


async def test_the_export_begins_with_the_answers_in_plain_words(candidate: Candidate) -> None:
    await has_practised(candidate)
    first = (await exported(candidate))["answers"][0]
    assert first["question"] in {each.asks for each in candidate.book.questions.values()}
    assert WITHOUT_ENDING in first["answer"]
    assert first["interviewer"] in {each.name for each in candidate.book.personas.values()}


async def test_keep_it_deletes_nothing(candidate: Candidate) -> None:
    await has_practised(candidate)
    await candidate.sends("/forget")
    candidate.sees("1 interview,", "can't be undone", "/export")
    await candidate.taps("Keep it")
    assert candidate.toast == "Nothing was deleted."
    await candidate.sends("/history")
    candidate.sees("Maya Okafor")


async def test_forget_asks_once_and_leaves_no_row(candidate: Candidate) -> None:
    await has_practised(candidate)
    await candidate.sits_before("executive", "ex-influence-changed-a-mind")
    await candidate.sends("It began when the director said no.")
    await candidate.sends("/forget")
    candidate.sees("2 interviews")
    await candidate.taps("Yes, delete everything")
    candidate.sees("Everything I had stored about you is deleted")
    async with candidate.house.store.turn(7, at=candidate.clock.now()) as turn:
        left = {name: rows for name, rows in (await turn.export()).items() if rows}
    # The number of the update itself stays, so that a second delivery finds nobody to greet.
    assert set(left) <= {"updates"}
    assert "booking line" not in json.dumps(left)
    await candidate.sends("/start")
    candidate.sees("what kind of work is it?")


async def test_forget_without_anything_stored_says_so(candidate: Candidate) -> None:
    await candidate.sends("/forget")
    candidate.sees("I have nothing stored about you")


async def test_settings_are_changed_in_place(candidate: Candidate) -> None:
    await candidate.arrives()
    await candidate.sends("/settings")
    candidate.sees("Health & care", "within a week", "in full")
    await candidate.taps("Line of work")
    await candidate.taps("Tech & data")
    candidate.sees("Tech & data")
    await candidate.taps("Interview date")
    await candidate.taps("← Back")
    await candidate.taps("Interview date")
    await candidate.taps("No date yet")
    candidate.sees("no date yet")
