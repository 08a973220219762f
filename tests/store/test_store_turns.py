"""Turns: all or nothing, once per update, and what was written comes back."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from bot.interview.events import (
    Event,
    InterviewClosed,
    InterviewOpened,
    Mode,
    PieceHeard,
    QuestionAsked,
)
from bot.store import Attempt, Candidate, StillOpen, Store
from tests.store.conftest import engine_of

MINUTE = timedelta(minutes=1)


def opened(persona: str = "vp") -> InterviewOpened:
    return InterviewOpened(persona=persona, mode=Mode.COACHED, questions=("why-us",), seed=3)


def went(number: int = 1, go: int = 1, interview_id: int = 1, **changes: object) -> Attempt:
    values = {
        "question_id": "why-us",
        "competency": "motivation",
        "answer": "Because “I” liked it 🙂",
        "probes": 1,
        "overall": 2.5,
        "top_fix": None,
        "feedback": {"pieces": [[0, 7, "S"]]},
        "at": datetime.fromisoformat("2026-11-22T12:00:00+00:00"),
    }
    return Attempt(interview_id, number, go, **(values | changes))  # type: ignore[arg-type]


async def test_an_update_delivered_twice_changes_nothing_the_second_time(store, chat, noon):
    for expected in (False, True):
        async with store.turn(chat, at=noon, update_id=41) as turn:
            assert turn.seen is expected
            stage = "second" if turn.seen else "first"
            await turn.save_candidate(Candidate(chat, stage, noon))
            turn.say("sendMessage", {"text": stage})
    async with store.turn(chat, at=noon) as turn:
        candidate = await turn.candidate()
        assert candidate is not None
        assert candidate.stage == "first"
        assert [row["payload"]["text"] for row in (await turn.export())["outbox"]] == ["first"]


async def test_the_same_update_id_in_another_chat_is_another_update(store, chat, noon):
    async with store.turn(chat, at=noon, update_id=41):
        pass
    async with store.turn(chat + 1, at=noon, update_id=41) as turn:
        assert not turn.seen


async def test_a_turn_that_fails_leaves_nothing_and_may_come_again(store, chat, noon):
    async def fails_half_way() -> None:
        async with store.turn(chat, at=noon, update_id=1) as turn:
            await turn.save_candidate(Candidate(chat, "ready", noon))
            await turn.open_interview([opened()])
            await turn.remind("drill", noon, {})
            turn.say("sendMessage", {"text": "half"})
            raise RuntimeError("half way")

    with pytest.raises(RuntimeError, match="half way"):
        await fails_half_way()
    assert not store.outbox_changed.is_set()
    async with store.turn(chat, at=noon, update_id=1) as turn:
        assert not turn.seen
        kept = await turn.export()
    assert kept.pop("updates")
    assert not any(kept.values())


async def test_a_turn_cancelled_half_way_leaves_nothing(store, chat, noon):
    reached = asyncio.Event()

    async def turns() -> None:
        async with store.turn(chat, at=noon, update_id=1) as turn:
            await turn.save_candidate(Candidate(chat, "ready", noon))
            reached.set()
            await asyncio.Event().wait()

    task = asyncio.create_task(turns())
    await reached.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    async with store.turn(chat, at=noon, update_id=1) as turn:
        assert not turn.seen
        assert await turn.candidate() is None


async def test_a_commit_with_something_to_say_wakes_delivery_and_a_silent_one_does_not(
    store, chat, noon
):
    async with store.turn(chat, at=noon) as turn:
        await turn.save_candidate(Candidate(chat, "ready", noon))
    assert not store.outbox_changed.is_set()
    async with store.turn(chat, at=noon) as turn:
        turn.say("sendMessage", {"text": "hello"})
    assert store.outbox_changed.is_set()


async def test_a_candidate_comes_back_as_saved(store, chat, noon):
    first = Candidate(chat, "new", noon)
    second = Candidate(chat, "ready", noon, "tech", "this week", {"mode": "real", "é": [1]})
    async with store.turn(chat, at=noon) as turn:
        assert await turn.candidate() is None
        await turn.save_candidate(first)
        assert await turn.candidate() == first
        await turn.save_candidate(second)
    async with store.turn(chat, at=noon) as turn:
        assert await turn.candidate() == second
        with pytest.raises(ValueError, match="belongs to chat"):
            await turn.save_candidate(Candidate(chat + 1, "new", noon))


async def test_an_interview_is_its_events_in_order(store, known, noon):
    happened: list[Event] = [opened(), QuestionAsked(number=1, question="why-us")]
    async with store.turn(known.chat_id, at=noon) as turn:
        assert await turn.current_interview() is None
        interview_id = await turn.open_interview(happened)
    for number in range(3):
        happened.append(PieceHeard(text=f"piece {number}", message=number))
        async with store.turn(known.chat_id, at=noon + MINUTE) as turn:
            if number:  # appending works with and without having loaded the interview
                await turn.current_interview()
            await turn.append(interview_id, happened[-1:])
    async with store.turn(known.chat_id, at=noon) as turn:
        found = await turn.current_interview()
        assert found is not None
        assert found.id == interview_id == 1
        assert found.events == tuple(happened)
        assert (found.opened_at, found.closed_at) == (noon, None)
        assert await turn.interview(1) == found
        assert await turn.interview(2) is None


async def test_closing_an_interview_makes_room_for_the_next(store, known, noon):
    async with store.turn(known.chat_id, at=noon) as turn:
        first = await turn.open_interview([opened("vp")])
        await turn.append(first, [InterviewClosed(finished=False)])
        assert await turn.current_interview() is None
        second = await turn.open_interview([opened("peer")])
        assert (first, second) == (1, 2)
        assert (await turn.current_interview()).id == 2
        closed = await turn.interview(1)
        assert closed.closed_at == noon


async def test_a_second_open_interview_is_refused_and_the_turn_undone(store, known, noon):
    async with store.turn(known.chat_id, at=noon) as turn:
        await turn.open_interview([opened()])
    with pytest.raises(StillOpen):
        async with store.turn(known.chat_id, at=noon) as turn:
            await turn.open_interview([opened()])
    async with store.turn(known.chat_id, at=noon) as turn:
        assert (await turn.current_interview()).id == 1


async def test_an_interview_needs_its_opening_and_a_known_candidate(store, chat, known, noon):
    async with store.turn(chat, at=noon) as turn:
        with pytest.raises(ValueError, match="InterviewOpened"):
            await turn.open_interview([InterviewClosed(finished=True)])
    with pytest.raises(sa.exc.IntegrityError, match=r"(?i)foreign key"):
        async with store.turn(chat + 1, at=noon) as turn:
            await turn.open_interview([opened()])


async def test_the_error_of_a_failed_statement_does_not_quote_the_candidate(store, chat, noon):
    async def fails() -> None:
        async with store.turn(chat, at=noon) as turn:
            await turn.save_attempt(went(answer="my story"))

    with pytest.raises(sa.exc.IntegrityError) as caught:
        await fails()
    assert "my story" not in str(caught.value)


async def test_nobody_sees_the_interviews_of_another(store, known, noon):
    async with store.turn(known.chat_id, at=noon) as turn:
        await turn.open_interview([opened()])
        await turn.save_attempt(went())
    async with store.turn(known.chat_id + 1, at=noon) as turn:
        assert await turn.current_interview() is None
        assert await turn.interview(1) is None
        assert await turn.past_interviews(10) == ()
        assert not any((await turn.export()).values())


async def test_attempts_come_back_in_order_and_a_second_save_replaces(store, known, noon):
    async with store.turn(known.chat_id, at=noon) as turn:
        await turn.open_interview([opened()])
        for number, go in ((2, 1), (1, 2), (1, 1)):
            await turn.save_attempt(went(number, go))
        better = went(1, 1, overall=4.0, top_fix="no-result")
        await turn.save_attempt(better)
    async with store.turn(known.chat_id, at=noon) as turn:
        rows = (await turn.export())["attempts"]
    kept = [Attempt(**(row | {"at": datetime.fromisoformat(row["at"])})) for row in rows]
    assert kept == [better, went(1, 2), went(2, 1)]


async def test_past_interviews_are_closed_ones_newest_first_page_by_page(store, known, noon):
    async with store.turn(known.chat_id, at=noon) as turn:
        for persona in ("vp", "peer", "panel"):
            interview_id = await turn.open_interview([opened(persona)])
            await turn.append(interview_id, [InterviewClosed(finished=True)])
        for number, go in ((1, 1), (1, 2), (2, 1)):
            await turn.save_attempt(went(number, go, interview_id=2))
        await turn.open_interview([opened("vp")])
        found = await turn.past_interviews(2)
        assert [(x.id, x.persona, x.answered) for x in found] == [(3, "panel", 0), (2, "peer", 2)]
        assert [x.id for x in await turn.past_interviews(2, before_id=2)] == [1]
        assert found[0].closed_at == noon
        assert found[0].mode == "coached"


async def test_recently_asked_goes_by_time(store, known, noon):
    async with store.turn(known.chat_id, at=noon - timedelta(days=8)) as turn:
        await turn.open_interview([opened(), QuestionAsked(number=1, question="old")])
    async with store.turn(known.chat_id, at=noon) as turn:
        await turn.append(1, [QuestionAsked(number=2, question="new")])
        assert await turn.recently_asked(noon - timedelta(days=7)) == {"new"}
        assert await turn.recently_asked(noon - timedelta(days=9)) == {"old", "new"}


async def test_a_reminder_is_one_per_kind_and_taken_only_when_due(store, chat, noon):
    async with store.turn(chat, at=noon) as turn:
        await turn.remind("silence", noon, {"interview": 1})
        await turn.remind("silence", noon + MINUTE, {"interview": 2})
        await turn.remind("drill", noon - MINUTE, {})
        await turn.remind("note", noon - MINUTE, {})
        await turn.cancel_reminder("note")
    assert [(x.chat_id, x.kind) for x in await store.due_reminders(noon, 9)] == [(chat, "drill")]
    later = await store.due_reminders(noon + MINUTE, 9)
    assert [(x.kind, x.ref) for x in later] == [("drill", {}), ("silence", {"interview": 2})]
    async with store.turn(chat, at=noon) as turn:
        assert await turn.take_reminder("silence") is None
    async with store.turn(chat, at=noon + MINUTE) as turn:
        assert await turn.take_reminder("silence") == later[1]
        assert await turn.take_reminder("silence") is None


async def test_a_time_without_a_zone_is_refused(store, chat, noon):
    with pytest.raises(ValueError, match="aware"):
        async with store.turn(chat, at=noon.replace(tzinfo=None)):
            pass
    with pytest.raises(sa.exc.StatementError, match="without a zone"):
        async with store.turn(chat, at=noon) as turn:
            await turn.remind("drill", noon.replace(tzinfo=None), {})


async def test_times_from_other_zones_are_the_same_instants(store, chat, noon):
    tokyo = datetime.fromisoformat("2026-11-22T21:00:00+09:00")
    async with store.turn(chat, at=tokyo) as turn:
        await turn.save_candidate(Candidate(chat, "new", tokyo))
        await turn.remind("drill", tokyo, {})
        assert (await turn.candidate()).created_at == noon
    assert len(await store.due_reminders(noon, 9)) == 1


async def test_a_failure_is_kept_under_a_name_that_can_be_read_aloud(store, chat, noon):
    reference = await store.record_failure(chat, '{"text": "hi"}', "Traceback …", noon)
    assert len(reference) == 6
    assert set(reference[1::2]) <= set("aeiou")
    async with store.turn(chat, at=noon) as turn:
        (failure,) = (await turn.export())["failures"]
    assert failure["reference"] == reference
    assert failure["update"] == {"text": "hi"}


async def test_old_update_ids_and_failures_go_in_small_steps(store, chat, noon):
    for number in range(5):
        async with store.turn(chat, at=noon + number * MINUTE, update_id=number):
            pass
    await store.record_failure(chat, "{}", "", noon - timedelta(days=24))
    assert await store.prune(noon + timedelta(days=7) + 3 * MINUTE, limit=2) == 2
    assert await store.prune(noon + timedelta(days=7) + 3 * MINUTE, limit=9) == 2
    async with store.turn(chat, at=noon) as turn:
        kept = await turn.export()
    assert [row["update_id"] for row in kept["updates"]] == [3, 4]
    assert kept["failures"] == []


async def test_a_whole_turn_costs_at_most_twelve_statements(store: Store, known, noon):
    async with store.turn(known.chat_id, at=noon, update_id=1) as turn:
        await turn.open_interview([opened()])
    said: list[str] = []
    sa.event.listen(
        engine_of(store),
        "before_cursor_execute",
        lambda _c, _cursor, statement, *_rest: said.append(statement),
    )
    async with store.turn(known.chat_id, at=noon, update_id=2) as turn:
        await turn.candidate()
        interview = await turn.current_interview()
        await turn.append(interview.id, [PieceHeard(text="x", message=1)] * 3)
        await turn.save_attempt(went())
        await turn.remind("silence", noon, {})
        for text in ("well", "and?"):
            turn.say("sendMessage", {"text": text})
    made = [each for each in said if each.startswith(("SELECT", "INSERT", "UPDATE", "DELETE"))]
    assert len(made) <= 12, made
