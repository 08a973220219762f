"""Candidates to whom something is owed at a moment of our choosing, by the real clock.

They live where it is about noon now, so that no run of anything falls into quiet hours or over a
midnight. Their drill's minute, or the twentieth hour after their interview, is one or two minutes
past: what is set ahead is the moment at which the bot is to look at their agenda.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from bot.chat.agenda import AGENDA
from bot.practice import appointments, drills, follow_up
from bot.practice.due import wakes_at
from bot.practice.model import Plan, encode
from bot.practice.wall_time import day_of, minute_of
from bot.store import Candidate, Store, StoredAgenda

EVERY_DAY = tuple(range(7))
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
INTERVIEW = 1
PEOPLE = {"1": {"name": "Ana Ruiz", "role": "head of ops"}, "2": {"name": "Tom", "role": ""}}
NOTES = {"interviews": {str(INTERVIEW): {"company": "Harlow", "people": PEOPLE}}}


def zone_at_noon(now: datetime) -> str:
    """A zone whose clocks read 12 something at `now`; the signs of these names are turned."""
    return f"Etc/GMT{now.astimezone(UTC).hour - 12:+d}"


def with_drill(now: datetime, plan: Plan | None = None) -> Plan:
    """A plan that owes the drill of this day since a minute or two, and owed none before."""
    plan = plan or Plan(zone_at_noon(now))
    minute = minute_of(now - MINUTE, plan.clock)
    return drills.choose_drills(plan, now - 3 * MINUTE, minute, EVERY_DAY)


def with_thanks(now: datetime) -> Plan:
    """A plan that owes the nudge to thank two people since a minute or two."""
    plan = Plan(zone_at_noon(now))
    started = now - 21 * HOUR - MINUTE
    day, minute = day_of(started, plan.clock), minute_of(started, plan.clock)
    plan = appointments.enter(plan, INTERVIEW, day, minute, started - 100 * HOUR)
    return follow_up.debriefed(plan, INTERVIEW, tuple(PEOPLE))


async def seat(
    store: Store, chat_id: int, plan: Plan, now: datetime, look_at: datetime | None = None
) -> None:
    """Store a candidate with this plan, to be looked at when it owes something, or at `look_at`."""
    look_at = look_at or wakes_at(plan, now)
    assert look_at is not None, "a plan that owes nothing"
    notes: dict[str, Any] = NOTES if plan.interviews else {}
    async with store.turn(chat_id, at=now) as turn:
        await turn.save_candidate(Candidate(chat_id, "ready", now, line_of_work="care"))
        await turn.save_agenda(StoredAgenda(encode(plan), notes))
        await turn.remind(AGENDA, look_at, {})
