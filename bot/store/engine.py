"""Which database a URL means, and what the store asks of any of them.

`sqlite.py` is a file beside the bot, with one process and one writer; `postgres.py` is a server
that any number of replicas share. All other code of the store is the same for both.
"""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager
from typing import Protocol

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.store.records import StoreError

POSTGRES = ("postgresql", "postgres", "postgresql+asyncpg")


class Database(Protocol):
    """A database that is open and up to date."""

    engine: AsyncEngine
    shared: bool
    """Whether other replicas may work on it, too."""

    def work(self) -> AbstractAsyncContextManager[AsyncConnection]:
        """One transaction: kept when the block ends, undone when it raises."""
        ...

    async def mark_for_wiping(self, connection: AsyncConnection) -> None:
        """Note in this transaction that what it deletes must become unreadable."""
        ...

    async def wipe(self) -> None:
        """Make unreadable what was marked; what fails is done at the next call."""
        ...

    async def close(self) -> None:
        """Finish the transactions in hand and let go."""
        ...


async def open_database(url: str) -> Database:
    """Open and migrate the database that `url` names. The drivers load only where they are used.

    Raises StoreBusy, StoreTooNew or StoreError; no message tells a password.
    """
    scheme = url.partition(":")[0]
    if scheme in POSTGRES:
        from bot.store.postgres import PostgresDatabase

        return await PostgresDatabase.open(url)
    if scheme == "sqlite+aiosqlite":
        from bot.store.sqlite import SqliteDatabase

        return await SqliteDatabase.open(url)
    raise StoreError(
        "the store needs a URL like sqlite+aiosqlite:///data/bot.db or"
        f" postgresql://user@host/database, not one that begins with {scheme}:"
    )
