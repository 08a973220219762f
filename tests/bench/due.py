"""What is due: what the clockwork costs while nothing is, and ten thousand in one minute.

`python -m tests.bench.due`: the idle tick among few and among many, in turn; then a bot in a
process of its own, beside a Bot API server, whose candidates' drills all fall due at once while
others go on writing to it.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import platform
import sys
from bisect import bisect_left
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import monotonic, perf_counter, process_time, sleep

from telegram import Bot as Client

from bot.app import LOCAL_TOKEN, House, open_house
from bot.chat.clock import SystemClock
from bot.content import load_content
from tests.bench import crowd, due_page
from tests.bench.running import ROOT, Bot, GaveUp, Record, Server
from tests.bench.telegram import TOKEN, text_from

PAGE = ROOT / "docs" / "bench_due.md"
FEW, MANY = 1_000, 1_000_000
TICKS = 200  # in a round of each
DUE = 10_000
EVERY = 0.1  # seconds between two who write to the bot
QUIET = 10.0  # seconds of that before anything is due
WATCHED = 60.0  # seconds of it afterwards
PATIENCE = 600.0  # seconds in which all that is due has to be written


@dataclass(slots=True)
class Figures:
    """All that was measured; the lists hold one value for each round."""

    made: dict[int, tuple[float, float]] = field(default_factory=dict)  # candidates: seconds, MB
    idle: dict[int, list[float]] = field(default_factory=dict)  # candidates: ms a tick
    processor: dict[int, list[float]] = field(default_factory=dict)  # ms of processor time
    quiet: list[float] = field(default_factory=list)  # ms to an answer, nothing due
    burst: list[float] = field(default_factory=list)  # the same while all is written and sent
    written: list[float] = field(default_factory=list)  # lines a second
    sent: list[float] = field(default_factory=list)  # nudges a second while watched
    most_nudges: list[float] = field(default_factory=list)  # in any one second
    most_calls: list[float] = field(default_factory=list)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print what came out, write the page if wanted. Returns 0."""
    parser = argparse.ArgumentParser(prog="scripts/bench due", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5, help="rounds of the idle tick")
    parser.add_argument("--bursts", type=int, default=3, help="times that so many fall due")
    parser.add_argument("--candidates", type=int, default=MANY, help="of the large database")
    parser.add_argument("--due", type=int, default=DUE, help="how many fall due at once")
    parser.add_argument("--watched", type=float, default=WATCHED, help="seconds after that")
    parser.add_argument("--to-the-end", action="store_true", help="until the last line is written")
    parser.add_argument("--write", action="store_true", help=f"write {PAGE.relative_to(ROOT)}")
    chosen = parser.parse_args(arguments)
    figures = Figures()
    if chosen.rounds:
        with TemporaryDirectory(prefix="second-round-due-") as folder:
            asyncio.run(idle(Path(folder), chosen, figures))
    for _ in range(chosen.bursts):
        with TemporaryDirectory(prefix="second-round-due-") as folder, Server() as server:
            burst(Path(folder), server, chosen, figures)
    told = due_page.table(figures, chosen)
    print(told)
    if chosen.write:
        cores = os.cpu_count()
        machine = f"Python {platform.python_version()}, {platform.machine()}, {cores} cores"
        PAGE.write_text(due_page.page(told, machine, figures, chosen), encoding="utf-8")
    return 0


# While nothing is due


async def idle(folder: Path, chosen: argparse.Namespace, figures: Figures) -> None:
    """The tick among few and among many, in turn, on databases made once."""
    content = load_content()
    async with AsyncExitStack() as open_houses:
        houses: dict[int, House] = {}
        for candidates in (FEW, chosen.candidates):
            file = folder / f"{candidates}" / "bot.sqlite"
            began = perf_counter()
            await crowd.make(file, candidates)
            figures.made[candidates] = perf_counter() - began, file.stat().st_size / 1e6
            seconds, megabytes = figures.made[candidates]
            tell(f"{candidates:,} candidates made in {seconds:.0f} s, {megabytes:.0f} MB")
            url = f"sqlite:///{file}"
            bot = Client(LOCAL_TOKEN)
            house = open_house(bot, url, *content, SystemClock())
            houses[candidates] = await open_houses.enter_async_context(house)
        for _ in range(chosen.rounds):
            for candidates, (wall, processor) in (await in_turn(houses)).items():
                figures.idle.setdefault(candidates, []).append(wall)
                figures.processor.setdefault(candidates, []).append(processor)
                tell(f"idle among {candidates:,}: {wall:.2f} ms, processor {processor:.2f} ms")


