"""The database itself: how a file is opened, guarded against a second process and migrated."""

from __future__ import annotations

import json
import sqlite3
from functools import partial
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import URL, make_url
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from bot.private import make_private_database, make_private_folder
from bot.store.records import StoreBusy, StoreError, StoreTooNew

# The newest migration in migrations/versions; a test holds the two together, so that opening a
# database that is up to date costs one query and no import of alembic.
HEAD = "0001"

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


def database_file(url: str) -> Path:
    """The file that `url` names. Raises StoreError for anything but a SQLite file."""
    parsed: URL = make_url(url)
    name = parsed.database or ":memory:"
    # In memory all would be lost with the process; URIs and queries are doors to the same.
    in_memory = name.startswith((":memory:", "file:")) or parsed.query
    if parsed.drivername != "sqlite+aiosqlite" or in_memory:
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


async def mark_for_wiping(connection: AsyncConnection) -> None:
    """Note in this transaction that traces of what it deletes are to be wiped after it.

    The note is kept in the file's own user_version, so that a crash in between is made good at
    the next start.
    """
    await connection.exec_driver_sql("PRAGMA user_version=1")


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


async def _version(connection: AsyncConnection) -> str | None:
    known = await connection.scalar(
        sa.text("SELECT name FROM sqlite_master WHERE name = 'alembic_version'")
    )
    if known is None:
        return None
    version = await connection.scalar(sa.text("SELECT version_num FROM alembic_version"))
    return None if version is None else str(version)


async def bring_up_to_date(url: str) -> None:
    """Migrate the database at `url` when it is behind.

    Raises StoreTooNew when it is ahead, StoreError when it is no database or cannot be migrated.
    """
    engine = create_engine(url, foreign_keys=False)
    try:
        async with engine.connect() as connection:
            version = await _version(connection)
            await connection.rollback()
        if version is not None and version > HEAD:
            raise StoreTooNew(
                f"{database_file(url)} is at version {version}, and this bot knows only up to"
                f" {HEAD}. Run the newer bot, or restore a backup from before the update."
            )
        if version != HEAD:
            from bot.store.migrations.run import upgrade  # alembic is slow to import

            await upgrade(engine)
    except sa.exc.DatabaseError as error:
        raise StoreError(f"{database_file(url)} cannot be used: {error.orig}") from error
    finally:
        await engine.dispose()
