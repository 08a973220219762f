"""Updates as no honest Telegram would send them, made from the Bot API's types, and who bears them.

Each begins as a true update, and then some of its fields, however deep, are taken away or become
something of another type, something huge, or something that only looks right.
"""

from __future__ import annotations

import asyncio
import copy
import json
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from telegram import Bot
from telegram.request import BaseRequest

from bot.app import LOCAL_TOKEN, House, open_house
from bot.chat.polling import poll
from bot.chat.routing import COMMANDS, TAPS
from bot.content import load_content
from tests.bench.telegram import BOT, Json, tap_on, text_from
from tests.chaos.seats import seat
from tests.conversations.stage import TestClock

CHATS = (1, 2, 3)
AT_ONCE = 20
PATIENCE = 200  # polls in which so few updates have to be taken
WORDS = (
    *(f"/{command}" for command in COMMANDS),
    "Acme Ltd",
    "tomorrow at 3pm",
    "Dana Reyes, head of care",
    "I rang them all in May.",
    "done",
    "skip",
    "\u202e",
)
# What stands behind the area in the data of a button: verbs, ids, dates, and what looks like them.
PARTS = (
    "done", "next", "retry", "add", "skip", "more", "end", "stop", "stay", "keep", "mean", "who",
    "long", "go", "menu", "back", "panel", "coached", "real", "answer", "interview", "list",
    "older", "yes", "no", "show", "set", "time", "day", "goal", "pause", "quiet", "resume", "at",
    "place", "later", "met", "all", "by", "went", "draft", "sent", "heard", "got", "snooze", "why",
    "on", "card", "edit", "gone", "move", "off", "out", "round", "practise", "file", "point", "try",
    "promised", "x", "zone", "d", "m", "t", "1", "2", "3", "0", "-1", "²", "99999999999999999999",
    "2026-12-01", "20261201T1500", "",
)  # fmt: skip
ATTACHED = {
    "photo": [{"file_id": "a", "file_unique_id": "b", "width": 1, "height": 1}],
    "voice": {"file_id": "a", "file_unique_id": "b", "duration": 3},
    "location": {"longitude": 1.0, "latitude": 2.0},
    "dice": {"emoji": "x", "value": 3},
    "contact": {"phone_number": "1", "first_name": "A"},
}


def updates() -> st.SearchStrategy[Json]:
    """Updates without their id."""
    chats = st.sampled_from(CHATS)
    texts = st.builds(text_from, chats, st.sampled_from(WORDS) | st.text(), st.integers(1, 99))
    parts = st.lists(st.sampled_from(PARTS), min_size=1, max_size=4)
    data = st.builds(
        lambda area, rest: ":".join([area, *rest]), st.sampled_from(sorted(TAPS)), parts
    )
    taps = st.builds(tap_on, chats, data | st.text(), st.just(9), st.just(7))
    attached = st.builds(_attached, chats, st.sampled_from(sorted(ATTACHED)))
    edits = texts.map(lambda update: {"edited_message": {**update["message"], "edit_date": 1}})
    other = st.dictionaries(st.text(max_size=20), _anything(), max_size=2)
    honest = st.one_of(texts, taps, attached, edits, other)
    return st.builds(_spoiled, honest, st.lists(st.tuples(st.randoms(), _anything()), max_size=4))


def _attached(chat_id: int, kind: str) -> Json:
    update = text_from(chat_id, "", 5)
    del update["message"]["text"]
    update["message"][kind] = ATTACHED[kind]
    return update


def _anything() -> st.SearchStrategy[Any]:
    huge = st.sampled_from(["x" * 70_000, 10**30, -(2**63), [[]] * 500, {"a": {"b": {}}}])
    usual = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=50)
    return usual | huge | st.just(_GONE)


_GONE = "taken away"