async def in_turn(houses: dict[int, House]) -> dict[int, tuple[float, float]]:
    """The median of many ticks of each in ms, by the clock and by the processor."""
    took: dict[int, list[tuple[float, float]]] = {candidates: [] for candidates in houses}
    for _ in range(TICKS):
        for candidates, house in houses.items():
            began, busy = perf_counter(), process_time()
            await house.intake.take_due()
            took[candidates].append((perf_counter() - began, process_time() - busy))
    medians = {}
    for candidates, both in took.items():
        wall, processor = (1000 * median(each) for each in zip(*both, strict=True))
        medians[candidates] = wall, processor
    return medians


# Many at once


def burst(folder: Path, server: Server, chosen: argparse.Namespace, figures: Figures) -> None:
    """A bot on SQLite at Telegram's pace: people write to it, and then all falls due."""
    file = folder / "data" / "second-round.sqlite"
    asyncio.run(crowd.make(file, chosen.due, talkers=_talkers(chosen)))
    server.reset()
    bot = Bot(
        ["-m", "bot"],
        BOT_TOKEN=TOKEN,
        TELEGRAM_API_URL=server.root,
        DATA_DIR=str(file.parent),
        MESSAGES_A_MINUTE="0",
        LOG_LEVEL="ERROR",
    )
    try:
        server.until(polls=1)
        sleep(2)  # what it tells Telegram about itself at its start takes part of its pace
        watch(file, server, chosen, figures)
    finally:
        bot.end()


def _talkers(chosen: argparse.Namespace) -> int:
    """How many write to the bot, each once."""
    watched: float = chosen.watched
    return round((QUIET + watched) / EVERY)


def watch(file: Path, server: Server, chosen: argparse.Namespace, figures: Figures) -> None:
    """Let people write all the time, and note what becomes of them and of what falls due."""
    server.reset()
    chats = range(crowd.FIRST_TALKER, crowd.FIRST_TALKER + _talkers(chosen))
    updates = [text_from(chat, "/help", number) for number, chat in enumerate(chats, 1)]
    began = server.arrive(updates, rate=1 / EVERY)
    sleep(QUIET)
    due_at = monotonic()
    crowd.fall_due(file, chosen.due)
    while (left := due_at + chosen.watched - monotonic()) > 0:
        sleep(min(0.5, left))
    record = server.record()
    lines, still_due = crowd.written(file)
    rate = lines / (monotonic() - due_at)
    while chosen.to_the_end and still_due:
        if monotonic() > due_at + PATIENCE:
            raise GaveUp(f"{still_due} are still not written")
        sleep(0.5)
        lines, still_due = crowd.written(file)
        rate = lines / (monotonic() - due_at)
    assert lines + still_due == chosen.due, "what is due and what is written do not add up"
    assert crowd.most_lines(file) == 1, "something was written twice"
    note(record, began + QUIET, rate, chosen, figures)


def note(
    record: Record,
    due_at: float,
    rate: float,
    chosen: argparse.Namespace,
    figures: Figures,
) -> None:
    """Take the figures of one burst from the server's record."""
    arrived = dict(record.arrived)
    waits: dict[bool, list[float]] = {True: [], False: []}
    for at, _, chat, _, _ in record.calls:
        if chat < crowd.FIRST and chat in arrived:
            waits[arrived[chat] >= due_at].append(at - arrived.pop(chat))
    nudges = [call[0] for call in record.calls if call[2] >= crowd.FIRST]
    assert len({call[2] for call in record.calls if call[2] >= crowd.FIRST}) == len(nudges)
    calls = [call[0] for call in record.calls]
    unanswered = sum(at < due_at + chosen.watched - 2 for at in arrived.values())
    assert not unanswered, f"{unanswered} got no answer"
    figures.quiet.append(1000 * median(waits[False]))
    figures.burst.append(1000 * median(waits[True]))
    figures.written.append(rate)
    figures.sent.append(len(nudges) / (max(nudges) - due_at))
    figures.most_nudges.append(most_in_a_second(nudges))
    figures.most_calls.append(most_in_a_second(calls))
    tell(
        f"{chosen.due:,} due: {rate:.1f} a second written, {figures.sent[-1]:.1f} sent, at most"
        f" {figures.most_nudges[-1]:.0f} nudges and {figures.most_calls[-1]:.0f} calls in one"
        f" second; an answer takes {figures.quiet[-1]:.0f} ms before and {figures.burst[-1]:.0f} ms"
        f" then"
    )


def most_in_a_second(moments: Sequence[float]) -> int:
    """The most of them in any second."""
    ordered = sorted(moments)
    return max(bisect_left(ordered, at + 1.0) - number for number, at in enumerate(ordered))


def tell(line: str) -> None:
    print(line, flush=True)


if __name__ == "__main__":
    sys.exit(main())
