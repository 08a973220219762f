"""Delivery: everything said arrives, once, in order, at a pace that Telegram accepts.

The stand-in for Telegram is real and refuses what Telegram refuses; only the line to it is ours,
so that a test can see when each call was made and let some of them fail.
"""

from __future__ import annotations

import asyncio
import json
from collections import deque
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Any

import pytest
import telegram
from telegram.error import InvalidToken, NetworkError, TimedOut

from bot.chat.delivery import Delivery
from bot.local.refusal import error_body
from bot.local.request import LocalRequest
from bot.local.telegram import LocalTelegram
from bot.store import Priority, Store

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
ANA, BEN, CAT = 11, 22, 33
SECOND = timedelta(seconds=1)
TOO_MANY = (429, error_body(429, "Too Many Requests: retry after 7", retry_after=7))
BROKEN = (502, error_body(502, "Bad Gateway"))


class Clock:
    """Time that passes only in sleeps, and those take no time."""

    def __init__(self) -> None:
        self.time = NOON

    def now(self) -> datetime:
        return self.time

    async def sleep(self, seconds: float) -> None:
        self.time += timedelta(seconds=seconds)
        await asyncio.sleep(0)


class HeldClock(Clock):
    """Time that passes only when the test lets it; sleepers wait for that."""

    def __init__(self) -> None:
        super().__init__()
        self._passed = asyncio.Condition()

    async def sleep(self, seconds: float) -> None:
        until = self.time + timedelta(seconds=seconds)
        async with self._passed:
            await self._passed.wait_for(lambda: self.time >= until)

    async def passes(self, seconds: float) -> None:
        async with self._passed:
            self.time += timedelta(seconds=seconds)
            self._passed.notify_all()


class Line(LocalRequest):
    """The line to the stand-in, which notes each call and can be held shut or made to fail.

    `failures` holds, by chat, what happens to its next calls: an answer, an exception, or None
    for nothing; after an exception in `lost` the call was carried out all the same.
    """

    def __init__(self, server: LocalTelegram, clock: Clock) -> None:
        super().__init__(server)
        self._clock = clock
        self.calls: list[tuple[datetime, str, int]] = []
        self.failures: dict[int, deque[Any]] = {}
        self.lost: list[Exception] = []
        self.open = asyncio.Event()
        self.open.set()
        self.busy = 0
        self.most_busy = 0

    async def do_request(self, url: str, *args: Any, **kwargs: Any) -> tuple[int, bytes]:
        method = url.rpartition("/")[2]
        data = kwargs.get("request_data") or args[1]
        chat = int(data.parameters.get("chat_id", 0)) if data else 0
        if not chat:
            return await super().do_request(url, *args, **kwargs)
        self.calls.append((self._clock.now(), method, chat))
        self.busy += 1
        self.most_busy = max(self.most_busy, self.busy)
        try:
            await self.open.wait()
            failure = self.failures[chat].popleft() if self.failures.get(chat) else None
            if isinstance(failure, tuple):
                return failure
            if failure in self.lost:
                await super().do_request(url, *args, **kwargs)
            if failure is not None:
                raise failure
            return await super().do_request(url, *args, **kwargs)
        finally:
            self.busy -= 1


class Stage:
    """A store, the bot, its delivery and the candidates' phones."""

    def __init__(self, store: Store, server: LocalTelegram, line: Line, clock: Clock) -> None:
        self.store, self.server, self.line, self.clock = store, server, line, clock
        self.bot = telegram.Bot("1:local", request=line, get_updates_request=line)
        self.delivery = Delivery(store, self.bot, clock, chance=Random(1))

    async def says(self, chat: int, *texts: str, **how: Any) -> None:
        async with self.store.turn(chat, at=self.clock.now()) as turn:
            for text in texts:
                turn.say("sendMessage", {"text": text}, **how)

    async def calls(self, chat: int, method: str, payload: dict[str, Any], **how: Any) -> None:
        async with self.store.turn(chat, at=self.clock.now()) as turn:
            turn.say(method, payload, **how)

    def bubbles(self, chat: int) -> list[str]:
        return [bubble.text for bubble in self.server.messages(chat) if not bubble.mine]

    def last_id(self, chat: int) -> int:
        return self.server.messages(chat)[-1].message_id

    async def kept(self, chat: int) -> dict[str, list[dict[str, Any]]]:
        async with self.store.turn(chat, at=self.clock.now()) as turn:
            return await turn.export()


async def until(condition: Callable[[], object]) -> None:
    """Let the others work until it is so."""
    for _ in range(500_000):
        if condition():
            return
        await asyncio.sleep(0)
    pytest.fail("it never happened")


