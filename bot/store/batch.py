"""A few rows to work on, of many that are due, while other replicas do the same."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa


def batch(due: sa.Select[Any], limit: int) -> sa.Select[Any]:
    """The first `limit` rows of `due` that nobody else has in hand, locked: for an IN (…).

    It never waits: what others have locked is passed over. MATERIALIZED, because PostgreSQL
    otherwise ran `due` once for each row it changed; the limit is written out, because PostgreSQL
    plans the rest by how many rows there will be, and would read the whole table for a number
    that it does not see. SQLite, with its one writer, leaves the lock away.
    """
    locked = due.limit(sa.literal_column(str(limit))).with_for_update(skip_locked=True)
    return sa.select(locked.cte("due").prefix_with("MATERIALIZED"))
