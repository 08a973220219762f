"""What is due is written once and sent, however often the bot dies at the due minute.

DUE_KILLS=30 kills as often as the whole form does; the short one kills eight times.
"""

from __future__ import annotations

import asyncio
import os
import signal
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from random import Random

import aiohttp
import pytest
from aiohttp import web

from bot.practice.model import Kind, Plan, decode
from bot.practice.wall_time import day_of
from bot.store import Store
from tests.bench.appointments import seat, with_drill, with_thanks
from tests.bench.telegram import TOKEN, Call, Fault, Json, Telegram
from tests.chaos.nest import Nest
from tests.chaos.storm import free_port
from tests.chaos.verdict import rows
from tests.postgres import postgres, postgres_url

__all__ = ["postgres", "postgres_url"]

KILLS = int(os.environ.get("DUE_KILLS", "8"))
CHATS_A_KILL = 10
LEAD = timedelta(seconds=2)  # the first bot may be up before anything is due
LIFE = 0.6  # seconds, where fewer calls come than a life was to have
PATIENCE = 40.0  # seconds for all that is left after the last kill
SEED = 20261122


@pytest.fixture(scope="module")
def nest(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nest]:
    with Nest(tmp_path_factory.mktemp("nest") / "bots.log") as nest:
        yield nest


@dataclass(slots=True)
class Scene:
    """A Bot API server, and bots that come and go on one database."""

    nest: Nest
    telegram: Telegram
    runner: web.AppRunner
    database: str
    stored: Path | str
    folder: Path
    living: list[int] = field(default_factory=list)

    async def start(self, **settings: str) -> int:
        """Start a bot; it takes a moment until it does anything."""
        environment = {
            "BOT_TOKEN": TOKEN,
            "TELEGRAM_API_URL": f"http://127.0.0.1:{self.runner.addresses[0][1]}",
            "DATA_DIR": str(self.folder),
            "DATABASE_URL": self.database,
            "CALLS_A_SECOND": "200",
            "LOG_LEVEL": "WARNING",
        }
        pid = await asyncio.to_thread(self.nest.start, environment | settings)
        self.living.append(pid)
        return pid

    async def bury(self, pid: int) -> None:
        """Kill a bot, and let the server act on whatever it had said before."""
        await asyncio.to_thread(self.nest.kill, pid)
        self.living.remove(pid)
        for _ in range(int(PATIENCE / 0.01)):
            if self.living or not self.connected:
                break
            await asyncio.sleep(0.01)
        for _ in range(20):
            await asyncio.sleep(0)

    @property
    def connected(self) -> bool:
        """Whether a bot is connected; a poll of one that is gone may still be in hand."""
        server = self.runner.server
        return server is not None and any(each.transport for each in server.connections)

    def sent(self) -> Counter[int]:
        """How many messages each chat has got, by the server's record."""
        return Counter(call.chat_id for call in self.telegram.calls if call.method == "sendMessage")

    async def waiting(self) -> set[int]:
        """The chats that have something in the outbox."""
        ((*found,),) = (await rows(self.stored, "SELECT candidate_id FROM outbox"),)
        return {chat for (chat,) in found[0]}

    async def all_sent(self, chats: int) -> bool:
        """Wait until every chat has got something and nothing is left to be sent."""
        if not await self.telegram.until(lambda: len(self.sent()) >= chats, PATIENCE):
            return False
        for _ in range(int(PATIENCE / 0.05)):
            if not await self.waiting():
                return True
            await asyncio.sleep(0.05)
        return False


