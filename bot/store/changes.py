"""What a turn changes: collected while it goes on, and written in one go at its end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.interview.events import Event, InterviewClosed, InterviewOpened, encode
from bot.store import kept, lane, lines
from bot.store.records import Attempt, Candidate, Line, StoredAgenda
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
from bot.store.upsert import put

_CHAT = sa.bindparam("chat", type_=sa.BigInteger)
_UPDATE = sa.bindparam("update", type_=sa.BigInteger)
_CLOSE = (
    sa.update(interviews)
    .where(
        interviews.c.candidate_id == _CHAT,
        interviews.c.interview_id == sa.bindparam("closed", type_=sa.Integer),
    )
    .values(closed_at=sa.bindparam("when", type_=interviews.c.closed_at.type))
)
_OWE_NO_MORE = sa.delete(reminders).where(
    reminders.c.candidate_id == _CHAT, reminders.c.kind == sa.bindparam("what")
)
_FORGET = tuple(
    sa.delete(table).where(table.c.candidate_id == _CHAT)
    for table in (attempts, events, interviews, agendas, candidates, reminders, failures)
)

_SEE = sa.insert(updates)
_OPEN = sa.insert(interviews)
_HAPPEN = sa.insert(events)
_ATTEMPT = tuple(each.name for each in fields(Attempt))

Row = dict[str, Any]


@dataclass(slots=True)
class Changes:
    """Everything that the turn of a chat changes, the newest of what replaces each other."""

    chat_id: int
    at: datetime
    update_id: int | None
    forgotten: bool = False
    candidate: Candidate | None = None
    agenda: StoredAgenda | None = None
    opened: list[Row] = field(default_factory=list)
    happened: list[Row] = field(default_factory=list)
    closed: list[int] = field(default_factory=list)
    attempts: dict[tuple[int, int, int], Attempt] = field(default_factory=dict)
    owed: dict[str, Row | None] = field(default_factory=dict)
    replayed: list[str] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)

    def __bool__(self) -> bool:
        """Whether there is anything to write but lines."""
        return (
            self.update_id is not None
            or self.forgotten
            or self.candidate is not None
            or self.agenda is not None
            or any((self.opened, self.happened, self.closed, self.attempts, self.owed))
            or bool(self.replayed)
        )

    def open(self, interview_id: int, opened: InterviewOpened) -> None:
        """Add an interview; its events are added apart."""
        self.opened.append(
            {
                "candidate_id": self.chat_id,
                "interview_id": interview_id,
                "persona": opened.persona,
                "mode": opened.mode.value,
                "opened_at": self.at,
            }
        )

    def append(self, interview_id: int, length: int, happened: Sequence[Event]) -> None:
        """Add events to an interview that has `length` of them."""
        for seq, event in enumerate(happened, length + 1):
            self.happened.append(
                {
                    "candidate_id": self.chat_id,
                    "interview_id": interview_id,
                    "seq": seq,
                    "kind": event.kind,
                    "body": encode(event),
                    "at": self.at,
                }
            )
            if isinstance(event, InterviewClosed):
                self.closed.append(interview_id)

    def owe(self, kind: str, due_at: datetime, ref: Mapping[str, Any]) -> None:
        """Add a reminder, instead of what was owed of its kind."""
        self.owed[kind] = {
            "candidate_id": self.chat_id,
            "kind": kind,
            "due_at": due_at,
            "ref": dict(ref),
            "taken_until": None,
        }

    def write(self, connection: sa.Connection) -> None:
        """Write all but the lines."""
        chat = {"chat": self.chat_id}
        if self.forgotten:
            for statement in _FORGET:
                connection.execute(statement, chat)
        if self.update_id is not None:
            row = {"candidate_id": self.chat_id, "update_id": self.update_id, "at": self.at}
            connection.execute(_SEE, row)
        if self.candidate is not None:
            put(connection, candidates, [_row_of_candidate(self.candidate)])
        if self.agenda is not None:
            agenda = {"plan": self.agenda.plan, "notes": dict(self.agenda.notes)}
            put(connection, agendas, [{"candidate_id": self.chat_id} | agenda])
        if self.replayed:
            kept.drop(connection, self.chat_id, self.replayed)
        self._write_practice(connection)
        owed = [row for row in self.owed.values() if row is not None]
        gone = [kind for kind, row in self.owed.items() if row is None]
        put(connection, reminders, owed)
        if gone:
            connection.execute(_OWE_NO_MORE, [chat | {"what": kind} for kind in gone])

    def _write_practice(self, connection: sa.Connection) -> None:
        """Write interviews before their events, and the end of one before the next is opened."""
        ended = [
            {"chat": self.chat_id, "closed": number, "when": self.at} for number in self.closed
        ]
        numbers = {row["interview_id"] for row in self.opened}
        before = [row for row in ended if row["closed"] not in numbers]
        if before:
            connection.execute(_CLOSE, before)
        for row in self.opened:
            closed_at = self.at if row["interview_id"] in self.closed else None
            connection.execute(_OPEN, row | {"closed_at": closed_at})
        if self.happened:
            connection.execute(_HAPPEN, self.happened)
        put(connection, attempts, [self._row_of_attempt(each) for each in self.attempts.values()])

    def _row_of_attempt(self, attempt: Attempt) -> Row:
        row = {name: getattr(attempt, name) for name in _ATTEMPT}
        return row | {"candidate_id": self.chat_id, "feedback": dict(attempt.feedback)}

    def write_lines(self, connection: sa.Connection, *, made_lane: bool) -> bool:
        """Write what was said. Returns whether delivery has something new to look at."""
        if self.forgotten:
            lines.erase(connection, self.chat_id, goodbye=bool(self.lines))
        lines.write(
            connection,
            self.chat_id,
            self.lines,
            at=self.at,
            wrote=self.update_id is not None,
            leaving=self.forgotten,
        )
        if made_lane and not self.lines:
            lane.drop_unused(connection, self.chat_id)
        return bool(self.lines)


def _row_of_candidate(candidate: Candidate) -> Row:
    return {
        "candidate_id": candidate.chat_id,
        "stage": candidate.stage,
        "line_of_work": candidate.line_of_work,
        "interview_when": candidate.interview_when,
        "preferences": dict(candidate.preferences),
        "created_at": candidate.created_at,
    }
