"""After a real interview: how it went, who was there, what they said, when they decide.

Mostly taps. Each answer is kept at once in the interview's details (`went`, `met`, `points`,
`promised`, `decides`), and the next question is the first that has no answer: so a debrief can be
left at any moment and goes on where it was.
"""

from __future__ import annotations

import asyncio
from datetime import date, datetime, timedelta

from bot.chat import diary, forms, thanking
from bot.chat.agenda import Agenda, agenda_of, keep
from bot.chat.buttons import Row
from bot.chat.calendar_buttons import parse_day
from bot.chat.diary import Details
from bot.chat.reminding import later_rows
from bot.chat.stages import READY
from bot.chat.tabling import table_of
from bot.chat.visit import Visit
from bot.interview.events import Mode
from bot.interview.hearing import Meaning, understand
from bot.interview.machine import Stage, load
from bot.practice import follow_up
from bot.practice.deadlines import read_deadline
from bot.practice.model import Due, Kind, RealInterview
from bot.practice.notes import read_point, says_of_them
from bot.practice.people import Person, read_people
from bot.store import Priority

FORM = "e"
_WENT = "went"  # the first question, which is only tapped
WENTS = {
    "good": "went_good",
    "mixed": "went_mixed",
    "bad": "went_bad",
    "unsure": "went_unsure",
}
LONGEST_PROMISE = 300  # characters
LATE = timedelta(hours=1)  # within this after it was left, words still belong to a question
_REMARKS = {Meaning.NOTED, Meaning.YES, Meaning.WAIT, Meaning.GREETING, Meaning.WORDLESS}
_NOTHING = {Meaning.SKIP, Meaning.DECLINE, Meaning.STUCK, Meaning.NO}


async def on_due(visit: Visit, agenda: Agenda, due: Due) -> None:
    """Two hours after the end."""
    assert due.interview is not None
    interview = agenda.plan.interview(due.interview)
    ask_how_it_went(visit, agenda, interview, priority=Priority.NUDGE)


def ask_how_it_went(
    visit: Visit,
    agenda: Agenda,
    interview: RealInterview,
    *,
    priority: Priority = Priority.REPLY,
) -> None:
    """The first question, as a message of its own."""
    id_ = interview.id
    buttons = [visit.button(label, f"e:went:{id_}:{went}") for went, label in WENTS.items()]
    rows: list[Row] = [tuple(buttons[:2]), tuple(buttons[2:])]
    rows += later_rows(visit, id_, Kind.DEBRIEF)
    it = diary.view(agenda, interview, visit.at)
    # No form: whatever comes in words, an answer to something else goes there.
    left = {"form": FORM, "step": _WENT, "draft": {"id": id_}, "at": visit.at.isoformat()}
    agenda.notes["left"] = left
    visit.say("real_debrief", rows, priority=priority, it=it)


async def on_tap(visit: Visit, parts: list[str]) -> None:
    """`e:go:1`, `e:went:1:good`, `e:met:1:2`, `e:all:1`, `e:skip:1:2`, `e:by:1:2026-12-04`."""
    agenda = await agenda_of(visit)
    interview = diary.find(agenda, parts[1]) if len(parts) > 1 else None
    if interview is None:
        visit.buttons()
        visit.toast = visit.wording.phrase("toast_not_yours")
        return
    if interview.debriefed or visit.at < interview.starts_at:
        visit.buttons()
        visit.toast = visit.wording.phrase("toast_done_already")
        return
    details = diary.details_of(agenda, interview.id)
    match parts[0], parts[2:]:
        case "go", [] if agenda.notes.get("form", {}).get("form") != FORM:
            visit.buttons()
            visit.tapped = None
        case "went", [went] if went in WENTS and "met" not in details:
            details["went"] = went
            details.setdefault("ticks", list(diary.people_of(details)))
        case "met", [key] if key in details.get("people", {}) and "met" not in details:
            ticks: list[str] = details.setdefault("ticks", [])
            ticks.remove(key) if key in ticks else ticks.append(key)
            await keep(visit, agenda)
            visit.buttons(_tick_rows(visit, interview, details))
            return
        case "add", [] if "met" not in details:
            await forms.ask(visit, agenda, FORM, "met", id=interview.id)
            visit.say("real_field", slot=f"adding:{interview.id}", field="met")
            return
        case ("all" | "unnamed") as verb, [] if "met" not in details:
            if not await _settle_met(visit, agenda, details, unnamed=verb == "unnamed"):
                return
        case "skip", [key] if key in details.get("met", ()):
            if not _keep_once(visit, details.setdefault("points", {}), key, ""):
                return
        case "nothing", []:
            if not _keep_once(visit, details, "promised", ""):
                return
        case "by", [day]:
            if not _keep_once(visit, details, "decides", _tapped_day(day)):
                return
        case _:
            visit.toast = visit.wording.phrase("toast_old")
            return
    if agenda.notes.get("form", {}).get("form") != FORM:
        await forms.leave(visit)
    await go_on(visit, agenda, interview)


