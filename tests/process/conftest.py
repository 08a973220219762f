from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.process.api_server import ApiServer
from tests.process.on_telegram import TOKEN
from tests.process.running import BotProcess, Phone


@pytest.fixture
def bot(tmp_path: Path) -> Iterator[BotProcess]:
    process = BotProcess(tmp_path / "data")
    process.start()
    yield process
    process.kill()


@pytest.fixture
def phone(bot: BotProcess) -> Phone:
    return Phone(bot)


@pytest.fixture
def api() -> Iterator[ApiServer]:
    with ApiServer(TOKEN) as server:
        yield server
