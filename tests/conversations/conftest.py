"""Every conversation plays on the whole bot; one that leaves an error in the log fails."""

from __future__ import annotations

import asyncio
import logging
import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from bot.app import House
from bot.content import load_content
from bot.local.telegram import LocalTelegram
from bot.store import Store
from tests.conversations.stage import Candidate, Content, TestClock, running_house


@pytest.fixture(scope="session")
def content() -> Content:
    return load_content()


@pytest.fixture
def clock() -> TestClock:
    return TestClock()


@pytest.fixture
def telegram(clock: TestClock) -> Iterator[LocalTelegram]:
    telegram = LocalTelegram.open(":memory:", clock.stamp)
    yield telegram
    telegram.close()


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database that is up to date and empty: migrating it anew for each test takes long."""

    async def made(path: Path) -> None:
        store = await Store.open(f"sqlite:///{path}")
        await store.close()

    path = tmp_path_factory.mktemp("empty") / "bot.sqlite"
    asyncio.run(made(path))
    return path


@pytest.fixture(autouse=True)
def database(tmp_path: Path, empty_database: Path) -> None:
    """The test's own copy of the empty database."""
    shutil.copy(empty_database, tmp_path / "bot.sqlite")


@pytest.fixture
async def house(
    tmp_path: Path, telegram: LocalTelegram, clock: TestClock, content: Content
) -> AsyncIterator[House]:
    async with running_house(tmp_path, telegram, clock, content) as house:
        yield house


@pytest.fixture
def candidate(
    house: House,
    telegram: LocalTelegram,
    clock: TestClock,
    content: Content,
    caplog: pytest.LogCaptureFixture,
) -> Iterator[Candidate]:
    yield Candidate(house, telegram, clock, content[0])
    errors = [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR]
    assert errors == []
    assert telegram.spinning(7) == []
