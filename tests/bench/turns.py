"""scripts/bench turns: whole turns against other bots, each on one core of its own.

Rounds are interleaved, so that a computer that is busy with other things slows all alike.
"""

from __future__ import annotations

import argparse
import os
import platform
import signal
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.bench import page, rows
from tests.bench.contestants import Contestant, Echo, Ours, OursWhole, TunedEcho, Typical
from tests.bench.page import Results
from tests.bench.running import ROOT, GaveUp, Server

PAGE = ROOT / "docs" / "bench.md"
ROWS = ("throughput", "slow", "latency", "flood", "start", "memory", "many", "killed")
FAST, PATIENT, MANY_TURNS = 1000, 100, 10_000
FEW, MANY = 1_000, 1_000_000  # candidates stored


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print the table, write the page if wanted. Returns 0."""
    parser = argparse.ArgumentParser(prog="scripts/bench turns", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5, help="rounds of each row")
    parser.add_argument("--only", action="append", choices=ROWS, help="only this row")
    parser.add_argument("--turns", type=int, default=MANY_TURNS, help="turns of the memory row")
    parser.add_argument("--strangers", type=int, default=MANY, help="people of the row `many`")
    parser.add_argument("--write", action="store_true", help=f"write {PAGE.relative_to(ROOT)}")
    chosen = parser.parse_args(arguments)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that whatever runs is ended
    with TemporaryDirectory(prefix="second-round-bench-") as folder, Server() as server:
        results: Results = defaultdict(lambda: defaultdict(list))
        for row, one, measure in _plan(chosen, Path(folder)):
            try:
                figures = measure(one, server)
            except GaveUp as why:
                print(f"{row}: {one.name}: {why}", file=sys.stderr, flush=True)
                continue
            for name, value in figures.items():
                results[row, name][one.name].append(value)
            told = ", ".join(f"{name} {value:.1f}" for name, value in figures.items())
            print(f"{row}: {one.name}: {told}", flush=True)
    table = page.table(results)
    print(f"\n{table}")
    if chosen.write:
        machine = (
            f"Python {platform.python_version()}, {platform.machine()}, {os.cpu_count()} cores"
        )
        PAGE.write_text(page.page(table, machine, chosen), encoding="utf-8")
    return 0


def _plan(
    chosen: argparse.Namespace, folder: Path
) -> Iterator[tuple[str, Contestant, rows.Measure]]:
    """What is measured, in this order."""
    echo, tuned, typical, hasty = Echo(folder), TunedEcho(folder), Typical(folder), Typical(folder)
    hasty.seconds = 1.0
    ours, whole, quiet, flooded = Ours(folder), OursWhole(folder), Ours(folder), Ours(folder)
    quiet.name, flooded.name = "ours, nobody floods", "ours, one chat floods"
    wanted = chosen.only or ROWS
    quick = partial(rows.throughput, count=FAST)
    slowly = partial(rows.slow, count=PATIENT)
    for _ in range(chosen.rounds):
        if "throughput" in wanted:
            yield from (("throughput", one, quick) for one in (echo, typical, ours, whole, tuned))
        if "slow" in wanted:
            yield from (("slow", one, slowly) for one in (echo, typical))
            yield from (("slow", one, partial(rows.slow, count=FAST)) for one in (ours, tuned))
        if "latency" in wanted:
            yield from (("latency", one, rows.latency) for one in (echo, hasty, ours))
        if "flood" in wanted:
            yield "flood", quiet, rows.latency
            yield "flood", flooded, partial(rows.latency, flood=rows.FLOOD)
        if "start" in wanted:
            yield from (("start", one, rows.starting) for one in (echo, typical, ours))
        if "killed" in wanted:
            yield from (("killed", one, rows.killed) for one in (echo, hasty, ours))
    if "memory" in wanted:
        held = partial(rows.memory, turns=chosen.turns)
        yield from (("memory", one, held) for one in (echo, typical, ours))
    if "many" in wanted:
        yield from _few_and_many(chosen, folder)


def _few_and_many(
    chosen: argparse.Namespace, folder: Path
) -> Iterator[tuple[str, Contestant, rows.Measure]]:
    """The same turns among few and among many, in turn, on databases made once."""
    crowds = []
    for strangers in (FEW, chosen.strangers):
        crowd = Ours(folder)
        crowd.name, crowd.strangers = f"ours among {strangers:,}", strangers
        crowds.append(crowd)
    rounds = [*range(chosen.rounds)]
    for crowd in crowds:
        crowd.prepare((FAST + rows.WARMING) * len(rounds))
    for number in rounds:
        first = number * (FAST + rows.WARMING)
        for crowd in crowds:
            yield "many", crowd, partial(rows.among, count=FAST, first=first)


if __name__ == "__main__":
    sys.exit(main())
