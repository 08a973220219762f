from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.content import load_content
from bot.local.telegram import LocalTelegram
from tests.chaos.nest import Nest
from tests.conversations.stage import Content, TestClock
from tests.postgres import postgres, postgres_url

__all__ = ["postgres", "postgres_url"]


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
def nest(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nest]:
    """One for all storms: it takes a while to import everything."""
    with Nest(tmp_path_factory.mktemp("nest") / "bots.log") as nest:
        yield nest


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """A folder that is empty again at the end: storms leave much behind."""
    yield tmp_path
    shutil.rmtree(tmp_path, ignore_errors=True)
