"""/settings and /help: what the candidate can change, and how the bot works."""

from __future__ import annotations

from bot.chat import diary, timetable
from bot.chat.agenda import Agenda, agenda_of, keep_notes
from bot.chat.buttons import Row
from bot.chat.onboarding import WHENS, when_rows, work_name, work_rows
from bot.chat.practising import onward_rows
from bot.chat.stages import NEW, READY
from bot.chat.visit import Visit

DEPTHS = ("short", "full")


async def on_settings(visit: Visit) -> None:
    """/settings: the screen, as a new message."""
    if visit.candidate.stage == NEW:
        await visit.save(stage=READY)
    await _screen(visit, in_place=False)


async def on_settings_tap(visit: Visit, parts: list[str]) -> None:
    """`s:work`, `s:work:care`, `s:when`, `s:when:week`, `s:depth:short`, `s:show`."""
    if visit.candidate.stage == NEW:
        # Settings left on the screen by somebody who has since been forgotten.
        visit.buttons()
        visit.toast = visit.wording.phrase("nothing_stored")
        return
    match parts:
        case ["work"]:
            visit.buttons([*work_rows(visit, "s:work"), (visit.button("back", "s:show"),)])
            return
        case ["when"]:
            visit.buttons([*when_rows(visit, "s:when"), (visit.button("back", "s:show"),)])
            return
        case ["work", line] if line in visit.book.lines_of_work:
            await _save(visit, line_of_work=line)
        case ["when", when] if when in WHENS:
            agenda = await agenda_of(visit)
            agenda.notes["when_told"] = agenda.notes.get("last_interview", 0)
            await keep_notes(visit, agenda)
            await _save(visit, interview_when=when)
        case ["depth", depth] if depth in DEPTHS:
            preferences = {**visit.candidate.preferences, "depth": depth}
            await _save(visit, preferences=preferences)
        case ["show"]:
            pass
        case _:
            visit.toast = visit.wording.phrase("toast_old")
            return
    await _screen(visit, in_place=True)


async def on_help(visit: Visit) -> None:
    """/help: how this works, in one bubble."""
    visit.say("help", await onward_rows(visit))


async def _save(visit: Visit, **changes: object) -> None:
    await visit.save(**changes)
    visit.toast = visit.wording.phrase("toast_saved")


async def _screen(visit: Visit, *, in_place: bool) -> None:
    short = visit.candidate.preferences.get("depth", "full") == "short"
    agenda = await agenda_of(visit)
    dated = diary.coming(agenda, visit.at) is not None
    depth = ("depth_full", "s:depth:full") if short else ("depth_short", "s:depth:short")
    rows: list[Row] = [
        (
            visit.button("change_work", "s:work"),
            visit.button("change_when", "v:show" if dated else "s:when"),
        ),
        (visit.button(*depth),),
        (visit.button("change_drills", "t:show"),),
    ]
    drills, when = timetable.in_words(visit, agenda), _when(visit, agenda)
    (visit.edit if in_place else visit.say)(
        "settings", rows, work=work_name(visit), when=when, short=short, drills=drills
    )


def _when(visit: Visit, agenda: Agenda) -> str:
    """The next real interview, "Kaufland, Mon 14 December, 15:00"; without one, how soon it is.

    What was told of that no longer holds once an interview that was entered later is over.
    """
    if (coming := diary.coming(agenda, visit.at)) is not None:
        it = diary.view(agenda, coming, visit.at)
        weekday, day = it["day"].split(" ", 1)
        return ", ".join(
            part for part in (it["company"], f"{weekday[:3]} {day}", it["time"]) if part
        )
    holds = agenda.notes.get("when_told", 0) == agenda.notes.get("last_interview", 0)
    told = visit.candidate.interview_when if holds else None
    return visit.wording.buttons[told or "none"].lower()