def _spoiled(update: Json, changes: list[tuple[Any, Any]]) -> Json:
    """The update with a field changed for each of `changes`."""
    update = copy.deepcopy(update)
    for chance, value in changes:
        holder: Any = update
        while True:
            keys = list(holder) if isinstance(holder, dict) else list(range(len(holder)))
            if not keys:
                break
            key = chance.choice(keys)
            if isinstance(holder[key], dict | list) and holder[key] and chance.random() < 0.7:
                holder = holder[key]
            elif value == _GONE:
                del holder[key]
                break
            else:
                holder[key] = copy.deepcopy(value)  # the next change may go into it
                break
    return update


class Wire(BaseRequest):
    """A Telegram that gives the updates it is told to, and takes every call."""

    def __init__(self) -> None:
        self.waiting: list[Json] = []
        self.polls = 0
        self.said: dict[int, list[str]] = {}
        self._next = 1

    def arrive(self, updates: list[Json]) -> None:
        """Have updates ready for the next poll."""
        for update in updates:
            self.waiting.append({**update, "update_id": self._next})
            self._next += 1

    @property
    def read_timeout(self) -> float | None:
        return None

    async def initialize(self) -> None:
        pass

    async def shutdown(self) -> None:
        pass

    async def do_request(self, url: str, *args: Any, **kwargs: Any) -> tuple[int, bytes]:
        name = url.rpartition("/")[2].lower()
        asked: Json = kwargs["request_data"].parameters if kwargs.get("request_data") else {}
        result: object = True
        if name == "getme":
            result = BOT
        elif name == "getupdates":
            self.polls += 1
            self.waiting = [each for each in self.waiting if each["update_id"] >= asked["offset"]]
            await asyncio.sleep(0 if self.waiting else 0.005)
            result = self.waiting[:100]
        elif name.startswith(("send", "edit")) and name != "sendchataction":
            self.said.setdefault(asked["chat_id"], []).append(str(asked.get("text")))
            chat = {"id": asked["chat_id"], "type": "private", "first_name": "You"}
            result = {"message_id": 5, "date": 1, "chat": chat}
        return 200, json.dumps({"ok": True, "result": result}).encode()


def endure(folder: Path, count: int, *, seed: int | None = None) -> int:
    """Let the bot take about so many hostile updates; returns how many they were.

    Raises AssertionError when it stops taking updates or leaves a chat without an answer.
    """
    taken = 0

    @settings(
        max_examples=count // AT_ONCE,
        deadline=None,
        database=None,
        derandomize=seed is None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(st.lists(updates(), min_size=AT_ONCE, max_size=AT_ONCE))
    def batch(hostile: list[Json]) -> None:
        nonlocal taken
        runner.run(survive(house, wire, clock, hostile))
        taken += len(hostile)

    if seed is not None:
        from hypothesis import seed as seeded

        batch = seeded(seed)(batch)
    wire, clock = Wire(), TestClock()
    with asyncio.Runner() as runner:
        url = f"sqlite:///{folder / 'bot.sqlite'}"
        runner.run(seat(url, CHATS))
        bot = Bot(LOCAL_TOKEN, request=wire, get_updates_request=wire)
        opening = open_house(bot, url, *load_content(), clock)
        house = runner.run(opening.__aenter__())
        try:
            runner.run(bot.initialize())
            batch()
        finally:
            runner.run(bot.shutdown())
            runner.run(opening.__aexit__(None, None, None))
    return taken


async def survive(house: House, wire: Wire, clock: TestClock, hostile: list[Json]) -> None:
    """Hostile updates by polling, then an honest one in each chat, which has to be answered."""
    wire.arrive(hostile)
    wire.arrive([text_from(chat, "/help", 77) for chat in CHATS])
    wire.said.clear()
    stop, last = asyncio.Event(), wire.polls + PATIENCE
    polling = asyncio.create_task(poll(house.bot, house.intake, clock, stop))
    for _ in range(PATIENCE * 100):
        if not wire.waiting or wire.polls > last or polling.done():
            break
        await asyncio.sleep(0.002)
    stop.set()
    await polling
    assert not wire.waiting, "updates hold up those behind them"
    await house.delivery.drain()
    for chat in CHATS:
        answered = any("/practice" in text for text in wire.said.get(chat, []))
        assert answered, f"chat {chat} gets no answer"
