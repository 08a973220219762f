"""The stage for delivery: a store, the real bot, the stand-in, and a line that can fail.

The stand-in for Telegram is real and refuses what Telegram refuses; only the line to it is ours,
so that a test can see when each call was made and let some of them fail.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import pytest
import telegram

from bot.chat.delivery import Delivery
from bot.local.refusal import error_body
from bot.local.request import LocalRequest
from bot.local.telegram import LocalTelegram
from bot.store import Store

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
        self.asleep = 0

    async def sleep(self, seconds: float) -> None:
        until = self.time + timedelta(seconds=seconds)
        self.asleep += 1
        try:
            async with self._passed:
                await self._passed.wait_for(lambda: self.time >= until)
        finally:
            self.asleep -= 1

    async def passes(self, seconds: float) -> None:
        async with self._passed:
            self.time += timedelta(seconds=seconds)
            self._passed.notify_all()


class Line(LocalRequest):
    """The line to the stand-in, which notes each call and can be held shut or made to fail.

    `failures` holds, by chat, what happens to its next calls: an answer, an exception, or None
    for nothing; after an exception in `lost` the call was carried out all the same. Calls that
    say nothing in a chat (getUpdates, sendChatAction) are known by their method instead.
    """

    def __init__(self, server: LocalTelegram, clock: Clock) -> None:
        super().__init__(server)
        self._clock = clock
        self.calls: list[tuple[datetime, str, int]] = []
        self.typing: list[tuple[datetime, int]] = []
        self.failures: dict[int | str, deque[Any]] = {}
        self.lost: list[Exception] = []
        self.open = asyncio.Event()
        self.open.set()
        self.shut: dict[str, asyncio.Event] = {}
        self.busy = 0
        self.most_busy = 0

    async def do_request(self, url: str, *args: Any, **kwargs: Any) -> tuple[int, bytes]:
        method = url.rpartition("/")[2]
        data = kwargs.get("request_data") or args[1]
        chat = int(data.parameters.get("chat_id", 0)) if data else 0
        if method == "sendChatAction":
            self.typing.append((self._clock.now(), chat))
        if not chat or method == "sendChatAction":
            await self.shut.get(method, self.open).wait()
            return await self._fail_or_ask(method, url, *args, **kwargs)
        self.calls.append((self._clock.now(), method, chat))
        self.busy += 1
        self.most_busy = max(self.most_busy, self.busy)
        try:
            await self.open.wait()
            return await self._fail_or_ask(chat, url, *args, **kwargs)
        finally:
            self.busy -= 1

    async def _fail_or_ask(
        self, key: int | str, url: str, *args: Any, **kwargs: Any
    ) -> tuple[int, bytes]:
        failure = self.failures[key].popleft() if self.failures.get(key) else None
        if isinstance(failure, tuple):
            return failure
        if failure in self.lost:
            await super().do_request(url, *args, **kwargs)
        if failure is not None:
            raise failure
        return await super().do_request(url, *args, **kwargs)


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