def _keep_once(visit: Visit, into: dict[str, str], key: str, value: str) -> bool:
    """Keep a tapped answer; False when there is one: the button is an old one."""
    visit.buttons()
    visit.tapped = None
    if key in into:
        visit.toast = visit.wording.phrase("toast_done_already")
        return False
    into[key] = value
    return True


async def _settle_met(visit: Visit, agenda: Agenda, details: Details, *, unnamed: bool) -> bool:
    """Keep who was there; False when nobody is ticked."""
    if unnamed:
        details["ticks"] = diary.add_people(details, (Person("", ""),))
    ticked = [key for key in details.get("people", {}) if key in details.get("ticks", ())]
    if not ticked:
        visit.toast = visit.wording.phrase("toast_nobody")
        return False
    details["met"] = ticked
    people = [each.label for each in diary.met(details).values() if each.label]
    visit.edit("real_were_there", people=diary.listed(people))
    visit.tapped = None
    return True


async def go_on(visit: Visit, agenda: Agenda, interview: RealInterview) -> None:
    """Ask the first question that has no answer yet; without one, write the notes."""
    details = diary.details_of(agenda, interview.id)
    id_ = interview.id
    if "went" not in details:
        ask_how_it_went(visit, agenda, interview)
        await keep(visit, agenda)
    elif "met" not in details:
        await _ask_met(visit, agenda, interview, details)
    elif left := [key for key in diary.met(details) if key not in details.get("points", {})]:
        await forms.ask(visit, agenda, FORM, "point", id=id_, person=left[0])
        rows: list[Row] = [(visit.button("nothing_stuck", f"e:skip:{id_}:{left[0]}"),)]
        person, first = diary.met(details)[left[0]], len(left) == len(details["met"])
        visit.say("real_point", rows, person=person, first=first)
    elif "promised" not in details:
        await forms.ask(visit, agenda, FORM, "promised", id=id_)
        visit.say("real_promised", [(visit.button("no_promise", f"e:nothing:{id_}"),)])
    elif "decides" not in details:
        await forms.ask(visit, agenda, FORM, "decides", id=id_)
        visit.say("real_decides", _deadline_rows(visit, agenda, id_))
    else:
        await _finish(visit, agenda, interview, details)


async def _ask_met(
    visit: Visit, agenda: Agenda, interview: RealInterview, details: Details
) -> None:
    known = bool(diary.people_of(details))
    await forms.ask(visit, agenda, FORM, "met", id=interview.id)
    rows: list[Row] = [(visit.button("no_names", f"e:unnamed:{interview.id}"),)]
    if known:
        rows = _tick_rows(visit, interview, details)
    visit.edit("real_met", rows, went=details["went"], known=known)


def _tick_rows(visit: Visit, interview: RealInterview, details: Details) -> list[Row]:
    id_, ticks = interview.id, details.get("ticks", ())
    rows: list[Row] = [
        ((f"{'☑' if key in ticks else '☐'} {each.label}"[:60], f"e:met:{id_}:{key}"),)
        for key, each in diary.people_of(details).items()
    ]
    add, everybody = (
        visit.button("add_one", f"e:add:{id_}"),
        visit.button("that_is_all", f"e:all:{id_}"),
    )
    return [*rows, (add, everybody)]


def _deadline_rows(visit: Visit, agenda: Agenda, id_: int) -> list[Row]:
    """The Fridays of this and the next weeks, and that nothing was said."""
    today = diary.today(agenda, visit.at)
    friday = today + timedelta(days=(4 - today.weekday()) % 7 or 7)
    fridays = [friday + timedelta(weeks=weeks) for weeks in range(3)]
    rows: list[Row] = [
        ((f"{visit.wording.buttons['by']} {diary.day_in_words(day, today)}", _by(id_, day)),)
        for day in fridays
    ]
    return [*rows, (visit.button("not_said", f"e:by:{id_}:unsaid"),)]


def _by(id_: int, day: date) -> str:
    return f"e:by:{id_}:{day:%Y-%m-%d}"


def _tapped_day(text: str) -> str:
    """A day as it is kept, as ISO text; "" for none named."""
    day = parse_day(text.replace("-", ""))
    return "" if day is None else day.isoformat()


# What is typed


