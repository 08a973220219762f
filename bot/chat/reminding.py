"""Before a real interview: three messages, each with a tap to have it later or to stop them all."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from bot.chat import diary
from bot.chat.agenda import Agenda, agenda_of, keep
from bot.chat.buttons import Row
from bot.chat.visit import Visit
from bot.practice.appointments import AFTER, BEFORE, put_off, stop
from bot.practice.model import Due, Kind, Plan, RealInterview
from bot.practice.wall_time import instant, minute_of
from bot.store import Priority

_LATERS = {
    "hour": "at_hour",
    "three_hours": "at_three_hours",
    "evening": "at_evening",
    "morning": "at_morning",
}
_TEMPLATES = {
    Kind.THREE_DAYS_BEFORE: "real_three_days",
    Kind.EVENING_BEFORE: "real_evening",
    Kind.TWO_HOURS_BEFORE: "real_two_hours",
}
_EVENING, _MORNING = time(18, 30), time(9)


async def on_before(visit: Visit, agenda: Agenda, due: Due) -> None:
    """One of the three messages is due."""
    assert due.interview is not None
    interview = agenda.plan.interview(due.interview)
    say_before(
        visit,
        agenda,
        interview,
        due.kind,
        with_day_card=due.with_day_card,
        priority=Priority.NUDGE,
    )


def say_before(
    visit: Visit,
    agenda: Agenda,
    interview: RealInterview,
    kind: Kind | None,
    *,
    with_day_card: bool = False,
    priority: Priority = Priority.REPLY,
) -> None:
    """Say what is of use at that moment; an evening message can say the day's card as well."""
    kind = kind or Kind.TWO_HOURS_BEFORE
    it = diary.view(agenda, interview, visit.at)
    id_ = interview.id
    rows = later_rows(visit, id_, kind)
    if kind is not Kind.TWO_HOURS_BEFORE:
        rows.insert(0, (visit.button("practise_for", f"v:practise:{id_}"),))
    if kind is Kind.EVENING_BEFORE and not it["place"]:
        rows.insert(0, (visit.button("add_place", f"v:set:{id_}:place"),))
    visit.say(
        _TEMPLATES[kind],
        rows,
        priority=priority,
        it=it,
        day_card=with_day_card,
    )


def later_rows(visit: Visit, id_: int, kind: Kind) -> list[Row]:
    """To have a message later, or never."""
    later = visit.button("say_later", f"r:later:{id_}:{kind}")
    stopping = "stop_these" if kind in BEFORE else "not_this_time"
    return [(later, visit.button(stopping, f"r:stop:{id_}:{kind}"))]


async def on_tap(visit: Visit, parts: list[str]) -> None:
    """`r:later:1:debrief`, `r:at:1:debrief:morning`, `r:stop:1:debrief`."""
    agenda = await agenda_of(visit)
    interview = diary.find(agenda, parts[1]) if len(parts) >= 3 else None
    kind = next((each for each in (*BEFORE, *AFTER) if [each] == parts[2:3]), None)
    if interview is None or kind is None:
        visit.buttons()
        visit.toast = visit.wording.phrase("toast_not_yours")
        return
    match parts[0], parts[3:]:
        case "later", []:
            _offer_times(visit, agenda, interview, kind)
        case "at", [when] if when in _LATERS:
            await _put_off(visit, agenda, interview, kind, when)
        case "stop", [] if kind in interview.stopped:
            visit.toast = visit.wording.phrase("toast_done_already")
        case "stop", []:
            diary.settle_today(agenda, visit.at)
            agenda.plan = stop(agenda.plan, interview.id, kind)
            await keep(visit, agenda)
            visit.buttons()
            visit.phrase("stopped_before" if kind in BEFORE else "stopped_after")
        case _:
            visit.toast = visit.wording.phrase("toast_old")


def _offer_times(visit: Visit, agenda: Agenda, interview: RealInterview, kind: Kind) -> None:
    """The times at which the message would still be of use."""
    buttons = [
        visit.button(label, f"r:at:{interview.id}:{kind}:{when}")
        for when, label in _LATERS.items()
        if (until := _until(visit.at, agenda.plan, when)) is not None
        and put_off(agenda.plan, interview.id, kind, until) is not None
    ]
    if not buttons:
        visit.toast = visit.wording.phrase("toast_too_late")
        return
    visit.buttons([tuple(buttons[at : at + 2]) for at in range(0, len(buttons), 2)])


async def _put_off(
    visit: Visit, agenda: Agenda, interview: RealInterview, kind: Kind, when: str
) -> None:
    diary.settle_today(agenda, visit.at)
    until = _until(visit.at, agenda.plan, when)
    plan = put_off(agenda.plan, interview.id, kind, until) if until is not None else None
    visit.buttons()
    if plan is None:
        visit.toast = visit.wording.phrase("toast_too_late")
        return
    if plan.moved[-1].slot in {due.slot for due in agenda.plan.moved}:
        visit.toast = visit.wording.phrase("toast_done_already")
        return
    agenda.plan = plan
    await keep(visit, agenda)
    shown = diary.moment_in_words(plan.moved[-1].at, agenda, visit.at)
    visit.phrase("put_off", when=shown)


def _until(now: datetime, plan: Plan, when: str) -> datetime | None:
    """The instant that a choice means; None for an evening that has come already."""
    if when == "hour":
        return now + timedelta(hours=1)
    if when == "three_hours":
        return now + timedelta(hours=3)
    day, at = now.astimezone(plan.clock).date(), _EVENING
    if when == "morning":
        day, at = day + timedelta(days=1), _MORNING
    elif minute_of(now, plan.clock) >= _EVENING.hour * 60 - 60:
        return None
    return instant(day, at.hour * 60 + at.minute, plan.clock)
