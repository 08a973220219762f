"""The store: one place where transactions begin and end."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from functools import cache, partial

import sqlalchemy as sa

from bot.store import failed, kept, usage
from bot.store.batch import batch
from bot.store.engine import Database, Job, T, open_database
from bot.store.outbox import Outbox
from bot.store.pulse import Condition, Pulse, ping, pulse, touch
from bot.store.records import Failure, Reminder, StoreAway
from bot.store.tables import failures, reminders, updates
from bot.store.turn import Turn

UPDATES_KEPT = timedelta(days=7)  # Telegram gives up delivering an update after a day
FAILURES_KEPT = timedelta(days=30)
REMINDER_LEASE = timedelta(seconds=30)


@cache
def _due(limit: int) -> sa.Executable:
    """Claims up to `limit` due reminders; built once, as it runs each second."""
    now = sa.bindparam("now", type_=reminders.c.due_at.type)
    until = sa.bindparam("until", type_=reminders.c.due_at.type)
    too_late = sa.bindparam("too_late", type_=reminders.c.due_at.type)
    lease = reminders.c.taken_until
    keys = list(reminders.primary_key.columns)
    due = (
        sa.select(*keys)
        .where(reminders.c.due_at <= now, lease.is_(None) | (lease <= now) | (lease > too_late))
        .order_by(reminders.c.kind == sa.bindparam("last"), reminders.c.due_at)
    )
    return (
        sa.update(reminders)
        .where(sa.tuple_(*keys).in_(batch(due, limit)))
        .values(taken_until=until)
        .returning(reminders)
    )


class Store:
    """All that the bot remembers. Make one with `Store.open`, end it with `close`."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._condition = Condition()
        self.outbox = Outbox(self._run, shared=database.shared)

    @classmethod
    async def open(cls, url: str) -> Store:
        """Open the database at `url`: a SQLite file, made as needed, or PostgreSQL. Migrates it.

        Raises StoreBusy when another process has the file, StoreAway when the server cannot be
        reached or the disk is full, StoreTooNew when a newer bot wrote to the database, StoreError
        when the URL names nothing that can be used.
        """
        return cls(await open_database(url))

    async def close(self) -> None:
        """Finish the transactions in hand, wipe what is to be wiped and let go."""
        await self._database.close()

    @property
    def outbox_changed(self) -> asyncio.Event:
        """Set whenever a commit gave delivery something to look at."""
        return self.outbox.changed

    async def wipe(self, *, now: bool = False) -> None:
        """Make unreadable what candidates asked to forget; what fails is done at the next call.

        Their rows are gone already. On SQLite this writes the whole file anew, and while it lasts
        (about a second for 100 MB) nobody is answered: call it now and then; it does the work after
        fifty times as long as it took, or `now`.
        On PostgreSQL there is nothing to do; see postgres.py.
        """
        await self._database.wipe(now=now)

    @asynccontextmanager
    async def turn(
        self, chat_id: int, *, at: datetime, update_id: int | None = None
    ) -> AsyncIterator[Turn]:
        """One transaction for one update of one chat; `at` is aware, by delivery's own clock.

        Without an `update_id` the turn is ours, not the candidate's: a reminder, say.
        """
        if at.tzinfo is None:
            raise ValueError("a turn needs an aware time")
        try:
            async with self._database.turn(chat_id) as run:
                turn = await Turn.begin(run, chat_id, at, update_id)
                yield turn

                def finish(connection: sa.Connection) -> bool:
                    if turn.forgotten:
                        self._database.mark_for_wiping(connection)
                    return turn.finish(connection)

                writes = not turn.is_idle
                changed = writes and await run(finish)
        except StoreAway as error:
            self._condition.failed(error)
            raise
        if writes:
            self._condition.written()
        if changed:
            self.outbox.changed.set()

    async def _run(self, job: Job[T]) -> T:
        """Run a job outside of any turn."""
        try:
            return await self._database.run(job)
        except StoreAway as error:
            self._condition.failed(error)
            raise

    async def _be_back(self) -> None:
        """Where the last thing that was to be kept was not, see whether something is by now."""
        if self._condition.is_away:
            await self._run(touch)
            self._condition.written()

    async def record_failure(
        self, chat_id: int, update_json: str, traceback_text: str, at: datetime
    ) -> str:
        """Keep what is needed to look into a failure; returns a reference easy to read aloud."""
        return await self._run(
            partial(failed.record, chat_id=chat_id, what=update_json, trace=traceback_text, at=at)
        )

    async def due_reminders(self, now: datetime, limit: int, *, last: str = "") -> list[Reminder]:
        """Claim what is owed by `now`, longest overdue first. Take each in a turn: `take_reminder`.

        Those of the kind `last` come after all others. For half a minute no other replica is told
        of them; one that was not taken then comes back. Where there are no replicas, it comes back
        at once. While the store is away it is found out here, each time, whether it still is.
        """
        await self._be_back()
        lease = REMINDER_LEASE if self._database.shared else timedelta(0)
        values = {"now": now, "until": now + lease, "last": last}
        # A lease that ends so late was given before the clock was set back.
        values["too_late"] = now + 2 * lease
        claim = _due(limit)
        rows = await self._run(lambda connection: connection.execute(claim, values).all())
        found = [Reminder(row.candidate_id, row.kind, row.due_at, row.ref) for row in rows]
        return sorted(found, key=lambda reminder: (reminder.kind == last, reminder.due_at))

    async def prune(self, now: datetime, limit: int = 500) -> int:
        """Delete up to `limit` update ids and failures too old to matter; returns how many.

        Call it now and then, and again while it finds as many as it may. Several replicas may;
        each passes over what another one has in hand.
        """
        pruned = 0
        for table, age in ((updates, UPDATES_KEPT), (failures, FAILURES_KEPT)):
            keys = list(table.primary_key.columns)
            old = batch(sa.select(*keys).where(table.c.at < now - age), limit - pruned)
            forgotten = sa.delete(table).where(sa.tuple_(*keys).in_(old)).returning(keys[0])
            pruned += await self._run(partial(_count, statement=forgotten))
        return pruned

    async def ping(self) -> None:
        """Have the database answer, and take something if it lately did not.

        Raises what it does if it cannot.
        """
        await self._be_back()
        await self._run(ping)

    async def pulse(self, now: datetime) -> Pulse:
        """How much waits in the outbox, and since when."""
        return await self._run(partial(pulse, now=now))

    async def failures(self, reference: str | None = None) -> list[Failure]:
        """All turns that failed and are kept, or those of one reference, oldest first."""
        return await self._run(partial(kept.find, reference=reference))

    async def written_since(self, chat_id: int, since: datetime) -> int:
        """How many bytes of interviews a candidate has left at `since` or later."""
        return await self._run(partial(usage.written_since, chat_id=chat_id, since=since))


def _count(connection: sa.Connection, statement: sa.Executable) -> int:
    """Execute a statement and count the rows that it returns."""
    return len(connection.execute(statement).all())
