"""A storm: players at a Bot API server, bots in processes of their own, and what disturbs them."""

from __future__ import annotations

import asyncio
import signal
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path
from random import Random

from aiohttp import web

from tests.bench.telegram import TOKEN, Telegram
from tests.chaos.nest import Nest
from tests.chaos.players import Crowd
from tests.chaos.seats import seat
from tests.chaos.verdict import Verdict, judge, rows

UNPACED = 1000  # calls a second: more load than Telegram would allow
READY = 30.0  # seconds in which a bot has to take updates
CALM = 60.0  # seconds in which all has to come to rest afterwards


@dataclass(frozen=True, slots=True)
class Place:
    """Where a bot keeps what it knows, and how it hears of updates."""

    folder: Path
    database: str = ""  # the URL of a PostgreSQL database; else a SQLite file in `folder`
    webhook: bool = False

    @property
    def url(self) -> str:
        """The database's URL."""
        return self.database or f"sqlite:///{self.stored}"

    @property
    def stored(self) -> Path | str:
        """What there is to read when the bot is gone."""
        return self.database or self.folder / "data" / "second-round.sqlite"


@dataclass(slots=True)
class Storm:
    """What a disturbance works with."""

    place: Place
    telegram: Telegram
    crowd: Crowd
    nest: Nest
    chance: Random
    root: str
    ports: list[int]
    calls_a_second: int = UNPACED
    to_the_last_line: bool = True  # whether to wait until the outbox is empty
    kills: int = 0
    verdict: Verdict = field(default_factory=Verdict)
    living: list[int] = field(default_factory=list)
    notes: dict[str, float] = field(default_factory=dict)

    async def start(self, replica: int = 0) -> int:
        """Start a bot and wait until it takes updates; returns its process id."""
        polls = self.telegram.polls
        pid = await asyncio.to_thread(self.nest.start, self.environment(replica))
        self.living.append(pid)

        def takes_updates() -> bool:
            return self.telegram.has_webhook or self.telegram.polls > polls

        if not await self.telegram.until(takes_updates, READY):
            raise TimeoutError(f"bot {pid} does not take updates")
        return pid

    async def kill(self, pid: int, how: signal.Signals = signal.SIGKILL) -> None:
        """End a bot, by default with SIGKILL."""
        self.living.remove(pid)
        self.kills += 1
        await asyncio.to_thread(self.nest.kill, pid, how)

    def environment(self, replica: int) -> dict[str, str]:
        """The settings of a bot."""
        settings = {
            "BOT_TOKEN": TOKEN,
            "TELEGRAM_API_URL": self.root,
            "DATA_DIR": str(self.place.folder / "data"),
            "DATABASE_URL": self.place.database,
            "CALLS_A_SECOND": str(self.calls_a_second),
            "LOG_LEVEL": "WARNING",
            "MESSAGES_A_MINUTE": "0",  # players are faster than people
            "BYTES_A_DAY": "0",
            "INTERVIEWS_A_DAY": "0",
        }
        if self.place.webhook:  # replicas have one address, behind which their ports take turns
            port = str(self.ports[replica])
            settings |= {"WEBHOOK_URL": f"http://127.0.0.1:{self.ports[0]}", "PORT": port}
        return settings

    async def rest(self) -> list[str]:
        """Let the players finish and the bot send what waits; returns who was stuck."""
        stuck = await self.crowd.end(CALM)
        if not self.to_the_last_line:
            return stuck
        for _ in range(int(CALM / 0.1)):
            ((waiting,),) = (await rows(self.place.stored, "SELECT count(*) FROM outbox"))[0]
            if not waiting:
                return stuck
            await asyncio.sleep(0.1)
        return [*stuck, f"{waiting} lines in the outbox"]


Disturbance = Callable[[Storm], Awaitable[None]]


@asynccontextmanager
async def raging(place: Place, nest: Nest, *, chats: int, seed: int) -> AsyncIterator[Storm]:
    """A server with so many players, and bots from the nest; all is gone at the end."""
    telegram = Telegram()
    runner = web.AppRunner(telegram.app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    root = f"http://127.0.0.1:{runner.addresses[0][1]}"
    place.folder.mkdir(parents=True, exist_ok=True)
    try:
        crowd = Crowd(telegram, chats, seed)
        ports = [free_port(), free_port()]
        taking_turns = cycle(ports)
        telegram.spread = lambda url: url.replace(f":{ports[0]}/", f":{next(taking_turns)}/")
        yield Storm(place, telegram, crowd, nest, Random(seed), root, ports)
    finally:
        nest.empty()
        await telegram.close()
        await runner.cleanup()


async def weather(
    place: Place,
    disturb: Disturbance,
    nest: Nest,
    *,
    chats: int,
    seed: int,
    to_the_last_line: bool = True,
    calls_a_second: int = UNPACED,
) -> Storm:
    """One bot under load while something disturbs it; returns when all has come to rest.

    The storm's `verdict` says what came out. Whoever does not wait for the last line is quicker,
    and what waits in the outbox counts as sent.
    """
    async with raging(place, nest, chats=chats, seed=seed) as storm:
        storm.to_the_last_line = to_the_last_line
        storm.calls_a_second = calls_a_second
        await seat(place.url, storm.crowd.players)
        await storm.start()
        storm.crowd.begin()
        await disturb(storm)
        stuck = await storm.rest()
        kills = storm.kills
        for pid in list(storm.living):
            await storm.kill(pid, signal.SIGTERM if to_the_last_line else signal.SIGKILL)
        storm.kills = kills
        players = list(storm.crowd.players.values())
        storm.verdict = await judge(place.stored, players, storm.telegram.calls)
        storm.verdict.stuck = stuck
    return storm


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
