"""A store on a real file, and a moment to begin at."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.store import Candidate, Store

CHAT = 7_000_000_001  # more than 32 bits, as Telegram's ids are
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.fixture
def noon() -> datetime:
    return NOON


@pytest.fixture
def chat() -> int:
    return CHAT


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite+aiosqlite:///{tmp_path}/bot.db"


@pytest.fixture
async def store(url: str) -> AsyncIterator[Store]:
    store = await Store.open(url)
    yield store
    await store.close()


@pytest.fixture
async def known(store: Store, chat: int, noon: datetime) -> Candidate:
    """A candidate whom the store knows."""
    candidate = Candidate(chat, "ready", noon)
    async with store.turn(chat, at=noon) as turn:
        await turn.save_candidate(candidate)
    return candidate
