"""One turn: everything that one update of one candidate reads and changes, in one transaction."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store import kept, lane, lines, usage
from bot.store.exported import everything_of
from bot.store.practice import Practice
from bot.store.records import Candidate, Line, Priority, Reminder, StoredAgenda
from bot.store.tables import (
    agendas,
    attempts,
    candidates,
    events,
    failures,
    interviews,
    reminders,
    updates,
)
from bot.store.upsert import insert


class Turn(Practice):
    """What a handler may read and write while it answers one update of the chat `chat_id`.

    Nothing is kept unless the `async with` block that gave it ends without an exception. When
    `seen` is true, this update was handled before: return, and nothing is kept either way.
    """

    def __init__(
        self, connection: AsyncConnection, chat_id: int, at: datetime, update_id: int | None
    ) -> None:
        super().__init__(connection, chat_id, at)
        self.seen = False
        self.forgotten = False
        self._update_id = update_id
        self._made_lane = False
        self._lines: list[Line] = []

    async def begin(self) -> None:
        """Wait for other turns of the chat; note the update, and whether it was seen before."""
        self._made_lane = await lane.hold_for_turn(self._connection, self.chat_id)
        if self._update_id is None:
            return
        noted = await self._connection.execute(
            insert(self._connection, updates)
            .values(candidate_id=self.chat_id, update_id=self._update_id, at=self.at)
            .on_conflict_do_nothing()
            .returning(updates.c.update_id)
        )
        self.seen = noted.first() is None

    async def finish(self) -> bool:
        """Write what was said. Returns whether delivery has something new to look at."""
        if self.forgotten:
            await lines.erase(self._connection, self.chat_id, goodbye=bool(self._lines))
        await lines.write(
            self._connection,
            self.chat_id,
            self._lines,
            at=self.at,
            wrote=self._update_id is not None,
            leaving=self.forgotten,
        )
        if self._made_lane and not self._lines:
            await lane.drop_unused(self._connection, self.chat_id)
        return bool(self._lines)

    # The candidate

    async def candidate(self) -> Candidate | None:
        """Who is in this chat; None before they were saved for the first time."""
        row = (
            await self._connection.execute(
                sa.select(candidates).where(candidates.c.candidate_id == self.chat_id)
            )
        ).first()
        if row is None:
            return None
        return Candidate(
            chat_id=row.candidate_id,
            stage=row.stage,
            created_at=row.created_at,
            line_of_work=row.line_of_work,
            interview_when=row.interview_when,
            preferences=row.preferences,
        )

    async def save_candidate(self, candidate: Candidate) -> None:
        """Save or replace the candidate. Raises ValueError for one of another chat."""
        if candidate.chat_id != self.chat_id:
            raise ValueError(f"this turn belongs to chat {self.chat_id}, not {candidate.chat_id}")
        values = {
            "stage": candidate.stage,
            "line_of_work": candidate.line_of_work,
            "interview_when": candidate.interview_when,
            "preferences": dict(candidate.preferences),
            "created_at": candidate.created_at,
        }
        await self._connection.execute(
            insert(self._connection, candidates)
            .values(candidate_id=self.chat_id, **values)
            .on_conflict_do_update(index_elements=[candidates.c.candidate_id], set_=values)
        )

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
        self._lines = lines.merged(self._lines, line)

    def clear(self, slot: str) -> None:
        """Take away the message that stands or waits under `slot`; nothing happens without one."""
        self.say(lines.DELETE, {}, slot=slot)

    # Reminders

    async def remind(self, kind: str, due_at: datetime, ref: Mapping[str, Any]) -> None:
        """Owe the candidate something at `due_at`, instead of what was owed of this kind."""
        values = {"due_at": due_at, "ref": dict(ref), "taken_until": None}
        await self._connection.execute(
            insert(self._connection, reminders)
            .values(candidate_id=self.chat_id, kind=kind, **values)
            .on_conflict_do_update(
                index_elements=[reminders.c.candidate_id, reminders.c.kind], set_=values
            )
        )

    async def cancel_reminder(self, kind: str) -> None:
        """Owe nothing of this kind any more."""
        await self._connection.execute(
            sa.delete(reminders).where(
                reminders.c.candidate_id == self.chat_id, reminders.c.kind == kind
            )
        )

    async def take_reminder(self, kind: str) -> Reminder | None:
        """Take what is due at the time of this turn; None if it was moved or cancelled since."""
        row = (
            await self._connection.execute(
                sa.delete(reminders)
                .where(
                    reminders.c.candidate_id == self.chat_id,
                    reminders.c.kind == kind,
                    reminders.c.due_at <= self.at,
                )
                .returning(reminders.c.due_at, reminders.c.ref)
            )
        ).first()
        return None if row is None else Reminder(self.chat_id, kind, row.due_at, row.ref)

    # The agenda

    async def agenda(self) -> StoredAgenda | None:
        """What is owed to the candidate; None if nothing was ever saved."""
        row = (
            await self._connection.execute(
                sa.select(agendas).where(agendas.c.candidate_id == self.chat_id)
            )
        ).first()
        return None if row is None else StoredAgenda(row.plan, row.notes)

    async def save_agenda(self, agenda: StoredAgenda) -> None:
        """Save or replace what is owed to the candidate."""
        values = {"plan": agenda.plan, "notes": dict(agenda.notes)}
        await self._connection.execute(
            insert(self._connection, agendas)
            .values(candidate_id=self.chat_id, **values)
            .on_conflict_do_update(index_elements=[agendas.c.candidate_id], set_=values)
        )

    # The candidate's own data

    async def export(self) -> dict[str, list[dict[str, Any]]]:
        """All that is stored about the candidate, by table, as readable JSON."""
        return await everything_of(self._connection, self.chat_id)

    async def forget(self) -> None:
        """Delete all that is stored about the candidate; what is said after this is the goodbye.

        One thing stays: the id of the update just handled. Telegram may deliver it again, and the
        second time it would find a stranger and greet them. It is pruned like every other.
        """
        self._lines = []
        self._lengths = {}
        self.forgotten = True
        here = self.chat_id
        for table in (attempts, events, interviews, agendas, candidates, reminders, failures):
            await self._connection.execute(sa.delete(table).where(table.c.candidate_id == here))
        await self._connection.execute(
            sa.delete(updates).where(
                updates.c.candidate_id == here,
                updates.c.update_id.is_distinct_from(self._update_id),
            )
        )

    # What it costs, and what went wrong

    async def opened_since(self, since: datetime) -> int:
        """How many interviews the candidate opened at `since` or later."""
        return await self._connection.run_sync(usage.opened_since, self.chat_id, since)

    async def take_failure(self, reference: str) -> bool:
        """Keep a failure no longer once this turn is kept; false if it is not kept any more."""
        there = await self._connection.run_sync(kept.is_there, self.chat_id, reference)
        if there:
            await self._connection.run_sync(kept.drop, self.chat_id, [reference])
        return there
