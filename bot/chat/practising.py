"""Every move within an interview: load, advance, save, say."""

from __future__ import annotations

from datetime import timedelta

from bot.chat.buttons import Place, Row, parse_place
from bot.chat.records import feedback_as_data
from bot.chat.rendering import feedback_rows, more_button, say_line, stop_rows
from bot.chat.visit import Visit
from bot.feedback import Feedback
from bot.interview import lines
from bot.interview.conduct import advance, standing
from bot.interview.events import PieceHeard
from bot.interview.machine import Interview, NotNow, Stage, load
from bot.interview.machine import Reviewed as PastReview
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
from bot.interview.step import Step
from bot.store import Attempt, Slot, StoredInterview

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


async def on_cancel(visit: Visit) -> None:
    """/cancel: stop what is running, after asking."""
    stored = await visit.turn.current_interview()
    if stored is None:
        visit.phrase("nothing_to_cancel", [(visit.button("practise", "p:menu"),)])
        return
    place = place_of(stored, load(stored.events))
    visit.say("stop_asked", stop_rows(visit, place, "stay"), slot=Slot.LISTENING)


async def on_interview_tap(visit: Visit, parts: list[str]) -> None:
    """A button that belongs to a moment of an interview: obeyed only while that moment lasts."""
    verb, place = parts[0], parse_place(parts[1:])
    stored = await visit.turn.current_interview()
    interview = load(stored.events) if stored else None
    here = place_of(stored, interview) if stored and interview else None
    if stored is None or interview is None or place != here or here is None:
        visit.toast = visit.wording.phrase("toast_old")
        visit.buttons()
        return
    if verb == "stop" and interview.stage is Stage.REVIEWED:
        visit.buttons(stop_rows(visit, here, "keep"))
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
    return [(visit.button("go_on", place_of(stored, load(stored.events)).button("stay")),)]


async def keep_at_bottom(visit: Visit) -> None:
    """Whatever was said in between, the button that ends an open answer stands below it."""
    if visit.bottom is None or visit.bottom == Slot.LISTENING:
        return
    stored = await visit.turn.current_interview()
    interview = load(stored.events) if stored else None
    if stored is None or interview is None or interview.stage is not Stage.LISTENING:
        return
    listening = standing(interview, visit.book)[-1]
    say_line(visit, listening, interview, place_of(stored, interview))


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
        visit.buttons([(more_button(visit, place_of(stored, interview)),)])
    elif isinstance(move, Stopped):
        visit.buttons()
    await visit.turn.append(stored.id, step.events)
    await settle(visit, stored.id, step)


async def settle(visit: Visit, interview_id: int, step: Step) -> None:
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
        say_line(visit, line, interview, place_of(stored, interview))


def place_of(stored: StoredInterview, interview: Interview) -> Place:
    """The moment at which an interview stands."""
    return Place(stored.id, interview.number, interview.attempt)


def _rows_of_feedback(visit: Visit, interview: Interview, place: Place) -> list[Row]:
    """The buttons that stood under the feedback before "Stop" was tapped."""
    shown = [each for each in standing(interview, visit.book) if isinstance(each, lines.Reviewed)]
    return feedback_rows(visit, shown[0], place)
