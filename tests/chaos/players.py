"""Candidates who practise as fast as the bot lets them, and remember what they said.

Each is a coroutine that reads its own chat at the Bot API server and answers what it sees: it
starts interviews, tells answers in pieces, taps, lets probes go or replies. Every piece holds a
number of its own, so that what was lost, doubled or turned round can be told from the database.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from random import Random

from tests.bench.telegram import Call, Telegram, tap_on, text_from

PIECES = (
    "In week {n} the booking line at our clinic jammed again, and families waited for {n} minutes.",
    "My manager asked me to find the cause, so I timed {n} calls and built a form with our IT man.",
    "By June the wait fell from {n} minutes to 8, and complaints from 9 a month to 1.",
)
PERSONAS = ("hiring_manager", "peer", "executive", "panel")
Button = tuple[int, str]
"""The message it stands under, and its data."""
Wanted = Callable[[Call], list[str]]
"""What of a message's buttons is waited for."""


class Player:
    """One candidate. `said` are the pieces in the order in which they were sent."""

    def __init__(self, telegram: Telegram, chat_id: int, seed: int) -> None:
        self.chat_id = chat_id
        self.said: list[str] = []
        self.finished = 0  # answers for which feedback was seen
        self.waits_for = ""
        self._telegram = telegram
        self._chance = Random(seed * 1_000_003 + chat_id)
        self._news = asyncio.Event()
        self._bubbles: dict[int, Call] = {}
        self._used: set[Button] = set()
        self._queries = 0
        self._interview = 0

    def hears(self, call: Call) -> None:
        """Take note of what the bot did in this chat."""
        if call.method == "deleteMessage":
            self._bubbles.pop(call.message_id, None)
        else:
            self._bubbles[call.message_id] = call
        self._news.set()

    async def plays(self, rounds: int, stop: asyncio.Event) -> None:
        """Go through so many interviews of three questions, or until told to stop.

        They sit in the first already (see `seats`). Whoever is told to stop finishes the answer
        in hand, and leaves a probe to it.
        """
        while self._interview < rounds and not stop.is_set():
            self._interview += 1
            if self._interview > 1:
                self._sends("/practice")
                self._taps(await self._sees(_begins("p:who:"), "the interviewers"), any_of=True)
                self._taps(await self._sees(_begins("p:long:", ":3"), "the lengths"))
                self._taps(await self._sees(_begins("p:go:", ":coached"), "the modes"))
            for number in (1, 2, 3):
                if stop.is_set():
                    return
                await self._answers(number, stop)
            if stop.is_set():
                return
            await self._sees(_begins(f"y:interview:{self._interview}"), "the goodbye")

    async def _answers(self, number: int, stop: asyncio.Event) -> None:
        await self._sees(self._verb("mean", number), f"question {number}")
        await self._tells(number)
        feedback, skip = self._verb("next", number), self._verb("skip", number)
        replied_to: set[str] = set()  # probes by their words: after a kill one may come twice

        def reaction(bubble: Call) -> list[str]:
            probed = "i:mean:" not in bubble.markup  # else it is the question that may be skipped
            fresh = probed and bubble.text not in replied_to
            return feedback(bubble) or (skip(bubble) if fresh else [])

        what = f"a probe or feedback {number}"
        while not (found := await self._sees(reaction, what))[-1][1].startswith("i:next:"):
            if stop.is_set():
                return
            replied_to |= {self._bubbles[message].text for message, _ in found}
            if self._chance.random() < 0.5:
                self._taps(found)
            else:
                self._used.update(found)
                await self._tells(number)
        self.finished += 1
        self._taps(found)

    async def _tells(self, number: int) -> None:
        """An answer in one to three messages, and the tap that ends it."""
        sent = [
            self._sends(PIECES[place].format(n=1000 + len(self.said)), counts=True)
            for place in range(self._chance.choice((1, 2, 3)))
        ]
        while any(self._telegram.waits(each) for each in sent):
            self.waits_for = "its answer to be taken"
            await asyncio.sleep(0.02)
        self._taps(await self._sees(self._verb("done", number), f"answer {number} to be heard"))

    def _sends(self, text: str, *, counts: bool = False) -> int:
        if counts:
            self.said.append(text)
        return self._telegram.arrive(text_from(self.chat_id, text, self._telegram.message_id()))

    def _taps(self, found: list[Button], *, any_of: bool = False) -> None:
        message_id, data = self._chance.choice(found) if any_of else found[-1]
        self._used.update(found)
        self._queries += 1
        query = self.chat_id * 10_000 + self._queries
        self._telegram.arrive(tap_on(self.chat_id, data, message_id, query))

    async def _sees(self, wanted: Wanted, what: str) -> list[Button]:
        """Wait for buttons not tapped before; those of the newest message come last."""
        self.waits_for = f"{what} of interview {self._interview}"
        while True:
            found = [
                (key, data)
                for key, call in sorted(self._bubbles.items())
                for data in wanted(call)
                if (key, data) not in self._used
            ]
            if found:
                return found
            self._news.clear()
            await self._news.wait()

    def _verb(self, verb: str, number: int) -> Wanted:
        return _begins(f"i:{verb}:{self._interview}:{number}:")


def _begins(start: str, end: str = "") -> Wanted:
    """The data of a message's buttons that begin and end so."""
    return lambda call: [
        data for _, data in call.buttons if data.startswith(start) and data.endswith(end)
    ]


class Crowd:
    """Many players at once at one server."""

    def __init__(self, telegram: Telegram, count: int, seed: int) -> None:
        self.players = {chat: Player(telegram, chat, seed) for chat in range(1, count + 1)}
        self.stop = asyncio.Event()
        self._telegram = telegram
        self._tasks: list[asyncio.Task[None]] = []
        telegram.heard = self._heard

    def _heard(self, call: Call) -> None:
        if call.chat_id in self.players:
            self.players[call.chat_id].hears(call)

    def begin(self, rounds: int = 1_000_000) -> None:
        """Let all begin."""
        self._tasks = [
            asyncio.create_task(player.plays(rounds, self.stop)) for player in self.players.values()
        ]

    async def end(self, patience: float) -> list[str]:
        """Let all finish the answer in hand; returns who was stuck, and waiting for what."""
        self.stop.set()
        _, stuck = await asyncio.wait(self._tasks, timeout=patience)
        told = [
            f"chat {player.chat_id} waits for {player.waits_for}"
            for player, task in zip(self.players.values(), self._tasks, strict=True)
            if task in stuck
        ]
        for task in stuck:
            task.cancel()
        for outcome in await asyncio.gather(*self._tasks, return_exceptions=True):
            if isinstance(outcome, Exception):
                raise outcome
        return told
