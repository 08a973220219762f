"""The check-in: has the employer answered? The states are `bot.practice.follow_up`'s."""

from __future__ import annotations

from datetime import date, timedelta

from bot.chat import appointing, diary
from bot.chat.agenda import Agenda, agenda_of, keep
from bot.chat.buttons import Row
from bot.chat.thanking import put_letter
from bot.chat.visit import Visit, escaped
from bot.interview.chance import draw
from bot.practice import follow_up
from bot.practice.appointments import stop
from bot.practice.model import CheckInState, Due, Kind, RealInterview
from bot.practice.notes import MOST_WORDS_OF_CHECK_IN, in_sentence, sentence, within
from bot.practice.people import greeting
from bot.practice.working_days import working_from
from bot.store import Priority

FIRST, SECOND = "check_in", "second_check_in"
SNOOZES = {"tomorrow": 1, "three_days": 3, "next_week": 7}
ANSWERS = ("offer", "rejected", "next_round")


async def on_due(visit: Visit, agenda: Agenda, due: Due) -> None:
    """The day after their date, or a repetition of that question."""
    assert due.interview is not None
    interview = agenda.plan.interview(due.interview)
    visit.say(
        "real_check_in",
        _rows(visit, interview.id),
        priority=Priority.NUDGE,
        it=diary.view(agenda, interview, visit.at),
        decides=_decides(visit, agenda, interview),
        again=due.kind is Kind.CHECK_IN_NUDGE,
        last=follow_up.is_quiet(interview),
        sent=interview.check_in.sent,
    )


def _rows(visit: Visit, id_: int) -> list[Row]:
    return [
        (visit.button("heard", f"c:heard:{id_}"), visit.button("draft", f"c:draft:{id_}")),
        (visit.button("snooze", f"c:snooze:{id_}"), visit.button("why_quiet", f"c:why:{id_}")),
        (visit.button("stop_asking", f"c:stop:{id_}"),),
    ]


def _decides(visit: Visit, agenda: Agenda, interview: RealInterview) -> str:
    """The date that they named, in words; "" when none."""
    decides = diary.details_of(agenda, interview.id).get("decides", "")
    if not decides:
        return ""
    return diary.day_in_words(date.fromisoformat(decides), diary.today(agenda, visit.at))


async def on_tap(visit: Visit, parts: list[str]) -> None:
    """`c:draft:1`, `c:sent:1:0`, `c:snooze:1`, `c:on:1:tomorrow`, `c:heard:1`, `c:got:1:offer`."""
    agenda = await agenda_of(visit)
    interview = diary.find(agenda, parts[1]) if len(parts) > 1 else None
    if interview is None or visit.at < interview.starts_at:
        visit.buttons()
        visit.toast = visit.wording.phrase("toast_not_yours")
        return
    if parts[0] == "enter":
        await _enter_next(visit, agenda, interview)
        return
    if interview.check_in.state is CheckInState.CLOSED and parts[0] != "why":
        visit.buttons()
        visit.toast = visit.wording.phrase("toast_done_already")
        return
    diary.settle_today(agenda, visit.at)
    await _act(visit, agenda, interview, parts[0], parts[2:])


async def _act(
    visit: Visit, agenda: Agenda, interview: RealInterview, verb: str, rest: list[str]
) -> None:
    id_ = interview.id
    match verb, rest:
        case "back", []:
            visit.buttons(_rows(visit, id_))
        case "why", []:
            visit.say("real_silence", slot="silence")
        case "draft", []:
            letter = _letter(visit, agenda, interview, 0)
            visit.send(escaped(letter), _letter_rows(visit, interview, 0), slot=f"check_in:{id_}")
        case "more", [turn] if turn.isascii() and turn.isdigit() and len(turn) < 4:
            number = int(turn) + 1
            letter = _letter(visit, agenda, interview, number)
            put_letter(visit, letter, _letter_rows(visit, interview, number))
        case "sent", [count]:
            await _sent(visit, agenda, interview, count)
        case "snooze", []:
            buttons = [visit.button(each, f"c:on:{id_}:{each}") for each in SNOOZES]
            visit.buttons([tuple(buttons), (visit.button("back", f"c:back:{id_}"),)])
        case "on", [when] if when in SNOOZES:
            await _snooze(visit, agenda, interview, SNOOZES[when])
        case "heard", []:
            answers = [visit.button(each, f"c:got:{id_}:{each}") for each in ANSWERS]
            rows: list[Row] = [
                tuple(answers[:2]),
                (answers[2], visit.button("not_yet", f"c:no:{id_}")),
            ]
            visit.say(
                "real_heard", rows, slot=f"heard:{id_}", it=diary.view(agenda, interview, visit.at)
            )
        case "no", []:
            visit.buttons()
        case "got", [answer] if answer in ANSWERS:
            await _heard(visit, agenda, interview, answer)
        case "stop", []:
            agenda.plan = follow_up.stop_check_in(agenda.plan, id_)
            await keep(visit, agenda)
            visit.buttons()
            visit.phrase("stopped_check_in")
        case _:
            visit.toast = visit.wording.phrase("toast_old")


