"""Telegram out of reach for ten minutes, on the whole bot, with time in our hands."""

from __future__ import annotations

import asyncio
import json
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from telegram import Bot
from telegram.error import NetworkError

from bot.app import LOCAL_TOKEN, House, open_house
from bot.chat.polling import poll
from bot.interview.events import PieceHeard
from bot.local.request import LocalRequest
from bot.local.telegram import LocalTelegram
from tests.chaos.seats import seat
from tests.conversations.stage import Content, TestClock

AWAY = timedelta(minutes=10)
PATIENCE = 60.0  # seconds until all has to be said, by the clock on the wall


class Line(LocalRequest):
    """The line to Telegram; nothing gets through before `back`."""

    def __init__(self, telegram: LocalTelegram, clock: TestClock) -> None:
        super().__init__(telegram)
        self.back: datetime | None = None
        self.refused = 0
        self._clock = clock

    async def do_request(self, *args: Any, **kwargs: Any) -> tuple[int, bytes]:
        if self.back is not None and self._clock.now() < self.back:
            self.refused += 1
            raise NetworkError("no route to Telegram")
        return await super().do_request(*args, **kwargs)


@dataclass(frozen=True, slots=True)
class Stage:
    """The whole bot, the stand-in for Telegram, and the two lines between them."""

    house: House
    telegram: LocalTelegram
    clock: TestClock
    lines: tuple[Line, Line]


@asynccontextmanager
async def stage(
    folder: Path, telegram: LocalTelegram, clock: TestClock, content: Content, chats: int
) -> AsyncIterator[Stage]:
    """The bot with so many candidates in an interview."""
    url = f"sqlite:///{folder / 'bot.sqlite'}"
    await seat(url, range(1, chats + 1))
    lines = Line(telegram, clock), Line(telegram, clock)
    bot = Bot(LOCAL_TOKEN, request=lines[0], get_updates_request=lines[1])
    async with bot, open_house(bot, url, *content, clock) as house:
        yield Stage(house, telegram, clock, lines)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of it: chats whose answers are not what was said, and bubbles in a chat at most."""

    waiting: int
    refused: int
    wrong: int
    most_bubbles: int


async def without_telegram(on: Stage, chats: int, each: int) -> Outcome:
    """Ten minutes without Telegram while so many updates wait; returns when all was dealt with.

    Raises TimeoutError when that never comes.
    """
    said = defaultdict(list)
    for number in range(each):
        for chat in range(1, chats + 1):
            said[chat].append(f"In week {number} I rang {chat} families about it.")
            await on.telegram.sends(chat, said[chat][-1])
    back = on.clock.now() + AWAY
    for line in on.lines:
        line.back = back
    stop, house = asyncio.Event(), on.house
    working = asyncio.gather(
        poll(house.bot, house.intake, on.clock, stop), house.delivery.run(stop)
    )
    try:
        async with asyncio.timeout(PATIENCE):
            await _all_done(on)
    finally:
        stop.set()
        await working
    assert on.clock.now() >= back
    wrong = [chat for chat in said if await heard(house, chat) != said[chat]]
    bubbles = [sum(not bubble.mine for bubble in on.telegram.messages(chat)) for chat in said]
    refused = sum(line.refused for line in on.lines)
    return Outcome(chats * each, refused, len(wrong), max(bubbles))


async def heard(house: House, chat: int) -> list[str]:
    """The pieces of the answer of a chat, in order."""
    async with house.store.turn(chat, at=house.clock.now()) as turn:
        interview = await turn.current_interview()
    assert interview is not None
    return [event.text for event in interview.events if isinstance(event, PieceHeard)]


async def _all_done(on: Stage) -> None:
    """Wait until every update is acknowledged and every line sent."""
    outbox = on.house.store.outbox
    while True:
        _, told = await on.telegram.call("getWebhookInfo", {})
        waiting = json.loads(told)["result"]["pending_update_count"]
        if not waiting and await outbox.owed_at(on.clock.now() + AWAY) is None:
            return
        await asyncio.sleep(0.01)
