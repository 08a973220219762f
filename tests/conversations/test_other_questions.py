"""Questions that ask for no story: their own strip, quotes under More, what a retry changed."""

from __future__ import annotations

import json
from typing import Any

from bot.chat.records import feedback_as_data
from bot.feedback import review
from bot.store import Attempt
from tests.conversations.stage import Candidate

CASE = "hm-priority-normal-monday"
MOTIVE = "hm-motivation-this-one-not-the-next"
PAY = "hm-motivation-pay"
STEPS = (
    "I'd go to the shop floor and look at the queue. I'd open a second till and I'd ask Dana to"
    " pack. I'd tell the people at the end how long it takes. Then I'd ring the depot for the rest"
    " of the order and I would move the promotion to the back shelf."
)
REST = (
    " I'd do it in that order because the people in the queue leave first. If she can't come I'd"
    " close the till for ten minutes, and I'd write it down for the morning."
)
FLATTERY = (
    "I like that you are close to the station and that your team is friendly. Your website looks"
    " good and your opening hours suit me. I have always wanted to be part of something bigger and"
    " to grow with a company, and you seem like the right place for that."
)
FIGURES = (
    "I'm on 38 now and I'm looking for 42 to 45, because the same job at two other trusts is"
    " advertised at that. I'd be flexible on it if Fridays could be from home."
)


async def answered(candidate: Candidate, question: str, answer: str) -> None:
    await candidate.sits_before("hiring_manager", question)
    await candidate.answers(answer)
    await candidate.leaves_probes()


async def test_a_case_shows_what_was_found_of_it_and_offers_what_was_not(
    candidate: Candidate,
) -> None:
    await answered(candidate, CASE, STEPS)
    candidate.sees(
        "Steps ✓ · Second way – · Reason – · Safeguard –",
        "One thing I could not spot: why you would do it that way.",
        "If it was there",
        "Try I would do it that way because ___.",
    )
    candidate.sees_not("Nothing to fix", "Situation")
    await candidate.taps("More")
    candidate.sees(
        "What this question wants",
        "✓ Steps: “I'd go to the shop floor and look at the queue”",
        "– Reason, not spotted: why you would do it that way",
        "Nothing to fault.",
    )


async def test_a_second_go_at_a_case_tells_what_came(candidate: Candidate) -> None:
    await answered(candidate, CASE, STEPS + REST.split(" If")[0])
    candidate.sees("Steps ✓ · Second way – · Reason ✓ · Safeguard –", "Nothing to fix here.")
    await candidate.taps("Try again")
    await candidate.answers(STEPS + REST)
    candidate.sees("✓ Second way, new: “If she can't come", "✓ Safeguard, new: “I'd write it down")
    candidate.sees_not("Steps ✓")
    await candidate.taps("Try again")
    await candidate.answers(STEPS)
    candidate.sees("– Lost on the way: second way, reason, safeguard")


async def test_a_motive_without_a_word_about_oneself(candidate: Candidate) -> None:
    await answered(candidate, MOTIVE, FLATTERY)
    candidate.sees(
        "About them ✓ · About you – · Why –",
        "One thing I could not spot: something that you have done yourself.",
    )


async def test_plain_facts_with_their_reason_need_nothing(candidate: Candidate) -> None:
    await answered(candidate, PAY, FIGURES)
    candidate.sees("Figure ✓ · Reason ✓ · Room to move ✓", "Nothing to fix here.")
    await candidate.taps("More")
    candidate.sees("✓ Reason: “because the same job at two other trusts")


async def test_short_feedback_leaves_the_strip_to_more(candidate: Candidate) -> None:
    await candidate.sits_before("hiring_manager", PAY)
    await candidate.sends("/settings")
    await candidate.taps("make it shorter")
    await candidate.answers(FIGURES)
    await candidate.leaves_probes()
    candidate.sees_not("Figure ✓")
    await candidate.taps("More")
    candidate.sees("✓ Figure")


async def test_the_feedback_fits_a_phone(candidate: Candidate) -> None:
    for question, answer in [
        (CASE, STEPS),
        (MOTIVE, FLATTERY),
        (PAY, FIGURES),
        (PAY, "Dunno, 40?"),
    ]:
        await answered(candidate, question, answer)
        assert len(candidate.last.text.split()) <= 90
        assert len(candidate.last.text.splitlines()) <= 8
        assert max(len(line) for line in candidate.last.text.splitlines() if " ✓" in line) <= 50
        await candidate.taps("Finish")


async def test_what_was_found_is_stored_and_exported(candidate: Candidate) -> None:
    await answered(candidate, PAY, FIGURES)
    data = await exported(candidate)
    assert data["answers"][0]["rubric"]["Reason"].startswith("because the same job")
    (attempt,) = data["everything stored"]["attempts"]
    assert [each["criterion"] for each in attempt["feedback"]["rubric"]] == [
        "amount",
        "grounds",
        "room",
    ]


async def test_what_was_stored_before_there_were_rubrics_can_still_be_read(
    candidate: Candidate,
) -> None:
    await answered(candidate, PAY, FIGURES)
    question = candidate.book.questions[PAY]
    old = feedback_as_data(review(FIGURES, question.asked()))
    del old["rubric"]
    row = Attempt(1, 1, 1, PAY, "motivation", FIGURES, 0, 3.0, None, old, candidate.clock.now())
    async with candidate.house.store.turn(7, at=candidate.clock.now()) as turn:
        await turn.save_attempt(row)
    data = await exported(candidate)
    assert "rubric" not in data["everything stored"]["attempts"][-1]["feedback"]
    await candidate.taps("More")
    candidate.sees("✓ Figure")


async def exported(candidate: Candidate) -> dict[str, Any]:
    await candidate.sends("/export")
    file = candidate.last.file
    assert file is not None
    data: dict[str, Any] = json.loads(b"".join(candidate.telegram.chunks(file.file_id)))
    return data
