"""As time passes: what is due at the same moment is written at the pace at which it may leave."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from telegram import Bot

from bot.app import open_house
from bot.chat.agenda import AGENDA
from bot.chat.practising import SILENCE
from bot.chat.report import TurnReport
from bot.chat.upkeep import keep_up
from bot.content.wording import Wording
from bot.interview.model import Book
from bot.local.request import LocalRequest
from bot.local.telegram import LocalTelegram
from bot.store import Store
from tests.chat.delivering import NOON, Clock

OWED = 150


async def owe_all(store: Store) -> None:
    """Have the bot look at many agendas, all at noon."""
    for chat in range(1, OWED + 1):
        async with store.turn(chat, at=NOON) as turn:
            await turn.remind(AGENDA, NOON, {})


async def taken_at(url: str, content: tuple[Book, Wording], each_takes: float) -> list[float]:
    """When each was taken, in seconds after noon, if acting on one takes so many seconds."""
    clock, stop, moments = Clock(), asyncio.Event(), []

    def note(_: TurnReport) -> None:
        clock.time += timedelta(seconds=each_takes)
        moments.append((clock.time - NOON).total_seconds())
        if len(moments) == OWED:
            stop.set()

    line = LocalRequest(LocalTelegram.open(":memory:", lambda: clock.now().timestamp()))
    bot = Bot("1:local", request=line, get_updates_request=line)
    async with open_house(bot, url, *content, clock, watchers=[note]) as house:
        await owe_all(house.store)
        await keep_up(house.intake, house.store, clock, stop)
    return moments


async def test_what_is_due_at_once_is_written_thirty_a_second(
    url: str, content: tuple[Book, Wording]
) -> None:
    moments = await taken_at(url, content, each_takes=0.001)
    assert all(later - one >= 0.95 for one, later in zip(moments, moments[30:], strict=False))
    assert moments[-1] < OWED / 30


async def test_where_the_bot_is_slow_it_does_not_pause_on_top(
    url: str, content: tuple[Book, Wording]
) -> None:
    moments = await taken_at(url, content, each_takes=0.125)
    assert moments[-1] == OWED * 0.125


async def test_a_word_on_silence_does_not_stand_behind_the_drills(
    url: str, content: tuple[Book, Wording]
) -> None:
    clock, taken = Clock(), []
    line = LocalRequest(LocalTelegram.open(":memory:", lambda: clock.now().timestamp()))
    bot = Bot("1:local", request=line, get_updates_request=line)
    watchers = [lambda report: taken.append(report.chat_id)]
    async with open_house(bot, url, *content, clock, watchers=watchers) as house:
        await owe_all(house.store)
        talking = OWED + 1
        clock.time += timedelta(seconds=30)
        async with house.store.turn(talking, at=clock.time) as turn:
            await turn.remind(SILENCE, clock.time, {"interview": 1})
        await house.intake.take_due(30)
    assert taken[0] == talking
    assert len(taken) == 30
