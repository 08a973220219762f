"""Drills: one question at a time, sent at the candidate's minute or asked for with /drill.

A drill that was set lies on the table until its day ends or another takes its place; it becomes an
interview (of one question) only once it is taken up, so that one nobody answers leaves no trace in
the history. A drill never comes between an interview and its answers: while one is going on, or a
form is being filled in, it waits as if "later today" had been tapped, and is let go when the day
has no later. An interview that was left open hours ago is what it asks about in its place: a
question on top of an open one would leave it unclear which of the two the next words answer.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from bot.chat import forms, timetable
from bot.chat.agenda import Agenda, agenda_of, keep, keep_notes
from bot.chat.buttons import Place, Row
from bot.chat.choosing import say_still_open
from bot.chat.practising import begin_with, put_drill_away, resume
from bot.chat.rendering import under_a_drill
from bot.chat.stages import FILLING, READY
from bot.chat.tabling import (
    again_at,
    begun_with,
    leave,
    line_of,
    put,
    put_off,
    rows_under,
    table_of,
)
from bot.chat.visit import Visit
from bot.interview import lines
from bot.interview.conduct import LONGEST_ANSWER
from bot.interview.events import Mode
from bot.interview.hearing import Meaning, understand
from bot.interview.machine import Stage, load
from bot.interview.moves import Said
from bot.practice import drills
from bot.practice.drills import LATEST
from bot.practice.due import before_a_tap
from bot.practice.model import Due
from bot.practice.wall_time import day_of
from bot.store import Priority, Slot, StoredInterview

_LATER = {"later", "later today", "not now", "maybe later", "remind me later", "in a bit"}
_LATEST_ANSWER = timedelta(hours=36)  # after the drill's day, unless another drill came
_FEWEST_WORDS = 4  # that could be an answer which comes too late
_LEAVES = {Meaning.SKIP, Meaning.DECLINE}
_REMARKS = {Meaning.NOTED, Meaning.YES, Meaning.NO, Meaning.WAIT, Meaning.GREETING}


# What the candidate does


async def on_drill(visit: Visit) -> None:
    """/drill: a question now, or again the one that waits for its answer."""
    stored = await visit.turn.current_interview()
    interview = load(stored.events) if stored else None
    if interview and interview.mode is Mode.DRILL and interview.stage is not Stage.REVIEWED:
        await resume(visit)
        return
    if (left_open := await put_drill_away(visit)) is not None:
        say_still_open(visit, left_open)
        return
    if visit.candidate.stage != READY:
        await visit.save(stage=READY)
    agenda = await agenda_of(visit)
    await put(visit, agenda, day_of(visit.at, agenda.plan.clock))
    await keep(visit, agenda)


async def on_text(visit: Visit, text: str, message_id: int) -> bool:
    """A message outside interviews and forms: the answer, if a drill lies on the table."""
    if visit.candidate.stage != READY:
        return False
    agenda = await agenda_of(visit)
    if (table := table_of(visit, agenda)) is None:
        return await _on_late_text(visit, agenda, text, message_id)
    meaning = understand(text)
    if " ".join(text.lower().split()).strip(".!") in _LATER:
        visit.phrase(await put_off(visit, agenda, table), time=again_at(agenda))
    elif meaning in _LEAVES:
        await leave(visit, agenda, table)
        visit.phrase("drill_skipped")
    elif meaning is Meaning.STOP:
        await _offer_on_stop(visit, agenda, table)
    elif meaning in _REMARKS:
        visit.phrase("drill_waits")
    else:
        begun = begun_with(visit, table)
        await leave(visit, agenda, table)
        await begin_with(visit, begun, Said(text, message_id))
    return True


async def _on_late_text(visit: Visit, agenda: Agenda, text: str, message_id: int) -> bool:
    """Words that may answer a drill whose day is over: they are kept, and it is asked."""
    table = table_of(visit, agenda, late=_LATEST_ANSWER)
    if table is None or understand(text) is not Meaning.ANSWER:
        return False
    if "late" not in table and len(text.split()) < _FEWEST_WORDS:
        return False
    before = [table["late"]["text"]] if "late" in table else []
    words = "\n".join([*before, text])[:LONGEST_ANSWER]
    table["late"] = {"text": words, "message": message_id}
    await keep_notes(visit, agenda)
    yes = visit.button("drill_take", f"d:take:{table['number']}")
    visit.phrase("drill_late", [(yes,)], slot=Slot.LISTENING)
    return True


async def on_tap(visit: Visit, parts: list[str]) -> None:
    """`d:answer:7`, `d:hint:7`, `d:later:7`, `d:skip:7`, `d:less:7`; `d:offer:keep`."""
    match parts:
        case ["ask"]:
            await forms.leave(visit)
            await on_drill(visit)
        case ["offer", ("fewer" | "keep" | "pause") as wish]:
            await _on_wish(visit, wish, days="")
        case ["offer", "fewer", days]:
            await _on_wish(visit, "fewer", days)
        case ["take", number]:
            await _on_take_tap(visit, number)
        case [("answer" | "hint" | "later" | "skip" | "less") as verb, number]:
            await _on_drill_tap(visit, verb, number)
        case _:
            visit.toast = visit.wording.phrase("toast_old")


async def _on_drill_tap(visit: Visit, verb: str, number: str) -> None:
    agenda = await agenda_of(visit)
    table = table_of(visit, agenda)
    if table is None or str(table["number"]) != number:
        await _too_late(visit)
        return
    if verb in {"answer", "hint"}:
        await forms.leave(visit)
        if (left_open := await put_drill_away(visit, agenda)) is not None:
            say_still_open(visit, left_open)
            return
        await _take_up(visit, agenda, table, hint=verb == "hint")
    elif verb == "skip":
        await leave(visit, agenda, table)
        visit.buttons()
        visit.toast = visit.wording.phrase("drill_skipped")
    elif verb == "later":
        said = await put_off(visit, agenda, table)
        visit.toast = visit.wording.phrase(said, time=again_at(agenda))
        visit.buttons(rows_under(visit, agenda, table))
    elif table.get("fewer"):
        visit.toast = visit.wording.phrase("toast_done_already")
    else:
        table["fewer"] = True
        agenda.plan = drills.fewer(before_a_tap(agenda.plan, visit.at))
        await keep(visit, agenda)
        visit.buttons(rows_under(visit, agenda, table))
        visit.toast = timetable.in_words(visit, agenda)


async def _on_take_tap(visit: Visit, number: str) -> None:
    """The words that came too late are the answer after all."""
    agenda = await agenda_of(visit)
    table = table_of(visit, agenda, late=_LATEST_ANSWER)
    if table is None or str(table["number"]) != number or "late" not in table:
        await _too_late(visit)
    elif (left_open := await put_drill_away(visit, agenda)) is not None:
        say_still_open(visit, left_open)
    else:
        await forms.leave(visit)
        visit.turn.clear(Slot.LISTENING)
        begun = begun_with(visit, table)
        said = Said(table["late"]["text"], table["late"]["message"])
        await leave(visit, agenda, table)
        await begin_with(visit, begun, said)


async def _too_late(visit: Visit) -> None:
    """A button of a drill that no longer lies on the table; of the one just taken up, leave it."""
    stored = await visit.turn.current_interview()
    if stored is not None and load(stored.events).mode is Mode.DRILL:
        visit.toast = visit.wording.phrase("toast_done_already")
        return
    visit.buttons()
    visit.toast = visit.wording.phrase("toast_drill_gone")


async def _take_up(visit: Visit, agenda: Agenda, table: dict[str, Any], *, hint: bool) -> None:
    """The drill becomes an interview by a tap: no answer yet, but somebody is about to give one."""
    begun = begun_with(visit, table)
    await leave(visit, agenda, table)
    interview_id = await begin_with(visit, begun)
    line = line_of(begun)
    visit.buttons(under_a_drill(visit, line, Place(interview_id, 1, 1)))
    if hint and line.weak is not None:
        visit.say("hinted", line=lines.Hinted(line.weak.hint))
    else:
        visit.phrase("drill_listening")


# What comes of its own accord


async def on_due(visit: Visit, agenda: Agenda, due: Due) -> None:
    """The day's drill."""
    if _is_busy(visit, agenda, await visit.turn.current_interview()):
        later = drills.later_today(agenda.plan, due.day, visit.at)
        agenda.plan = later or drills.skip(agenda.plan, due.day)
    elif (left_open := await put_drill_away(visit, agenda, priority=Priority.NUDGE)) is not None:
        say_still_open(visit, left_open, Priority.NUDGE)
    else:
        if visit.candidate.stage == FILLING:  # a form left hours ago would take the answer
            agenda.notes.pop("form", None)
            await visit.save(stage=READY)
        await put(visit, agenda, due.day, Priority.NUDGE)


