"""scripts/chaos: every fault in its long form, on this computer alone; prints what came out.

Every run is bounded in time and ends only processes that it started. The seed is printed: the same
seed gives the same moments, though never quite the same run.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import secrets
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic

from bot.chat.delivery import CALLS_A_SECOND
from bot.content import load_content
from bot.local.telegram import LocalTelegram
from tests.chaos import away, disturbances, page
from tests.chaos.hostile import endure
from tests.chaos.nest import ROOT, Nest
from tests.chaos.page import Outcome
from tests.chaos.storm import Disturbance, Place, weather
from tests.chaos.verdict import Verdict
from tests.conversations.stage import TestClock
from tests.postgres import Server, running

PAGE = ROOT / "docs" / "chaos.md"
CHATS = 100
LINE = 60.0  # seconds of a bad line
WAITING, AWAY_CHATS = 5_000, 100  # updates while Telegram is away, and how many wrote them


def main(arguments: Sequence[str] | None = None) -> int:
    """Run what is asked for. Returns 1 when anything was lost, doubled or turned round."""
    parser = argparse.ArgumentParser(prog="scripts/chaos", description=__doc__)
    parser.add_argument("--kills", type=int, default=100, help="SIGKILLs of each run")
    parser.add_argument("--chats", type=int, default=CHATS, help="candidates at once")
    parser.add_argument(
        "--calls", type=int, default=CALLS_A_SECOND, help="calls a second that a bot may make"
    )
    parser.add_argument("--hostile", type=int, default=10_000, help="hostile updates")
    parser.add_argument("--only", action="append", help="only runs whose name holds this")
    parser.add_argument("--seed", type=int, default=secrets.randbelow(10**6))
    parser.add_argument("--write", action="store_true", help=f"write {PAGE.relative_to(ROOT)}")
    chosen = parser.parse_args(arguments)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that whatever runs is ended
    print(f"seed {chosen.seed}", flush=True)
    outcomes = []
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="second-round-chaos-")))
        nest = stack.enter_context(Nest(folder / "bots.log"))
        server = stack.enter_context(running())
        for name, run in _runs(chosen, folder, nest, server):
            if chosen.only and not any(part in name for part in chosen.only):
                continue
            began = monotonic()
            outcome = run()
            outcome.name, outcome.seconds = name, monotonic() - began
            outcome.paced = chosen.calls <= CALLS_A_SECOND
            outcomes.append(outcome)
            print(page.line(outcome), *outcome.verdict.stuck[:5], sep="\n  ", flush=True)
        if any(outcome.faults for outcome in outcomes):
            print((folder / "bots.log").read_text(encoding="utf-8")[-5000:], file=sys.stderr)
    print(f"\n{page.table(outcomes)}")
    if chosen.write and any(outcome.faults for outcome in outcomes):
        print("Nothing is written: not all came through.", file=sys.stderr)
    elif chosen.write:
        PAGE.write_text(page.page(outcomes, chosen.seed, chosen.chats), encoding="utf-8")
    return int(any(outcome.faults for outcome in outcomes))


def _runs(
    chosen: argparse.Namespace, folder: Path, nest: Nest, server: Server
) -> Iterator[tuple[str, Callable[[], Outcome]]]:
    """Every run by its name."""

    def storm(place: Place, disturb: Disturbance) -> Callable[[], Outcome]:
        return partial(_storm, place, disturb, nest, chosen)

    kills, often = disturbances.kills(chosen.kills), chosen.kills
    for webhook in (False, True):
        how = "webhook" if webhook else "polling"
        place = Place(folder / f"sqlite-{how}", webhook=webhook)
        yield f"{often} SIGKILLs, SQLite, {how}", storm(place, kills)
    for webhook in (False, True):
        how = "webhook" if webhook else "polling"
        place = Place(folder / f"postgres-{how}", server.new_database(), webhook)
        lapsing = disturbances.kills(often, lapse=server)
        yield f"{often} SIGKILLs, PostgreSQL, {how}", storm(place, lapsing)

    def shared(name: str) -> Place:
        return Place(folder / name, server.new_database(), webhook=True)

    replicas = disturbances.replicas_killed(max(1, often // 5), between=(2.0, 4.0))
    yield "two replicas, one killed every few seconds", storm(shared("replicas"), replicas)
    yield (
        "PostgreSQL crashes and restarts under two replicas",
        storm(shared("restarted"), disturbances.with_two(disturbances.database_restarted(server))),
    )
    yield (
        "PostgreSQL away for 30 s, two replicas",
        storm(shared("away"), disturbances.with_two(disturbances.database_away(server, 30.0))),
    )
    yield "every fault on the line", storm(Place(folder / "line"), disturbances.bad_line(LINE))
    yield "disk full for 10 s", storm(Place(folder / "disk"), disturbances.disk_full(10.0))
    yield "all of it replayed", storm(Place(folder / "again"), disturbances.everything_again(20.0))
    yield (
        f"Telegram away for ten minutes, {WAITING:,} updates waiting",
        partial(_away, folder / "away-for-long"),
    )
    yield f"{chosen.hostile:,} hostile updates", partial(_hostile, folder / "hostile", chosen)


def _storm(place: Place, disturb: Disturbance, nest: Nest, chosen: argparse.Namespace) -> Outcome:
    async def run() -> Outcome:
        storm = await weather(
            place,
            disturb,
            nest,
            chats=chosen.chats,
            seed=chosen.seed,
            calls_a_second=chosen.calls,
        )
        return Outcome(storm.verdict, storm.kills, storm.notes)

    return asyncio.run(run())


def _away(folder: Path) -> Outcome:
    async def run() -> away.Outcome:
        clock = TestClock()
        telegram = LocalTelegram.open(":memory:", clock.stamp)
        try:
            async with away.stage(folder, telegram, clock, load_content(), AWAY_CHATS) as on:
                return await away.without_telegram(on, AWAY_CHATS, WAITING // AWAY_CHATS)
        finally:
            telegram.close()

    folder.mkdir()
    came = asyncio.run(run())
    verdict = Verdict(answers=came.waiting, answers_lost=came.wrong)
    return Outcome(verdict, notes={"calls refused": came.refused, "bubbles": came.most_bubbles})


def _hostile(folder: Path, chosen: argparse.Namespace) -> Outcome:
    folder.mkdir()
    logging.disable(logging.CRITICAL)
    try:
        taken = endure(folder, chosen.hostile, seed=chosen.seed)
    finally:
        logging.disable(logging.NOTSET)
    return Outcome(notes={"updates": taken})


if __name__ == "__main__":
    sys.exit(main())
