"""Telegram out of reach, and clocks that jump: on the whole bot, with time in our hands."""

from __future__ import annotations

import asyncio
import json
from collections import defaultdict
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from telegram import Bot
from telegram.error import NetworkError

from bot.app import LOCAL_TOKEN, House, open_house
from bot.chat.polling import poll
from bot.interview.events import PieceHeard
from bot.local.request import LocalRequest
from bot.local.telegram import LocalTelegram
from tests.chaos.seats import seat
from tests.conversations.stage import Content, TestClock, take_all

CHATS, EACH = 10, 10
AWAY = timedelta(minutes=10)


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


@pytest.fixture
def lines(telegram: LocalTelegram, clock: TestClock) -> tuple[Line, Line]:
    return Line(telegram, clock), Line(telegram, clock)


@pytest.fixture
async def house(
    tmp_path: Path, lines: tuple[Line, Line], clock: TestClock, content: Content
) -> AsyncIterator[House]:
    url = f"sqlite:///{tmp_path / 'bot.sqlite'}"
    await seat(url, range(1, CHATS + 1))
    bot = Bot(LOCAL_TOKEN, request=lines[0], get_updates_request=lines[1])
    async with bot, open_house(bot, url, *content, clock) as house:
        yield house


async def heard(house: House, chat: int) -> list[str]:
    """The pieces of the answer of a chat, in order."""
    async with house.store.turn(chat, at=house.clock.now()) as turn:
        interview = await turn.current_interview()
    assert interview is not None
    return [event.text for event in interview.events if isinstance(event, PieceHeard)]


async def done(telegram: LocalTelegram, house: House, clock: TestClock) -> bool:
    """Wait until every update is acknowledged and every line sent."""
    for _ in range(6000):
        _, told = await telegram.call("getWebhookInfo", {})
        waiting = json.loads(told)["result"]["pending_update_count"]
        if not waiting and await house.store.outbox.owed_at(clock.now() + AWAY) is None:
            return True
        await asyncio.sleep(0.01)
    return False


async def test_ten_minutes_without_telegram_lose_and_reorder_nothing(
    house: House, telegram: LocalTelegram, clock: TestClock, lines: tuple[Line, Line]
) -> None:
    said = defaultdict(list)
    for number in range(EACH):
        for chat in range(1, CHATS + 1):
            said[chat].append(f"In week {number} I rang {chat} families about it.")
            await telegram.sends(chat, said[chat][-1])
    back = clock.now() + AWAY
    for line in lines:
        line.back = back
    stop = asyncio.Event()
    working = asyncio.gather(poll(house.bot, house.intake, clock, stop), house.delivery.run(stop))
    assert await done(telegram, house, clock)
    stop.set()
    await working
    assert clock.now() >= back
    assert sum(line.refused for line in lines) >= 3
    for chat in range(1, CHATS + 1):
        assert await heard(house, chat) == said[chat]
        bubbles = [each for each in telegram.messages(chat) if not each.mine]
        assert len(bubbles) == 2  # the question, and that the answer is listened to


async def test_a_clock_that_jumps_back_and_forward_leaves_nobody_waiting(
    house: House, telegram: LocalTelegram, clock: TestClock
) -> None:
    said: list[str] = []
    for jump in (0, -1, +1, +1, -1, 0):
        clock.time += timedelta(hours=jump)
        said.append(f"I rang {len(said)} families in that week and wrote it down.")
        await telegram.sends(1, said[-1])
        await take_all(house)
        started = clock.now()
        await house.delivery.drain(ahead=timedelta(seconds=10))
        assert clock.now() - started < timedelta(seconds=30)
        assert await house.store.outbox.owed_at(clock.now() + AWAY) is None
        shown = [each for each in telegram.messages(1) if not each.mine]
        assert any("my answer" in button.text for row in shown[-1].buttons for button in row)
    assert await heard(house, 1) == said
