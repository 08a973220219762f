"""What is owed to a candidate, and what was noted along the way, as the chat reads and keeps it.

The plan is `bot.practice`'s; the notes are plain JSON, one key for each part of the chat that
keeps some: drills, interviews, the form being filled in.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from bot.chat.visit import Visit
from bot.practice.due import wakes_at
from bot.practice.model import Plan, decode, encode
from bot.store import StoredAgenda

AGENDA = "agenda"
FIRST_ZONE = "Europe/London"  # until the candidate has told where they are


@dataclass(slots=True)
class Agenda:
    """The plan and the notes of one candidate; change them, then `keep` them."""

    plan: Plan
    notes: dict[str, Any] = field(default_factory=dict)

    @property
    def knows_zone(self) -> bool:
        """Whether the candidate has told where they are."""
        return bool(self.notes.get("knows_zone"))


async def agenda_of(visit: Visit) -> Agenda:
    """The agenda of the candidate, an empty one if nothing was ever kept.

    Whoever asks in one visit is given the same, so that nobody keeps an older one over it.
    """
    if visit.agenda is None:
        stored = await visit.turn.agenda()
        visit.agenda = Agenda(Plan(FIRST_ZONE))
        if stored is not None:
            visit.agenda = Agenda(decode(stored.plan), dict(stored.notes))
    agenda: Agenda = visit.agenda
    return agenda


async def keep(visit: Visit, agenda: Agenda) -> None:
    """Store the agenda, and be reminded of it when it next owes something."""
    await visit.turn.save_agenda(StoredAgenda(encode(agenda.plan), agenda.notes))
    due_at = wakes_at(agenda.plan, visit.at)
    if due_at is None:
        await visit.turn.cancel_reminder(AGENDA)
    else:
        await visit.turn.remind(AGENDA, due_at, {})


async def keep_notes(visit: Visit, agenda: Agenda) -> None:
    """Store the notes of an agenda whose plan is as it was, so that nothing new is owed."""
    await visit.turn.save_agenda(StoredAgenda(encode(agenda.plan), agenda.notes))
