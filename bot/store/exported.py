"""All that is stored about one candidate, as readable JSON."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.store.tables import lanes, metadata

_OURS = ("candidate_id", "traceback")  # their own number, and where our code broke


def _readable(column: str, value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat()
    if column in {"body", "update"} and isinstance(value, str):
        try:
            return json.loads(value)
        except ValueError:
            return value
    return value


def everything_of(connection: sa.Connection, chat_id: int) -> dict[str, list[dict[str, Any]]]:
    """Every row of the candidate by table, in key order; a table without rows is an empty list."""
    found: dict[str, list[dict[str, Any]]] = {}
    for table in metadata.sorted_tables:
        if "candidate_id" not in table.c:
            continue
        theirs = table.c.candidate_id == chat_id
        if table is lanes:  # one without a position is only this turn's lock
            theirs &= lanes.c.last_position > 0
        rows = connection.execute(
            sa.select(table).where(theirs).order_by(*table.primary_key.columns)
        )
        found[table.name] = [
            {name: _readable(name, value) for name, value in row.items() if name not in _OURS}
            for row in rows.mappings()
        ]
    return found
