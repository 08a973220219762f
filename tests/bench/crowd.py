"""Candidates with a daily drill, made in bulk on disk: one through the store, the others copies.

In `made`, their drills come spread over the week that begins tomorrow, so that nothing is due.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.store import Store
from tests.bench.appointments import seat, with_drill
from tests.bench.prepared import copy

MODEL = 1
FIRST_TALKER = 1_000  # of those who write to the bot themselves
FIRST = 1_000_000  # of those who have drills
WEEK = 7 * 24 * 60  # minutes


async def make(file: Path, candidates: int, talkers: int = 0) -> None:
    """Make the database with so many who have a drill a day, and some who have none."""
    now = datetime.now(UTC)
    store = await Store.open(f"sqlite:///{file}")
    await seat(store, MODEL, with_drill(now), now, now + timedelta(days=1))
    async with store.turn(MODEL, at=now) as turn:
        turn.say("sendMessage", {"text": "…"})
    await store.close()
    with closing(sqlite3.connect(file)) as database:
        database.execute("PRAGMA synchronous = OFF")
        database.execute("DELETE FROM outbox")
        database.execute("UPDATE lanes SET at = NULL, owner = NULL")
        copy(database, MODEL, FIRST, candidates)
        later = f"'now', '+1 day', (candidate_id * 7919 % {WEEK}) || ' minutes'"
        at = f"strftime('%Y-%m-%d %H:%M:00.000000', {later})"
        database.execute(f"UPDATE reminders SET due_at = {at}")
        copy(database, MODEL, FIRST_TALKER, talkers)
        last = FIRST_TALKER + talkers
        for table in ("agendas", "reminders"):
            database.execute(f"DELETE FROM {table} WHERE candidate_id < {last}")
        database.commit()
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def fall_due(file: Path, count: int) -> None:
    """Have the bot look at the agendas of so many now, at once, while it runs."""
    with closing(sqlite3.connect(file, timeout=10)) as database, database:
        database.execute(
            "UPDATE reminders SET due_at = strftime('%Y-%m-%d %H:%M:%f000', 'now')"
            " WHERE candidate_id >= ? AND candidate_id < ?",
            (FIRST, FIRST + count),
        )


def written(file: Path) -> tuple[int, int]:
    """How many lines there were ever for those who have drills, and how many agendas are due still.

    Both are of one moment. The lane of everybody began with the one line of the model's.
    """
    now = "strftime('%Y-%m-%d %H:%M:%f', 'now')"
    query = (
        f"SELECT (SELECT sum(last_position - 1) FROM lanes WHERE candidate_id >= {FIRST}),"
        f" (SELECT count(*) FROM reminders WHERE due_at <= {now})"
    )
    with closing(sqlite3.connect(file, timeout=10)) as database:
        lines, due = database.execute(query).fetchone()
    return int(lines), int(due)


def most_lines(file: Path) -> int:
    """The most lines that there ever were for one of them."""
    with closing(sqlite3.connect(file, timeout=10)) as database:
        query = f"SELECT max(last_position) - 1 FROM lanes WHERE candidate_id >= {FIRST}"
        return int(database.execute(query).fetchone()[0])
