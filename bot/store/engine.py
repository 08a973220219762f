"""Which database a URL means, and what the store asks of any of them.

`sqlite.py` is a file beside the bot, with one process and one writer; `postgres.py` is a server
that any number of replicas share. All other code of the store is the same for both: jobs, plain
functions of a SQLAlchemy connection, which the one runs in its thread and the other on a pool.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from typing import Protocol, TypeVar

import sqlalchemy as sa

from bot.store.records import StoreError

T = TypeVar("T")
Job = Callable[[sa.Connection], T]

POSTGRES = ("postgresql", "postgres", "postgresql+asyncpg")
SQLITE = "sqlite"


class Run(Protocol):
    """Runs a job and returns what it returns."""

    def __call__(self, job: Job[T], /) -> Awaitable[T]:
        """Raises what the job raises, or StoreAway."""
        ...


class Database(Protocol):
    """A database that is open and up to date."""

    shared: bool
    """Whether other replicas may work on it, too."""

    async def run(self, job: Job[T]) -> T:
        """Run a job as a transaction of its own: kept once this returns, undone if it raises."""
        ...

    def turn(self, chat_id: int) -> AbstractAsyncContextManager[Run]:
        """Keep all other turns of a chat waiting, and run the jobs of this one.

        Only what its last job writes is kept on every database, with one exception: the first may
        make the chat's lane where that is what keeps other turns waiting. A job that must write to
        read, as `Turn._read` does, undoes that itself. What was read before is still so when the
        last job writes. What the block raises undoes the turn and comes out as it is.
        """
        ...

    def mark_for_wiping(self, connection: sa.Connection) -> None:
        """Note within a job that what it deletes must become unreadable."""
        ...

    async def wipe(self, *, now: bool = False) -> None:
        """Make unreadable what was marked; what fails is done at the next call."""
        ...

    async def close(self) -> None:
        """Finish what is in hand and let go."""
        ...


async def open_database(url: str) -> Database:
    """Open and migrate the database that `url` names. The drivers load only where they are used.

    Raises what `Store.open` does; no message tells a password.
    """
    scheme = url.partition(":")[0]
    if scheme in POSTGRES:
        from bot.store.postgres import PostgresDatabase

        return await PostgresDatabase.open(url)
    if scheme == SQLITE:
        from bot.store.sqlite import SqliteDatabase

        return await SqliteDatabase.open(url)
    raise StoreError(
        "the store needs a URL like sqlite:///data/bot.db or"
        f" postgresql://user@host/database, not one that begins with {scheme}:"
    )
