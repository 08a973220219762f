"""The part of a turn that reads and writes interviews and attempts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.interview.events import (
    Event,
    InterviewClosed,
    InterviewOpened,
    QuestionAsked,
    decode,
    encode,
)
from bot.store.records import Attempt, InterviewSummary, StillOpen, StoredInterview
from bot.store.tables import attempts, events, interviews
from bot.store.upsert import insert


class Practice:
    """What one candidate has practised, within one transaction."""

    def __init__(self, connection: AsyncConnection, chat_id: int, at: datetime) -> None:
        self.chat_id = chat_id
        self.at = at
        self._connection = connection
        self._lengths: dict[int, int] = {}

    async def current_interview(self) -> StoredInterview | None:
        """The interview the candidate sits in, with all its events; None between interviews."""
        return await self._load(interviews.c.closed_at.is_(None))

    async def interview(self, interview_id: int) -> StoredInterview | None:
        """One interview of this candidate, open or closed; None if they have no such interview."""
        return await self._load(interviews.c.interview_id == interview_id)

    async def _load(self, which: sa.ColumnElement[bool]) -> StoredInterview | None:
        rows = (
            await self._connection.execute(
                sa.select(
                    interviews.c.interview_id,
                    interviews.c.opened_at,
                    interviews.c.closed_at,
                    events.c.body,
                )
                .join(events)
                .where(interviews.c.candidate_id == self.chat_id, which)
                .order_by(events.c.seq)
            )
        ).all()
        if not rows:
            return None
        first = rows[0]
        self._lengths[first.interview_id] = len(rows)
        return StoredInterview(
            id=first.interview_id,
            events=tuple(decode(row.body) for row in rows),
            opened_at=first.opened_at,
            closed_at=first.closed_at,
        )

    async def open_interview(self, happened: Sequence[Event]) -> int:
        """Store a new interview that begins with `happened` and return its id.

        The first event must be InterviewOpened (ValueError). Raises StillOpen while another one is
        open. The candidate must have been saved.
        """
        if not happened or not isinstance(opened := happened[0], InterviewOpened):
            raise ValueError("an interview begins with InterviewOpened")
        here = sa.select(
            sa.func.count(interviews.c.interview_id),
            sa.func.max(interviews.c.interview_id),
            sa.func.count(interviews.c.closed_at),
        ).where(interviews.c.candidate_id == self.chat_id)
        all_told, last, closed = (await self._connection.execute(here)).one()
        if all_told > closed:
            raise StillOpen(f"chat {self.chat_id} already sits in an interview")
        interview_id: int = (last or 0) + 1
        await self._connection.execute(
            sa.insert(interviews).values(
                candidate_id=self.chat_id,
                interview_id=interview_id,
                persona=opened.persona,
                mode=opened.mode.value,
                opened_at=self.at,
            )
        )
        self._lengths[interview_id] = 0
        await self.append(interview_id, happened)
        return interview_id

    async def append(self, interview_id: int, happened: Sequence[Event]) -> None:
        """Add events to an interview; InterviewClosed closes it."""
        if not happened:
            return
        if interview_id not in self._lengths:
            self._lengths[interview_id] = await self._length(interview_id)
        length = self._lengths[interview_id]
        await self._connection.execute(
            sa.insert(events),
            [
                {
                    "candidate_id": self.chat_id,
                    "interview_id": interview_id,
                    "seq": length + index,
                    "kind": event.kind,
                    "body": encode(event),
                    "at": self.at,
                }
                for index, event in enumerate(happened, start=1)
            ],
        )
        self._lengths[interview_id] = length + len(happened)
        if any(isinstance(event, InterviewClosed) for event in happened):
            await self._connection.execute(
                sa.update(interviews)
                .where(
                    interviews.c.candidate_id == self.chat_id,
                    interviews.c.interview_id == interview_id,
                )
                .values(closed_at=self.at)
            )

    async def _length(self, interview_id: int) -> int:
        last = await self._connection.scalar(
            sa.select(sa.func.max(events.c.seq)).where(
                events.c.candidate_id == self.chat_id, events.c.interview_id == interview_id
            )
        )
        return last or 0

    async def past_interviews(
        self, limit: int, before_id: int | None = None
    ) -> tuple[InterviewSummary, ...]:
        """Closed interviews, newest first, those before `before_id` if given."""
        answered = (
            sa.select(sa.func.count(attempts.c.number.distinct()))
            .where(
                attempts.c.candidate_id == interviews.c.candidate_id,
                attempts.c.interview_id == interviews.c.interview_id,
            )
            .scalar_subquery()
        )
        query = (
            sa.select(interviews, answered.label("answered"))
            .where(interviews.c.candidate_id == self.chat_id, interviews.c.closed_at.is_not(None))
            .order_by(interviews.c.interview_id.desc())
            .limit(limit)
        )
        if before_id is not None:
            query = query.where(interviews.c.interview_id < before_id)
        return tuple(
            InterviewSummary(
                id=row.interview_id,
                persona=row.persona,
                mode=row.mode,
                opened_at=row.opened_at,
                closed_at=row.closed_at,
                answered=row.answered,
            )
            for row in await self._connection.execute(query)
        )

    async def recently_asked(self, since: datetime) -> frozenset[str]:
        """The ids of all questions put to the candidate at `since` or later."""
        bodies = await self._connection.scalars(
            sa.select(events.c.body).where(
                events.c.candidate_id == self.chat_id,
                events.c.kind == sa.literal_column("'QuestionAsked'"),
                events.c.at >= since,
            )
        )
        asked = (decode(body) for body in bodies)
        return frozenset(event.question for event in asked if isinstance(event, QuestionAsked))

    async def save_attempt(self, attempt: Attempt) -> None:
        """Save one go at a question; saving the same go again replaces it."""
        values = asdict(attempt) | {
            "feedback": dict(attempt.feedback),
            "candidate_id": self.chat_id,
        }
        keys = [column.name for column in attempts.primary_key]
        await self._connection.execute(
            insert(self._connection, attempts)
            .values(values)
            .on_conflict_do_update(
                index_elements=keys,
                set_={name: value for name, value in values.items() if name not in keys},
            )
        )
