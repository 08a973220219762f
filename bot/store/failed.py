"""What went wrong and is kept for whoever looks into it."""

from __future__ import annotations

from datetime import datetime
from secrets import choice

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.kept import trim
from bot.store.tables import failures
from bot.store.upsert import insert


async def record(
    connection: AsyncConnection, chat_id: int, what: str, traceback_text: str, at: datetime
) -> str:
    """Keep what failed, as JSON, and why; returns a reference easy to read aloud."""
    values = {"candidate_id": chat_id, "update": what, "traceback": traceback_text, "at": at}
    while True:  # references are short: of hundreds of failures of one candidate two may be alike
        reference = "".join(choice("bdfgklmnprstvz") + choice("aeiou") for _ in range(3))
        kept = await connection.execute(
            insert(connection, failures)
            .values(reference=reference, **values)
            .on_conflict_do_nothing()
            .returning(failures.c.reference)
        )
        if kept.first() is not None:
            await connection.run_sync(trim, chat_id)
            return reference
