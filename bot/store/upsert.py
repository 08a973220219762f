"""INSERT … ON CONFLICT: both databases know it, and SQLAlchemy spells it once for each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite


def put(connection: sa.Connection, table: sa.Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Write whole rows; each replaces the one with the same key, if there is one."""
    if rows:
        connection.execute(_put(table, connection.dialect.name), rows)


@cache
def _put(table: sa.Table, dialect: str) -> sa.Insert:
    new = sqlite.insert(table) if dialect == "sqlite" else postgresql.insert(table)
    keys = list(table.primary_key.columns)
    rest = {column.name: new.excluded[column.name] for column in table.c if column not in keys}
    return new.on_conflict_do_update(index_elements=keys, set_=rest)
