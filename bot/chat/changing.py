"""The buttons of a card: the details of a real interview, moving it, calling it off, its file."""

from __future__ import annotations

from bot.chat import appointing, cards, choosing, diary, forms
from bot.chat.agenda import Agenda, agenda_of, keep
from bot.chat.appointing import short_text
from bot.chat.buttons import Row
from bot.chat.visit import Visit
from bot.interview.chance import draw
from bot.interview.hearing import Meaning, understand
from bot.practice.appointments import call_off, enter
from bot.practice.calendar_file import Event, calendar_file, file_name
from bot.practice.model import RealInterview
from bot.practice.notes import read_role
from bot.practice.people import face_for, read_people
from bot.practice.times_of_day import read_minutes

FORM = "v"
FIELDS = {
    "people": "set_people",
    "role": "set_role",
    "round": "set_round",
    "place": "set_place",
    "length": "set_length",
    "company": "set_company",
}
LENGTHS = (30, 45, 60, 90, 120)
LONGEST_PLACE = 300  # characters; links to video calls are long


async def on_tap(visit: Visit, parts: list[str]) -> None:
    """`v:show`, `v:add`, `v:resume`, `v:edit:1`, `v:set:1:role`, `v:round:1:second`, `v:off:1`."""
    await forms.leave(visit)
    if parts == ["show"]:
        await appointing.on_interview(visit)
        return
    agenda = await agenda_of(visit)
    if parts in (["add"], ["resume"]):
        visit.buttons()
        visit.tapped = None
        if parts == ["add"]:
            agenda.notes.pop("entering", None)
        await appointing.resume(visit, agenda)
        return
    interview = diary.find(agenda, parts[1]) if len(parts) > 1 else None
    if interview is None:
        visit.buttons()
        visit.toast = visit.wording.phrase("toast_not_yours")
    elif len(parts) == 2:
        await _act(visit, agenda, interview, parts[0])
    else:
        await _change(visit, agenda, interview, parts[0], parts[2])


async def _act(visit: Visit, agenda: Agenda, interview: RealInterview, verb: str) -> None:
    id_ = interview.id
    match verb:
        case "card":
            cards.show(visit, agenda, interview, in_place=True)
        case "edit":
            buttons = [
                visit.button(label, f"v:set:{id_}:{field}") for field, label in FIELDS.items()
            ]
            rows: list[Row] = [tuple(buttons[at : at + 2]) for at in range(0, len(buttons), 2)]
            visit.buttons([*rows, (visit.button("back", f"v:card:{id_}"),)])
        case "move" if visit.at < interview.starts_at:
            visit.tapped = None
            await appointing.move(visit, agenda, id_)
        case "off":
            no, yes = (
                visit.button("off_no", f"v:card:{id_}"),
                visit.button("off_yes", f"v:out:{id_}"),
            )
            visit.buttons([(yes,), (no,)])
        case "out":
            await _call_off(visit, agenda, interview)
        case "file":
            await _send_file(visit, agenda, interview)
        case "practise":
            await _practise(visit, agenda, interview)
        case _:
            visit.toast = visit.wording.phrase("toast_old")


async def _change(
    visit: Visit, agenda: Agenda, interview: RealInterview, verb: str, value: str
) -> None:
    """What a tap chose about an interview."""
    details = diary.details_of(agenda, interview.id)
    match verb:
        case "set" if value in FIELDS:
            await _ask(visit, agenda, interview, value)
            return
        case "round" if value in diary.ROUNDS:
            details["round"] = value
        case "place" if value in ("video", "phone"):
            details["place"] = visit.wording.buttons[value]
        case "long" if value in map(str, LENGTHS):
            _set_length(visit, agenda, interview, int(value))
        case "gone" if value in details.get("people", {}):
            del details["people"][value]
        case "gone":
            visit.toast = visit.wording.phrase("toast_done_already")
            return
        case _:
            visit.toast = visit.wording.phrase("toast_old")
            return
    details["changes"] = details.get("changes", 0) + 1
    await keep(visit, agenda)
    cards.show(visit, agenda, agenda.plan.interview(interview.id), in_place=True, lead="saved")


async def _ask(visit: Visit, agenda: Agenda, interview: RealInterview, field: str) -> None:
    """Ask for one detail: in words, or by the buttons that go with it."""
    id_ = interview.id
    rows: list[Row] = []
    if field == "round":
        rounds = [visit.button(each, f"v:round:{id_}:{each}") for each in diary.ROUNDS]
        rows = [tuple(rounds[:2]), tuple(rounds[2:])]
    elif field == "place":
        rows = [tuple(visit.button(each, f"v:place:{id_}:{each}") for each in ("video", "phone"))]
    elif field == "length":
        rows = [tuple((str(each), f"v:long:{id_}:{each}") for each in LENGTHS)]
    elif field == "people":
        known = diary.people_of(diary.details_of(agenda, id_))
        rows = [((f"✕ {each.label}"[:60], f"v:gone:{id_}:{key}"),) for key, each in known.items()]
    await forms.ask(visit, agenda, FORM, field, id=id_)
    rows.append((visit.button("leave_it", f"v:card:{id_}"),))
    visit.say("real_field", rows, slot=f"field:{id_}", field=field)


