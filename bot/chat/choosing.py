"""Choosing an interview: who, how long, with feedback when; then it is opened."""

from __future__ import annotations

from datetime import timedelta

from bot.chat.buttons import Row
from bot.chat.practising import place_of, put_drill_away, settle
from bot.chat.stages import READY
from bot.chat.visit import Visit
from bot.interview.chance import draw
from bot.interview.conduct import begin
from bot.interview.events import InterviewOpened, Mode
from bot.interview.machine import load
from bot.interview.model import WorkField
from bot.interview.planning import LENGTHS, plan
from bot.store import Priority, Slot, StoredInterview

# Questions asked within this time are not asked again while others are left.
FRESH_AGAIN = timedelta(days=30)


async def on_practice(visit: Visit) -> None:
    """/practice: who will you face, unless somebody is waiting for an answer already."""
    if (open_now := await put_drill_away(visit)) is not None:
        say_still_open(visit, open_now)
        return
    _choose_persona(visit)


async def on_menu_tap(visit: Visit, parts: list[str]) -> None:
    """The screens that lead to an interview: `p:menu`, `p:who:X`, `p:long:X:5`, `p:go:X:5:real`."""
    if (open_now := await put_drill_away(visit)) is not None:
        if parts == ["menu"]:
            say_still_open(visit, open_now)
        else:
            visit.toast = visit.wording.phrase("toast_done_already")
        return
    match parts:
        case ["menu"]:
            _choose_persona(visit)
        case ["back"]:
            _choose_persona(visit, in_place=True)
        case ["who", persona] if persona in visit.book.personas:
            _choose_length(visit, persona)
        case ["long", persona, length] if _is_choice(visit, persona, length):
            _choose_mode(visit, persona, length)
        case ["go", persona, length, ("coached" | "real") as mode] if _is_choice(
            visit, persona, length
        ):
            await _open(visit, persona, int(length), Mode(mode))
        case _:
            visit.toast = visit.wording.phrase("toast_old")


def _choose_persona(visit: Visit, *, in_place: bool = False) -> None:
    personas = list(visit.book.personas.values())
    buttons = [(f"{each.emoji} {each.button}", f"p:who:{each.id}") for each in personas]
    rows: list[Row] = [tuple(buttons[at : at + 2]) for at in range(0, len(buttons), 2)]
    (visit.edit if in_place else visit.say)("choose_persona", rows, personas=personas)


def _choose_length(visit: Visit, persona: str) -> None:
    lengths = tuple((str(length), f"p:long:{persona}:{length}") for length in LENGTHS)
    rows: list[Row] = [lengths, (visit.button("back", "p:back"),)]
    visit.edit("choose_length", rows, persona=visit.book.personas[persona])


def _choose_mode(visit: Visit, persona: str, length: str) -> None:
    rows: list[Row] = [
        (visit.button("coached", f"p:go:{persona}:{length}:coached"),),
        (visit.button("real", f"p:go:{persona}:{length}:real"),),
        (visit.button("back", f"p:who:{persona}"),),
    ]
    visit.edit("choose_mode", rows, persona=visit.book.personas[persona], length=length)


def _is_choice(visit: Visit, persona: str, length: str) -> bool:
    return persona in visit.book.personas and length in map(str, LENGTHS)


async def _open(visit: Visit, persona_id: str, length: int, mode: Mode) -> None:
    if not await visit.has_interviews_left():
        return
    persona = visit.book.personas[persona_id]
    seed = draw(visit.chat_id, visit.at.isoformat()) >> 1
    work = visit.candidate.line_of_work
    questions = plan(
        visit.book.banks[persona_id],
        persona,
        length,
        field=WorkField(work) if work else None,
        recent=await visit.turn.recently_asked(visit.at - FRESH_AGAIN),
        seed=seed,
    )
    opened = InterviewOpened(persona=persona_id, mode=mode, questions=questions, seed=seed)
    step = begin(opened, visit.book)
    visit.edit("chosen", persona=persona, length=length, mode=mode)
    await visit.save(stage=READY)
    interview_id = await visit.turn.open_interview(step.events)
    await settle(visit, interview_id, step)


def say_still_open(
    visit: Visit, stored: StoredInterview, priority: Priority = Priority.REPLY
) -> None:
    """Say that an interview is open, and offer to go on with it or to stop it."""
    interview = load(stored.events)
    place = place_of(stored, interview)
    rows: list[Row] = [
        (
            visit.button("go_on", place.button("stay")),
            visit.button("stop_here", place.button("end")),
        )
    ]
    visit.phrase(
        "still_open",
        rows,
        slot=Slot.LISTENING,
        priority=priority,
        name=visit.book.personas[interview.persona].name,
        number=interview.number,
        of=len(interview.questions),
    )