@pytest.fixture(autouse=True)
def durations_are_timedeltas(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without this the library warns, and a warning is an error here."""
    monkeypatch.setenv("PTB_TIMEDELTA", "true")


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def stage(tmp_path: Path, clock: Clock) -> AsyncIterator[Stage]:
    server = LocalTelegram.open(":memory:", lambda: clock.now().timestamp())
    store = await Store.open(f"sqlite+aiosqlite:///{tmp_path}/bot.db")
    stage = Stage(store, server, Line(server, clock), clock)
    for chat in (ANA, BEN, CAT):
        await server.sends(chat, "/start")
    async with stage.bot:
        yield stage
    await store.close()
    server.close()


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


# Pace and order


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
    assert stage.clock.now() == NOON
    assert stage.bubbles(ANA) == ["d"]


async def test_the_bot_makes_at_most_thirty_calls_a_second(stage):
    chats = range(1000, 1070)
    for chat in chats:
        await stage.server.sends(chat, "/start")
        await stage.says(chat, "hello")
    await stage.delivery.drain()
    seconds = [(at - NOON).total_seconds() for at, _, _ in stage.line.calls]
    assert seconds == [0] * 30 + [1] * 30 + [2] * 10


async def test_replies_overtake_a_backlog_of_drills(stage):
    for chat in range(1000, 1080):
        await stage.server.sends(chat, "/start")
        await stage.says(chat, "drill", priority=Priority.BULK)
    await stage.says(BEN, "nudge", priority=Priority.NUDGE)
    await stage.says(ANA, "reply")
    await stage.delivery.drain()
    assert [chat for _, _, chat in stage.line.calls][:2] == [ANA, BEN]


async def test_a_reply_lifts_what_waits_before_it_in_the_same_chat(stage):
    for chat in range(1000, 1040):
        await stage.server.sends(chat, "/start")
        await stage.says(chat, "drill", priority=Priority.BULK)
    await stage.says(ANA, "drill", priority=Priority.BULK)
    await stage.says(ANA, "reply")
    await stage.delivery.drain()
    assert stage.bubbles(ANA) == ["drill", "reply"]
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


# Slots


async def test_saying_again_under_a_slot_moves_the_message_to_the_bottom(stage):
    await stage.says(ANA, "menu 1", slot="menu")
    await stage.delivery.drain()
    await stage.says(ANA, "question")
    await stage.says(ANA, "menu 2", slot="menu")
    await stage.delivery.drain()
    assert stage.bubbles(ANA) == ["question", "menu 2"]


async def test_what_still_waits_under_a_slot_is_never_sent(stage):
    await stage.says(ANA, "menu 1", slot="menu")
    await stage.says(ANA, "menu 2", "menu 3", slot="menu")
    await stage.says(BEN, "menu of another", slot="menu")
    await stage.delivery.drain()
    assert stage.bubbles(ANA) == ["menu 3"]
    assert stage.bubbles(BEN) == ["menu of another"]
    assert len(stage.line.calls) == 2


async def test_clearing_a_slot_takes_back_what_stands_or_waits_there(stage):
    await stage.says(ANA, "stands", slot="a")
    await stage.delivery.drain()
    await stage.says(ANA, "waits", slot="b")
    async with stage.store.turn(ANA, at=NOON) as turn:
        for slot in "abc":
            turn.clear(slot)
    await stage.delivery.drain()
    assert stage.bubbles(ANA) == []
    assert [method for _, method, _ in stage.line.calls] == ["sendMessage", "deleteMessage"]
    await stage.says(ANA, "again", slot="a")
    await stage.delivery.drain()
    assert stage.bubbles(ANA) == ["again"]


@pytest.mark.parametrize("then", ["clear", "say"])
async def test_a_message_on_its_way_still_gives_up_its_slot(stage, then):
    stage.line.open.clear()
    await stage.says(ANA, "first", slot="menu")
    draining = asyncio.create_task(stage.delivery.drain())
    await until(lambda: stage.line.busy)
    async with stage.store.turn(ANA, at=NOON) as turn:
        if then == "clear":
            turn.clear("menu")
        else:
            turn.say("sendMessage", {"text": "second"}, slot="menu")
    stage.line.open.set()
    await draining
    await stage.delivery.drain()
    assert stage.bubbles(ANA) == ([] if then == "clear" else ["second"])


async def test_a_message_taken_back_while_its_sending_failed_is_not_tried_again(stage):
    stage.line.open.clear()
    stage.line.failures[ANA] = deque([BROKEN])
    await stage.says(ANA, "first", slot="menu")
    draining = asyncio.create_task(stage.delivery.drain())
    await until(lambda: stage.line.busy)
    await stage.says(ANA, "second", slot="menu")
    stage.line.open.set()
    await draining
    assert stage.bubbles(ANA) == ["second"]


async def test_an_edit_under_a_slot_changes_the_message_in_place(stage):
    await stage.says(ANA, "1 of 3", slot="progress")
    await stage.delivery.drain()
    await stage.says(ANA, "question")
    await stage.calls(ANA, "editMessageText", {"text": "2 of 3"}, slot="progress")
    await stage.delivery.drain()
    assert stage.bubbles(ANA) == ["2 of 3", "question"]


async def test_an_edit_under_a_slot_where_nothing_stands_is_a_new_message_there(stage):
    await stage.calls(ANA, "editMessageText", {"text": "1 of 3"}, slot="progress")
    await stage.calls(ANA, "editMessageReplyMarkup", {}, slot="nothing")
    await stage.delivery.drain()
    await stage.says(ANA, "2 of 3", slot="progress")
    await stage.delivery.drain()
    assert stage.bubbles(ANA) == ["2 of 3"]


async def test_whatever_is_said_cleared_and_lost_a_slot_shows_at_most_its_last_message(stage):
    chance = Random(7)
    last: dict[str, str] = {}
    for number in range(60):
        slot = chance.choice("ab")
        async with stage.store.turn(ANA, at=stage.clock.now()) as turn:
            if chance.random() < 0.3:
                turn.clear(slot)
                last.pop(slot, None)
            else:
                last[slot] = f"{slot}{number}"
                turn.say("sendMessage", {"text": last[slot]}, slot=slot)
        if chance.random() < 0.3:
            stage.line.failures[ANA] = deque([chance.choice([BROKEN, TOO_MANY])])
        if chance.random() < 0.5:
            await stage.delivery.drain()
    await stage.delivery.drain()
    assert sorted(stage.bubbles(ANA)) == sorted(last.values())


# What Telegram answers


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
    assert any("can't parse entities" in failure["traceback"].lower() for failure in failures)


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
    await stage.says(ANA, "a drill", priority=Priority.BULK)
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


async def test_a_chat_that_does_not_exist_counts_as_blocked(stage):
    await stage.says(404, "anyone?")
    await stage.delivery.drain()
    assert (await stage.kept(404))["lanes"][0]["blocked_at"]


async def test_a_refused_token_ends_delivery_and_keeps_what_waits(stage):
    stage.line.failures[ANA] = deque([(401, error_body(401, "Unauthorized"))])
    await stage.says(ANA, "hello")
    with pytest.raises(InvalidToken):
        await stage.delivery.run(asyncio.Event())
    assert [row["payload"] for row in (await stage.kept(ANA))["outbox"]] == [{"text": "hello"}]


# Running


@pytest.fixture
async def held(tmp_path: Path) -> AsyncIterator[Stage]:
    clock = HeldClock()
    server = LocalTelegram.open(":memory:", lambda: clock.now().timestamp())
    store = await Store.open(f"sqlite+aiosqlite:///{tmp_path}/held.db")
    stage = Stage(store, server, Line(server, clock), clock)
    await server.sends(ANA, "/start")
    async with stage.bot:
        yield stage
    await store.close()
    server.close()


async def test_a_running_delivery_wakes_for_commits_and_for_what_comes_due(held):
    stop = asyncio.Event()
    running = asyncio.create_task(held.delivery.run(stop))
    await held.says(ANA, "at once")
    await until(lambda: held.bubbles(ANA) == ["at once"])
    await held.says(ANA, "in an hour", not_before=NOON + timedelta(hours=1))
    await held.clock.passes(3599)
    await held.kept(ANA)
    assert held.bubbles(ANA) == ["at once"]
    await held.clock.passes(1)
    await until(lambda: held.bubbles(ANA) == ["at once", "in an hour"])
    stop.set()
    await running


async def test_stopping_finishes_the_call_in_hand_and_begins_no_other(held):
    stop = asyncio.Event()
    held.line.open.clear()
    await held.says(ANA, "in hand", "waiting")
    running = asyncio.create_task(held.delivery.run(stop))
    await until(lambda: held.line.busy)
    stop.set()
    await held.kept(ANA)
    assert not running.done()
    held.line.open.set()
    await running
    assert held.bubbles(ANA) == ["in hand"]
    assert [row["payload"]["text"] for row in (await held.kept(ANA))["outbox"]] == ["waiting"]


async def test_the_unsent_rest_is_sent_after_a_restart(tmp_path, clock):
    url = f"sqlite+aiosqlite:///{tmp_path}/bot.db"
    server = LocalTelegram.open(":memory:", lambda: clock.now().timestamp())
    await server.sends(ANA, "/start")
    store = await Store.open(url)
    await Stage(store, server, Line(server, clock), clock).says(ANA, "one", "two")
    await store.outbox.claim(NOON, 5)  # and then the power goes: the claim is never settled
    await store.close()
    store = await Store.open(url)
    stage = Stage(store, server, Line(server, clock), clock)
    async with stage.bot:
        await stage.delivery.drain()
    assert stage.bubbles(ANA) == ["one", "two"]
    assert clock.now() == NOON
    await store.close()
    server.close()


async def test_a_claim_whose_holder_is_lost_comes_back_and_the_late_one_cannot_spoil_it(stage):
    await stage.says(ANA, "one", "two")
    ((lost,), _) = await stage.store.outbox.claim(NOON, 5)
    assert await stage.store.outbox.claim(NOON, 5) == ([], NOON + timedelta(minutes=2))
    later = NOON + timedelta(minutes=2)
    ((again,), _) = await stage.store.outbox.claim(later, 5)
    assert (again.position, again.epoch) == (lost.position, lost.epoch + 1)
    await stage.store.outbox.done(lost, later, later, 5)
    assert await stage.store.outbox.claim(later, 5) == ([], later + timedelta(minutes=2))
    await stage.store.outbox.done(again, later, later, 6)
    ((two,), _) = await stage.store.outbox.claim(later, 5)
    assert json.dumps(two.payload) == '{"text": "two"}'
