"""Puts an interviewer's lines into bubbles and buttons."""

from __future__ import annotations

from bot.chat.buttons import Place, Row
from bot.chat.visit import Visit
from bot.interview import lines
from bot.interview.events import Mode
from bot.interview.machine import Interview
from bot.interview.model import Panelist, Persona

LISTENING = "listening"
"""The slot of the one bubble that says "go on, or tap": it always stands at the bottom."""

_TEMPLATE = {
    lines.Encouraged: "encouraged",
    lines.NotWords: "not_words",
    lines.NotEnglish: "not_english",
    lines.TooMuch: "too_much",
    lines.EditTooLate: "edit_too_late",
}


def say_line(visit: Visit, line: lines.Line, interview: Interview, place: Place) -> None:
    """Send one line of the interview, which stands at `place` once it is said."""
    match line:
        case lines.Introduced():
            first_time = not visit.candidate.preferences.get("has_met")
            visit.say("introduced", line=line, persona=line.persona, first_time=first_time)
        case lines.Asked():
            visit.say(
                "asked", _under_a_question(visit, place), line=line, speaker=name(line.speaker)
            )
        case lines.Repeated():
            visit.say("repeated", line=line, speaker=name(line.speaker))
        case lines.Rephrased():
            visit.say("rephrased", line=line, speaker=name(line.speaker))
        case lines.Listening():
            visit.say("listening", _done(visit, place), slot=LISTENING, line=line)
        case lines.Nudged():
            speaker = name(line.speaker)
            visit.say("nudged", _done(visit, place), slot=LISTENING, line=line, speaker=speaker)
        case lines.Probed():
            leave = visit.button("leave_probe", place.button("skip"))
            visit.say("probed", [(leave,)], line=line, speaker=name(line.speaker))
        case lines.Reacted():
            visit.say("reacted", line=line, speaker=name(line.speaker))
        case lines.Reviewed():
            _say_feedback(visit, line, interview, place)
        case lines.RetryAsked():
            visit.say("retry_asked", line=line, speaker=name(line.speaker))
        case lines.Closed():
            _say_goodbye(visit, line, interview, place)
        case _:
            visit.say(_TEMPLATE[type(line)], line=line)


def name(speaker: Panelist | Persona) -> str:
    """Who is speaking, as it stands above a bubble."""
    return speaker.name


def _under_a_question(visit: Visit, place: Place) -> list[Row]:
    return [
        (
            visit.button("rephrase", place.button("mean")),
            visit.button("skip", place.button("skip")),
        )
    ]


def _done(visit: Visit, place: Place) -> list[Row]:
    return [(visit.button("done", place.button("done")),)]


def _say_feedback(visit: Visit, line: lines.Reviewed, interview: Interview, place: Place) -> None:
    """The feedback bubble; on a short setting the strip and the reason stay behind "More"."""
    persona = visit.book.personas[interview.persona]
    full = visit.candidate.preferences.get("depth", "full") == "full"
    rows: list[Row] = []
    if line.coaching.can_be_added and line.coaching.fix:
        rows.append(((f"＋ {line.coaching.fix.retry}", place.button("add")),))
    rows.append(
        (
            visit.button("retry", place.button("retry")),
            visit.button("more", f"y:answer:{place.interview}:{place.number}:{place.attempt}"),
        )
    )
    onward = visit.button("finish" if line.last else "next", place.button("next"))
    rows.append((onward,) if line.last else (onward, visit.button("stop", place.button("stop"))))
    visit.say("feedback", rows, line=line, speaker=_voice(persona, interview), full=full)


def _voice(persona: Persona, interview: Interview) -> str:
    """Who reacts to an answer: the panelist who spoke last, or the interviewer."""
    panelist = next((each for each in persona.panelists if each.id == interview.asker), None)
    return name(panelist or persona)


def _say_goodbye(visit: Visit, line: lines.Closed, interview: Interview, place: Place) -> None:
    speaker = name(line.persona)
    visit.say("closed", line=line, speaker=speaker)
    rows: list[Row] = [
        (
            visit.button("practise", "p:menu"),
            visit.button("history", f"y:interview:{place.interview}"),
        )
    ]
    who = "they" if line.persona.panelists else line.persona.name.split()[0]
    visit.say("debrief", rows, line=line, who=who, real=interview.mode is Mode.REAL)
