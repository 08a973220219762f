"""SQLite: a file beside the bot, guarded against a second process.

One connection behind a lock: a single writer is faster than several that wait for each other
inside the database.
"""

from __future__ import annotations

import asyncio
import json
import logging
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import URL, make_url
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from bot.private import make_private_database, make_private_folder
from bot.store.outbox import free_all
from bot.store.records import StoreAway, StoreBusy, StoreError
from bot.store.version import bring_up_to_date

logger = logging.getLogger(__name__)

# synchronous=FULL: a turn is acknowledged to Telegram after its commit, and Telegram then forgets
# the update. With NORMAL a power cut may take the last commits back, and with them the answer.
# secure_delete: lines that were sent and rows that were pruned are overwritten, not only unlinked
# (what a candidate asks us to forget is wiped more thoroughly, see `rebuild`).
PRAGMAS = (
    "PRAGMA busy_timeout=5000",
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA secure_delete=ON",
    "PRAGMA temp_store=MEMORY",
)

# Trouble with the disk rather than with what is written to it: it may pass.
PASSING = frozenset(
    {
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_CANTOPEN,
    }
)


class SqliteDatabase:
    """An open file; `lock` keeps other processes out."""

    shared = False

    def __init__(
        self, engine: AsyncEngine, connection: AsyncConnection, lock: sqlite3.Connection
    ) -> None:
        self.engine = engine
        self._connection = connection
        self._lock = lock
        self._writing = asyncio.Lock()
        self._forgotten = False
        self._log_is_full = False

    @classmethod
    async def open(cls, url: str) -> SqliteDatabase:
        """Open the file at `url`, which is made and migrated as needed."""
        path = database_file(url)
        lock = guard(path)
        try:
            await _migrate(url, path)
            engine = create_engine(url)
            connection = await engine.connect()
        except BaseException:
            lock.close()
            raise
        opened = cls(engine, connection, lock)
        async with opened.work() as work:
            await free_all(work)
            opened._forgotten = await needs_wiping(work)
        await opened.wipe()
        return opened

    @asynccontextmanager
    async def work(self) -> AsyncIterator[AsyncConnection]:
        """One transaction: kept when the block ends, undone when it raises."""
        async with self._writing:
            try:
                async with self._connection.begin():
                    yield self._connection
            except sa.exc.DBAPIError as error:
                if getattr(error.orig, "sqlite_errorcode", 0) & 0xFF in PASSING:
                    raise StoreAway(f"the file takes nothing: {error.orig}") from error
                raise

    async def mark_for_wiping(self, connection: AsyncConnection) -> None:
        """Note in this transaction that traces of what it deletes are to be wiped after it.

        The note is kept in the file's own user_version, so that a crash in between is made good
        at the next start.
        """
        await connection.exec_driver_sql("PRAGMA user_version=1")
        self._forgotten = True  # before the commit: a wipe may come right behind it

    async def wipe(self) -> None:
        """Write the file anew if something was forgotten; while it lasts nobody is answered."""
        async with self._writing:
            if self._connection.closed:
                return
            try:
                if self._forgotten:
                    await rebuild(self._connection)
                    self._forgotten, self._log_is_full = False, True
                if self._log_is_full:
                    self._log_is_full = not await empty_log(self._connection)
            except sqlite3.Error as error:
                kind = type(error).__name__
                logger.error("Deleted rows could not be wiped from the file yet: %s.", kind)

    async def close(self) -> None:
        """Finish the transaction in hand, wipe what is to be wiped and let go of the file."""
        try:
            await self.wipe()
        finally:
            async with self._writing:
                await self._connection.close()
                await self.engine.dispose()
                self._lock.close()


def database_file(url: str) -> Path:
    """The file that `url` names. Raises StoreError for anything but a SQLite file."""
    parsed: URL = make_url(url)
    name = parsed.database or ":memory:"
    # In memory all would be lost with the process; URIs and queries are doors to the same.
    if name.startswith((":memory:", "file:")) or parsed.query:
        raise StoreError(f"the store needs a URL like sqlite+aiosqlite:///data/bot.db, not {url!r}")
    return Path(name)


