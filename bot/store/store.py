"""The store: one place where transactions begin and end.

On SQLite there is one connection behind a lock: a single writer is faster than several that wait
for each other inside the database, and a second process is refused when the file is opened.
"""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.store import engine as database
from bot.store import failed
from bot.store.outbox import Outbox, free_all
from bot.store.records import Reminder
from bot.store.tables import failures, reminders, updates
from bot.store.turn import Turn

logger = logging.getLogger(__name__)

UPDATES_KEPT = timedelta(days=7)  # Telegram gives up delivering an update after a day
FAILURES_KEPT = timedelta(days=30)


class Store:
    """All that the bot remembers. Make one with `Store.open`, end it with `close`."""

    def __init__(
        self, engine: AsyncEngine, connection: AsyncConnection, lock: sqlite3.Connection
    ) -> None:
        self._engine = engine
        self._connection = connection
        self._lock = lock
        self._writing = asyncio.Lock()
        self._forgotten = False
        self._log_is_full = False
        self.outbox = Outbox(self._work)

    @classmethod
    async def open(cls, url: str) -> Store:
        """Open the database at `url`, a file that is made and migrated as needed.

        Raises StoreBusy when another process has it, StoreTooNew when a newer bot wrote it,
        StoreError when the URL names no file that can be used.
        """
        lock = database.guard(database.database_file(url))
        try:
            await database.bring_up_to_date(url)
            engine = database.create_engine(url)
            connection = await engine.connect()
        except BaseException:
            lock.close()
            raise
        store = cls(engine, connection, lock)
        async with store._work() as work:
            await free_all(work)
            store._forgotten = await database.needs_wiping(work)
        await store.wipe()
        return store

    async def close(self) -> None:
        """Finish the transaction in hand, wipe what is to be wiped and let go of the file."""
        try:
            await self.wipe()
        finally:
            async with self._writing:
                await self._connection.close()
                await self._engine.dispose()
                self._lock.close()

    @property
    def outbox_changed(self) -> asyncio.Event:
        """Set whenever a commit gave delivery something to look at."""
        return self.outbox.changed

    @asynccontextmanager
    async def _work(self) -> AsyncIterator[AsyncConnection]:
        """One transaction: kept when the block ends, undone when it raises."""
        async with self._writing, self._connection.begin():
            yield self._connection

    async def wipe(self) -> None:
        """Make unreadable what candidates asked to forget; what fails is done at the next call.

        Their rows are gone already. This writes the whole file anew, and while it lasts (about a
        second for 100 MB) nobody is answered: call it now and then, not for every wish.
        """
        async with self._writing:
            if self._connection.closed:
                return
            try:
                if self._forgotten:
                    await database.rebuild(self._connection)
                    self._forgotten, self._log_is_full = False, True
                if self._log_is_full:
                    self._log_is_full = not await database.empty_log(self._connection)
            except sqlite3.Error as error:
                kind = type(error).__name__
                logger.error("Deleted rows could not be wiped from the file yet: %s.", kind)

    @asynccontextmanager
    async def turn(
        self, chat_id: int, *, at: datetime, update_id: int | None = None
    ) -> AsyncIterator[Turn]:
        """One transaction for one update of one chat; `at` is aware, by delivery's own clock.

        Without an `update_id` the turn is ours, not the candidate's: a reminder, say.
        """
        if at.tzinfo is None:
            raise ValueError("a turn needs an aware time")
        changed = False
        async with self._work() as connection:
            turn = Turn(connection, chat_id, at, update_id)
            await turn.begin()
            yield turn
            if turn.seen:
                await connection.rollback()
            else:
                changed = await turn.finish()
                if turn.forgotten:
                    await database.mark_for_wiping(connection)
                    self._forgotten = True  # before the commit: a wipe may come right behind it
        if changed:
            self.outbox.changed.set()

    async def record_failure(
        self, chat_id: int, update_json: str, traceback_text: str, at: datetime
    ) -> str:
        """Keep what is needed to look into a failure; returns a reference easy to read aloud."""
        async with self._work() as connection:
            return await failed.record(connection, chat_id, update_json, traceback_text, at)

    async def due_reminders(self, now: datetime, limit: int) -> list[Reminder]:
        """What is owed by `now`, longest overdue first. Take each in a turn: `take_reminder`."""
        async with self._work() as connection:
            rows = await connection.execute(
                sa.select(reminders)
                .where(reminders.c.due_at <= now)
                .order_by(reminders.c.due_at)
                .limit(limit)
            )
            return [Reminder(row.candidate_id, row.kind, row.due_at, row.ref) for row in rows]

    async def prune(self, now: datetime, limit: int = 500) -> int:
        """Delete up to `limit` update ids and failures too old to matter; returns how many.

        Call it now and then, and again while it finds as many as it may.
        """
        pruned = 0
        for table, kept in ((updates, UPDATES_KEPT), (failures, FAILURES_KEPT)):
            keys = list(table.primary_key.columns)
            old = sa.select(*keys).where(table.c.at < now - kept).limit(limit - pruned)
            async with self._work() as connection:
                gone = await connection.execute(
                    sa.delete(table).where(sa.tuple_(*keys).in_(old)).returning(keys[0])
                )
                pruned += len(gone.all())
        return pruned
