"""What nearly every turn needs to know of its chat, read in one job before it begins."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.interview.events import Event, decode
from bot.store import lane
from bot.store.records import Candidate, StoredInterview
from bot.store.tables import candidates, events, interviews, updates

_CHAT = sa.bindparam("chat", type_=sa.BigInteger)
_SEEN = sa.select(updates.c.update_id).where(
    updates.c.candidate_id == _CHAT,
    updates.c.update_id == sa.bindparam("update", type_=sa.BigInteger),
)
_CANDIDATE = sa.select(candidates).where(candidates.c.candidate_id == _CHAT)
_INTERVIEW = (
    sa.select(
        interviews.c.interview_id, interviews.c.opened_at, interviews.c.closed_at, events.c.body
    )
    .join(events)
    .where(interviews.c.candidate_id == _CHAT)
    .order_by(events.c.seq)
)
_OPEN = _INTERVIEW.where(interviews.c.closed_at.is_(None))
_NUMBERED = _INTERVIEW.where(interviews.c.interview_id == sa.bindparam("number", type_=sa.Integer))


@dataclass(slots=True)
class Known:
    """An interview as a turn knows it: as it was stored, and then as the turn changes it."""

    id: int
    opened_at: datetime
    closed_at: datetime | None
    bodies: Sequence[str] = ()
    decoded: list[Event] | None = None

    @property
    def events(self) -> list[Event]:
        """All events, oldest first; decoded when first asked for."""
        if self.decoded is None:
            self.decoded = [decode(body) for body in self.bodies]
        return self.decoded

    def stored(self) -> StoredInterview:
        """The interview as it stands now."""
        return StoredInterview(self.id, tuple(self.events), self.opened_at, self.closed_at)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """How the chat stood when its turn began; `made_lane` if only this turn gave it a lane."""

    seen: bool
    made_lane: bool
    candidate: Candidate | None
    interview: Known | None


def load(connection: sa.Connection, chat_id: int, update_id: int | None) -> Snapshot:
    """Wait for other turns of the chat, and read how it stands."""
    made_lane = lane.hold_for_turn(connection, chat_id)
    chat = {"chat": chat_id}
    if update_id is not None:
        seen = connection.execute(_SEEN, chat | {"update": update_id}).first()
        if seen is not None:
            return Snapshot(True, made_lane, None, None)
    row = connection.execute(_CANDIDATE, chat).first()
    if row is None:
        return Snapshot(False, made_lane, None, None)
    candidate = Candidate(
        chat_id=row.candidate_id,
        stage=row.stage,
        created_at=row.created_at,
        line_of_work=row.line_of_work,
        interview_when=row.interview_when,
        preferences=row.preferences,
    )
    return Snapshot(False, made_lane, candidate, open_interview(connection, chat_id))


def open_interview(connection: sa.Connection, chat_id: int) -> Known | None:
    """The interview the candidate sits in, if there is one."""
    return _known(connection.execute(_OPEN, {"chat": chat_id}).all())


def numbered_interview(connection: sa.Connection, chat_id: int, number: int) -> Known | None:
    """One interview of the candidate, open or closed, if there is one of that number."""
    return _known(connection.execute(_NUMBERED, {"chat": chat_id, "number": number}).all())


def _known(rows: Sequence[Any]) -> Known | None:
    if not rows:
        return None
    first = rows[0]
    return Known(first.interview_id, first.opened_at, first.closed_at, [row.body for row in rows])