def guard(path: Path) -> sqlite3.Connection:
    """A lock beside the database that ends with this process; close it to let go.

    SQLite's own file locks serve here because they work alike on every system. Folder and files
    are made if need be, for their owner alone. Raises StoreBusy while another process, or another
    store in this one, holds the lock, StoreError when the place cannot be written to.
    """
    if sqlite3.sqlite_version_info < (3, 35):
        raise StoreError(f"SQLite 3.35 or newer is needed; this is {sqlite3.sqlite_version}.")
    lock = None
    try:
        make_private_folder(path.parent)
        beside = path.with_name(f"{path.name}.lock")
        make_private_database(beside)
        make_private_database(path)
        lock = sqlite3.connect(beside, timeout=0, isolation_level=None)
        lock.execute("PRAGMA journal_mode=MEMORY")  # nothing is written, so no journal file either
        lock.execute("BEGIN EXCLUSIVE")
    except (OSError, sqlite3.Error) as error:
        if lock is not None:
            lock.close()
        if getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_BUSY:
            raise StoreBusy(
                f"{path} is in use by another running bot. Stop that one first, or give this one"
                " its own database."
            ) from error
        raise StoreError(f"{path} cannot be opened: {error}") from error
    return lock


def create_engine(url: str, *, foreign_keys: bool = True) -> AsyncEngine:
    """An engine whose transactions begin with BEGIN IMMEDIATE."""
    engine = create_async_engine(
        url,
        connect_args={"isolation_level": None},
        hide_parameters=True,  # errors end up in logs, and parameters are a candidate's words
        json_serializer=partial(json.dumps, ensure_ascii=False, separators=(",", ":")),
    )

    @sa.event.listens_for(engine.sync_engine, "connect")
    def prepare(connection: Any, _record: object) -> None:
        cursor = connection.cursor()
        for pragma in PRAGMAS:
            cursor.execute(pragma)
        cursor.execute(f"PRAGMA foreign_keys={'ON' if foreign_keys else 'OFF'}")
        cursor.close()

    @sa.event.listens_for(engine.sync_engine, "begin")
    def begin(connection: sa.Connection) -> None:
        # The driver would begin lazily and deferred; then two writers could both start reading
        # and one would fail half way. https://docs.python.org/3/library/sqlite3.html
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


async def _migrate(url: str, path: Path) -> None:
    engine = create_engine(url, foreign_keys=False)
    try:
        await bring_up_to_date(engine, str(path))
    except sa.exc.DatabaseError as error:
        raise StoreError(f"{path} cannot be used: {error.orig}") from error
    finally:
        await engine.dispose()


async def needs_wiping(connection: AsyncConnection) -> bool:
    """Whether deleted rows may still be readable in the file."""
    return bool((await connection.exec_driver_sql("PRAGMA user_version")).scalar())


async def rebuild(connection: AsyncConnection) -> None:
    """Write the file anew without anything that was deleted.

    secure_delete alone is not enough: when pages are split and merged, stale copies of a row stay
    in the gaps. (Seen in 2 of 25 random histories.)
    """
    await _outside_transaction(connection, "VACUUM")


async def empty_log(connection: AsyncConnection) -> bool:
    """Empty the write-ahead log, which holds pages as they were; false if a reader prevents it."""
    busy = await _outside_transaction(connection, "PRAGMA wal_checkpoint(TRUNCATE)")
    if busy:
        return False
    await _outside_transaction(connection, "PRAGMA user_version=0")
    return True


async def _outside_transaction(connection: AsyncConnection, statement: str) -> Any:
    """Run what SQLite refuses within a transaction; returns the first value, if there is one."""
    driver: Any = (await connection.get_raw_connection()).driver_connection
    async with driver.execute(statement) as cursor:
        row = await cursor.fetchone()
    return row[0] if row else None
