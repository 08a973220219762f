"""The drill on the table: set, looked at, put off, taken away.

notes["drill"]: "count" of drills set, "persona" and "kind" of the last one, and "table", the drill
on the table: "number", "opened" (the event it would begin with), "day" it counts for, "until" when
it lies there, "later" once it was put off, "fewer" once fewer were wished for, "late" the words
that came when its day was over, until the candidate has said whether they are its answer.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from bot.chat import learning
from bot.chat.agenda import Agenda, keep
from bot.chat.buttons import Row
from bot.chat.rendering import say_drill
from bot.chat.visit import Visit
from bot.interview import lines
from bot.interview.conduct import begin
from bot.interview.events import InterviewOpened
from bot.interview.step import Step
from bot.practice import drills
from bot.practice.drills import LATEST
from bot.practice.due import before_a_tap
from bot.practice.wall_time import instant
from bot.store import Priority


async def leave(visit: Visit, agenda: Agenda, table: dict[str, Any]) -> None:
    """Take the drill off the table: it was taken up, or will not be."""
    day = date.fromisoformat(table["day"])
    agenda.notes["drill"].pop("table", None)
    agenda.plan = drills.skip(before_a_tap(agenda.plan, visit.at), day)
    await keep(visit, agenda)


async def put_off(visit: Visit, agenda: Agenda, table: dict[str, Any]) -> str:
    """Ask again later today; returns the phrase that says so, or that there is no later."""
    day = date.fromisoformat(table["day"])
    later = drills.later_today(before_a_tap(agenda.plan, visit.at), day, visit.at)
    if later is None:
        return "drill_no_later"
    agenda.plan = later
    table["later"] = True
    await keep(visit, agenda)
    return "drill_later"


def again_at(agenda: Agenda) -> str:
    """When the drill that was put off comes again, on the candidate's clock."""
    moved = [each.at for each in agenda.plan.moved if each.interview is None]
    return f"{moved[-1].astimezone(agenda.plan.clock):%H:%M}" if moved else ""


async def put(visit: Visit, agenda: Agenda, day: date, priority: Priority = Priority.REPLY) -> None:
    """Put a drill on the table: the one of this day once more, if it waits there, or a new one."""
    notes = agenda.notes.setdefault("drill", {})
    number = notes.get("count", 0) + 1
    table = table_of(visit, agenda)
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
    agenda.notes.pop("left", None)  # words that come now are for this question
    names = [name for name in (*opened.questions, opened.drill.weak) if name]
    learning.note_asked(agenda, visit.at, *names)
    line = line_of(begin(opened, visit.book))
    say_drill(visit, line, rows_under(visit, agenda, table), priority)


def table_of(
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


def line_of(begun: Step) -> lines.DrillSet:
    """The drill as it is put, the one line that it begins with."""
    line = begun.lines[0]
    assert isinstance(line, lines.DrillSet)
    return line


def begun_with(visit: Visit, table: dict[str, Any]) -> Step:
    """The interview that this drill becomes, with the line it was put in."""
    opened = _opened(visit, table)
    assert opened is not None
    return begin(opened, visit.book)


def rows_under(visit: Visit, agenda: Agenda, table: dict[str, Any]) -> list[Row]:
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
