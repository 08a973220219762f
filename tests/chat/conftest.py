from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.local.telegram import LocalTelegram
from bot.store import Store
from tests.chat.delivering import (
    ANA,
    BEN,
    CAT,
    Clock,
    HeldClock,
    Line,
    Stage,
)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def stage(tmp_path: Path, clock: Clock) -> AsyncIterator[Stage]:
    server = LocalTelegram.open(":memory:", lambda: clock.now().timestamp())
    store = await Store.open(f"sqlite+aiosqlite:///{tmp_path}/bot.db")
    stage = Stage(store, server, Line(server, clock), clock)
    for chat in (ANA, BEN, CAT):
        await server.sends(chat, "/start")
    async with stage.bot:
        yield stage
    await store.close()
    server.close()


@pytest.fixture
async def held(tmp_path: Path) -> AsyncIterator[Stage]:
    clock = HeldClock()
    server = LocalTelegram.open(":memory:", lambda: clock.now().timestamp())
    store = await Store.open(f"sqlite+aiosqlite:///{tmp_path}/held.db")
    stage = Stage(store, server, Line(server, clock), clock)
    await server.sends(ANA, "/start")
    async with stage.bot:
        yield stage
    await store.close()
    server.close()
