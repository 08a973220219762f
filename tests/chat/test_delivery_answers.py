"""Delivery: what follows from what Telegram answers."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from itertools import pairwise

import pytest
import telegram
from telegram.error import InvalidToken, NetworkError, TimedOut

from bot.local.refusal import error_body
from bot.store import Priority
from tests.chat.delivering import (
    ANA,
    BEN,
    BROKEN,
    CAT,
    NOON,
    SECOND,
    TOO_MANY,
    Stage,
    until,
)
from tests.store.inside import tell


async def test_a_chat_told_to_wait_waits_and_the_others_do_not(stage):
    stage.line.failures[ANA] = deque([TOO_MANY])
    await stage.says(ANA, "one", "two")
    await stage.says(BEN, "hello")
    await stage.delivery.drain()
    calls = [((at - NOON).total_seconds(), chat) for at, _, chat in stage.line.calls]
    assert calls == [(0, ANA), (0, BEN), (7, ANA), (8, ANA)]
    assert stage.bubbles(ANA) == ["one", "two"]


async def test_a_new_turn_does_not_shorten_the_wait(stage):
    stage.line.failures[ANA] = deque([TOO_MANY])
    await stage.says(ANA, "one")
    draining = asyncio.create_task(stage.delivery.drain())
    await until(lambda: stage.line.calls and not stage.line.busy)
    await stage.says(ANA, "two")
    await draining
    await stage.delivery.drain()
    assert stage.line.calls[1][0] >= NOON + 7 * SECOND
    assert stage.bubbles(ANA) == ["one", "two"]


async def test_when_two_chats_are_told_to_wait_the_whole_bot_waits(stage):
    for chat in (ANA, BEN):
        stage.line.failures[chat] = deque([TOO_MANY])
        await stage.says(chat, "hello")
    await stage.delivery._start_due()
    await asyncio.wait(stage.delivery._flying)
    await stage.says(CAT, "hello")
    await stage.delivery.drain()
    assert all(at >= NOON + 7 * SECOND for at, _, _ in stage.line.calls[2:])
    assert [stage.bubbles(chat) for chat in (ANA, BEN, CAT)] == [["hello"]] * 3


async def floods(stage: Stage, chat: int, seconds: int) -> None:
    """Have a chat told to wait so long."""
    told = error_body(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)
    stage.line.failures[chat] = deque([(429, told)])
    await stage.says(chat, "hello")
    await stage.delivery._start_due()
    await asyncio.wait(stage.delivery._flying)


@pytest.mark.parametrize(
    ("first", "apart", "second", "waited"),
    [(600, 0, 7, 7), (7, 1, 600, 6), (600, 1, 7, 7), (7, 3, 600, 0), (600, 100, 2, 0)],
)
async def test_the_whole_bot_waits_only_for_what_two_chats_are_told_within_a_moment(
    stage, first, apart, second, waited
):
    await floods(stage, ANA, first)
    stage.clock.time += apart * SECOND
    await floods(stage, BEN, second)
    told_at = stage.clock.now()
    await stage.says(CAT, "hello")
    await stage.delivery.drain()
    (at,) = [at for at, _, chat in stage.line.calls if chat == CAT]
    assert at == told_at + waited * SECOND
    assert [stage.bubbles(chat) for chat in (ANA, BEN, CAT)] == [["hello"]] * 3


async def test_a_chat_told_twice_makes_nobody_else_wait(stage):
    stage.line.failures[ANA] = deque([TOO_MANY] * 2)
    await stage.says(ANA, "hello")
    for _ in range(2):
        await stage.delivery._start_due()
        await asyncio.wait(stage.delivery._flying)
        stage.clock.time += 7 * SECOND
    await stage.says(CAT, "hello")
    before = stage.clock.now()
    await stage.delivery.drain()
    assert [at for at, _, chat in stage.line.calls if chat == CAT] == [before]


async def test_waits_are_understood_as_plain_seconds_too(stage, monkeypatch, recwarn):
    monkeypatch.setenv("PTB_TIMEDELTA", "false")
    stage.line.failures[ANA] = deque([TOO_MANY])
    await stage.says(ANA, "hello")
    with pytest.warns(telegram.warnings.PTBDeprecationWarning):
        await stage.delivery.drain()
    assert stage.line.calls[1][0] == NOON + 7 * SECOND


@pytest.mark.parametrize("failure", [BROKEN, NetworkError("no route"), TimedOut(), OSError("x")])
async def test_without_an_answer_it_is_tried_again_later_and_later(stage, failure):
    stage.line.failures[ANA] = deque([failure] * 6)
    await stage.says(ANA, "one", "two")
    await stage.delivery.drain()
    assert stage.bubbles(ANA) == ["one", "two"]
    times = [at for at, _, _ in stage.line.calls]
    waits = [(late - early).total_seconds() for early, late in pairwise(times[:7])]
    for number, wait in enumerate(waits):
        assert 0.5 * 2**number <= wait <= 2**number


async def test_calls_that_fail_together_count_as_one_failure(stage):
    for chat in (ANA, BEN, CAT):
        stage.line.failures[chat] = deque([BROKEN])
        await stage.says(chat, "hello")
    await stage.delivery.drain()
    assert [stage.bubbles(chat) for chat in (ANA, BEN, CAT)] == [["hello"]] * 3
    assert stage.clock.now() <= NOON + SECOND


async def test_no_wait_is_longer_than_a_minute_and_an_outage_loses_nothing(stage):
    stage.line.failures[ANA] = deque([BROKEN] * 12)
    await stage.says(ANA, "still here")
    await stage.delivery.drain()
    times = [at for at, _, _ in stage.line.calls]
    assert max(late - early for early, late in pairwise(times)) <= 60 * SECOND
    assert stage.bubbles(ANA) == ["still here"]


async def test_a_send_that_timed_out_is_sent_again_even_if_it_had_arrived(stage):
    lost = TimedOut()
    stage.line.lost = [lost]
    stage.line.failures[ANA] = deque([lost])
    await stage.says(ANA, "Tell me about a conflict.", "Take your time.")
    await stage.delivery.drain()
    assert stage.bubbles(ANA) == ["Tell me about a conflict."] * 2 + ["Take your time."]


async def test_an_edit_and_a_deletion_that_timed_out_end_as_if_they_had_not(stage):
    await stage.says(ANA, "old", "gone")
    await stage.delivery.drain()
    old, gone = (bubble.message_id for bubble in stage.server.messages(ANA)[1:])
    stage.line.lost = [TimedOut(), TimedOut()]
    stage.line.failures[ANA] = deque([stage.line.lost[0], None, stage.line.lost[1]])
    await stage.calls(ANA, "editMessageText", {"message_id": old, "text": "new"})
    await stage.calls(ANA, "deleteMessage", {"message_id": gone})
    await stage.delivery.drain()
    assert stage.bubbles(ANA) == ["new"]
    assert (await stage.kept(ANA))["failures"] == []


async def test_one_line_that_keeps_failing_alone_is_given_up_and_recorded(stage):
    stage.line.failures[ANA] = deque([BROKEN] * 99)
    await stage.says(ANA, "poison")
    for number in range(25):
        await stage.says(BEN, f"fine {number}")
        await stage.delivery._start_due()
        if stage.delivery._flying:
            await asyncio.wait(stage.delivery._flying)
        await stage.clock.sleep(30)
    assert (await stage.kept(ANA))["outbox"] == []
    (failure,) = (await stage.kept(ANA))["failures"]
    assert failure["update"]["text"] == "poison"
    assert len([chat for _, _, chat in stage.line.calls if chat == ANA]) == 11


async def test_being_told_to_wait_is_not_held_against_a_line(stage):
    stage.line.failures[ANA] = deque([TOO_MANY] * 14 + [BROKEN])
    await stage.says(ANA, "patient")
    for number in range(17):
        await stage.says(BEN, f"fine {number}")
        await stage.delivery._start_due()
        if stage.delivery._flying:
            await asyncio.wait(stage.delivery._flying)
        await stage.clock.sleep(8)
    assert stage.bubbles(ANA) == ["patient"]
    assert (await stage.kept(ANA))["failures"] == []


@pytest.mark.parametrize("back", [False, True])
async def test_a_line_given_up_after_its_candidate_was_forgotten_leaves_no_trace(stage, back):
    stage.line.failures[ANA] = deque([(400, error_body(400, "Bad Request: no"))])
    stage.line.open.clear()
    await stage.says(ANA, "You said: my story")
    draining = asyncio.create_task(stage.delivery.drain())
    await until(lambda: stage.line.busy)
    async with stage.store.turn(ANA, at=NOON, update_id=1) as turn:
        await turn.forget()
        turn.say("sendMessage", {"text": "Goodbye."})
    if back:
        async with stage.store.turn(ANA, at=NOON, update_id=2) as turn:
            turn.say("sendMessage", {"text": "Hello."})
    stage.line.open.set()
    await draining
    assert stage.bubbles(ANA) == ["Goodbye."] + ["Hello."] * back
    assert (await stage.kept(ANA))["failures"] == []


async def test_a_bad_request_is_recorded_and_does_not_stop_the_lines_behind_it(stage):
    await stage.calls(ANA, "sendMessage", {"text": "<b>oops", "parse_mode": "HTML"})
    await stage.calls(ANA, "sendMessage", {"no": "text"})
    await stage.calls(ANA, "sendPigeon", {})
    await stage.says(ANA, "fine")
    await stage.delivery.drain()
    assert stage.bubbles(ANA) == ["fine"]
    failures = (await stage.kept(ANA))["failures"]
    methods = sorted(failure["update"]["method"] for failure in failures)
    assert methods == ["sendMessage", "sendMessage", "sendPigeon"]
    traces = await tell(stage.store, "SELECT traceback FROM failures")
    assert any("can't parse entities" in trace.lower() for (trace,) in traces)


async def test_an_edit_of_a_message_that_is_gone_becomes_a_new_message(stage):
    keys = {"inline_keyboard": [[{"text": "Go", "callback_data": "g"}]]}
    payload = {"message_id": 999, "text": "Who will you meet?", "reply_markup": keys}
    await stage.calls(ANA, "editMessageText", payload)
    await stage.calls(ANA, "editMessageReplyMarkup", {"message_id": 999, "reply_markup": keys})
    await stage.delivery.drain()
    assert stage.bubbles(ANA) == ["Who will you meet?"]
    assert stage.server.messages(ANA)[-1].buttons[0][0].text == "Go"
    assert (await stage.kept(ANA))["failures"] == []


async def test_an_edit_that_changes_nothing_and_a_deletion_of_nothing_are_done(stage):
    await stage.says(ANA, "same")
    await stage.delivery.drain()
    here = stage.last_id(ANA)
    await stage.calls(ANA, "editMessageText", {"message_id": here, "text": "same"})
    await stage.calls(ANA, "editMessageReplyMarkup", {"message_id": here})
    await stage.calls(ANA, "deleteMessage", {"message_id": 999})
    await stage.delivery.drain()
    assert stage.bubbles(ANA) == ["same"]
    kept = await stage.kept(ANA)
    assert kept["failures"] == kept["outbox"] == []


async def test_a_message_too_old_to_be_deleted_loses_its_buttons(stage):
    keys = {"inline_keyboard": [[{"text": "Go", "callback_data": "g"}]]}
    await stage.calls(ANA, "sendMessage", {"text": "old", "reply_markup": keys}, slot="menu")
    await stage.delivery.drain()
    await stage.clock.sleep(3 * 24 * 3600)
    await stage.says(ANA, "new", slot="menu")
    await stage.delivery.drain()
    old, new = stage.server.messages(ANA)[1:]
    assert (old.text, old.buttons, new.text) == ("old", (), "new")
    assert (await stage.kept(ANA))["failures"] == []


async def test_nothing_is_written_to_a_chat_that_blocked_the_bot_until_it_writes_again(stage):
    await stage.server.blocks(ANA)
    await stage.says(ANA, "one", "two")
    await stage.delivery.drain()
    assert (await stage.kept(ANA))["outbox"] == []
    await stage.says(ANA, "a drill", priority=Priority.NUDGE)
    await stage.delivery.drain()
    assert len(stage.line.calls) == 1
    await stage.server.blocks(ANA, blocked=False)
    async with stage.store.turn(ANA, at=NOON, update_id=9) as turn:
        turn.say("sendMessage", {"text": "Welcome back."})
    await stage.delivery.drain()
    assert stage.bubbles(ANA) == ["Welcome back."]
    await stage.says(ANA, "a drill")
    await stage.delivery.drain()
    assert stage.bubbles(ANA) == ["Welcome back.", "a drill"]


async def test_writing_something_that_needs_no_answer_unblocks_too(stage):
    await stage.server.blocks(ANA)
    await stage.says(ANA, "one")
    await stage.delivery.drain()
    await stage.server.blocks(ANA, blocked=False)
    async with stage.store.turn(ANA, at=NOON, update_id=9):
        pass
    await stage.says(ANA, "a drill")
    await stage.delivery.drain()
    assert stage.bubbles(ANA) == ["a drill"]


async def test_a_goodbye_that_is_refused_leaves_no_trace_either(stage):
    stage.line.failures[ANA] = deque([(400, error_body(400, "Bad Request: no"))])
    async with stage.store.turn(ANA, at=NOON, update_id=1) as turn:
        await turn.forget()
        turn.say("sendMessage", {"text": "Goodbye."})
    await stage.delivery.drain()
    left = {table for table, rows in (await stage.kept(ANA)).items() if rows}
    assert left == {"updates"}


async def test_who_comes_back_while_the_refusal_is_on_its_way_is_answered(stage):
    await stage.server.blocks(ANA)
    await stage.says(ANA, "one", "two")
    stage.line.failures[ANA] = deque(
        [(403, error_body(403, "Forbidden: bot was blocked by the user"))]
    )
    stage.line.open.clear()
    draining = asyncio.create_task(stage.delivery.drain())
    await until(lambda: stage.line.busy)
    await stage.server.blocks(ANA, blocked=False)
    async with stage.store.turn(ANA, at=NOON, update_id=9) as turn:
        turn.say("sendMessage", {"text": "Welcome back."})
    stage.line.open.set()
    await draining
    await stage.says(ANA, "a drill")
    await stage.delivery.drain()
    assert stage.bubbles(ANA) == ["Welcome back.", "a drill"]


async def test_a_refusal_that_comes_after_its_lease_changes_nothing(stage):
    await stage.says(ANA, "one")
    ((late,), _) = await stage.store.outbox.claim(NOON, 5)
    stage.store.outbox.lapse(late)
    later = NOON + 150 * SECOND
    ((again,), _) = await stage.store.outbox.claim(later, 5)
    await stage.store.outbox.block(late, later)
    kept = await stage.kept(ANA)
    assert [row["payload"] for row in kept["outbox"]] == [again.payload]
    assert kept["lanes"][0]["blocked_at"] is None


@pytest.mark.parametrize(
    "words",
    [
        "Forbidden: bot was blocked by the user",
        "Forbidden: user is deactivated",
        "Forbidden: bot can't initiate conversation with a user",
        "Forbidden: bot can't send messages to bots",
        "Forbidden: bot was kicked from the group chat",
        "Forbidden: bot is not a member of the channel chat",
    ],
)
async def test_a_chat_that_telegram_calls_closed_is_blocked_and_that_is_logged(
    stage, caplog, words
):
    caplog.set_level(logging.INFO, logger="bot")
    stage.line.failures[ANA] = deque([(403, error_body(403, words))])
    await stage.says(ANA, "one", "two")
    await stage.delivery.drain()
    kept = await stage.kept(ANA)
    assert (kept["outbox"], len(stage.line.calls)) == ([], 1)
    assert kept["lanes"][0]["blocked_at"]
    (told,) = [each for each in caplog.records if each.name == "bot.chat.delivery"]
    assert told.levelno == logging.INFO
    assert told.args[0] in words
    assert str(ANA) not in told.getMessage()


@pytest.mark.parametrize(
    "body",
    [b"<html>Forbidden by proxy</html>", b'{"error": "no"}', error_body(403, "Forbidden: other")],
)
async def test_a_refusal_that_does_not_speak_of_the_chat_is_no_block(stage, body):
    stage.line.failures[ANA] = deque([(403, body)] * 3)
    await stage.says(ANA, "one", "two")
    await stage.delivery.drain()
    assert stage.bubbles(ANA) == ["one", "two"]
    assert stage.clock.now() >= NOON + 3 * SECOND
    assert (await stage.kept(ANA))["lanes"][0]["blocked_at"] is None


async def test_a_chat_that_does_not_exist_counts_as_blocked(stage):
    await stage.says(404, "anyone?")
    await stage.delivery.drain()
    assert (await stage.kept(404))["lanes"][0]["blocked_at"]


# A token that seems to be refused

NOT_FOUND = (404, error_body(404, "Not Found"))
UNAUTHORIZED = (401, error_body(401, "Unauthorized"))


async def test_a_token_that_telegram_goes_on_refusing_ends_delivery_and_keeps_what_waits(stage):
    stage.line.failures = {ANA: deque([UNAUTHORIZED] * 99), "getMe": deque([UNAUTHORIZED] * 99)}
    await stage.says(ANA, "hello")
    with pytest.raises(InvalidToken):
        await stage.delivery.run(asyncio.Event())
    assert stage.clock.now() >= NOON + 60 * SECOND
    assert [row["payload"] for row in (await stage.kept(ANA))["outbox"]] == [{"text": "hello"}]


@pytest.mark.parametrize("refusal", [NOT_FOUND, UNAUTHORIZED], ids=["404", "401"])
@pytest.mark.parametrize("asked", [[], [UNAUTHORIZED] * 3, [BROKEN]], ids=["known", "late", "502"])
async def test_a_call_that_is_refused_as_if_by_mistake_is_made_again(stage, refusal, asked):
    stage.line.failures = {ANA: deque([refusal]), "getMe": deque(asked)}
    await stage.says(ANA, "hello")
    stop = asyncio.Event()
    running = asyncio.create_task(stage.delivery.run(stop))
    await until(lambda: stage.bubbles(ANA) == ["hello"] and not stage.line.failures["getMe"])
    stop.set()
    await running
    assert (await stage.kept(ANA))["outbox"] == []


async def test_stopping_does_not_wait_for_what_telegram_says_of_the_token(held):
    held.line.failures = {ANA: deque([NOT_FOUND]), "getMe": deque([UNAUTHORIZED] * 99)}
    await held.says(ANA, "hello")
    stop = asyncio.Event()
    running = asyncio.create_task(held.delivery.run(stop))
    await until(lambda: len(held.line.failures["getMe"]) == 98)
    stop.set()
    await running
    assert not held.clock.asleep
