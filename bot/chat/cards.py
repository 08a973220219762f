"""The card of a real interview: what is known, when the bot will write, what can be done."""

from __future__ import annotations

from bot.chat import diary
from bot.chat.agenda import Agenda
from bot.chat.buttons import Row
from bot.chat.visit import Visit
from bot.practice.appointments import BEFORE, moment
from bot.practice.follow_up import check_in_day, is_quiet
from bot.practice.model import Kind, RealInterview

MOST_CARDS = 4


def show(
    visit: Visit,
    agenda: Agenda,
    interview: RealInterview,
    *,
    in_place: bool = False,
    lead: str = "",
    more: bool = False,
) -> None:
    """Show a card; `lead` is "entered", "moved" or "saved", `more` offers to add another."""
    rows = card_rows(visit, agenda, interview)
    if more:
        rows.append((visit.button("add_another", "v:add"),))
    (visit.edit if in_place else visit.say)(
        "real_card",
        rows,
        it=diary.view(agenda, interview, visit.at),
        lead=lead,
        writes=_writes(visit, agenda, interview),
        asks=_asks(visit, agenda, interview),
    )


def card_rows(visit: Visit, agenda: Agenda, interview: RealInterview) -> list[Row]:
    """What can be done about an interview, before and after it."""
    id_ = interview.id
    edit = visit.button("edit_real", f"v:edit:{id_}")
    if visit.at >= interview.starts_at:
        rows: list[Row] = []
        if not interview.debriefed:
            rows.append((visit.button("tell", f"e:go:{id_}"),))
        elif any(not note.sent for note in interview.thank_yous):
            rows.append((visit.button("show_notes", f"n:show:{id_}"),))
        rows.append((visit.button("heard", f"c:heard:{id_}"), edit))
        return rows
    details = diary.details_of(agenda, id_)
    who = () if details.get("people") else (visit.button("set_people", f"v:set:{id_}:people"),)
    return [
        *([who] if who else []),
        (visit.button("practise_for", f"v:practise:{id_}"),),
        (edit, visit.button("move", f"v:move:{id_}")),
        (visit.button("file", f"v:file:{id_}"), visit.button("off", f"v:off:{id_}")),
    ]


def _writes(visit: Visit, agenda: Agenda, interview: RealInterview) -> str:
    """When the bot will write before it, in words; "" when it won't."""
    if any(kind in interview.stopped for kind in BEFORE):
        return ""
    again = {due.kind: due.at for due in agenda.plan.moved if due.interview == interview.id}
    times = []
    for kind in BEFORE:
        found = moment(agenda.plan, interview, kind)
        if kind in again:
            times.append(again[kind])
        elif kind not in interview.done and found is not None and found[0] > visit.at:
            times.append(found[0])
    return diary.times_in_words(times, agenda, visit.at)


def _asks(visit: Visit, agenda: Agenda, interview: RealInterview) -> str:
    """The day on which the bot will ask whether there is news, in words; "" when it won't."""
    if Kind.DEBRIEF not in interview.done and not interview.debriefed:
        return ""
    if is_quiet(interview):
        return ""
    return diary.day_in_words(check_in_day(interview), diary.today(agenda, visit.at))
