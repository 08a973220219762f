"""What went wrong and is kept for whoever looks into it."""

from __future__ import annotations

from datetime import datetime
from secrets import choice

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.tables import failures


async def record(
    connection: AsyncConnection, chat_id: int, what: str, traceback_text: str, at: datetime
) -> str:
    """Keep what failed, as JSON, and why; returns a reference easy to read aloud."""
    reference = "".join(choice("bdfgklmnprstvz") + choice("aeiou") for _ in range(3))
    await connection.execute(
        sa.insert(failures).values(
            candidate_id=chat_id,
            reference=reference,
            update=what,
            traceback=traceback_text,
            at=at,
        )
    )
    return reference
