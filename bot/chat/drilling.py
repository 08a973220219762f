"""Drills: one question at a time, sent at the candidate's minute or asked for with /drill.

A drill that was set lies on the table until its day ends or another takes its place; it becomes an
interview (of one question) only once it is taken up, so that one nobody answers leaves no trace in
the history. A drill never comes between an interview and its answers: while one is going on, or a
form is being filled in, it waits as if "later today" had been tapped, and is let go when the day
has no later. An interview that was left open hours ago is what it asks about in its place: a
question on top of an open one would leave it unclear which of the two the next words answer.

notes["drill"]: "count" of drills set, "persona" and "kind" of the last one, and "table", the drill
on the table: "number", "opened" (the event it would begin with), "day" it counts for, "until" when
it lies there, "later" once it was put off, "fewer" once fewer were wished for, "late" the words
that came when its day was over, until the candidate has said whether they are its answer.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from bot.chat import learning, timetable
from bot.chat.agenda import Agenda, agenda_of, keep, keep_notes
from bot.chat.buttons import Place, Row
from bot.chat.choosing import say_still_open
from bot.chat.practising import begin_with, put_drill_away, resume
from bot.chat.rendering import say_drill, under_a_drill
from bot.chat.stages import FILLING, READY
from bot.chat.visit import Visit
from bot.interview import lines
from bot.interview.conduct import LONGEST_ANSWER, begin
from bot.interview.events import InterviewOpened, Mode
from bot.interview.hearing import Meaning, understand
from bot.interview.machine import Stage, load
from bot.interview.moves import Said
from bot.interview.step import Step
from bot.practice import drills
from bot.practice.drills import LATEST
from bot.practice.due import before_a_tap
from bot.practice.model import Due
from bot.practice.wall_time import day_of, instant
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
    await _set(visit, agenda, day_of(visit.at, agenda.plan.clock))
    await keep(visit, agenda)


async def on_text(visit: Visit, text: str, message_id: int) -> bool:
    """A message outside interviews and forms: the answer, if a drill lies on the table."""
    if visit.candidate.stage != READY:
        return False
    agenda = await agenda_of(visit)
    if (table := _table(visit, agenda)) is None:
        return await _on_late_text(visit, agenda, text, message_id)
    meaning = understand(text)
    if " ".join(text.lower().split()).strip(".!") in _LATER:
        visit.phrase(await _put_off(visit, agenda, table), time=_again_at(agenda))
    elif meaning in _LEAVES:
        await _leave(visit, agenda, table)
        visit.phrase("drill_skipped")
    elif meaning is Meaning.STOP:
        await _offer_on_stop(visit, agenda, table)
    elif meaning in _REMARKS:
        visit.phrase("drill_waits")
    else:
        begun = _begun(visit, table)
        await _leave(visit, agenda, table)
        await begin_with(visit, begun, Said(text, message_id))
    return True


async def _on_late_text(visit: Visit, agenda: Agenda, text: str, message_id: int) -> bool:
    """Words that may answer a drill whose day is over: they are kept, and it is asked."""
    table = _table(visit, agenda, late=_LATEST_ANSWER)
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
    table = _table(visit, agenda)
    if table is None or str(table["number"]) != number:
        await _too_late(visit)
        return
    if verb in {"answer", "hint"}:
        if (left_open := await put_drill_away(visit, agenda)) is not None:
            say_still_open(visit, left_open)
            return
        await _take_up(visit, agenda, table, hint=verb == "hint")
    elif verb == "skip":
        await _leave(visit, agenda, table)
        visit.buttons()
        visit.toast = visit.wording.phrase("drill_skipped")
    elif verb == "later":
        said = await _put_off(visit, agenda, table)
        visit.toast = visit.wording.phrase(said, time=_again_at(agenda))
        visit.buttons(_rows(visit, agenda, table))
    elif table.get("fewer"):
        visit.toast = visit.wording.phrase("toast_done_already")
    else:
        table["fewer"] = True
        agenda.plan = drills.fewer(before_a_tap(agenda.plan, visit.at))
        await keep(visit, agenda)
        visit.buttons(_rows(visit, agenda, table))
        visit.toast = timetable.in_words(visit, agenda)


async def _on_take_tap(visit: Visit, number: str) -> None:
    """The words that came too late are the answer after all."""
    agenda = await agenda_of(visit)
    table = _table(visit, agenda, late=_LATEST_ANSWER)
    if table is None or str(table["number"]) != number or "late" not in table:
        await _too_late(visit)
    elif (left_open := await put_drill_away(visit, agenda)) is not None:
        say_still_open(visit, left_open)
    else:
        visit.turn.clear(Slot.LISTENING)
        begun = _begun(visit, table)
        said = Said(table["late"]["text"], table["late"]["message"])
        await _leave(visit, agenda, table)
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
    begun = _begun(visit, table)
    await _leave(visit, agenda, table)
    interview_id = await begin_with(visit, begun)
    line = _line(begun)
    visit.buttons(under_a_drill(visit, line, Place(interview_id, 1, 1)))
    if hint and line.weak is not None:
        visit.say("hinted", line=lines.Hinted(line.weak.hint))
    else:
        visit.phrase("drill_listening")


async def _leave(visit: Visit, agenda: Agenda, table: dict[str, Any]) -> None:
    """Take the drill off the table: it was taken up, or will not be."""
    day = date.fromisoformat(table["day"])
    agenda.notes["drill"].pop("table", None)
    agenda.plan = drills.skip(before_a_tap(agenda.plan, visit.at), day)
    await keep(visit, agenda)


async def _put_off(visit: Visit, agenda: Agenda, table: dict[str, Any]) -> str:
    """Ask again later today; returns the phrase that says so, or that there is no later."""
    day = date.fromisoformat(table["day"])
    later = drills.later_today(before_a_tap(agenda.plan, visit.at), day, visit.at)
    if later is None:
        return "drill_no_later"
    agenda.plan = later
    table["later"] = True
    await keep(visit, agenda)
    return "drill_later"


def _again_at(agenda: Agenda) -> str:
    """When the drill that was put off comes again, on the candidate's clock."""
    moved = [each.at for each in agenda.plan.moved if each.interview is None]
    return f"{moved[-1].astimezone(agenda.plan.clock):%H:%M}" if moved else ""


