"""Thank-you notes: a draft for each person met, as a message that can be copied whole.

The bot writes and the candidate sends; what was sent is what they say was.
"""

from __future__ import annotations

from bot.chat import diary
from bot.chat.agenda import Agenda, agenda_of, keep
from bot.chat.buttons import Row, inline
from bot.chat.reminding import later_rows
from bot.chat.visit import Visit, escaped
from bot.interview.chance import draw
from bot.practice import follow_up
from bot.practice.appointments import unthanked
from bot.practice.model import Due, Kind, RealInterview
from bot.practice.notes import (
    MOST_WORDS_OF_THANKS,
    another_letter,
    in_sentence,
    letters_for,
    says_of_them,
    sentence,
    within,
)
from bot.practice.people import greeting
from bot.store import Priority

SORT = "thank_you"


async def on_due(visit: Visit, agenda: Agenda, due: Due) -> None:
    """Some twenty hours after the end: who has had no note yet."""
    assert due.interview is not None
    interview = agenda.plan.interview(due.interview)
    people = diary.people_of(diary.details_of(agenda, interview.id))
    names = [people[key].label for key in due.people if key in people]
    id_ = interview.id
    first = visit.button("show_notes", f"n:show:{id_}")
    sent = visit.button("all_sent" if len(names) > 1 else "sent", f"n:all:{id_}")
    rows: list[Row] = [(first, sent)]
    if not interview.debriefed:
        rows = [(visit.button("tell", f"e:go:{id_}"),)]
    visit.say(
        "real_note_nudge",
        [*rows, *later_rows(visit, id_, Kind.THANK_YOU)],
        priority=Priority.NUDGE,
        it=diary.view(agenda, interview, visit.at),
        names=diary.listed([name for name in names if name]),
        several=len(names) > 1,
        told=interview.debriefed,
    )


def say_notes(visit: Visit, agenda: Agenda, interview: RealInterview) -> None:
    """A draft for everybody who has had none, each its own message."""
    details, left = diary.details_of(agenda, interview.id), unthanked(interview)
    people, points = diary.people_of(details), details.get("points", {})
    # Who has a name is spoken of by it where the debrief ends (`speaks_of`).
    nameless = [key for key in left if key not in people or not people[key].name]
    if any(says_of_them(points.get(key, "")) for key in nameless):
        visit.phrase("speaks_of_nameless")
    for key in left:
        rows = _rows(visit, interview.id, key)
        letter = escaped(_note(visit, agenda, interview, key))
        visit.send(letter, rows, slot=f"note:{interview.id}:{key}")


def _rows(visit: Visit, id_: int, key: str) -> list[Row]:
    return [
        (visit.button("sent", f"n:sent:{id_}:{key}"),),
        (
            visit.button("other_wording", f"n:more:{id_}:{key}"),
            visit.button("not_this", f"n:not:{id_}:{key}"),
        ),
    ]


def _note(visit: Visit, agenda: Agenda, interview: RealInterview, key: str) -> str:
    """The draft to one person, at most 120 words."""
    details = diary.details_of(agenda, interview.id)
    person = diary.people_of(details).get(key)  # None once taken from the card
    letters = visit.wording.letters(SORT)
    letter = letters[_choices(visit, interview, details)[key] % len(letters)]

    def write(**facts: str) -> str:
        return visit.wording.letter(letter, **facts)

    facts = {
        "name": greeting(person.name) if person else "",
        "point": sentence(details.get("points", {}).get(key, "")),
        "company": details.get("company", ""),
        "role": in_sentence(details.get("role", "")),
    }
    return within(MOST_WORDS_OF_THANKS, write, facts, ("company", "role"))


def _choices(visit: Visit, interview: RealInterview, details: diary.Details) -> dict[str, int]:
    """Which letter everybody gets, kept so that it stays the same when shown again."""
    people = [note.person for note in interview.thank_yous]
    chosen: dict[str, int] = details.setdefault("letters", {})
    if set(people) - set(chosen):
        seed = draw(visit.chat_id, "letters", interview.id)
        fresh = letters_for(people, len(visit.wording.letters(SORT)), seed)
        chosen.update({**fresh, **chosen})
    return chosen


async def on_tap(visit: Visit, parts: list[str]) -> None:
    """`n:sent:1:2`, `n:more:1:2`, `n:not:1:2`, `n:show:1`, `n:all:1`."""
    agenda = await agenda_of(visit)
    interview = diary.find(agenda, parts[1]) if len(parts) > 1 else None
    if interview is None:
        visit.buttons()
        visit.toast = visit.wording.phrase("toast_not_yours")
        return
    left = unthanked(interview)
    match parts[0], parts[2:]:
        case "show", [] if left:
            visit.buttons()
            say_notes(visit, agenda, interview)
            await keep(visit, agenda)
        case "all", [] if left:
            await _done(visit, agenda, interview, left)
        case (("sent" | "not"), [key]) if key in left:
            await _done(visit, agenda, interview, (key,), sent=parts[0] == "sent")
        case "more", [key] if key in left:
            await _reword(visit, agenda, interview, key)
        case (("show" | "all" | "sent" | "not" | "more"), _):
            visit.buttons()
            visit.toast = visit.wording.phrase("toast_done_already")
        case _:
            visit.toast = visit.wording.phrase("toast_old")


async def _done(
    visit: Visit,
    agenda: Agenda,
    interview: RealInterview,
    people: tuple[str, ...],
    *,
    sent: bool = True,
) -> None:
    """These notes are sent, or will never be; when none is left, say what comes next."""
    diary.settle_today(agenda, visit.at)
    details = diary.details_of(agenda, interview.id)
    for key in people:
        agenda.plan = follow_up.thank_you_sent(agenda.plan, interview.id, key)
        if sent:
            details.setdefault("thanked", []).append(key)
    visit.buttons()
    visit.toast = visit.wording.phrase("toast_sent" if sent else "toast_left_out")
    interview = agenda.plan.interview(interview.id)
    if not unthanked(interview) and details.get("thanked"):
        asks = "" if follow_up.is_quiet(interview) else _asks(visit, agenda, interview)
        visit.say("real_all_sent", asks=asks, promised=details.get("promised", ""))
    await keep(visit, agenda)


def _asks(visit: Visit, agenda: Agenda, interview: RealInterview) -> str:
    today = diary.today(agenda, visit.at)
    return diary.day_in_words(follow_up.check_in_day(interview), today)


async def _reword(visit: Visit, agenda: Agenda, interview: RealInterview, key: str) -> None:
    details = diary.details_of(agenda, interview.id)
    chosen = _choices(visit, interview, details)
    others = [letter for person, letter in chosen.items() if person != key]
    letters = len(visit.wording.letters(SORT))
    chosen[key] = another_letter(chosen[key], others, letters)
    put_letter(visit, _note(visit, agenda, interview, key), _rows(visit, interview.id, key))
    await keep(visit, agenda)


def put_letter(visit: Visit, letter: str, rows: list[Row]) -> None:
    """Put a letter in place of the one whose button was tapped."""
    payload = {
        "message_id": visit.tapped,
        "text": escaped(letter),
        "parse_mode": "HTML",
        "reply_markup": inline(rows),
    }
    visit.turn.say("editMessageText", payload)
