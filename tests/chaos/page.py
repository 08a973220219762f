"""docs/chaos.md: what was tried, and what came out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from tests.chaos.verdict import Verdict

HEAD = (
    "| tried | s | answers | lost | doubled | out of order | feedback | lost or doubled |"
    " messages | lost | out of order | doubled | most in a chat | stuck | beside that |\n"
    "|---|" + "--:|" * 13 + "---|"
)


@dataclass(slots=True)
class Outcome:
    """What came out of one run."""

    verdict: Verdict = field(default_factory=Verdict)
    kills: int = 0
    notes: dict[str, float] = field(default_factory=dict)
    name: str = ""
    seconds: float = 0.0
    paced: bool = False  # whether the bot kept to Telegram's pace

    @property
    def faults(self) -> dict[str, int]:
        """Whatever should be zero and is not; a message may double once for each kill.

        At a pace beyond Telegram's more is on its way at a kill; then that holds in each chat.
        """
        faults = dict(self.verdict.faults)
        if self.paced and self.verdict.messages_doubled > self.kills:
            faults["doubled"] = self.verdict.messages_doubled
        if self.verdict.doubled_in_a_chat > max(1, self.kills):
            faults["doubled in a chat"] = self.verdict.doubled_in_a_chat
        return faults


def line(outcome: Outcome) -> str:
    """One row of the table."""
    it = outcome.verdict
    notes = ", ".join(f"{name}: {value:g}" for name, value in outcome.notes.items())
    cells = (
        outcome.name,
        f"{outcome.seconds:.0f}",
        it.answers,
        it.answers_lost,
        it.answers_doubled,
        it.out_of_order,
        it.feedback,
        it.feedback_lost + it.feedback_doubled,
        it.messages,
        it.messages_lost,
        it.messages_out_of_order,
        it.messages_doubled,
        it.doubled_in_a_chat,
        len(it.stuck),
        notes + (f" **failures: {it.failures}**" if it.failures else ""),
    )
    return f"| {' | '.join(map(str, cells))} |"


def table(outcomes: Sequence[Outcome]) -> str:
    """All rows under their heads."""
    return "\n".join([HEAD, *map(line, outcomes)]) + "\n"


def page(outcomes: Sequence[Outcome], seed: int, chats: int) -> str:
    """The page."""
    return f"""\
# What the bot survives
Made by `scripts/chaos --write`; do not edit. Seed {seed}, {chats} candidates at once.

{table(outcomes)}
## How it is counted
Bots run as processes of their own against a Bot API server on this computer, which keeps updates
until they are acknowledged and notes every call. {chats} candidates play at once, as fast as the
bot lets them: they tell answers in one to three messages, tap, reply to probes, go on. Each message
holds a number of its own. In the end all comes to rest, and then

- **answers** are the messages that hold an answer: each has to be in the database once, in the
  order in which its candidate sent them;
- **feedback**: each answer for which feedback was seen has to be judged once and stored once;
- **messages** are the questions and the feedback that the database says were given: each has to
  have been sent, those of one chat in order. A message that was on its way when a process died
  comes again: **doubled** counts these, at most one for each kill at Telegram's pace (30 calls a
  second, which these runs keep to), and **most in a chat** says how many of them one candidate saw;
- **stuck** are candidates who still wait for the bot a minute later.

A SIGKILL comes at a random moment up to a second after the bot takes updates again. On PostgreSQL
what a dead bot had claimed is free 16 seconds later; in the runs with many kills that wait is
skipped. The line to Telegram answers 429, 500, 502 with HTML or garbage, hangs, and
drops the connection before and after acting, all in turn, every third call for a minute. The short
form of all this runs with the tests: `tests/chaos`. There too: ten minutes without Telegram, clocks
that jump, a folder that cannot be written to.
"""
