"""One turn: everything that one update of one candidate reads and changes, all or nothing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Any

import sqlalchemy as sa

from bot.store import kept, lane, lines, usage
from bot.store.changes import Changes
from bot.store.engine import Run
from bot.store.exported import everything_of
from bot.store.practice import Practice
from bot.store.records import Candidate, Line, Priority, Reminder, StoredAgenda
from bot.store.snapshot import Snapshot, load
from bot.store.tables import agendas, reminders

_CHAT: sa.BindParameter[int] = sa.bindparam("chat")
_OWED = sa.select(reminders.c.due_at, reminders.c.ref).where(
    reminders.c.candidate_id == _CHAT, reminders.c.kind == sa.bindparam("kind")
)
_AGENDA = sa.select(agendas.c.plan, agendas.c.notes).where(agendas.c.candidate_id == _CHAT)


def _one(
    connection: sa.Connection, query: sa.Select[Any], key: Mapping[str, Any]
) -> dict[str, Any] | None:
    row = connection.execute(query, key).mappings().first()
    return None if row is None else dict(row)


class Turn(Practice):
    """What a handler may read and write while it answers one update of the chat `chat_id`.

    How the chat stands is read before the turn begins; what changes is collected and written at
    the end. Nothing is kept unless the `async with` block that gave it ends without an exception.
    When `seen` is true, this update was handled before: return, and nothing is kept either way.
    """

    def __init__(self, run: Run, snapshot: Snapshot, changes: Changes) -> None:
        super().__init__(run, snapshot, changes)
        self.seen = snapshot.seen
        self._made_lane = snapshot.made_lane
        self._candidate = snapshot.candidate

    @classmethod
    async def begin(cls, run: Run, chat_id: int, at: datetime, update_id: int | None) -> Turn:
        """The turn for an update of a chat, or of our own, once its other turns are over."""
        snapshot = await run(partial(load, chat_id=chat_id, update_id=update_id))
        return cls(run, snapshot, Changes(chat_id, at, update_id))

    @property
    def forgotten(self) -> bool:
        """Whether the candidate asked in this turn to be forgotten."""
        return self._changes.forgotten

    @property
    def is_idle(self) -> bool:
        """Whether there is nothing to write at its end."""
        nothing = self.seen or not (self._changes or self._changes.lines)
        return nothing and not self._made_lane

    def finish(self, connection: sa.Connection) -> bool:
        """Write what changed. Returns whether delivery has something new to look at."""
        if self.seen:
            if self._made_lane:
                lane.drop_unused(connection, self.chat_id)
            return False
        self._changes.write(connection)
        return self._changes.write_lines(connection, made_lane=self._made_lane)

    # The candidate

    async def candidate(self) -> Candidate | None:
        """Who is in this chat; None before they were saved for the first time."""
        return self._candidate

    async def save_candidate(self, candidate: Candidate) -> None:
        """Save or replace the candidate. Raises ValueError for one of another chat."""
        if candidate.chat_id != self.chat_id:
            raise ValueError(f"this turn belongs to chat {self.chat_id}, not {candidate.chat_id}")
        self._changes.candidate = self._candidate = candidate

    # What is said

    def say(
        self,
        method: str,
        payload: Mapping[str, Any],
        *,
        slot: str | None = None,
        priority: Priority = Priority.REPLY,
        not_before: datetime | None = None,
    ) -> None:
        """Have delivery call `method` of the Bot API for this chat once the turn is kept.

        `payload` is plain JSON without `chat_id`. A message under a `slot` replaces the one that
        stands there; an edit under a slot changes that message in place.
        """
        line = Line(method, payload, slot, priority, not_before)
        self._changes.lines = lines.merged(self._changes.lines, line)

    def clear(self, slot: str) -> None:
        """Take away the message that stands or waits under `slot`; nothing happens without one."""
        self.say(lines.DELETE, {}, slot=slot)

    # Reminders

    async def remind(self, kind: str, due_at: datetime, ref: Mapping[str, Any]) -> None:
        """Owe the candidate something at `due_at`, instead of what was owed of this kind."""
        self._changes.owe(kind, due_at, ref)

    async def cancel_reminder(self, kind: str) -> None:
        """Owe nothing of this kind any more."""
        self._changes.owed[kind] = None

    async def take_reminder(self, kind: str) -> Reminder | None:
        """Take what is due at the time of this turn; None if it was moved or cancelled since."""
        row: Mapping[str, Any] | None
        if kind in self._changes.owed or self.forgotten:
            row = self._changes.owed.get(kind)
        else:
            key = {"chat": self.chat_id, "kind": kind}
            row = await self._run(lambda connection: _one(connection, _OWED, key))
        if row is None or row["due_at"] > self.at:
            return None
        self._changes.owed[kind] = None
        return Reminder(self.chat_id, kind, row["due_at"], row["ref"])

    # The agenda

    async def agenda(self) -> StoredAgenda | None:
        """What is owed to the candidate; None if nothing was ever saved."""
        if self._changes.agenda is not None or self.forgotten:
            return self._changes.agenda
        key = {"chat": self.chat_id}
        row = await self._run(lambda connection: _one(connection, _AGENDA, key))
        return None if row is None else StoredAgenda(row["plan"], row["notes"])

    async def save_agenda(self, agenda: StoredAgenda) -> None:
        """Save or replace what is owed to the candidate."""
        self._changes.agenda = agenda

    # The candidate's own data

    async def export(self) -> dict[str, list[dict[str, Any]]]:
        """All that is stored about the candidate, by table, as readable JSON."""
        return await self._read(partial(everything_of, chat_id=self.chat_id))

    async def forget(self) -> None:
        """Delete all that is stored about the candidate; what is said after this is the goodbye.

        One thing stays: the ids of the updates handled. Telegram may deliver them again, and the
        second time they would be news from a stranger. They are pruned within a week.
        """
        self._changes = Changes(self.chat_id, self.at, self._changes.update_id, forgotten=True)
        self._interviews = {}
        self._candidate = self._current = None

    # What it costs, and what went wrong

    async def opened_since(self, since: datetime) -> int:
        """How many interviews the candidate opened at `since` or later."""
        return await self._read(partial(usage.opened_since, chat_id=self.chat_id, since=since))

    async def take_failure(self, reference: str) -> bool:
        """Keep a failure no longer once this turn is kept; false if it is not kept any more."""
        kept_still = partial(kept.is_there, chat_id=self.chat_id, reference=reference)
        there = await self._read(kept_still)
        if there:
            self._changes.replayed.append(reference)
        return there
