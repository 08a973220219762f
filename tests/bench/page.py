"""docs/bench.md: the table of a run, and what exactly was counted."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from statistics import median

Results = dict[tuple[str, str], dict[str, list[float]]]
"""By row and figure, then by contestant: one value for each round."""

TITLES = {
    "throughput": "All updates there at once, the API answers at once",
    "slow": "The same, 40 ms for each API call",
    "latency": "50 updates a second: update available to message received",
    "flood": "The same, while one chat sends 200 messages a second",
    "start": "Start of the process to its first poll",
    "memory": "Resident memory after many turns",
    "many": "Candidates in the database, thousands and a million",
    "killed": "SIGKILL with 200 updates waiting, then started again",
}


def table(results: Results) -> str:
    """Min / median / max of each figure, and its ratio to the first contestant of its row."""
    lines = [
        "| measure | figure | bot | min | median | max | ratio |",
        "|---|---|---|--:|--:|--:|--:|",
    ]
    for (row, figure), contestants in results.items():
        first = median(next(iter(contestants.values())))
        for name, values in contestants.items():
            ratio = f"{median(values) / first:.2f}" if first else ""
            spread = " | ".join(_short(each) for each in (min(values), median(values), max(values)))
            lines.append(f"| {TITLES[row]} | {figure} | {name} | {spread} | {ratio} |")
    return "\n".join(_without_repeats(lines)) + "\n"


def _without_repeats(lines: list[str]) -> Iterator[str]:
    """Name a measure and a figure only where they change."""
    before = ["", ""]
    for line in lines:
        cells = line.split(" | ")
        head = [cells[0], " | ".join(cells[:2])]
        if head[0] == before[0]:
            cells[0] = "|"
        if head[1] == before[1]:
            cells[1] = ""
        before = head
        yield " | ".join(cells)


def _short(value: float) -> str:
    if value >= 100 or value == round(value):
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def page(made: str, machine: str, chosen: argparse.Namespace) -> str:
    """The page."""
    return f"""\
# How fast, how large, how safe beside other bots
Made by `scripts/bench turns --write`; do not edit. {machine}; {chosen.rounds} rounds, in which the
bots take turns, so the ratios hold where the computer is busy with other things. The ratio is to
the first bot of each figure.

{made}
## What is measured
A Bot API server of our own runs on one core, the bot under test alone on another, both on this
computer. The server keeps updates until they are acknowledged, as Telegram does, and notes when
each call came.

- **echobot**: python-telegram-bot's `Application` with one handler that sends the text back. It
  stores nothing. **tuned**: `concurrent_updates=256`, HTTP by aiohttp.
- **typical bot**: a `ConversationHandler` that asks and keeps answers, with `PicklePersistence`,
  200 people; its file is written every 60 s, in the rows on latency and SIGKILL every second.
- **ours**: `python -m bot` on SQLite with `synchronous=FULL`, with `CALLS_A_SECOND` raised, as
  it is not Telegram's limit that is measured. Each update counted is the tap that ends an answer
  of 170 words: the interview is loaded, the feedback computed, events, feedback and messages
  stored and committed, the tap acknowledged, and the feedback sent; that message counts. Each such
  turn makes four calls (acknowledge, send, and two that tidy up the chat), the echobot one.
- **ours, answer and tap**: the message with the answer is counted as an update too.
- The candidates of our rows are made in bulk and sit before their tap when the row begins; each
  turn is that of another candidate.
- **One chat floods**: it sends four messages for each tap that is measured, far over what one
  candidate may send; what is too much is passed over unread.
- **Never answered** are updates to which no message ever came. **Answers lost** are those that are
  on no disk after the second start.
- Memory is measured once, after {chosen.turns:,} turns.
"""
