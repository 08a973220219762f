"""Delivery: what is said arrives, once, in order, at a pace that Telegram accepts."""

from __future__ import annotations

import asyncio
from collections import deque
from datetime import timedelta

import pytest

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


async def test_what_is_said_arrives_in_order_and_nothing_of_it_stays_behind(stage):
    texts = [f"line {number}" for number in range(9)]
    for text in texts[:5]:
        await stage.says(ANA, text)
    await stage.says(ANA, *texts[5:])
    await stage.delivery.drain()
    assert stage.bubbles(ANA) == texts
    assert (await stage.kept(ANA))["outbox"] == []


async def test_buttons_and_formatting_arrive(stage):
    keys = {"inline_keyboard": [[{"text": "Skip", "callback_data": "s"}]]}
    payload = {"text": "<b>Why</b> us?", "parse_mode": "HTML", "reply_markup": keys}
    await stage.calls(ANA, "sendMessage", payload)
    await stage.delivery.drain()
    bubble = stage.server.messages(ANA)[-1]
    assert bubble.text == "Why us?"
    assert bubble.entities[0]["type"] == "bold"
    assert bubble.buttons[0][0].data == "s"


async def test_a_document_is_made_of_its_text(stage):
    payload = {"filename": "all.json", "text": '{"é": 1}', "caption": "Everything"}
    await stage.calls(ANA, "sendDocument", payload)
    await stage.delivery.drain()
    bubble = stage.server.messages(ANA)[-1]
    assert (bubble.file.name, bubble.text) == ("all.json", "Everything")
    assert b"".join(stage.server.chunks(bubble.file.file_id)) == '{"é": 1}'.encode()


async def test_a_chat_gets_a_short_burst_and_then_one_message_a_second(stage):
    await stage.says(ANA, *(str(number) for number in range(7)))
    await stage.delivery.drain()
    seconds = [(at - NOON).total_seconds() for at, _, _ in stage.line.calls]
    assert seconds == [0, 0, 0, 0, 1, 2, 3]


async def test_the_burst_fills_up_again_while_the_chat_is_quiet(stage):
    await stage.says(ANA, *"abcd")
    await stage.delivery.drain()
    await stage.clock.sleep(2)
    await stage.says(ANA, *"efg")
    await stage.delivery.drain()
    seconds = [(at - NOON).total_seconds() for at, _, _ in stage.line.calls]
    assert seconds == [0, 0, 0, 0, 2, 2, 3]


async def test_deletions_do_not_slow_a_chat_down(stage):
    await stage.says(ANA, *"abc")
    await stage.delivery.drain()
    for message in stage.server.messages(ANA)[1:]:
        await stage.calls(ANA, "deleteMessage", {"message_id": message.message_id})
    await stage.says(ANA, "d")
    await stage.delivery.drain()
    assert stage.clock.now() < NOON + SECOND
    assert stage.bubbles(ANA) == ["d"]


async def test_the_bot_makes_at_most_thirty_calls_a_second(stage):
    chats = range(1000, 1070)
    for chat in chats:
        await stage.server.sends(chat, "/start")
        await stage.says(chat, "hello")
    await stage.delivery.drain()
    times = [at for at, _, _ in stage.line.calls]
    assert len(times) == 70
    assert times[-1] <= NOON + 2.5 * SECOND
    for moment in times:
        assert sum(moment <= at < moment + SECOND for at in times) <= 30
        assert sum(moment <= at < moment + SECOND / 10 for at in times) <= 4  # evenly


async def test_replies_overtake_a_backlog_of_nudges(stage):
    for chat in range(1000, 1080):
        await stage.server.sends(chat, "/start")
        await stage.says(chat, "nudge", priority=Priority.NUDGE)
    await stage.says(ANA, "reply")
    await stage.delivery.drain()
    assert stage.line.calls[0][2] == ANA


async def test_a_reply_lifts_what_waits_before_it_in_the_same_chat(stage):
    for chat in range(1000, 1040):
        await stage.server.sends(chat, "/start")
        await stage.says(chat, "nudge", priority=Priority.NUDGE)
    await stage.says(ANA, "nudge", priority=Priority.NUDGE)
    await stage.says(ANA, "reply")
    await stage.delivery.drain()
    assert stage.bubbles(ANA) == ["nudge", "reply"]
    assert stage.line.calls[0][2] == ANA


