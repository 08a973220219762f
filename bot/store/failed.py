"""What went wrong and is kept for whoever looks into it."""

from __future__ import annotations

from datetime import datetime
from secrets import choice

import sqlalchemy as sa

from bot.store import kept
from bot.store.tables import failures

_KEEP = sa.insert(failures)


def record(connection: sa.Connection, chat_id: int, what: str, trace: str, at: datetime) -> str:
    """Keep what failed, as JSON, and why; returns a reference easy to read aloud."""
    reference = _reference()
    while kept.is_there(connection, chat_id, reference):
        reference = _reference()  # they are short: of hundreds of one candidate two may be alike
    row = {"candidate_id": chat_id, "reference": reference, "update": what}
    connection.execute(_KEEP, row | {"traceback": trace, "at": at})
    kept.trim(connection, chat_id)
    return reference


def _reference() -> str:
    return "".join(choice("bdfgklmnprstvz") + choice("aeiou") for _ in range(3))
