"""What was used and what failed: counted and kept for each candidate apart, and never for ever."""

from __future__ import annotations

from datetime import timedelta

from bot.interview.events import InterviewClosed, InterviewOpened, Mode, PieceHeard
from bot.store import Candidate
from bot.store.kept import MOST
from tests.store.writing import writes

HOUR = timedelta(hours=1)
OPENED = InterviewOpened(persona="vp", mode=Mode.REAL, questions=("why-us",), seed=1)


async def test_bytes_are_counted_in_the_store_for_each_candidate_apart(store, noon):
    for who, words in ((7, "é" * 1000), (8, "e" * 1000)):
        async with store.turn(who, at=noon) as turn:
            await writes(turn, words)
    assert 2000 < await store.written_since(7, noon) < 2500
    assert 1000 < await store.written_since(8, noon) < 1500
    assert await store.written_since(7, noon + HOUR) == 0
    assert await store.written_since(9, noon) == 0


async def test_interviews_are_counted_from_a_time_on_this_one_too(store, noon):
    async with store.turn(7, at=noon - HOUR) as turn:
        await turn.save_candidate(Candidate(7, "ready", noon))
        first = await turn.open_interview([OPENED])
    async with store.turn(7, at=noon) as turn:
        assert await turn.opened_since(noon - HOUR) == 1
        assert await turn.opened_since(noon) == 0
        await turn.append(first, [PieceHeard(text="x", message=1), InterviewClosed(finished=True)])
        await turn.open_interview([OPENED])
        assert await turn.opened_since(noon - HOUR) == 2
        assert await turn.opened_since(noon) == 1


async def test_a_failure_is_found_by_its_reference_and_taken_once(store, noon):
    one = await store.record_failure(7, '{"a": 1}', "trace", noon + HOUR)
    other = await store.record_failure(8, '{"b": 1}', "trace", noon)
    assert [each.reference for each in await store.failures()] == [other, one]
    (found,) = await store.failures(one)
    assert (found.chat_id, found.update, found.at) == (7, '{"a": 1}', noon + HOUR)
    async with store.turn(8, at=noon) as turn:
        assert not await turn.take_failure(one)
    async with store.turn(7, at=noon) as turn:
        assert await turn.take_failure(one)
    async with store.turn(7, at=noon) as turn:
        assert not await turn.take_failure(one)
    assert [each.reference for each in await store.failures()] == [other]


async def test_a_failure_stays_when_the_turn_that_took_it_breaks_off(store, noon):
    one = await store.record_failure(7, "{}", "trace", noon)
    try:
        async with store.turn(7, at=noon) as turn:
            assert await turn.take_failure(one)
            raise ZeroDivisionError
    except ZeroDivisionError:
        pass
    assert len(await store.failures(one)) == 1


async def test_of_one_candidates_failures_only_the_newest_are_kept(store, noon):
    first = await store.record_failure(8, "{}", "of somebody else", noon)
    for number in range(MOST + 3):
        at = noon + timedelta(seconds=number)
        await store.record_failure(7, f'{{"number": {number}}}', "trace", at)
    kept = [each for each in await store.failures() if each.chat_id == 7]
    assert [each.update for each in kept] == [
        f'{{"number": {number}}}' for number in range(3, MOST + 3)
    ]
    assert len(await store.failures(first)) == 1
