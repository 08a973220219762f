"""A bot that is killed while it works; run by test_store_crashes.py, with a URL and a part.

`turns` commits one turn after the other and prints the number of each; `delivery` sends what
waits and prints each text as soon as "Telegram" has it.
"""

from __future__ import annotations

import asyncio
import json
import sys
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from telegram import Bot
from telegram.request import BaseRequest

from bot.chat.delivery import Delivery
from bot.interview.events import InterviewOpened, Mode, PieceHeard
from bot.store import Candidate, Store

CHATS = 5
EACH = 12
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
OPENED = InterviewOpened(persona="vp", mode=Mode.REAL, questions=("why-us",), seed=1)


async def one_turn(store: Store, number: int) -> None:
    """What update `number` leads to: a candidate at first, then an event and a line."""
    chat = number % CHATS + 1
    async with store.turn(chat, at=NOON, update_id=number) as turn:
        if turn.seen:
            return
        if await turn.candidate() is None:
            await turn.save_candidate(Candidate(chat, "ready", NOON))
            await turn.open_interview([OPENED])
        interview = await turn.current_interview()
        assert interview is not None
        await turn.append(interview.id, [PieceHeard(text=f"{number}", message=number)])
        turn.say("sendMessage", {"text": f"{number}"})


class Clock:
    """Time that passes only in sleeps, and those take no time."""

    def __init__(self) -> None:
        self.time = NOON

    def now(self) -> datetime:
        return self.time

    async def sleep(self, seconds: float) -> None:
        self.time += timedelta(seconds=seconds)
        await asyncio.sleep(0)


class Printing(BaseRequest):
    """A Telegram that prints what it is sent."""

    @property
    def read_timeout(self) -> float | None:
        return None

    async def initialize(self) -> None:
        pass

    async def shutdown(self) -> None:
        pass

    async def do_request(self, url: str, *args: Any, **kwargs: Any) -> tuple[int, bytes]:
        data = kwargs["request_data"].parameters
        print(data["chat_id"], data["text"], flush=True)
        chat = {"id": data["chat_id"], "type": "private"}
        message = {"message_id": 1, "date": 0, "chat": chat}
        return 200, json.dumps({"ok": True, "result": message}).encode()


async def main(url: str, part: str) -> None:
    store = await Store.open(url)
    if part == "turns":
        for number in range(CHATS * EACH):
            await one_turn(store, number)
            print(number, flush=True)
    else:
        bot = Bot("1:local", request=Printing(), get_updates_request=Printing())
        await Delivery(store, bot, Clock(), chance=Random(1)).drain()
    await store.close()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
