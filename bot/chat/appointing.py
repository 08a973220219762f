"""/interview: a real interview is entered, or moved. Company, day, time; the date is read back.

The form is `a`. Its draft holds what is known so far: `company`, `days` and `minutes` (more than
one where the words can mean several), `pairs` (whole readings), `length`, `typed` (words after the
command, not read yet) and `typed_at`; `id` where an interview is moved. The draft of a new one is
kept in the notes too, so that going away loses nothing.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from itertools import product
from typing import Any

from bot.chat import cards, debriefing, diary, forms, places, reminding
from bot.chat.agenda import Agenda, agenda_of, keep
from bot.chat.buttons import Row
from bot.chat.calendar_buttons import (
    month_rows,
    parse_day,
    parse_minute,
    parse_month,
    time_rows,
)
from bot.chat.forms import WITHOUT_KEYS, ZONE
from bot.chat.visit import Visit
from bot.interview.hearing import Meaning, understand
from bot.practice.appointments import BEFORE, enter, said_on_entering
from bot.practice.dates import Reading, read_when
from bot.practice.model import Kind
from bot.practice.times_of_day import DEFAULT_MINUTES
from bot.practice.wall_time import instant, zone_named

FORM = "a"
LONGEST_NAME, MOST_WORDS = 80, 12
MOST_TYPED = 2 * MOST_WORDS  # words after the command: a company and a date
MOST_READINGS = 4
TOLD_LATE = timedelta(days=7)  # after its end an interview can still be entered, to tell about it
_SKIPS = {"skip", "skip this", "skip it", "pass", "later"}  # "next" is a company
_YES = {
    "yes",
    "y",
    "yeah",
    "yep",
    "right",
    "that's right",
    "correct",
    "ok",
    "okay",
    "exactly",
    "sure",
}
# Words after the command that ask for something else than a new interview.
_NO_COMPANY = {"help", "cancel", "delete", "remove", "move", "change", "skip", "stop", "new", "add"}
_BRAND = re.compile(r"[a-z]\d|\d[a-z]|\w+\.[a-z]{2,}", re.IGNORECASE)  # O2, 3M, Monday.com
_LEADS = re.compile(r"^(?:with|at|for)\b|\b(?:on|at|this|next|coming|by)$", re.IGNORECASE)
Draft = dict[str, Any]


async def on_interview(visit: Visit) -> None:
    """/interview: the cards of what is entered; without any, the first question.

    What is typed with the command is a day, a time or a company: of one that is not entered yet.
    """
    agenda = await agenda_of(visit)
    typed = await _typed(visit, agenda)
    if typed and not ("entering" in agenda.notes and "company" in typed):
        await _ask_next(visit, agenda, {**agenda.notes.get("entering", {}), **typed})
        return
    known = sorted(agenda.plan.interviews, key=lambda each: each.starts_at)
    open_ones = [each for each in known if "answer" not in diary.details_of(agenda, each.id)]
    shown = open_ones[-cards.MOST_CARDS :]
    for each in shown:
        cards.show(visit, agenda, each, more=each is shown[-1])
    if (draft := agenda.notes.get("entering")) is not None:
        rows: list[Row] = [
            (visit.button("go_on_entering", "v:resume"), visit.button("afresh", "v:add"))
        ]
        visit.say("real_draft", rows, company=draft.get("company", ""))
    elif not shown:
        await begin(visit, agenda)


async def _typed(visit: Visit, agenda: Agenda) -> Draft:
    """What the words after the command say of an interview; nothing where that is not plain.

    A day is only known once it is known where they are: until then it is kept as it was typed.
    """
    words = visit.words.split()
    if not words or len(words) > MOST_TYPED or words[0].casefold() in _NO_COMPANY:
        return {}
    company, when = await _company_and_when(visit, agenda, words)
    draft: Draft = {"typed": when, "typed_at": visit.at.isoformat()} if when else {}
    return {**draft, "company": company} if company else draft


async def _company_and_when(visit: Visit, agenda: Agenda, words: list[str]) -> tuple[str, str]:
    """Words such as "Harlow Friday 3pm" as company and date; "" for what is not there."""
    whole = " ".join(words)
    reading = await _read(agenda, whole, visit.at)
    if reading is None or _BRAND.fullmatch(whole):
        return short_text(whole) or "", ""
    if not reading.has_date:
        return "", ""
    if await _read(agenda, " ".join(words[:-1]), visit.at) == reading:
        return "", ""  # the last word is of no date: "Sunday Times"
    for split in range(len(words) - 1, 0, -1):
        name = " ".join(words[:split])
        if (
            await _read(agenda, " ".join(words[split:]), visit.at) == reading
            and await _read(agenda, name, visit.at) is None
        ):
            return _LEADS.sub("", name).strip(" ,:"), " ".join(words[split:])
    return "", whole


async def _read(agenda: Agenda, text: str, at: datetime) -> Reading | None:
    return await asyncio.to_thread(read_when, text, at, agenda.plan.zone)


async def begin(visit: Visit, agenda: Agenda, **known: Any) -> None:
    """Enter a new interview, of which something may be known."""
    await _ask_next(visit, agenda, dict(known))


async def resume(visit: Visit, agenda: Agenda) -> None:
    """Go on with the draft that was left."""
    await _ask_next(visit, agenda, dict(agenda.notes.get("entering", {})))


async def move(visit: Visit, agenda: Agenda, id_: int) -> None:
    """Ask for another date of an interview that is entered."""
    await _ask_next(visit, agenda, {"id": id_, "length": agenda.plan.interview(id_).length})


# What is asked


async def _ask_next(visit: Visit, agenda: Agenda, draft: Draft) -> None:
    """Ask for the first thing that is missing; read the date back when nothing is."""
    if agenda.knows_zone and (typed := draft.pop("typed", "")):
        reading = await _read(agenda, typed, datetime.fromisoformat(draft.pop("typed_at")))
        draft = _with_reading(draft, reading) if reading else draft
    if "id" not in draft and "company" not in draft:
        await _open(visit, agenda, "company", draft)
        _say(visit, agenda, draft, "real_company", [(visit.button("skip_this", "a:skip"),)])
    elif not agenda.knows_zone:
        _keep_draft(agenda, draft)
        await places.ask(visit, agenda, FORM, **draft)
    elif not (draft.get("days") or draft.get("pairs")):
        await _open(visit, agenda, "when", draft)
        today = diary.today(agenda, visit.at)
        rows = _month(visit, draft, today, today)
        _say(visit, agenda, draft, "real_when", rows, moving="id" in draft)
    elif not (draft.get("minutes") or draft.get("pairs")):
        await _open(visit, agenda, "time", draft)
        day = parse_day(draft["days"][0])
        assert day is not None
        shown = diary.day_in_words(day, diary.today(agenda, visit.at))
        one = len(draft["days"]) == 1
        _say(visit, agenda, draft, "real_time", time_rows(FORM), day=shown if one else "")
    else:
        await _open(visit, agenda, "confirm", draft)
        _read_back(visit, agenda, draft)


def _month(visit: Visit, draft: Draft, month: date, today: date) -> list[Row]:
    """The calendar; while an interview is moved, with a way to leave it where it is."""
    rows = month_rows(FORM, month, today)
    if "id" in draft:
        rows.append((visit.button("leave_it", f"v:card:{draft['id']}"),))
    return rows


async def _open(visit: Visit, agenda: Agenda, step: str, draft: Draft) -> None:
    _keep_draft(agenda, draft)
    await forms.ask(visit, agenda, FORM, step, **draft)


def _say(
    visit: Visit, agenda: Agenda, draft: Draft, template: str, rows: list[Row], **data: Any
) -> None:
    """Ask in place of the question before it; where that was tapped, by changing it."""
    if visit.tapped is not None:
        visit.edit(template, rows, **data)
        return
    number = draft.get("id", agenda.notes.get("last_interview", 0) + 1)
    moves = diary.details_of(agenda, number).get("changes", 0) if "id" in draft else 0
    visit.say(template, rows, slot=f"asking:{number}:{moves}", **data)


def _keep_draft(agenda: Agenda, draft: Draft) -> None:
    if "id" not in draft:
        agenda.notes["entering"] = draft


def _read_back(visit: Visit, agenda: Agenda, draft: Draft) -> None:
    """Say the date as understood, one button for each way to understand it."""
    codes = _codes(draft)
    starts = {code: _instant(agenda, code) for code in codes}
    length = timedelta(minutes=draft.get("length", DEFAULT_MINUTES))
    first, *others = codes
    ahead = starts[first] > visit.at
    rows: list[Row] = []
    if ahead and not others:
        rows.append((visit.button("yes_right", f"a:ok:{first}"),))
    elif ahead:
        others = codes
    elif starts[first] + length + TOLD_LATE > visit.at:
        rows.append((visit.button("yes_over", f"a:ok:{first}"),))
    for code in others:
        if starts[code] > visit.at:
            shown = diary.moment_in_words(starts[code], agenda, visit.at)
            rows.append(((shown, f"a:ok:{code}"),))
    rows.append((visit.button("other_day", "a:day"), visit.button("other_time", "a:time")))
    _say(
        visit,
        agenda,
        draft,
        "real_confirm",
        rows,
        moment=diary.moment_in_words(starts[first], agenda, visit.at),
        here=places.here(visit, agenda),
        other=_other_clock(draft.get("said_zone"), starts[first]),
        several=bool(others),
        ahead=ahead,
    )


def _other_clock(zone: str | None, at: datetime) -> str:
    """The time on the clock that was named: "15:00 in Paris"; "" when none was."""
    if zone is None:
        return ""
    return f"{at.astimezone(zone_named(zone)):%H:%M} in {zone.split('/')[-1].replace('_', ' ')}"


def _codes(draft: Draft) -> list[str]:
    """Every moment that the draft can mean, as `202611241500`, the likeliest first."""
    if pairs := draft.get("pairs"):
        return list(pairs)[:MOST_READINGS]
    found = [
        f"{day}{minute // 60:02}{minute % 60:02}"
        for day, minute in product(draft["days"], draft["minutes"])
    ]
    return found[:MOST_READINGS]


def _instant(agenda: Agenda, code: str) -> datetime:
    day, minute = parse_day(code[:8]), parse_minute(code[8:])
    assert day is not None
    assert minute is not None
    return instant(day, minute, agenda.plan.clock)


# What is typed


async def on_text(visit: Visit, agenda: Agenda, text: str) -> None:
    """A text while the form is open."""
    form = agenda.notes["form"]
    step, draft = form["step"], form["draft"]
    if understand(text) is Meaning.STOP:
        await forms.done(visit, agenda)
        say_put_aside(visit, form)
    elif step == ZONE:
        await places.on_text(visit, agenda, text)
    elif step == "company":
        await _take_company(visit, agenda, draft, text)
    elif step == "confirm" and text.strip(" .!").casefold() in _YES and len(_codes(draft)) == 1:
        await _enter(visit, agenda, draft, _codes(draft)[0])
    else:
        await _take_when(visit, agenda, draft, text)


def say_put_aside(visit: Visit, form: Mapping[str, Any]) -> None:
    """Say that a form was left, whose answers so far are kept."""
    entering = form["form"] == FORM and "id" not in form["draft"]
    markup = WITHOUT_KEYS if form["step"] == ZONE else None
    visit.phrase("put_aside_interview" if entering else "put_aside", markup=markup)


def short_text(text: str) -> str | None:
    """A name as typed, on one line; None for what is too long or has no letter in it."""
    flat = " ".join(text.split())
    if len(flat) > LONGEST_NAME or len(flat.split()) > MOST_WORDS:
        return None
    return flat if any(map(str.isalnum, flat)) else None


async def _take_company(visit: Visit, agenda: Agenda, draft: Draft, text: str) -> None:
    name = "" if text.strip(" .!").casefold() in _SKIPS else short_text(text)
    if name is None:
        visit.phrase("just_the_name")
        return
    await _ask_next(visit, agenda, {**draft, "company": name})


async def _take_when(visit: Visit, agenda: Agenda, draft: Draft, text: str) -> None:
    reading = await _read(agenda, text, visit.at)
    if reading is None:
        waits_for_time = agenda.notes["form"]["step"] == "time"
        visit.phrase("time_not_read" if waits_for_time else "when_not_read")
        return
    await _ask_next(visit, agenda, _with_reading(draft, reading))


def _with_reading(draft: Draft, reading: Reading) -> Draft:
    """The draft with what a message said of day, time and length."""
    draft = {key: value for key, value in draft.items() if key not in {"pairs", "said_zone"}}
    starts = [reading.start, *reading.alternatives]
    days = [f"{each:%Y%m%d}" for each in starts]
    if reading.has_date and reading.has_time:
        draft |= {"pairs": [f"{each:%Y%m%d%H%M}" for each in starts], "days": days[:1]}
        draft["minutes"] = [reading.start.hour * 60 + reading.start.minute]
    elif reading.has_date:
        draft["days"] = list(dict.fromkeys(days))
    else:
        minutes = [each.hour * 60 + each.minute for each in starts]
        draft["minutes"] = list(dict.fromkeys(minutes))
    if reading.said_zone is not None:
        draft["said_zone"] = reading.said_zone
    if reading.minutes is not None:
        draft["length"] = reading.minutes
    return draft


# What is tapped


async def on_tap(visit: Visit, parts: list[str]) -> None:
    """`a:skip`, `a:d:20261124`, `a:m:202612`, `a:t:1500`, `a:ok:202611241500`, `a:zone:…`."""
    agenda = await agenda_of(visit)
    form = agenda.notes.get("form")
    entering = agenda.notes.get("entering")
    if form is not None:
        draft, step = dict(form["draft"]), form["step"]
    elif entering is not None:
        draft, step = dict(entering), ""
    else:
        visit.toast = visit.wording.phrase("toast_old")
        return
    today = diary.today(agenda, visit.at)
    match parts:
        case ["x"]:
            pass
        case ["zone", *rest] if rest:
            if await places.on_tap(visit, agenda, rest):
                visit.tapped = None
                await _ask_next(visit, agenda, dict(agenda.notes["form"]["draft"]))
        case ["skip"] if step == "company":
            await _ask_next(visit, agenda, {**draft, "company": ""})
        case ["m", code] if (month := parse_month(code)) is not None:
            visit.buttons(_month(visit, draft, month, today))
        case ["d", code] if (day := parse_day(code)) and day >= today and agenda.knows_zone:
            await _ask_next(visit, agenda, {**_plain(draft), "days": [code]})
        case ["t", code] if (minute := parse_minute(code)) is not None and draft.get("days"):
            await _ask_next(visit, agenda, {**_plain(draft), "minutes": [minute]})
        case ["day"] if step == "confirm":
            await _ask_next(visit, agenda, {**_plain(draft), "days": []})
        case ["time"] if step == "confirm":
            await _ask_next(visit, agenda, {**_plain(draft), "minutes": []})
        case ["ok", code] if step == "confirm" and code in _codes(draft):
            await _enter(visit, agenda, draft, code)
        case _:
            visit.toast = visit.wording.phrase("toast_old")


def _plain(draft: Draft) -> Draft:
    """The draft without readings of whole moments, of which a part is about to change."""
    return {key: value for key, value in draft.items() if key not in {"pairs", "said_zone"}}


# What is kept


async def _enter(visit: Visit, agenda: Agenda, draft: Draft, code: str) -> None:
    """Put the confirmed date into the plan, show the card, say what is late already."""
    moving = "id" in draft
    if moving and diary.find(agenda, str(draft["id"])) is None:
        await forms.done(visit, agenda)
        visit.phrase("toast_not_yours")
        return
    diary.settle_today(agenda, visit.at)
    id_ = draft["id"] if moving else diary.new_id(agenda)
    day, minute = parse_day(code[:8]), parse_minute(code[8:])
    assert day is not None
    assert minute is not None
    length = draft.get("length", DEFAULT_MINUTES)
    agenda.plan = enter(agenda.plan, id_, day, minute, visit.at, length=length)
    details = diary.details_of(agenda, id_)
    details["changes"] = details.get("changes", -1) + 1
    if not moving:
        details |= {key: draft[key] for key in ("company", "role", "round") if draft.get(key)}
        agenda.notes.pop("entering", None)
    await forms.done(visit, agenda)
    await visit.save(interview_when=diary.how_soon(agenda, visit.at))
    interview = agenda.plan.interview(id_)
    if visit.at < interview.starts_at:
        lead = "moved" if moving else "entered"
        cards.show(visit, agenda, interview, in_place=True, lead=lead)
    elif visit.tapped is not None:
        visit.buttons()
    late = said_on_entering(agenda.plan, id_, visit.at)
    if late is Kind.DEBRIEF:
        debriefing.ask_how_it_went(visit, agenda, interview)
    elif late in BEFORE:
        reminding.say_before(visit, agenda, interview, late)
    await keep(visit, agenda)
