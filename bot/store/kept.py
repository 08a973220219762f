"""Failures that were kept: found, and done with. `failed.py` is where they come from."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from bot.store.records import Failure
from bot.store.tables import failures

MOST = 50  # of one candidate; of more, the oldest go


def find(connection: sa.Connection, reference: str | None = None) -> list[Failure]:
    """All failures that are kept, or those of one reference, oldest first."""
    query = sa.select(failures).order_by(failures.c.at, failures.c.candidate_id)
    if reference is not None:
        query = query.where(failures.c.reference == reference)
    rows = connection.execute(query)
    return [Failure(row.candidate_id, row.reference, row.update, row.at) for row in rows]


def is_there(connection: sa.Connection, chat_id: int, reference: str) -> bool:
    """Whether this failure is still kept."""
    kept = sa.select(failures.c.reference).where(
        failures.c.candidate_id == chat_id, failures.c.reference == reference
    )
    return connection.execute(kept).first() is not None


def drop(connection: sa.Connection, chat_id: int, references: Sequence[str]) -> None:
    """Keep these failures no longer."""
    connection.execute(
        sa.delete(failures).where(
            failures.c.candidate_id == chat_id, failures.c.reference.in_(references)
        )
    )


def trim(connection: sa.Connection, chat_id: int) -> None:
    """Keep only a candidate's newest failures, so that nobody fills the disk with them."""
    theirs = failures.c.candidate_id == chat_id
    old = sa.select(failures.c.reference).where(theirs)
    old = old.order_by(failures.c.at.desc(), failures.c.reference).offset(MOST)
    connection.execute(sa.delete(failures).where(theirs, failures.c.reference.in_(old)))