@asynccontextmanager
async def scene(nest: Nest, folder: Path, database: str = "") -> AsyncIterator[Scene]:
    """The server without any bot yet; all is gone at the end."""
    telegram = Telegram()
    runner = web.AppRunner(telegram.app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    stored = database or folder / "second-round.sqlite"
    try:
        yield Scene(nest, telegram, runner, database, stored, folder)
    finally:
        nest.empty()
        await telegram.close()
        await runner.cleanup()


def plans(count: int, now: datetime) -> dict[int, Plan]:
    """By chat: most have a drill, every eighth notes to send, every eighth of these both."""
    found = {}
    for chat in range(1, count + 1):
        thanks = with_thanks(now) if chat % 8 == 0 else None
        both = thanks is None or chat % 64 == 0
        found[chat] = with_drill(now, thanks) if both else thanks
    return {chat: plan for chat, plan in found.items() if plan is not None}


async def seat_all(url: str, owed: dict[int, Plan], now: datetime) -> None:
    store = await Store.open(url)
    due_at = now + LEAD
    await asyncio.gather(*(seat(store, chat, plan, now, due_at) for chat, plan in owed.items()))
    await store.close()


async def assert_each_written_once(scene: Scene, owed: dict[int, Plan], now: datetime) -> None:
    """Every chat's lane has had one line since it began, and every plan has settled one due."""
    agendas, lanes, failures = await rows(
        scene.stored,
        "SELECT candidate_id, plan FROM agendas",
        "SELECT candidate_id, last_position FROM lanes",
        "SELECT 1 FROM failures",
    )
    assert failures == []
    assert dict(lanes) == dict.fromkeys(owed, 1)
    for chat, stored in agendas:
        plan = decode(stored)
        today = day_of(now, plan.clock)
        assert plan.last_push == today
        for interview in plan.interviews:
            assert interview.done == (Kind.THANK_YOU,)
        if plan.drill is not None and not plan.interviews:
            assert (plan.drill.open_on, plan.drill.ignored) == (today, 0), chat


def assert_right_messages(scene: Scene, owed: dict[int, Plan]) -> None:
    """A drill to those who have drills alone, and the nudge to all who have an interview."""
    for call in scene.telegram.calls:
        if call.method == "sendMessage":
            kinds = {data.partition(":")[0] for _, data in call.buttons}
            assert ("n" in kinds) == bool(owed[call.chat_id].interviews), call


class End(StrEnum):
    """Where a life of the bot ends."""

    ANYWHERE = "anywhere"
    ON_THE_WAY = "a call has left it and never arrives"
    IN_A_CALL = "the server has acted on a call and not answered it"


async def live(scene: Scene, chance: Random, end: End) -> None:
    """One life of the bot, of so many calls."""
    telegram = scene.telegram
    polls_before, left = telegram.polls, chance.randint(1, CHATS_A_KILL)
    pid = await scene.start()

    def heard(_: Call) -> None:
        nonlocal left
        left -= 1
        if left == 0 and end is End.IN_A_CALL:
            os.kill(pid, signal.SIGKILL)

    def fault(method: str, _: Json) -> Fault | None:
        if left > 0 or method != "sendmessage" or end is not End.ON_THE_WAY:
            return None
        os.kill(pid, signal.SIGKILL)
        return Fault()

    assert await telegram.until(lambda: telegram.polls > polls_before, PATIENCE)
    telegram.heard, telegram.fault = heard, fault
    if end is End.ANYWHERE:
        await asyncio.sleep(chance.uniform(0.0, LIFE / 2))
    else:
        await telegram.until(lambda: not scene.nest.runs(pid), LIFE)
    await scene.bury(pid)
    telegram.heard = telegram.fault = None


ENDS = (End.ANYWHERE, End.IN_A_CALL, End.ON_THE_WAY, End.IN_A_CALL)


async def test_kills_around_the_due_minute_double_and_lose_nothing_that_is_due(
    nest: Nest, tmp_path: Path
) -> None:
    chance, now = Random(SEED), datetime.now(UTC)
    owed = plans(KILLS * CHATS_A_KILL, now)
    await seat_all(f"sqlite:///{tmp_path / 'second-round.sqlite'}", owed, now)
    async with scene(nest, tmp_path) as here:
        before: Counter[int] = Counter()
        unsettled: set[int] = set()
        doubled = within = 0
        for number in range(KILLS):
            await live(here, chance, ENDS[number % len(ENDS)])
            sent, waiting = here.sent(), await here.waiting()
            again = {chat for chat in sent if before[chat] and sent[chat] > before[chat]}
            # Sent again is only what a kill caught between sending and noting it, once a life.
            assert again <= unsettled, f"seed {SEED}, kill {number}"
            assert all(sent[chat] - before[chat] <= 1 for chat in sent), f"kill {number}"
            doubled += len(again)
            before, unsettled = sent, {chat for chat in waiting if sent[chat]}
            within += bool(waiting or len(sent) < len(owed))
        await here.start()
        assert await here.all_sent(len(owed)), "something due was never sent"
        final = here.sent()
        doubled += sum(final[chat] - before[chat] for chat in before)
        print(f"{len(owed)} due, {KILLS} kills, {within} with work left, {doubled} sent twice")
        assert within > KILLS / 2, "the kills came too late to mean anything"
        assert set(final) == set(owed)
        assert {chat for chat in before if final[chat] > before[chat]} <= unsettled
        assert_right_messages(here, owed)
        await assert_each_written_once(here, owed, now)


async def test_two_replicas_share_what_is_due_and_send_each_message_once(
    nest: Nest, tmp_path: Path, postgres_url: str
) -> None:
    now = datetime.now(UTC)
    owed = plans(160, now)
    await seat_all(postgres_url, owed, now)
    async with scene(nest, tmp_path, postgres_url) as here:
        ports = [free_port(), free_port()]
        for port in ports:
            await here.start(WEBHOOK_URL=f"http://127.0.0.1:{ports[0]}", PORT=str(port))
        assert await here.all_sent(len(owed)), "something due was never sent"
        taken = [await reminders_taken(port) for port in ports]
        assert here.sent() == dict.fromkeys(owed, 1)
        assert_right_messages(here, owed)
        await assert_each_written_once(here, owed, now)
    assert sum(taken) == len(owed)
    assert min(taken) > 0, "one replica did it all"


async def reminders_taken(port: int) -> int:
    """How many due agendas a replica acted on, as it counts itself."""
    name = 'second_round_turns_total{kind="reminder",outcome="done"}'
    async with aiohttp.ClientSession() as session:
        for _ in range(int(PATIENCE / 0.05)):
            try:
                async with session.get(f"http://127.0.0.1:{port}/metrics") as answer:
                    lines = (await answer.text()).splitlines()
                return sum(int(float(each.split()[-1])) for each in lines if each.startswith(name))
            except aiohttp.ClientConnectionError:
                await asyncio.sleep(0.05)
    raise AssertionError("a replica never came up")
