"""What the bot says of its own accord: the tables here say who says it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from bot.chat import debriefing, drilling, following_up, practising, reminding, thanking
from bot.chat.agenda import AGENDA, Agenda, agenda_of, keep
from bot.chat.visit import Visit
from bot.practice.due import tick
from bot.practice.model import Due, Kind

Push = Callable[[Visit, Agenda, Due], Awaitable[None]]

PUSHES: dict[Kind, Push] = {
    Kind.DRILL: drilling.on_due,
    Kind.OFFER_FEWER: drilling.on_offer,
    Kind.THREE_DAYS_BEFORE: reminding.on_before,
    Kind.EVENING_BEFORE: reminding.on_before,
    Kind.TWO_HOURS_BEFORE: reminding.on_before,
    Kind.DEBRIEF: debriefing.on_due,
    Kind.THANK_YOU: thanking.on_due,
    Kind.CHECK_IN: following_up.on_due,
    Kind.CHECK_IN_NUDGE: following_up.on_due,
}


async def on_due(visit: Visit, _ref: Mapping[str, Any]) -> None:
    """Say what the agenda owes at the time of this turn: one message at most."""
    agenda = await agenda_of(visit)
    now = tick(agenda.plan, visit.at)
    agenda.plan = now.plan
    if now.due is not None:
        await PUSHES[now.due.kind](visit, agenda, now.due)
        await practising.keep_at_bottom(visit)
    await keep(visit, agenda)


REMINDERS: dict[str, Callable[[Visit, Mapping[str, Any]], Awaitable[None]]] = {
    practising.SILENCE: practising.on_silence,
    AGENDA: on_due,
}
