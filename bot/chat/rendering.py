"""Puts an interviewer's lines into bubbles and buttons."""

from __future__ import annotations

from typing import Any

from bot.chat.buttons import Place, Row
from bot.chat.visit import Visit
from bot.interview import lines
from bot.interview.machine import Interview, Stage
from bot.interview.model import Panelist, Persona
from bot.practice.drills import Week
from bot.store import Priority, Slot

_TEMPLATE = {
    lines.Patient: "patient",
    lines.NotWords: "not_words",
    lines.NotEnglish: "not_english",
    lines.TooMuch: "too_much",
    lines.EditTooLate: "edit_too_late",
}


def say_line(
    visit: Visit, line: lines.Line, interview: Interview, place: Place, week: Week | None = None
) -> None:
    """Send one line of the interview, which stands at `place` once it is said.

    `week` is how the candidate's week goes, to be told with the feedback on a drill.
    """
    match line:
        case lines.Introduced():
            visit.say(
                "introduced",
                line=line,
                persona=line.persona,
                first_time=not visit.candidate.preferences.get("has_met"),
                welcomed=visit.candidate.line_of_work is not None,
            )
        case lines.Asked():
            rows = _under_a_question(visit, place)
            visit.say("asked", rows, slot=Slot.TABLE, line=line, speaker=name(line.speaker))
        case lines.DrillSet():
            say_drill(visit, line, under_a_drill(visit, line, place))
        case lines.DrillOver():
            over = "drill_done" if line.answered else "drill_skipped"
            if visit.tapped is None:
                visit.phrase(over)
            else:
                visit.toast = visit.wording.phrase(over)
        case lines.Hinted():
            skip = visit.button("skip", place.button("skip"))
            rows = [(skip,)] if interview.stage is Stage.ASKED else []
            _say_on_table(visit, rows, "hinted", line=line)
        case lines.Repeated():
            rows = _under(visit, interview, place)
            _say_on_table(visit, rows, "repeated", line=line, speaker=name(line.speaker))
        case lines.Rephrased():
            rows = _under(visit, interview, place)
            if interview.stage is Stage.ASKED:  # there is no third way to put it
                rows = [(visit.button("skip", place.button("skip")),)]
            _say_on_table(visit, rows, "rephrased", line=line, speaker=name(line.speaker))
        case lines.Encouraged():
            _say_on_table(visit, _under(visit, interview, place), "encouraged", line=line)
        case lines.Listening():
            visit.say("listening", _done(visit, place), slot=Slot.LISTENING, line=line)
        case lines.Nudged():
            rows, speaker = _done(visit, place), name(line.speaker)
            visit.say("nudged", rows, slot=Slot.LISTENING, line=line, speaker=speaker)
        case lines.Probed():
            rows = _under(visit, interview, place)
            _say_on_table(visit, rows, "probed", line=line, speaker=name(line.speaker))
        case lines.Reviewed():
            _say_feedback(visit, line, interview, place, week)
        case lines.StopWanted():
            visit.say("stop_asked", stop_rows(visit, place, "stay"), slot=Slot.LISTENING)
        case lines.RetryAsked():
            leave = visit.button("leave_retry", place.button("skip"))
            speaker = name(line.speaker)
            visit.say("retry_asked", [(leave,)], slot=Slot.TABLE, line=line, speaker=speaker)
        case lines.Guided():
            onward = visit.button("finish" if line.last else "next", place.button("next"))
            visit.say("guided", [(more_button(visit, place), onward)], line=line)
        case lines.Closed():
            _say_goodbye(visit, line, interview, place)
        case _:
            visit.say(_TEMPLATE[type(line)], line=line)


def name(speaker: Panelist | Persona) -> str:
    """Who is speaking, as it stands above a bubble."""
    return speaker.name


def more_button(visit: Visit, place: Place) -> tuple[str, str]:
    """The button that opens the answer judged at `place`, whenever it is tapped."""
    data = f"y:answer:{place.interview}:{place.number}:{place.attempt}"
    return visit.button("more", data)


