"""Hostile deliveries, made from the Bot API's types by taking away, swapping and blowing up.

HOSTILE_UPDATES sets how many are made; a few by default, 10,000 for a long night.
"""

from __future__ import annotations

import asyncio
import copy
import os
import shutil
from collections.abc import Iterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.content.wording import Wording
from bot.interview.model import Book
from tests.chat.delivering import ANA, Clock
from tests.chat.hooked import Hook, hooked, message
from tests.chat.taking import opened_front
from tests.store.inside import tell

EXAMPLES = int(os.environ.get("HOSTILE_UPDATES", "60"))

PERSON = {"id": ANA, "is_bot": False, "first_name": "Ana", "language_code": "en"}
CHAT = {"id": ANA, "type": "private", "first_name": "Ana"}
BASE = {"message_id": 5, "date": 1_795_000_000, "chat": CHAT, "from": PERSON}
PHOTO = {"file_id": "a", "file_unique_id": "b", "width": 1, "height": 1, "file_size": 9}
VOICE = {"file_id": "a", "file_unique_id": "b", "duration": 61, "mime_type": "audio/ogg"}
ENTITY = {"type": "bold", "offset": 0, "length": 4}
BUTTON = {"text": "a", "callback_data": "i:done:1:1:1"}
KEYBOARD = {"inline_keyboard": [[BUTTON]]}
TEXT = BASE | {"text": "Last May I rang the shop.", "entities": [ENTITY]}
TAP = {"id": "77", "from": PERSON, "chat_instance": "9", "data": "i:done:1:1:1"}
UPDATES: list[dict[str, Any]] = [
    {"message": TEXT},
    {"message": BASE | {"text": "/practice"}},
    {"message": TEXT | {"reply_to_message": TEXT, "quote": {"text": "x", "position": 0}}},
    {"message": BASE | {"photo": [PHOTO], "caption": "look", "caption_entities": [ENTITY]}},
    {"message": BASE | {"voice": VOICE}},
    {"message": BASE | {"location": {"longitude": 1.5, "latitude": 2.5}}},
    {"message": BASE | {"contact": {"phone_number": "1", "first_name": "A"}}},
    {"message": TEXT | {"chat": {"id": -100, "type": "group", "title": "G"}}},
    {"edited_message": TEXT | {"edit_date": 1_795_000_001}},
    {"callback_query": TAP | {"message": TEXT | {"reply_markup": KEYBOARD}}},
    {"callback_query": TAP | {"data": "p:menu", "message": TEXT}},
    {"callback_query": TAP | {"inline_message_id": "x"}},
    {"my_chat_member": {"chat": CHAT, "from": PERSON, "date": 1}},
    {"poll_answer": {"poll_id": "1", "option_ids": [0]}},
]

odd = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.sampled_from([2**31, 2**63 - 1, 2**63, -(2**63), 2**64, 10**30, 1e308, 0.5, ANA]),
    st.text(max_size=20),
    st.sampled_from(["\0", "\ud800", "/forget", "/" * 5000, "p:menu", "i:done:" + "9" * 64, ":"]),
    st.sampled_from(["x" * 100_000, "\u202e", "<b>&amp;", "%s {0} {{ x }}"]),
    st.sampled_from([[], {}, [[]], [{}], {"id": {}}, [None] * 50]),
)


def places(value: Any, here: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every place within a JSON value."""
    inner = value.items() if isinstance(value, dict) else enumerate(value)
    for key, below in inner:
        yield (*here, key)
        if isinstance(below, dict | list):
            yield from places(below, (*here, key))


@st.composite
def hostile(draw: st.DrawFn) -> dict[str, Any]:
    update = copy.deepcopy(draw(st.sampled_from(UPDATES)))
    for _ in range(draw(st.integers(0, 4))):
        found = list(places(update))
        if not found:
            break
        *way, last = draw(st.sampled_from(found))
        inner: Any = update
        for key in way:
            inner = inner[key]
        if draw(st.booleans()) and isinstance(inner, dict):
            del inner[last]
        else:
            inner[last] = copy.deepcopy(draw(odd))
    if draw(st.booleans()):
        kind = draw(st.sampled_from(["message", "callback_query", "future_kind"]))
        update[kind] = copy.deepcopy(draw(odd))
    return update


class Room:
    """A bot behind a webhook for all examples: what one spoils, the next would meet."""

    def __init__(self, folder: Path, empty: Path, content: tuple[Book, Wording]) -> None:
        self._url = f"sqlite:///{folder}/bot.db"
        shutil.copy(empty, folder / "bot.db")
        self._content = content
        self._runner = asyncio.Runner()
        self._stack = AsyncExitStack()
        self._next_id = 0

    def __enter__(self) -> Room:
        self.hook: Hook = self._runner.run(self._open())
        return self

    def __exit__(self, *_: object) -> None:
        self._runner.run(self._stack.aclose())
        self._runner.close()

    async def _open(self) -> Hook:
        front = await self._stack.enter_async_context(
            opened_front(self._url, Clock(), self._content)
        )
        await front.server.sends(ANA, "/start")
        return await self._stack.enter_async_context(hooked(front))

    def meets(self, update: dict[str, Any]) -> None:
        self._runner.run(self._meets(update))

    async def _meets(self, update: dict[str, Any]) -> None:
        self._next_id += 2
        whole = {"update_id": self._next_id} | update
        assert await self.hook.posts(whole) == 200
        assert await self.hook.posts(whole) == 200, "the second time"
        assert self.hook.front.intake._queues == {}
        assert self.hook.front.intake._stuck == {}
        # The candidate goes on as if nothing had been.
        assert await self.hook.posts(message(self._next_id + 1, ANA, "/help")) == 200
        stored = f"SELECT 1 FROM updates WHERE update_id = {self._next_id + 1}"
        assert await tell(self.hook.front.store, stored) != []


@pytest.fixture(scope="module")
def room(
    tmp_path_factory: pytest.TempPathFactory,
    empty_database: Path,
    content: tuple[Book, Wording],
) -> Iterator[Room]:
    with Room(tmp_path_factory.mktemp("hostile"), empty_database, content) as room:
        yield room


@settings(
    max_examples=EXAMPLES,
    deadline=None,
    database=None,
    derandomize=EXAMPLES < 1000,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(update=hostile())
def test_no_delivery_crashes_it_or_sticks_in_a_chat(room: Room, update: dict[str, Any]) -> None:
    room.meets(update)
