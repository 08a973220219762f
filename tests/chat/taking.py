"""The stage for intake: the whole bot, the stand-in, a line that can fail, a store that can too."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

import telegram
from telegram import Update

from bot.app import House, open_house
from bot.chat.polling import poll
from bot.chat.upkeep import keep_up
from bot.content.wording import Wording
from bot.interview.model import Book
from bot.local.telegram import LocalTelegram
from tests.chat.delivering import Clock, Line
from tests.store.inside import tell


class Front:
    """The bot as updates reach it."""

    def __init__(self, house: House, server: LocalTelegram, line: Line, clock: Clock) -> None:
        self.house, self.server, self.line, self.clock = house, server, line, clock
        self.store, self.intake = house.store, house.intake

    async def updates(self) -> Sequence[Update]:
        """What Telegram has for the bot, and will deliver again."""
        return await self.house.bot.get_updates(timeout=0)

    async def polls(self, stop: asyncio.Event) -> None:
        await poll(self.house.bot, self.intake, self.clock, stop)

    async def keeps_up(self, stop: asyncio.Event) -> None:
        await keep_up(self.intake, self.store, self.clock, stop)

    async def breaks(self, when: str, complaint: str = "disk I/O error") -> None:
        """Have the database refuse, until `mends`: `when` is like `INSERT ON updates WHEN …`."""
        await tell(
            self.store,
            f"CREATE TRIGGER broken_{abs(hash(when))} BEFORE {when}"
            f" BEGIN SELECT RAISE(ABORT, '{complaint}'); END",
        )

    async def mends(self) -> None:
        """Have the database work again."""
        names = await tell(self.store, "SELECT name FROM sqlite_master WHERE type = 'trigger'")
        for (name,) in names:
            await tell(self.store, f"DROP TRIGGER {name}")

    async def kept(self, chat: int) -> dict[str, list[dict[str, Any]]]:
        async with self.store.turn(chat, at=self.clock.now()) as turn:
            return await turn.export()

    def pending(self) -> int:
        """How many updates Telegram still holds for the bot."""
        return self.server._memory.pending()

    def bubbles(self, chat: int) -> list[str]:
        return [bubble.text for bubble in self.server.messages(chat) if not bubble.mine]


@asynccontextmanager
async def opened_front(
    url: str, clock: Clock, content: tuple[Book, Wording]
) -> AsyncIterator[Front]:
    server = LocalTelegram.open(":memory:", lambda: clock.now().timestamp())
    line = Line(server, clock)
    bot = telegram.Bot("1:local", request=line, get_updates_request=line)
    async with bot, open_house(bot, url, *content, clock) as house:
        yield Front(house, server, line, clock)
    server.close()
