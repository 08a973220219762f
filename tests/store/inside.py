"""Behind the store's back: statements of a test's own, a database that is busy, a full disk."""

from __future__ import annotations

import asyncio
import resource
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

import sqlalchemy as sa

from bot.store import Store


async def tell(store: Store, statement: str | sa.Executable, *rows: Any) -> list[Any]:
    """Execute a statement, in SQL or SQLAlchemy's; returns the rows that come back."""

    def job(connection: sa.Connection) -> list[Any]:
        if isinstance(statement, str):
            result = connection.exec_driver_sql(statement)
        else:
            result = connection.execute(statement, rows or None)
        return list(result.all()) if result.returns_rows else []

    return await store._database.run(job)


@asynccontextmanager
async def busy(store: Store) -> AsyncIterator[None]:
    """A SQLite whose one writer does nothing else while the block lasts."""
    loop, begun, over = asyncio.get_running_loop(), asyncio.Event(), threading.Event()

    def job(_: sa.Connection) -> None:
        loop.call_soon_threadsafe(begun.set)
        over.wait(30)

    task = asyncio.create_task(store._database.run(job))
    await begun.wait()
    try:
        yield
    finally:
        over.set()
        await task


@contextmanager
def full_disk() -> Iterator[None]:
    """No file takes a byte of this process, but all can be read."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
