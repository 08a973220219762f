"""Every conversation plays on the whole bot; one that leaves an error in the log fails."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from telegram import Bot

from bot.app import LOCAL_TOKEN, House, open_house
from bot.content import Wording, load_content
from bot.interview.model import Book
from bot.local.request import LocalRequest
from bot.local.telegram import LocalTelegram
from tests.conversations.stage import Candidate, TestClock


@pytest.fixture(scope="session")
def content() -> tuple[Book, Wording]:
    return load_content()


@pytest.fixture
def clock() -> TestClock:
    return TestClock()


@pytest.fixture
def telegram(clock: TestClock) -> LocalTelegram:
    return LocalTelegram.open(":memory:", clock.stamp)


@pytest.fixture
async def house(
    tmp_path: Path, telegram: LocalTelegram, clock: TestClock, content: tuple[Book, Wording]
) -> AsyncIterator[House]:
    requests = LocalRequest(telegram), LocalRequest(telegram)
    bot = Bot(LOCAL_TOKEN, request=requests[0], get_updates_request=requests[1])
    url = f"sqlite+aiosqlite:///{tmp_path / 'bot.sqlite'}"
    async with bot, open_house(bot, url, *content, clock) as house:
        yield house
    telegram.close()


@pytest.fixture
def candidate(
    house: House, telegram: LocalTelegram, clock: TestClock, caplog: pytest.LogCaptureFixture
) -> AsyncIterator[Candidate]:
    yield Candidate(house, telegram, clock)
    errors = [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR]
    assert errors == []
    assert telegram.spinning(7) == []
