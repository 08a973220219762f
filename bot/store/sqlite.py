"""SQLite: a file beside the bot, guarded against a second process.

All jobs run on one connection in one thread: a single writer is faster than several that wait for
each other inside the database. Jobs that wait at the same moment are done together and share one
commit, the one step that has to wait for the disk. Each has its own savepoint, so that one that
fails undoes only itself, and none is reported done before that commit.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import sqlite3
from collections.abc import AsyncIterator, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, contextmanager
from functools import partial
from pathlib import Path
from time import monotonic
from typing import Any
from weakref import WeakValueDictionary

import sqlalchemy as sa
from sqlalchemy.engine import make_url

from bot.private import make_private_database, make_private_folder
from bot.store.engine import Job, Run, T
from bot.store.outbox import free_all
from bot.store.records import StoreAway, StoreBusy, StoreError
from bot.store.together import Raised, Together
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
TOGETHER = 64  # jobs that share a commit
_WIPE_SHARE = 50  # times as long as a rebuild took until the next one

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
# What the system says of a path that is no place for a database, and will say of it again.
WRONG_PLACE = (
    FileExistsError,
    FileNotFoundError,
    IsADirectoryError,
    NotADirectoryError,
    PermissionError,
)


class SqliteDatabase:
    """An open file; `lock` keeps other processes out."""

    shared = False

    def __init__(self, engine: sa.Engine, lock: sqlite3.Connection) -> None:
        self.engine = engine
        self._connection = engine.connect()
        self._lock = lock
        self._thread = ThreadPoolExecutor(1, "sqlite")
        self._jobs: Together[Job[Any], Any] = Together(self._in_thread, TOGETHER)
        self._chats: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()
        self._forgotten = False
        self._log_is_full = False
        self._next_wipe = 0.0  # by the monotonic clock

    @classmethod
    async def open(cls, url: str) -> SqliteDatabase:
        """Open the file at `url`, which is made and migrated as needed."""
        path = database_file(url)
        lock = guard(path)
        try:
            migrate(path)
            opened = cls(create_engine(path), lock)
        except BaseException:
            lock.close()
            raise
        await opened.run(free_all)
        opened._forgotten = await opened.run(needs_wiping)
        await opened.wipe()
        return opened

    async def run(self, job: Job[T]) -> T:
        """Run a job as a transaction of its own: kept once this returns, undone if it raises."""
        if self._connection.closed:
            raise StoreError("the store was closed")
        result: T = await self._jobs.add(job)
        return result

    @asynccontextmanager
    async def turn(self, chat_id: int) -> AsyncIterator[Run]:
        """Keep all other turns of a chat waiting, and run the jobs of this one."""
        lock = self._chats.setdefault(chat_id, asyncio.Lock())
        async with lock:
            yield self.run

    async def _in_thread(self, jobs: Sequence[Job[Any]]) -> list[Any | Raised]:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._thread, self._together, jobs)

    def _together(self, jobs: Sequence[Job[Any]]) -> list[Any | Raised]:
        """Do all jobs in one transaction."""
        try:
            with begun(self._connection) as driver:
                return [self._apart(job, driver) for job in jobs]
        except Exception as error:
            return [Raised(_told(error)) for _ in jobs]  # each its own: tracebacks grow

    def _apart(self, job: Job[Any], driver: sqlite3.Connection) -> Any | Raised:
        """Do one job; if it raises it is undone, and the others of its transaction are not."""
        driver.execute("SAVEPOINT job")
        try:
            result = job(self._connection)
        except Exception as error:
            if not driver.in_transaction:
                # SQLite itself has undone all of it, as it does for a full or failing disk;
                # the error may only say that a savepoint is gone.
                why = getattr(error, "orig", error)
                raise StoreAway(f"the file takes nothing: {why}") from error
            driver.execute("ROLLBACK TO job")
            driver.execute("RELEASE job")
            return Raised(_told(error))
        driver.execute("RELEASE job")
        return result

    def mark_for_wiping(self, connection: sa.Connection) -> None:
        """Note within a job that traces of what it deletes are to be wiped after it.

        The note is kept in the file's own user_version, so that a crash in between is made good
        at the next start.
        """
        connection.exec_driver_sql("PRAGMA user_version=1")
        self._forgotten = True  # before the commit: a wipe may come right behind it

    async def wipe(self, *, now: bool = False) -> None:
        """Write the file anew if something was forgotten; while it lasts nobody is answered.

        So that nobody can keep the bot at it by being forgotten again and again, it takes at most
        a fiftieth of the time: what comes too soon is done at a later call, or `now`.
        """
        if not self._connection.closed and (now or monotonic() >= self._next_wipe):
            await asyncio.get_running_loop().run_in_executor(self._thread, self._wipe)

    def _wipe(self) -> None:
        try:
            if self._forgotten:
                begun_at = monotonic()
                rebuild(self._connection)
                self._forgotten, self._log_is_full = False, True
                self._next_wipe = begun_at + _WIPE_SHARE * (monotonic() - begun_at)
            if self._log_is_full:
                self._log_is_full = not empty_log(self._connection)
        except sqlite3.Error as error:
            kind = type(error).__name__
            logger.error("Deleted rows could not be wiped from the file yet: %s.", kind)

    async def close(self) -> None:
        """Finish the jobs in hand, wipe what is to be wiped and let go of the file."""
        try:
            await self._jobs.idle()
            await self.wipe(now=True)
        finally:
            self._thread.shutdown()
            self._connection.close()
            self.engine.dispose()
            self._lock.close()


def database_file(url: str) -> Path:
    """The file that `url` names. Raises StoreError for anything but a SQLite file."""
    parsed = make_url(url)
    name = parsed.database or ":memory:"
    # In memory all would be lost with the process; URIs and queries are doors to the same.
    if name.startswith((":memory:", "file:")) or parsed.query:
        raise StoreError(f"the store needs a URL like sqlite:///data/bot.db, not {url!r}")
    return Path(name)


def guard(path: Path) -> sqlite3.Connection:
    """A lock beside the database that ends with this process; close it to let go.

    SQLite's own file locks serve here because they work alike on every system. The lock lies
    beside the file itself, so that whoever comes by a link finds it, too. Folder and files
    are made if need be, for their owner alone. Raises StoreBusy while another process, or another
    store in this one, holds the lock, StoreAway while the disk takes nothing, and StoreError when
    the place cannot be written to.
    """
    if sqlite3.sqlite_version_info < (3, 35):
        raise StoreError(f"SQLite 3.35 or newer is needed; this is {sqlite3.sqlite_version}.")
    lock = None
    try:
        file = Path(os.path.realpath(path))
        if file.is_dir():
            raise IsADirectoryError("it is a folder")
        make_private_folder(file.parent)
        beside = file.with_name(f"{file.name}.lock")
        make_private_database(beside)
        make_private_database(file)
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
        raise _unusable(error)(f"{path} cannot be opened: {error}") from error
    return lock


def create_engine(path: Path, *, foreign_keys: bool = True) -> sa.Engine:
    """An engine that leaves it to `begun` to begin transactions.

    The driver would begin lazily and deferred; then two writers could both start reading, and one
    would fail half way. https://docs.python.org/3/library/sqlite3.html
    """
    engine = sa.create_engine(
        sa.URL.create("sqlite", database=str(path)),
        connect_args={"isolation_level": None, "check_same_thread": False},
        hide_parameters=True,  # errors end up in logs, and parameters are a candidate's words
        json_serializer=partial(json.dumps, ensure_ascii=False, separators=(",", ":")),
    )

    @sa.event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: object) -> None:
        cursor = connection.cursor()
        for pragma in PRAGMAS:
            cursor.execute(pragma)
        cursor.execute(f"PRAGMA foreign_keys={'ON' if foreign_keys else 'OFF'}")
        cursor.close()

    return engine


@contextmanager
def begun(connection: sa.Connection) -> Iterator[sqlite3.Connection]:
    """A transaction that is the only one from its start; gives the driver's own connection."""
    with connection.begin():
        driver: Any = connection.connection.driver_connection
        driver.execute("BEGIN IMMEDIATE")
        yield driver