def say_drill(
    visit: Visit, line: lines.DrillSet, rows: list[Row], priority: Priority = Priority.REPLY
) -> None:
    """Put a drill on the table: who asks, what is asked, what kind of answer is wanted."""
    who = line.speaker
    visit.say("drill", rows, slot=Slot.TABLE, priority=priority, line=line, speaker=who)


def under_a_drill(visit: Visit, line: lines.DrillSet, place: Place) -> list[Row]:
    """What can be done about a drill once it has been taken up."""
    help_ = "hint" if line.weak else "rephrase"
    return [(visit.button(help_, place.button("mean")), visit.button("skip", place.button("skip")))]


def _say_on_table(visit: Visit, rows: list[Row], template: str, **data: Any) -> None:
    """Say something about what is on the table; its buttons move along to the new bubble."""
    visit.say(template, rows, slot=Slot.TABLE if rows else None, **data)


def _under(visit: Visit, interview: Interview, place: Place) -> list[Row]:
    """The buttons that go with what is on the table; none while an answer is open."""
    if interview.stage is Stage.PROBED:
        return [(visit.button("leave_probe", place.button("skip")),)]
    return _under_a_question(visit, place) if interview.stage is Stage.ASKED else []


def _under_a_question(visit: Visit, place: Place) -> list[Row]:
    return [
        (
            visit.button("rephrase", place.button("mean")),
            visit.button("skip", place.button("skip")),
        )
    ]


def _done(visit: Visit, place: Place) -> list[Row]:
    return [(visit.button("done", place.button("done")),)]


def stop_rows(visit: Visit, place: Place, no: str) -> list[Row]:
    """Stop or not; `no` is the verb of the second button."""
    return [
        (
            visit.button("stop_yes", place.button("end")),
            visit.button("stop_no", place.button(no)),
        )
    ]


def _say_feedback(
    visit: Visit, line: lines.Reviewed, interview: Interview, place: Place, week: Week | None
) -> None:
    """The feedback bubble; on a short setting the strip and the reason stay behind "More"."""
    persona = visit.book.personas[interview.persona]
    full = visit.candidate.preferences.get("depth", "full") == "full"
    rows = feedback_rows(visit, line, interview, place)
    speaker = _voice(persona, interview)
    visit.say("feedback", rows, line=line, speaker=speaker, full=full, week=week)


def feedback_rows(
    visit: Visit, line: lines.Reviewed, interview: Interview, place: Place
) -> list[Row]:
    """What can be done after feedback: mend, try again, look closer, go on, stop."""
    rows: list[Row] = []
    if line.coaching.can_be_added and line.coaching.fix:
        rows.append(((f"+ {line.coaching.fix.retry}", place.button("add")),))
    rows.append((visit.button("retry", place.button("retry")), more_button(visit, place)))
    last = "finish" if interview.drill is None else "drill_finish"
    onward = visit.button(last if line.last else "next", place.button("next"))
    rows.append((onward,) if line.last else (onward, visit.button("stop", place.button("stop"))))
    return rows


def _voice(persona: Persona, interview: Interview) -> str:
    """Who reacts to an answer, by first name: the panelist who spoke last, or the interviewer."""
    panelist = next((each for each in persona.panelists if each.id == interview.asker), None)
    return name(panelist or persona).split()[0]


def _say_goodbye(visit: Visit, line: lines.Closed, interview: Interview, place: Place) -> None:
    speaker = name(line.persona)
    visit.say("closed", line=line, speaker=speaker)
    rows: list[Row] = [
        (
            visit.button("practise", "p:menu"),
            visit.button("history", f"y:interview:{place.interview}"),
        )
    ]
    # Told once, to somebody who has just seen what an answer brings.
    offered = bool(interview.reviews) and not visit.candidate.preferences.get("drills_offered")
    if offered:
        rows.append((visit.button("drills_begin", "t:begin"),))
    who = "they" if line.persona.panelists else line.persona.name.split()[0]
    visit.say("debrief", rows, line=line, who=who, offered=offered)
