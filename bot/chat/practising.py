"""Practice: choosing an interview, and every move within one."""

from __future__ import annotations

from datetime import timedelta

from bot.chat.buttons import Place, Row, parse_place
from bot.chat.records import feedback_as_data
from bot.chat.rendering import feedback_rows, more_button, say_line
from bot.chat.stages import READY
from bot.chat.visit import Visit
from bot.feedback import Feedback
from bot.interview import lines
from bot.interview.chance import draw
from bot.interview.conduct import advance, begin, standing
from bot.interview.events import InterviewOpened, Mode, PieceHeard
from bot.interview.machine import Interview, NotNow, Stage, load
from bot.interview.machine import Reviewed as PastReview
from bot.interview.model import WorkField
from bot.interview.moves import (
    AskedMeaning,
    Corrected,
    Declined,
    FellSilent,
    Finished,
    Move,
    Said,
    Stopped,
    TriedAgain,
    WentOn,
)
from bot.interview.planning import LENGTHS, plan
from bot.interview.step import Step
from bot.store import Attempt, Slot, StoredInterview

# Questions asked within this time are not asked again while others are left.
FRESH_AGAIN = timedelta(days=30)
SILENCE = "silence"

_TAPS: dict[str, Move] = {
    "done": Finished(),
    "mean": AskedMeaning(),
    "skip": Declined(),
    "retry": TriedAgain(),
    "add": TriedAgain(adds=True),
    "next": WentOn(),
    "end": Stopped(),
}


async def on_practice(visit: Visit) -> None:
    """/practice: who will you face, unless somebody is waiting for an answer already."""
    if (open_now := await visit.turn.current_interview()) is not None:
        await _say_still_open(visit, open_now)
        return
    _choose_persona(visit)


async def on_cancel(visit: Visit) -> None:
    """/cancel: stop what is running, after asking."""
    stored = await visit.turn.current_interview()
    if stored is None:
        visit.phrase("nothing_to_cancel", [(visit.button("practise", "p:menu"),)])
        return
    place = _place(stored, load(stored.events))
    visit.say("stop_asked", _stop_rows(visit, place, "stay"), slot=Slot.LISTENING)


async def on_menu_tap(visit: Visit, parts: list[str]) -> None:
    """The screens that lead to an interview: `p:menu`, `p:who:X`, `p:long:X:5`, `p:go:X:5:real`."""
    if (open_now := await visit.turn.current_interview()) is not None:
        if parts == ["menu"]:
            await _say_still_open(visit, open_now)
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


async def on_interview_tap(visit: Visit, parts: list[str]) -> None:
    """A button that belongs to a moment of an interview: obeyed only while that moment lasts."""
    verb, place = parts[0], parse_place(parts[1:])
    stored = await visit.turn.current_interview()
    interview = load(stored.events) if stored else None
    here = _place(stored, interview) if stored and interview else None
    if stored is None or interview is None or place != here or here is None:
        visit.toast = visit.wording.phrase("toast_old")
        visit.buttons()
        return
    if verb == "stop" and interview.stage is Stage.REVIEWED:
        visit.buttons(_stop_rows(visit, here, "keep"))
    elif verb == "keep" and interview.stage is Stage.REVIEWED:
        visit.buttons(_rows_of_feedback(visit, interview, here))
    elif verb == "stay":
        visit.buttons()
        visit.turn.clear(Slot.LISTENING)
        await _show_again(visit, stored, interview)
    elif verb in _TAPS:
        await _take(visit, stored, interview, _TAPS[verb])
    else:
        visit.toast = visit.wording.phrase("toast_old")


async def on_text(visit: Visit, text: str, message_id: int) -> bool:
    """A message during an interview; False when none is running."""
    return await _move(visit, Said(text, message_id))


async def on_edited(visit: Visit, text: str, message_id: int) -> bool:
    """An edited message during an interview; False when none is running."""
    return await _move(visit, Corrected(text, message_id))


async def on_silence(visit: Visit, ref: dict[str, int]) -> None:
    """The candidate has been quiet for as long as this interviewer waits."""
    stored = await visit.turn.current_interview()
    if stored is None or stored.id != ref["interview"]:
        return
    silent = FellSilent(ref["number"], ref["attempt"], ref["pieces"])
    await _take(visit, stored, load(stored.events), silent)


async def resume(visit: Visit) -> bool:
    """Say again what is on the table; False when no interview is running."""
    stored = await visit.turn.current_interview()
    if stored is None:
        return False
    await _show_again(visit, stored, load(stored.events))
    return True