# What comes of its own accord


async def on_due(visit: Visit, agenda: Agenda, due: Due) -> None:
    """The day's drill."""
    if _is_busy(visit, agenda, await visit.turn.current_interview()):
        later = drills.later_today(agenda.plan, due.day, visit.at)
        agenda.plan = later or drills.skip(agenda.plan, due.day)
    elif (left_open := await put_drill_away(visit, agenda)) is not None:
        say_still_open(visit, left_open, Priority.NUDGE)
    else:
        if visit.candidate.stage == FILLING:  # a form left hours ago would take the answer
            agenda.notes.pop("form", None)
            await visit.save(stage=READY)
        await _set(visit, agenda, due.day, Priority.NUDGE)


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
    await _leave(visit, agenda, table)
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


# The drill on the table


async def _set(
    visit: Visit, agenda: Agenda, day: date, priority: Priority = Priority.REPLY
) -> None:
    """Put a drill on the table: the one of this day once more, if it waits there, or a new one."""
    notes = agenda.notes.setdefault("drill", {})
    number = notes.get("count", 0) + 1
    table = _table(visit, agenda)
    if table is not None and table["day"] == day.isoformat():
        opened = _opened(visit, table)
    else:
        opened = await learning.next_drill(visit, agenda, number)
    assert opened is not None
    assert opened.drill is not None
    midnight = instant(day + timedelta(days=1), 0, agenda.plan.clock)
    notes |= {"count": number, "persona": opened.persona, "kind": opened.drill.kind.value}
    table = {
        "number": number,
        "opened": opened.model_dump(mode="json"),
        "day": day.isoformat(),
        "until": max(midnight, visit.at + LATEST).isoformat(),
    }
    notes["table"] = table
    names = [name for name in (*opened.questions, opened.drill.weak) if name]
    learning.note_asked(agenda, visit.at, *names)
    line = _line(begin(opened, visit.book))
    say_drill(visit, line, _rows(visit, agenda, table), priority)


def _table(
    visit: Visit, agenda: Agenda, *, late: timedelta = timedelta(0)
) -> dict[str, Any] | None:
    """The drill on the table; None when there is none, or its time was over `late` ago."""
    table: dict[str, Any] | None = agenda.notes.get("drill", {}).get("table")
    if table is None or visit.at >= datetime.fromisoformat(table["until"]) + late:
        return None
    return table if _opened(visit, table) is not None else None


def _opened(visit: Visit, table: dict[str, Any]) -> InterviewOpened | None:
    """The event that the drill would begin with; None if the content it asks for is gone."""
    opened = InterviewOpened.model_validate(table["opened"])
    weak = opened.drill.weak if opened.drill else None
    there = (
        opened.persona in visit.book.personas
        and set(opened.questions) <= set(visit.book.questions)
        and (weak is None or visit.book.drills.weak_answer(weak) is not None)
    )
    return opened if there else None


def _line(begun: Step) -> lines.DrillSet:
    """The drill as it is put, the one line that it begins with."""
    line = begun.lines[0]
    assert isinstance(line, lines.DrillSet)
    return line


def _begun(visit: Visit, table: dict[str, Any]) -> Step:
    opened = _opened(visit, table)
    assert opened is not None
    return begin(opened, visit.book)


def _rows(visit: Visit, agenda: Agenda, table: dict[str, Any]) -> list[Row]:
    """What can be done about a drill on the table, less what has been done."""
    number = table["number"]
    first = [visit.button("drill_answer", f"d:answer:{number}")]
    if table["opened"]["drill"]["weak"]:
        first.append(visit.button("hint", f"d:hint:{number}"))
    second = [visit.button("skip", f"d:skip:{number}")]
    rows: list[Row] = [tuple(first)]
    if agenda.plan.drill is None:
        return [*rows, tuple(second)]
    if not table.get("later"):
        second.insert(0, visit.button("drill_later_today", f"d:later:{number}"))
    rows.append(tuple(second))
    if not table.get("fewer"):
        rows.append((visit.button("drill_fewer", f"d:less:{number}"),))
    return rows
