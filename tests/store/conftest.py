"""A store on a real database of either kind, and a moment to begin at."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.store import Candidate, Store
from tests.postgres import postgres, postgres_url  # noqa: F401  (fixtures)

CHAT = 7_000_000_001  # more than 32 bits, as Telegram's ids are
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.fixture
def noon() -> datetime:
    return NOON


@pytest.fixture
def chat() -> int:
    return CHAT


@pytest.fixture(scope="session")
def ready_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file that is up to date and empty: migrating one for each test takes long."""

    async def made(path: Path) -> None:
        await (await Store.open(f"sqlite:///{path}")).close()

    path = tmp_path_factory.mktemp("ready") / "bot.db"
    asyncio.run(made(path))
    return path


@pytest.fixture
def sqlite_url(tmp_path: Path, ready_file: Path) -> str:
    shutil.copy(ready_file, tmp_path / "bot.db")
    return f"sqlite:///{tmp_path}/bot.db"


@pytest.fixture(params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest) -> str:
    """A database that is up to date and empty, of each kind in turn."""
    found: str = request.getfixturevalue(f"{request.param}_url")
    return found


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


def engine_of(store: Store) -> sa.Engine:
    """SQLAlchemy's engine, for whoever wants to listen to it."""
    engine = store._database.engine  # type: ignore[attr-defined]
    return getattr(engine, "sync_engine", engine)