async def on_offer(visit: Visit, agenda: Agenda, _due: Due) -> None:
    """Two drills in a row went by: fewer, or none for now? Silence means that they rest."""
    drill = agenda.plan.drill
    if _is_busy(visit, agenda, await visit.turn.current_interview()) and drill is not None:
        agenda.plan = replace(agenda.plan, drill=replace(drill, resting=False))  # tomorrow, then
        return
    visit.say("offer_fewer", _wish_rows(visit, agenda), priority=Priority.NUDGE)


def _is_busy(visit: Visit, agenda: Agenda, stored: StoredInterview | None) -> bool:
    """Whether the candidate is just now in an interview, or filling in a form."""
    if visit.candidate.stage == FILLING and (form := agenda.notes.get("form")):
        return visit.at - datetime.fromisoformat(form["at"]) < LATEST
    if stored is None or visit.at - stored.opened_at >= LATEST:
        return False
    return load(stored.events).mode is not Mode.DRILL


# Fewer, or none


def _wish_rows(visit: Visit, agenda: Agenda) -> list[Row]:
    """A button says how many days it would thin out, so that tapping it twice does so once."""
    days = len(agenda.plan.drill.weekdays) if agenda.plan.drill else 0
    rows: list[Row] = [(visit.button("drills_keep", "d:offer:keep"),)]
    if days > 1:
        rows.insert(0, (visit.button("drills_fewer", f"d:offer:fewer:{days}"),))
    return [*rows, (visit.button("drills_pause", "d:offer:pause"),)]


async def _offer_on_stop(visit: Visit, agenda: Agenda, table: dict[str, Any]) -> None:
    """“Stop” may mean this drill, or all: the drill goes, and the rest is asked."""
    await leave(visit, agenda, table)
    if agenda.plan.drill is None:
        visit.phrase("drill_skipped")
    else:
        visit.phrase("drills_stop", _wish_rows(visit, agenda))


async def _on_wish(visit: Visit, wish: str, days: str) -> None:
    agenda = await agenda_of(visit)
    plan = before_a_tap(agenda.plan, visit.at)
    visit.buttons()
    if plan.drill is None or (wish == "fewer" and str(len(plan.drill.weekdays)) != days):
        visit.toast = visit.wording.phrase("toast_old")
        return
    if wish == "fewer":
        agenda.plan = drills.fewer(plan)
    else:
        agenda.plan = drills.pause(plan) if wish == "pause" else drills.resume(plan, visit.at)
    await keep(visit, agenda)
    visit.phrase("drills_now", when=timetable.in_words(visit, agenda))
