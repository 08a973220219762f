"""The part of a turn that reads and writes interviews and attempts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import partial

import sqlalchemy as sa

from bot.interview.events import Event, InterviewClosed, InterviewOpened, QuestionAsked, decode
from bot.store.changes import Changes
from bot.store.engine import Job, Run, T
from bot.store.records import Attempt, InterviewSummary, StillOpen, StoredInterview
from bot.store.snapshot import Known, Snapshot, numbered_interview
from bot.store.tables import attempts, events, interviews


class Practice:
    """What one candidate has practised, within one turn.

    Reads tell what is stored, and what this turn has changed since.
    """

    def __init__(self, run: Run, snapshot: Snapshot, changes: Changes) -> None:
        self.chat_id = changes.chat_id
        self.at = changes.at
        self._run = run
        self._changes = changes
        self._interviews: dict[int, Known] = {}
        self._current: Known | None = snapshot.interview
        if snapshot.interview is not None:
            self._interviews[snapshot.interview.id] = snapshot.interview

    async def _read(self, query: Job[T]) -> T:
        """What `query` finds, with all that this turn has changed so far."""
        if not self._changes:
            return await self._run(query)

        def read(connection: sa.Connection) -> T:
            with connection.begin_nested() as for_a_moment:
                self._changes.write(connection)
                found = query(connection)
                for_a_moment.rollback()
            return found

        return await self._run(read)

    async def current_interview(self) -> StoredInterview | None:
        """The interview the candidate sits in, with all its events; None between interviews."""
        return None if self._current is None else self._current.stored()

    async def interview(self, interview_id: int) -> StoredInterview | None:
        """One interview of this candidate, open or closed; None if they have no such interview."""
        known = await self._known(interview_id)
        return None if known is None else known.stored()

    async def _known(self, interview_id: int) -> Known | None:
        if interview_id not in self._interviews:
            query = partial(numbered_interview, chat_id=self.chat_id, number=interview_id)
            if (found := await self._read(query)) is None:
                return None
            self._interviews[interview_id] = found
        return self._interviews[interview_id]

    async def open_interview(self, happened: Sequence[Event]) -> int:
        """Store a new interview that begins with `happened` and return its id.

        The first event must be InterviewOpened (ValueError). Raises StillOpen while another one is
        open. The candidate must have been saved.
        """
        if not happened or not isinstance(opened := happened[0], InterviewOpened):
            raise ValueError("an interview begins with InterviewOpened")
        if self._current is not None:
            raise StillOpen(f"chat {self.chat_id} already sits in an interview")
        last = sa.select(sa.func.max(interviews.c.interview_id)).where(
            interviews.c.candidate_id == self.chat_id
        )
        interview_id: int = (await self._read(lambda connection: connection.scalar(last)) or 0) + 1
        self._changes.open(interview_id, opened)
        self._current = Known(interview_id, self.at, None)
        self._interviews[interview_id] = self._current
        await self.append(interview_id, happened)
        return interview_id

    async def append(self, interview_id: int, happened: Sequence[Event]) -> None:
        """Add events to an interview; InterviewClosed closes it. Raises ValueError without one."""
        known = await self._known(interview_id)
        if known is None:
            raise ValueError(f"chat {self.chat_id} has no interview {interview_id}")
        self._changes.append(interview_id, len(known.events), happened)
        known.events.extend(happened)
        if any(isinstance(event, InterviewClosed) for event in happened):
            known.closed_at = self.at
            if known is self._current:
                self._current = None

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
            for row in await self._read(lambda connection: connection.execute(query).all())
        )

    async def recently_asked(self, since: datetime) -> frozenset[str]:
        """The ids of all questions put to the candidate at `since` or later."""
        query = sa.select(events.c.body).where(
            events.c.candidate_id == self.chat_id,
            events.c.kind == sa.literal_column("'QuestionAsked'"),
            events.c.at >= since,
        )
        forgotten = self._changes.forgotten
        bodies = (
            () if forgotten else await self._run(lambda connection: connection.scalars(query).all())
        )
        now = (row["body"] for row in self._changes.happened if row["kind"] == "QuestionAsked")
        asked = (decode(body) for body in (*bodies, *now))
        return frozenset(event.question for event in asked if isinstance(event, QuestionAsked))

    async def save_attempt(self, attempt: Attempt) -> None:
        """Save one go at a question; saving the same go again replaces it."""
        key = (attempt.interview_id, attempt.number, attempt.attempt)
        self._changes.attempts[key] = attempt
