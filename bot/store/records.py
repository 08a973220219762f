"""What the store hands out and takes in: plain values, no rows and no SQL."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum, StrEnum
from typing import Any

from bot.interview.events import Event


class StoreError(Exception):
    """The database cannot be used as it is; the message says why and what helps."""


class StoreBusy(StoreError):
    """Another process already works on this database file."""


class StoreTooNew(StoreError):
    """The database was written by a newer version of the bot."""


class StoreAway(StoreError):
    """The database cannot be reached now, or had to break off; the same may succeed again soon."""


class StillOpen(Exception):
    """A second interview was opened while the candidate still sits in one."""


class Priority(IntEnum):
    """Which chats go first when more is waiting than Telegram takes; lower goes first.

    A REPLY answers what the candidate just did; a NUDGE is our own idea, and nobody waits for it.
    """

    REPLY = 0
    NUDGE = 1


class Slot(StrEnum):
    """A place in a chat that one message holds at a time.

    When another message takes the place, the one before is deleted; a question on the TABLE stays
    in the chat, and only its buttons go.
    """

    LISTENING = "listening"
    TABLE = "table"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A person preparing, known by the id of their private chat. Times are aware UTC."""

    chat_id: int
    stage: str
    created_at: datetime
    line_of_work: str | None = None
    interview_when: str | None = None
    preferences: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class StoredInterview:
    """An interview as stored: `id` counts from 1 for each candidate, `events` are oldest first."""

    id: int
    events: tuple[Event, ...]
    opened_at: datetime
    closed_at: datetime | None


@dataclass(frozen=True, slots=True)
class InterviewSummary:
    """One line of the list of past interviews; `answered` counts questions, not attempts."""

    id: int
    persona: str
    mode: str
    opened_at: datetime
    closed_at: datetime
    answered: int


@dataclass(frozen=True, slots=True)
class Attempt:
    """One go at one question: `number` is the question's, `attempt` the go's, both from 1."""

    interview_id: int
    number: int
    attempt: int
    question_id: str
    competency: str
    answer: str
    probes: int
    overall: float
    top_fix: str | None
    feedback: Mapping[str, Any]
    at: datetime


@dataclass(frozen=True, slots=True)
class Reminder:
    """Something owed to a candidate at `due_at`; at most one of each kind."""

    chat_id: int
    kind: str
    due_at: datetime
    ref: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class StoredAgenda:
    """What is owed to a candidate, as text of bot.practice's, and the chat's notes, as JSON."""

    plan: str
    notes: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Failure:
    """A turn that failed, by its `reference`; `update` is what it had to answer, as JSON."""

    chat_id: int
    reference: str
    update: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Pace:
    """How many calls a second the bot may make, and how many of these may be nudges."""

    calls: int = 30
    nudges: int = 25


@dataclass(frozen=True, slots=True)
class Line:
    """A call to Telegram that is to be made for one chat, as `Turn.say` took it."""

    method: str
    payload: Mapping[str, Any]
    slot: str | None
    priority: Priority
    not_before: datetime | None


@dataclass(frozen=True, slots=True)
class Claim:
    """A line taken from the outbox to be sent now, and the right to say how it went.

    `slot_message` is the message that stands in the line's slot, if one does. `not_until` is the
    pace of the chat as the last call left it. `epoch` tells this claim from a later one, and
    `last_position` is that of the newest line when the claim was made.
    """

    chat_id: int
    position: int
    last_position: int
    epoch: int
    method: str
    payload: Mapping[str, Any]
    slot: str | None
    slot_message: int | None
    tries: int
    not_until: datetime