# The draft


def _letter_rows(visit: Visit, interview: RealInterview, number: int) -> list[Row]:
    id_, sent = interview.id, interview.check_in.sent
    return [
        (visit.button("sent", f"c:sent:{id_}:{sent}"),),
        (visit.button("other_wording", f"c:more:{id_}:{number}"),),
    ]


def _letter(visit: Visit, agenda: Agenda, interview: RealInterview, number: int) -> str:
    """The `number`th wording of the check-in, at most 80 words; the second one differs."""
    details = diary.details_of(agenda, interview.id)
    letters = visit.wording.letters(SECOND if interview.check_in.sent else FIRST)
    first = draw(visit.chat_id, "check-in", interview.id)
    name = letters[(first + number) % len(letters)]
    people, points = diary.met(details), details.get("points", {})
    key = next((key for key in people if points.get(key)), "")

    def write(**facts: str) -> str:
        return visit.wording.letter(name, **facts)

    facts = {
        "point": sentence(points[key]) if key else "",
        "by": greeting(people[key].name) if key else "",
        "company": details.get("company", ""),
        "role": in_sentence(details.get("role", "")),
        "named": _decides(visit, agenda, interview),
        "day": str(diary.view(agenda, interview, visit.at)["day"]),
    }
    return within(MOST_WORDS_OF_CHECK_IN, write, facts, ("point", "company", "role", "named"))


async def _sent(visit: Visit, agenda: Agenda, interview: RealInterview, count: str) -> None:
    """The draft was sent; `count` is how many had been before, so a second tap does nothing."""
    visit.buttons()
    if count != str(interview.check_in.sent):
        visit.toast = visit.wording.phrase("toast_done_already")
        return
    agenda.plan = follow_up.check_in_sent(agenda.plan, interview.id, visit.at)
    await keep(visit, agenda)
    again = agenda.plan.interview(interview.id)
    if follow_up.is_quiet(again):
        visit.phrase("second_sent")
        return
    today = diary.today(agenda, visit.at)
    visit.phrase("check_in_sent", when=diary.day_in_words(follow_up.check_in_day(again), today))


# Later, and the end of it


async def _snooze(visit: Visit, agenda: Agenda, interview: RealInterview, days: int) -> None:
    today = diary.today(agenda, visit.at)
    until = today + timedelta(days=days)
    agenda.plan = follow_up.snooze_check_in(agenda.plan, interview.id, until)
    if agenda.plan.interview(interview.id) == interview:
        visit.toast = visit.wording.phrase("toast_done_already")
        return
    await keep(visit, agenda)
    visit.buttons()
    visit.phrase("snoozed", when=diary.day_in_words(working_from(until), today))


async def _heard(visit: Visit, agenda: Agenda, interview: RealInterview, answer: str) -> None:
    """They have answered: the check-in is over."""
    details = diary.details_of(agenda, interview.id)
    details["answer"] = answer
    # Whoever has their answer need not be asked how it went, nor be reminded of notes.
    agenda.plan = follow_up.heard_back(stop(agenda.plan, interview.id, Kind.DEBRIEF), interview.id)
    await keep(visit, agenda)
    visit.buttons()
    it = diary.view(agenda, interview, visit.at)
    rows: list[Row] = []
    if answer == "next_round":
        rows = [(visit.button("enter_next", f"c:enter:{interview.id}"),)]
    visit.say("real_answer", rows, it=it, answer=answer)


def next_round(details: diary.Details) -> dict[str, str]:
    """What is known already of the round that follows."""
    known = {"first": "second", "second": "third"}.get(details.get("round", ""), "")
    company, role = details.get("company", ""), details.get("role", "")
    return {"company": company, "role": role, "round": known}


async def _enter_next(visit: Visit, agenda: Agenda, interview: RealInterview) -> None:
    visit.buttons()
    visit.tapped = None
    await appointing.begin(visit, agenda, **next_round(diary.details_of(agenda, interview.id)))