def migrate(path: Path) -> None:
    """Bring the file to the newest version. Raises StoreTooNew, StoreAway or StoreError."""
    engine = create_engine(path, foreign_keys=False)
    try:
        with engine.connect() as connection, begun(connection):
            bring_up_to_date(connection, str(path))
    except sa.exc.DatabaseError as error:
        raise _unusable(error)(f"{path} cannot be used: {error.orig}") from error
    finally:
        engine.dispose()


def needs_wiping(connection: sa.Connection) -> bool:
    """Whether deleted rows may still be readable in the file."""
    return bool(connection.exec_driver_sql("PRAGMA user_version").scalar())


def rebuild(connection: sa.Connection) -> None:
    """Write the file anew without anything that was deleted.

    secure_delete alone is not enough: when pages are split and merged, stale copies of a row stay
    in the gaps. (Seen in 2 of 25 random histories.)
    """
    _outside_transaction(connection, "VACUUM")


def empty_log(connection: sa.Connection) -> bool:
    """Empty the write-ahead log, which holds pages as they were; false if a reader prevents it."""
    busy = _outside_transaction(connection, "PRAGMA wal_checkpoint(TRUNCATE)")
    if busy:
        return False
    _outside_transaction(connection, "PRAGMA user_version=0")
    return True


def _outside_transaction(connection: sa.Connection, statement: str) -> Any:
    """Run what SQLite refuses within a transaction; returns the first value, if there is one."""
    driver: Any = connection.connection.driver_connection
    row = driver.execute(statement).fetchone()
    return row[0] if row else None


def _unusable(error: Exception) -> type[StoreError]:
    """What to raise for a file that cannot be opened: StoreAway when a later start may find it."""
    away = isinstance(error, OSError) and not isinstance(error, WRONG_PLACE)
    return StoreAway if away or _is_passing(error) else StoreError


def _is_passing(error: Exception) -> bool:
    cause = getattr(error, "orig", error)
    return getattr(cause, "sqlite_errorcode", 0) & 0xFF in PASSING


def _told(error: Exception) -> Exception:
    """The error as callers are to see it: StoreAway when trying again may help."""
    if isinstance(error, StoreAway):
        return StoreAway(*error.args)
    if not _is_passing(error):
        return error
    away = StoreAway(f"the file takes nothing: {getattr(error, 'orig', error)}")
    away.__cause__ = error
    return away