async def onward_rows(visit: Visit) -> list[Row]:
    """The button that leads on from a page of its own: back to the interview, or to a new one."""
    stored = await visit.turn.current_interview()
    if stored is None:
        return [(visit.button("practise", "p:menu"),)]
    return [(visit.button("go_on", _place(stored, load(stored.events)).button("stay")),)]


async def keep_at_bottom(visit: Visit) -> None:
    """Whatever was said in between, the button that ends an open answer stands below it."""
    if visit.bottom is None or visit.bottom == Slot.LISTENING:
        return
    stored = await visit.turn.current_interview()
    interview = load(stored.events) if stored else None
    if stored is None or interview is None or interview.stage is not Stage.LISTENING:
        return
    listening = standing(interview, visit.book)[-1]
    say_line(visit, listening, interview, _place(stored, interview))


async def _move(visit: Visit, move: Move) -> bool:
    stored = await visit.turn.current_interview()
    if stored is None:
        return False
    await _take(visit, stored, load(stored.events), move)
    return True


async def _take(visit: Visit, stored: StoredInterview, interview: Interview, move: Move) -> None:
    """One move: advance, save, say."""
    try:
        step = advance(interview, move, visit.book)
    except NotNow:
        visit.toast = visit.wording.phrase("toast_done_already")
        return
    if interview.stage is Stage.REVIEWED and not isinstance(move, Stopped):
        visit.buttons([(more_button(visit, _place(stored, interview)),)])
    elif isinstance(move, Stopped):
        visit.buttons()
    await visit.turn.append(stored.id, step.events)
    await _settle(visit, stored.id, step)


async def _settle(visit: Visit, interview_id: int, step: Step) -> None:
    """What follows a step: reviews stored, lines said, the silence watched."""
    now = step.interview
    if step.reviewed is not None:
        await visit.turn.save_attempt(_attempt(visit, interview_id, now.reviews[-1], step.reviewed))
    if now.stage is not Stage.LISTENING:
        visit.turn.clear(Slot.LISTENING)
        await visit.turn.cancel_reminder(SILENCE)
    if now.stage in {Stage.REVIEWED, Stage.CLOSED}:
        visit.turn.say("editMessageReplyMarkup", {}, slot=Slot.TABLE)
    place = Place(interview_id, now.number, now.attempt)
    for line in step.lines:
        say_line(visit, line, now, place)
    if any(isinstance(event, PieceHeard) for event in step.events) and not now.nudged:
        await _watch_silence(visit, place, step)
    if now.stage is Stage.CLOSED:
        await visit.save(preferences={**visit.candidate.preferences, "has_met": True})


async def _watch_silence(visit: Visit, place: Place, step: Step) -> None:
    ref = {
        "interview": place.interview,
        "number": place.number,
        "attempt": place.attempt,
        "pieces": len(step.interview.pieces),
    }
    due = visit.at + timedelta(seconds=step.persona.waits)
    await visit.turn.remind(SILENCE, due, ref)


def _attempt(visit: Visit, interview_id: int, past: PastReview, feedback: Feedback) -> Attempt:
    question = visit.book.questions[past.question]
    return Attempt(
        interview_id=interview_id,
        number=past.number,
        attempt=past.attempt,
        question_id=past.question,
        competency=question.competency.value,
        answer=past.answer,
        probes=len(past.probes),
        overall=past.overall,
        top_fix=past.top_fix,
        feedback=feedback_as_data(feedback),
        at=visit.at,
    )


async def _show_again(visit: Visit, stored: StoredInterview, interview: Interview) -> None:
    for line in standing(interview, visit.book):
        say_line(visit, line, interview, _place(stored, interview))


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
    await _settle(visit, interview_id, step)


def _place(stored: StoredInterview, interview: Interview) -> Place:
    return Place(stored.id, interview.number, interview.attempt)


def _stop_rows(visit: Visit, place: Place, no: str) -> list[Row]:
    """Stop or not; `no` is the verb of the second button."""
    return [
        (
            visit.button("stop_yes", place.button("end")),
            visit.button("stop_no", place.button(no)),
        )
    ]


def _rows_of_feedback(visit: Visit, interview: Interview, place: Place) -> list[Row]:
    """The buttons that stood under the feedback before "Stop" was tapped."""
    shown = [each for each in standing(interview, visit.book) if isinstance(each, lines.Reviewed)]
    return feedback_rows(visit, shown[0], place)


async def _say_still_open(visit: Visit, stored: StoredInterview) -> None:
    interview = load(stored.events)
    place = _place(stored, interview)
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
        name=visit.book.personas[interview.persona].name,
        number=interview.number,
        of=len(interview.questions),
    )