async def test_what_is_meant_for_later_waits_without_holding_up_the_rest(stage):
    await stage.says(ANA, "later", not_before=NOON + timedelta(hours=1))
    await stage.says(ANA, "now")
    await stage.delivery.drain()
    assert stage.bubbles(ANA) == ["now"]
    await stage.clock.sleep(3600)
    await stage.delivery.drain()
    assert stage.bubbles(ANA) == ["now", "later"]


async def test_a_short_pause_between_two_bubbles_lets_nothing_slip_in(stage):
    async with stage.store.turn(ANA, at=NOON) as turn:
        turn.say("sendMessage", {"text": "Thank you."})
        turn.say("sendMessage", {"text": "Next:"}, not_before=NOON + 0.8 * SECOND)
    await stage.says(ANA, "and another turn")
    await stage.delivery.drain(ahead=SECOND)
    assert stage.bubbles(ANA) == ["Thank you.", "Next:", "and another turn"]
    assert [at for at, _, _ in stage.line.calls][1:] == [NOON + 0.8 * SECOND] * 2


async def test_chats_go_side_by_side_and_within_one_call_by_call(stage):
    stage.line.open.clear()
    for chat in (ANA, BEN, CAT):
        await stage.says(chat, "one", "two")
    draining = asyncio.create_task(stage.delivery.drain())
    await until(lambda: stage.line.busy == 3)
    assert (await stage.store.outbox.claim(NOON, 5))[0] == []
    assert [chat for _, _, chat in stage.line.calls] == [ANA, BEN, CAT]
    stage.line.open.set()
    await draining
    assert stage.line.most_busy == 3
    assert stage.bubbles(BEN) == ["one", "two"]


PAUSE = 0.8 * SECOND


async def says_with_a_pause(stage: Stage, chat: int, *texts: str) -> None:
    """Say texts as a turn does: each after the first a moment later."""
    now = stage.clock.now()
    async with stage.store.turn(chat, at=now) as turn:
        for number, text in enumerate(texts):
            later = now + number * PAUSE if number else None
            turn.say("sendMessage", {"text": text}, not_before=later)


async def test_before_each_message_that_pauses_the_chat_shows_typing_once(stage):
    await says_with_a_pause(stage, ANA, "Thank you.", "Next:", "Why us?")
    await stage.delivery.drain(ahead=2 * SECOND)
    assert stage.line.typing == [(NOON, ANA), (NOON + PAUSE, ANA)]
    assert [at for at, _, _ in stage.line.calls] == [NOON, NOON + PAUSE, NOON + 2 * PAUSE]


async def test_nothing_shows_typing_before_what_does_not_pause_or_comes_much_later(stage):
    await stage.says(ANA, "one", "two")
    await stage.says(ANA, "in an hour", not_before=NOON + timedelta(hours=1))
    await stage.calls(ANA, "deleteMessage", {"message_id": 1}, not_before=NOON + SECOND)
    await stage.says(BEN, *"abcdef")  # paced, but not for effect
    await stage.delivery.drain(ahead=2 * SECOND)
    assert stage.line.typing == []


@pytest.mark.parametrize("trouble", ["it fails", "it hangs"])
async def test_typing_that_does_not_work_holds_nothing_up(stage, trouble):
    if trouble == "it fails":
        stage.line.failures["sendChatAction"] = deque([TOO_MANY, BROKEN])
    else:
        stage.line.shut["sendChatAction"] = asyncio.Event()
    await says_with_a_pause(stage, ANA, "Thank you.", "Next:", "Why us?")
    await stage.delivery.drain(ahead=2 * SECOND)
    assert [at for at, _, _ in stage.line.calls] == [NOON, NOON + PAUSE, NOON + 2 * PAUSE]
    assert len(stage.line.typing) == 2
    assert not stage.delivery._sign._calls  # it would show after the message, for seconds
    assert (await stage.kept(ANA))["failures"] == []


async def test_while_many_chats_wait_none_shows_typing(stage):
    for chat in range(1000, 1025):
        await stage.server.sends(chat, "/start")
        await says_with_a_pause(stage, chat, "Thank you.", "Next:")
    await stage.delivery.drain(ahead=SECOND)
    assert stage.line.typing == []
    assert stage.bubbles(1024) == ["Thank you.", "Next:"]