async def on_text(visit: Visit, agenda: Agenda, text: str) -> None:
    """The answer to such a question."""
    form = agenda.notes["form"]
    field, interview = form["step"], diary.find(agenda, str(form["draft"]["id"]))
    if interview is None:
        await forms.done(visit, agenda)
        visit.phrase("toast_not_yours")
        return
    if understand(text) not in {Meaning.SKIP, Meaning.STOP}:
        if not _take(visit, agenda, interview, field, text):
            return
        details = diary.details_of(agenda, interview.id)
        details["changes"] = details.get("changes", 0) + 1
    await forms.done(visit, agenda)
    cards.show(visit, agenda, agenda.plan.interview(interview.id), lead="saved")


def _take(visit: Visit, agenda: Agenda, interview: RealInterview, field: str, text: str) -> bool:
    """Keep what was typed; False, with a word about it, when it is not understood."""
    details = diary.details_of(agenda, interview.id)
    if field == "people":
        if not (people := read_people(text)):
            visit.phrase("people_not_read")
            return False
        diary.add_people(details, people)
    elif field == "length":
        if (minutes := read_minutes(text)) is None:
            visit.phrase("length_not_read")
            return False
        _set_length(visit, agenda, interview, minutes)
    elif field == "round":
        said = text.casefold()
        numbers = {"1": "first", "2": "second", "3": "third", "last": "final"}
        words = {**{each: each for each in diary.ROUNDS}, **numbers}
        named = [each for word, each in words.items() if word in said]
        if not named:
            visit.phrase("pick_a_button")
            return False
        details["round"] = named[0]
    elif field == "place":
        flat = " ".join(text.split())
        if len(flat) > LONGEST_PLACE:
            visit.phrase("place_too_long")
            return False
        details["place"] = flat
    else:
        if (name := short_text(text)) is None:
            visit.phrase("just_the_name")
            return False
        details[field] = read_role(name) if field == "role" else name
    return True


def _set_length(visit: Visit, agenda: Agenda, interview: RealInterview, minutes: int) -> None:
    diary.settle_today(agenda, visit.at)
    each = interview
    agenda.plan = enter(
        agenda.plan, each.id, each.day, each.minute, visit.at, zone=each.zone, length=minutes
    )


# Off, file, practice


async def _call_off(visit: Visit, agenda: Agenda, interview: RealInterview) -> None:
    diary.settle_today(agenda, visit.at)
    details = diary.details_of(agenda, interview.id)
    visit.edit("real_off", it=diary.view(agenda, interview, visit.at))
    if details.get("file_sent"):
        _attach(visit, agenda, interview, cancelled=True)
    agenda.plan = call_off(agenda.plan, interview.id)
    diary.drop(agenda, interview.id)
    await visit.save(interview_when=diary.how_soon(agenda, visit.at))
    await keep(visit, agenda)


async def _send_file(visit: Visit, agenda: Agenda, interview: RealInterview) -> None:
    _attach(visit, agenda, interview, cancelled=False)
    diary.details_of(agenda, interview.id)["file_sent"] = True
    await keep(visit, agenda)


def _attach(visit: Visit, agenda: Agenda, interview: RealInterview, *, cancelled: bool) -> None:
    details = diary.details_of(agenda, interview.id)
    company, role = details.get("company", ""), details.get("role", "")
    title = f"Interview: {company}" if company else "Interview"
    event = Event(
        uid=f"{draw(visit.chat_id, 'interview', interview.id):016x}@second-round",
        sequence=details.get("changes", 0) + cancelled,
        title=f"{title}, {role}" if role else title,
        start=interview.starts_at,
        minutes=interview.length,
        zone=interview.zone,
        place=details.get("place", ""),
        notes="\n".join(each.label for each in diary.people_of(details).values()),
        cancelled=cancelled,
    )
    caption = visit.wording.phrase("file_off" if cancelled else "file_caption")
    file = calendar_file(event, stamp=visit.at).decode()
    payload = {"filename": file_name(company), "text": file, "caption": caption}
    # A newer file takes the place of the one before it, which would only mislead.
    visit.turn.say("sendDocument", payload, slot=f"file:{interview.id}")


async def _practise(visit: Visit, agenda: Agenda, interview: RealInterview) -> None:
    """How long with the interviewer who is most like the people to meet."""
    people = list(diary.people_of(diary.details_of(agenda, interview.id)).values())
    visit.tapped = None
    if await visit.turn.current_interview() is not None:
        await choosing.on_practice(visit)
    else:
        await choosing.on_menu_tap(visit, ["who", face_for(people)])
