"""Every move within an interview: load, advance, save, say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from bot.chat import forms, learning
from bot.chat.agenda import Agenda, agenda_of, keep, keep_notes
from bot.chat.buttons import Place, Row, parse_place
from bot.chat.records import feedback_as_data
from bot.chat.rendering import feedback_rows, more_button, say_line, stop_rows
from bot.chat.visit import Visit
from bot.feedback import Feedback
from bot.interview import lines
from bot.interview.conduct import advance, standing
from bot.interview.events import Mode, PieceHeard
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
from bot.practice.drills import Week
from bot.store import Attempt, Priority, Slot, StoredInterview

SILENCE = "silence"
# A drill that was answered so long ago is over, whatever is written now.
OVER_AFTER = timedelta(hours=12)

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
    """/cancel: stop what is running, after asking; a drill is put away at once."""
    stored = await visit.turn.current_interview()
    in_drill = stored is not None and load(stored.events).mode is Mode.DRILL
    rows: list[Row] = [(visit.button("practise", "p:menu"),)]
    stored = await put_drill_away(visit, rows=rows)
    if stored is None:
        if visit.bottom is None:  # nothing was said of words that are kept
            visit.phrase("drill_put_away" if in_drill else "nothing_to_cancel", rows)
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
    await forms.leave(visit)
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


async def on_silence(visit: Visit, ref: Mapping[str, Any]) -> None:
    """The candidate has been quiet for as long as this interviewer waits."""
    stored = await visit.turn.current_interview()
    if stored is None or stored.id != ref["interview"]:
        return
    silent = FellSilent(ref["number"], ref["attempt"], ref["pieces"])
    await _take(visit, stored, load(stored.events), silent)


async def resume(visit: Visit) -> bool:
    """Say again what is on the table; False when no interview is running."""
    stored = await _still_open(visit)
    if stored is None:
        return False
    await _show_again(visit, stored, load(stored.events))
    return True


async def onward_rows(visit: Visit) -> list[Row]:
    """The button that leads on from a page of its own: back to the interview, or to a new one."""
    stored = await _still_open(visit)
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


async def put_drill_away(
    visit: Visit,
    agenda: Agenda | None = None,
    *,
    rows: Sequence[Row] = (),
    priority: Priority = Priority.REPLY,
) -> StoredInterview | None:
    """End the drill that is open, as something else begins.

    Words of an answer that was still open are judged and kept, and one line says so, with `rows`
    under it. Returns the interview that is open if it is no drill. Whoever gives an `agenda`
    keeps it.
    """
    stored = await visit.turn.current_interview()
    interview = load(stored.events) if stored else None
    if stored is None or interview is None or interview.mode is not Mode.DRILL:
        return stored
    step = advance(interview, Stopped(), visit.book)
    await visit.turn.append(stored.id, step.events)
    await _keep_review(visit, stored.id, step, agenda)
    if step.reviewed is not None:
        fix = _name_of_fix(visit, step.interview.reviews[-1])
        kept = "drill_kept" if fix else "drill_kept_clean"
        visit.phrase(kept, rows, priority=priority, name=fix)
    await _tidy(visit, step.interview)
    return None


def _name_of_fix(visit: Visit, past: PastReview) -> str:
    """What to fix first, as it goes on within a sentence; "" for nothing."""
    if past.top_fix is None:
        return ""
    book = visit.book.drills.book_for(past.drill.kind, visit.book) if past.drill else visit.book
    name = book.fixes[past.top_fix].name
    return name[:1].lower() + name[1:]


async def _still_open(visit: Visit) -> StoredInterview | None:
    """The interview that is open, but for a drill that was answered long ago: that one is over."""
    stored = await visit.turn.current_interview()
    if stored is None or visit.at - stored.opened_at < OVER_AFTER:
        return stored
    interview = load(stored.events)
    if interview.mode is Mode.DRILL and interview.stage is Stage.REVIEWED:
        return await put_drill_away(visit)
    return stored


async def _move(visit: Visit, move: Move) -> bool:
    stored = await _still_open(visit)
    if stored is None:
        return False
    await _take(visit, stored, load(stored.events), move)
    return True


async def begin_with(visit: Visit, begun: Step, first: Move | None = None) -> int:
    """Open the interview that has just `begun`, whose lines were said already; returns its id."""
    interview_id = await visit.turn.open_interview(begun.events)
    stored = await visit.turn.interview(interview_id)
    assert stored is not None
    if first is not None:
        await _take(visit, stored, begun.interview, first)
    return interview_id


async def _take(visit: Visit, stored: StoredInterview, interview: Interview, move: Move) -> None:
    """One move: advance, save, say."""
    visit.stage_before = visit.stage_after = interview.stage.value
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
    visit.stage_after = now.stage.value
    week = await _keep_review(visit, interview_id, step)
    place = Place(interview_id, now.number, now.attempt)
    for line in step.lines:
        say_line(visit, line, now, place, week)
    await _tidy(visit, now)
    if any(isinstance(event, PieceHeard) for event in step.events) and not now.nudged:
        await _watch_silence(visit, place, step)
    if now.stage is Stage.CLOSED and now.mode is not Mode.DRILL:
        kept = {**visit.candidate.preferences, "has_met": True}
        if now.reviews:
            kept["drills_offered"] = True
        await visit.save(preferences=kept)


async def _keep_review(
    visit: Visit, interview_id: int, step: Step, agenda: Agenda | None = None
) -> Week | None:
    """Keep an answer that was judged, and let it count for what is asked next.

    Returns how the week goes, when that was a drill. Whoever gives an `agenda` keeps it.
    """
    if step.reviewed is None:
        return None
    past = step.interview.reviews[-1]
    await visit.turn.save_attempt(_attempt(visit, interview_id, past, step.reviewed))
    theirs = agenda or await agenda_of(visit)
    learning.take_in(visit, theirs, past, step.reviewed)
    counts = learning.counts_for_the_week(past)
    if agenda is None:
        await (keep if counts else keep_notes)(visit, theirs)
    return learning.week_of(visit, theirs) if counts else None


async def _tidy(visit: Visit, now: Interview) -> None:
    """Take away what no longer holds; after the words, so that nobody waits for it."""
    if now.stage is not Stage.LISTENING:
        if visit.bottom != Slot.LISTENING:
            visit.turn.clear(Slot.LISTENING)
        await visit.turn.cancel_reminder(SILENCE)
    if now.stage in {Stage.REVIEWED, Stage.CLOSED}:
        visit.turn.say("editMessageReplyMarkup", {}, slot=Slot.TABLE)


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
    return feedback_rows(visit, shown[0], interview, place)
