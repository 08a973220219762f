"""docs/bench_due.md: the figures of a run of `scripts/bench due`, and what exactly was counted."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from statistics import median
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.bench.due import Figures


def table(figures: Figures, chosen: argparse.Namespace) -> str:
    """Min / median / max of each figure, as Markdown."""
    return "\n".join(
        [
            "| measure | figure | min | median | max |",
            "|---|---|--:|--:|--:|",
            *(_row(*each) for each in _figures(figures, chosen) if each[2]),
        ]
    )


def _figures(
    figures: Figures, chosen: argparse.Namespace
) -> Iterator[tuple[str, str, list[float]]]:
    for candidates in figures.idle:
        measure = f"Idle tick among {candidates:,}"
        yield measure, "ms", figures.idle[candidates]
        yield measure, "processor ms", figures.processor[candidates]
    if len(figures.idle) > 1:
        few, many = figures.idle
        pairs = zip(figures.idle[few], figures.idle[many], strict=True)
        yield "Among many beside among few", "times", [large / small for small, large in pairs]
    due = f"{chosen.due:,} due at once"
    yield due, "written a second", figures.written
    yield due, "sent a second", figures.sent
    yield due, "most of them in one second", figures.most_nudges
    yield due, "most calls of any kind in one second", figures.most_calls
    yield "Answer to somebody who writes", "ms, nothing due", figures.quiet
    yield "Answer to somebody who writes", f"ms, {due}", figures.burst
    pairs = zip(figures.quiet, figures.burst, strict=True)
    yield "Answer to somebody who writes", "ms more", [then - before for before, then in pairs]


def _row(measure: str, figure: str, values: list[float]) -> str:
    spread = " | ".join(_short(each) for each in (min(values), median(values), max(values)))
    return f"| {measure} | {figure} | {spread} |"


def _short(value: float) -> str:
    if value >= 100 or value == round(value):
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def page(made: str, machine: str, figures: Figures, chosen: argparse.Namespace) -> str:
    """The page."""
    sizes = "; ".join(
        f"{candidates:,} candidates in {seconds:.0f} s, {megabytes:,.0f} MB"
        for candidates, (seconds, megabytes) in figures.made.items()
    )
    return f"""\
# What is due: the cost of waiting for it, and ten thousand at once
Made by `scripts/bench due --write`; do not edit. {machine}.

{made}

## What is measured
- **Idle tick**: what the bot does once a second while nothing is due (`Intake.take_due`, which asks
  the store), on SQLite, on disk, each candidate with a drill a day, spread over the coming week.
  Both databases are open in one process and asked in turn, {chosen.rounds} rounds of many ticks; a
  round counts as its median tick. Made for it in bulk: {sizes}.
- **{chosen.due:,} due at once**: `python -m bot` on SQLite at the pace of Telegram (30 calls a
  second), beside a Bot API server in a process of its own. After ten quiet seconds all drills
  fall due in the same instant. What is written and sent is counted in the
  {chosen.watched:.0f} seconds that follow, not until the last has left (about
  {chosen.due / 25 / 60:.0f} minutes at that pace). No agenda led to more than one line in the
  outbox, each had one or was still to be looked at, and no message was sent twice: otherwise there
  would be no figures. {chosen.bursts} rounds.
- It is written at about the pace at which it may leave, and answers leave first: what they leave of
  the 30 calls a second is for what is due.
- **Answer to somebody who writes**: all the while another candidate sends `/help` every 100 ms;
  from the arrival of the update to the arrival of the answer, the median of a round.
"""