async def on_text(visit: Visit, agenda: Agenda, text: str) -> None:
    """The answer to a question of the debrief."""
    form = agenda.notes["form"]
    interview = diary.find(agenda, str(form["draft"]["id"]))
    meaning = understand(text)
    if interview is None or interview.debriefed or meaning is Meaning.STOP:
        await forms.done(visit, agenda)
        visit.phrase("put_aside")
        return
    details = diary.details_of(agenda, interview.id)
    match form["step"]:
        case "met":
            kept = _take_met(visit, details, text)
        case "point":
            kept = _take_point(visit, details, form["draft"]["person"], text, meaning)
        case "promised":
            kept = _take_promise(visit, details, text, meaning)
        case _:
            kept = await _take_deadline(visit, agenda, details, text)
    if kept:
        await go_on(visit, agenda, interview)


async def on_late_text(visit: Visit, text: str) -> bool:
    """Words after a debrief was left for something else: for its question, or it is asked again.

    False where something newer waits for words, or the debrief was left too long ago.
    """
    if visit.candidate.stage != READY or not await _nobody_waits(visit):
        return False
    agenda = await agenda_of(visit)
    left = agenda.notes.get("left", {})
    if left.get("form") != FORM or visit.at - datetime.fromisoformat(left["at"]) >= LATE:
        return False
    interview = diary.find(agenda, str(left["draft"]["id"]))
    if interview is None or interview.debriefed or Kind.DEBRIEF in interview.stopped:
        return False
    if (meaning := understand(text)) is Meaning.STOP:
        return False
    if left["step"] == _WENT and table_of(visit, agenda) is not None:
        return False
    if left["step"] == _WENT or meaning in _REMARKS:
        visit.tapped = None
        await go_on(visit, agenda, interview)
        return True
    await forms.ask(visit, agenda, FORM, left["step"], **left["draft"])
    await on_text(visit, agenda, text)
    return True


async def _nobody_waits(visit: Visit) -> bool:
    """Whether no practice interview waits for words; a drill that was answered does not."""
    stored = await visit.turn.current_interview()
    interview = load(stored.events) if stored else None
    if interview is None:
        return True
    return interview.mode is Mode.DRILL and interview.stage is Stage.REVIEWED


def _take_met(visit: Visit, details: Details, text: str) -> bool:
    if not (people := read_people(text)):
        visit.phrase("people_not_read")
        return False
    had_any = bool(details.get("people"))
    added = diary.add_people(details, people)
    ticks: list[str] = details.setdefault("ticks", [])
    ticks += [key for key in added if key not in ticks]
    if not had_any:
        details["met"] = list(ticks)
    return True


def _take_point(visit: Visit, details: Details, key: str, text: str, meaning: Meaning) -> bool:
    person = diary.people_of(details).get(key, Person(""))
    point = "" if meaning in _NOTHING else read_point(text, person.name.split(" ")[0])
    if point is None:
        visit.phrase("point_too_long")
        return False
    if not point and meaning not in _NOTHING:
        visit.phrase("point_not_words")
        return False
    details.setdefault("points", {})[key] = point
    return True


def _take_promise(visit: Visit, details: Details, text: str, meaning: Meaning) -> bool:
    flat = " ".join(text.split())
    if len(flat) > LONGEST_PROMISE:
        visit.phrase("promise_too_long")
        return False
    nothing = meaning in _NOTHING or flat.strip(" .!").casefold() in {"nothing", "none", "no"}
    details["promised"] = "" if nothing else flat
    return True


async def _take_deadline(visit: Visit, agenda: Agenda, details: Details, text: str) -> bool:
    found = await asyncio.to_thread(read_deadline, text, diary.today(agenda, visit.at))
    if found is None:
        visit.phrase("deadline_not_read")
        return False
    details["decides"] = found.day.isoformat() if found.day else ""
    return True


async def _finish(visit: Visit, agenda: Agenda, interview: RealInterview, details: Details) -> None:
    """Put it into the plan, say what follows, and write a note for each person."""
    diary.settle_today(agenda, visit.at)
    people, points = diary.met(details), details.get("points", {})
    decides = details["decides"]
    day = date.fromisoformat(decides) if decides else None
    agenda.plan = follow_up.debriefed(agenda.plan, interview.id, tuple(people), day)
    interview = agenda.plan.interview(interview.id)
    today = diary.today(agenda, visit.at)
    asks = follow_up.check_in_day(interview)
    visit.say(
        "real_told",
        promised=details["promised"],
        decides=diary.day_in_words(day, today) if day else "",
        asks=diary.day_in_words(asks, today),
        notes=len(people),
        gaps=sum(not points.get(key) for key in people),
        speaks_of=diary.listed(
            [people[key].name for key in people if says_of_them(points.get(key, ""))]
        ),
    )
    thanking.say_notes(visit, agenda, interview)
    await forms.done(visit, agenda)
