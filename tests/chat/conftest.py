"""A stage for delivery, and one for intake, each on a database of its own."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.content import load_content
from bot.content.wording import Wording
from bot.interview.model import Book
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
from tests.chat.taking import Front, opened_front


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database that is up to date and empty: migrating it anew for each test takes long."""

    async def made(path: Path) -> None:
        store = await Store.open(f"sqlite:///{path}")
        await store.close()

    path = tmp_path_factory.mktemp("empty") / "bot.db"
    asyncio.run(made(path))
    return path


@pytest.fixture
def url(tmp_path: Path, empty_database: Path) -> str:
    shutil.copy(empty_database, tmp_path / "bot.db")
    return f"sqlite:///{tmp_path}/bot.db"


@pytest.fixture(scope="session")
def content() -> tuple[Book, Wording]:
    return load_content()


@pytest.fixture
async def house(url: str, clock: Clock, content: tuple[Book, Wording]) -> AsyncIterator[Front]:
    async with opened_front(url, clock, content) as front:
        yield front


@pytest.fixture
async def held_house(url: str, content: tuple[Book, Wording]) -> AsyncIterator[Front]:
    async with opened_front(url, HeldClock(), content) as front:
        yield front


@pytest.fixture
async def stage(url: str, clock: Clock) -> AsyncIterator[Stage]:
    server = LocalTelegram.open(":memory:", lambda: clock.now().timestamp())
    store = await Store.open(url)
    stage = Stage(store, server, Line(server, clock), clock)
    for chat in (ANA, BEN, CAT):
        await server.sends(chat, "/start")
    async with stage.bot:
        yield stage
    await store.close()
    server.close()


@pytest.fixture
async def held(url: str) -> AsyncIterator[Stage]:
    clock = HeldClock()
    server = LocalTelegram.open(":memory:", lambda: clock.now().timestamp())
    store = await Store.open(url)
    stage = Stage(store, server, Line(server, clock), clock)
    await server.sends(ANA, "/start")
    async with stage.bot:
        yield stage
    await store.close()
    server.close()
