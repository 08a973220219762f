"""What is kept about a candidate: past interviews and answers, the export, the deletion."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from bot.chat.buttons import Place, Row, parse_numbers
from bot.chat.stages import NEW
from bot.chat.visit import LONGEST_MESSAGE, Visit
from bot.content.wording import PARTS
from bot.feedback import Feedback, Piece
from bot.interview.coaching import quote
from bot.interview.drilling import weak_of
from bot.interview.events import Drill, Mode
from bot.interview.going import review_of
from bot.interview.machine import Reviewed, Stage, Told, load
from bot.interview.model import FixWords
from bot.store import StoredInterview

_PAGE = 8
_ALL = 10_000
_OPENING = 90
_LINE = 600  # characters; an escaped one can take five


def feedback_as_data(feedback: Feedback) -> dict[str, Any]:
    """Feedback as it is stored and exported: every claim with the words that it stands on."""
    return {
        "pieces": [
            {"label": each.label, "text": feedback.quote((each.start, each.end)), "why": each.why}
            for each in feedback.pieces
        ],
        "findings": [
            {
                "rule": finding.rule,
                "confidence": round(finding.confidence, 2),
                "quotes": [feedback.quote(span) for span in finding.spans],
            }
            for finding in feedback.findings
        ],
        "overall": feedback.overall,
        "reasons": [asdict(reason) for reason in feedback.reasons],
        "rubric": [
            {"criterion": each.id, "quote": feedback.quote(each.span) if each.span else None}
            for each in feedback.rubric
        ],
    }


async def on_history(visit: Visit, before: int | None = None) -> None:
    """/history: past interviews, newest first; the open one above them."""
    page = await visit.turn.past_interviews(_PAGE, before)
    past = [each for each in page if each.mode != Mode.DRILL or each.answered]
    stored = await visit.turn.current_interview() if before is None else None
    if not past and stored is None and len(page) < _PAGE:
        visit.phrase("no_history", [(visit.button("practise", "p:menu"),)])
        return
    shown = [
        {
            "number": each.id,
            "when": _day(each.opened_at),
            "name": visit.book.personas[each.persona].name,
            "answers": each.answered,
            "drill": each.mode == Mode.DRILL,
            "at": "",
        }
        for each in past
    ]
    now = _still_open(visit, stored)
    ids = [*(each["number"] for each in now if not each["at"]), *(each.id for each in past)]
    numbers = [(str(each), f"y:interview:{each}") for each in ids]
    rows: list[Row] = [tuple(numbers[at : at + 4]) for at in range(0, len(numbers), 4)]
    if len(page) == _PAGE:
        rows.append((visit.button("older", f"y:older:{page[-1].id}"),))
    visit.say("history", rows, interviews=[*now, *shown])


def _still_open(visit: Visit, stored: StoredInterview | None) -> list[dict[str, object]]:
    """The interview that is still open, for the top of the list; an answered drill is over."""
    if stored is None:
        return []
    interview = load(stored.events)
    at = f"{interview.number} of {len(interview.questions)}"
    in_drill = interview.mode is Mode.DRILL
    return [
        {
            "number": stored.id,
            "when": _day(stored.opened_at),
            "name": visit.book.personas[interview.persona].name,
            "answers": len(_latest(interview.reviews)),
            "drill": in_drill,
            "at": "" if in_drill and interview.reviews else at,
        }
    ]


async def on_history_tap(visit: Visit, parts: list[str]) -> None:
    """`y:list`, `y:older:7`, `y:interview:7`, `y:answer:7:2:1`; only this candidate's are found."""
    kind, rest = parts[0], parts[1:]
    if kind == "list":
        await on_history(visit)
        return
    if kind == "older" and (numbers := parse_numbers(rest, 1)):
        await on_history(visit, before=numbers[0])
        return
    numbers = parse_numbers(rest, 1 if kind == "interview" else 3)
    stored = await visit.turn.interview(numbers[0]) if numbers else None
    if stored is None or numbers is None:
        visit.toast = visit.wording.phrase("toast_not_yours")
    elif kind == "interview":
        _show_interview(visit, stored)
    else:
        _show_answer(visit, stored, numbers[1], numbers[2])


async def on_export(visit: Visit) -> None:
    """/export: everything stored about this candidate, as one JSON file."""
    stored = await visit.turn.export()
    data = {"answers": await _in_plain_words(visit), "everything stored": stored}
    name = f"second-round-{visit.at:%Y-%m-%d}.json"
    text = json.dumps(data, ensure_ascii=False, indent=2)
    visit.attach(name, text, visit.wording.phrase("export_caption"))


async def _in_plain_words(visit: Visit) -> list[dict[str, Any]]:
    """Every answer with its question and what was said about it, oldest first."""
    past = [summary.id for summary in await visit.turn.past_interviews(_ALL)]
    if (current := await visit.turn.current_interview()) is not None:
        past.insert(0, current.id)
    found: list[dict[str, Any]] = []
    for interview_id in reversed(past):
        if (stored := await visit.turn.interview(interview_id)) is not None:
            found += _answers_of(visit, stored)
    return found


def _answers_of(visit: Visit, stored: StoredInterview) -> list[dict[str, Any]]:
    interview = load(stored.events)
    found = []
    for past in interview.reviews:
        feedback = review_of(past, visit.book)
        found.append(
            {
                "interviewer": visit.book.personas[interview.persona].name,
                "day": _day(stored.opened_at),
                "question": visit.book.questions[past.question].asks,
                "drill": _drill_name(visit, past.drill) or None,
                "try": past.attempt,
                "answer": past.answer,
                "keep": quote(feedback, feedback.best) if feedback.best else None,
                "to fix": [_fixes(visit, past)[each.rule].name for each in feedback.findings],
                "rubric": {each["name"]: each["quote"] for each in _criteria(visit, feedback)},
                "of 5": round(past.overall, 1),
            }
        )
    return found


async def on_forget(visit: Visit) -> None:
    """/forget: ask once before deleting."""
    if visit.candidate.stage == NEW:
        visit.phrase("nothing_stored")
        return
    past = [e for e in await visit.turn.past_interviews(_ALL) if e.mode != Mode.DRILL]
    rows: list[Row] = [
        (visit.button("forget_yes", "f:yes"),),
        (visit.button("forget_no", "f:no"),),
    ]
    stored = await visit.turn.current_interview()
    still_open = stored is not None and load(stored.events).mode is not Mode.DRILL
    visit.say("forget_asked", rows, interviews=len(past) + still_open)


async def on_forget_tap(visit: Visit, parts: list[str]) -> None:
    """`f:yes` deletes, anything else keeps."""
    if visit.candidate.stage == NEW:
        visit.toast = visit.wording.phrase("nothing_stored")
    elif parts == ["yes"]:
        await visit.turn.forget()
        visit.agenda = None
        visit.toast = visit.wording.phrase("toast_deleted")
        visit.buttons()
        visit.phrase("forgotten")
    else:
        visit.buttons()
        visit.toast = visit.wording.phrase("toast_kept")


def _show_interview(visit: Visit, stored: StoredInterview) -> None:
    interview = load(stored.events)
    answers = [_in_list(visit, past) for past in _latest(interview.reviews)]
    buttons = [
        (f"{visit.wording.buttons['see_work']} {number}", _answer_data(stored.id, past))
        for number, past in enumerate(_latest(interview.reviews), 1)
    ]
    rows: list[Row] = [tuple(buttons[at : at + 4]) for at in range(0, len(buttons), 4)]
    visit.say(
        "past_interview",
        rows,
        name=visit.book.personas[interview.persona].name,
        when=_day(stored.opened_at),
        answers=answers,
        drill=_drill_name(visit, interview.drill),
    )


def _fixes(visit: Visit, past: Reviewed) -> Mapping[str, FixWords]:
    """The faults in words, as the kind of drill puts them."""
    book = visit.book
    return (book.drills.book_for(past.drill.kind, book) if past.drill else book).fixes


def _drill_name(visit: Visit, drill: Drill | None) -> str:
    """The kind of a drill in words; nothing for an interview."""
    return visit.book.drills.words(drill.kind).name if drill is not None else ""


def _show_answer(visit: Visit, stored: StoredInterview, number: int, attempt: int) -> None:
    """The answer with its parts marked, every finding with its quote, the score with reasons."""
    found = [
        past
        for past in load(stored.events).reviews
        if (past.number, past.attempt) == (number, attempt)
    ]
    if not found:
        visit.toast = visit.wording.phrase("toast_not_yours")
        return
    past = found[0]
    feedback = review_of(past, visit.book)
    question = visit.book.questions[past.question]
    weak = weak_of(past.drill, visit.book) if past.drill else None
    text = visit.wording.message(
        "more",
        drill=_drill_name(visit, past.drill),
        rewrite=_short_lines(weak.rewrite) if weak else "",
        question=question,
        competency=visit.book.competencies[question.competency].name,
        pieces=_told_pieces(past, feedback),
        findings=_found(feedback, _fixes(visit, past)),
        rubric=_criteria(visit, feedback),
        overall=feedback.overall,
        reasons=feedback.reasons,
    )
    *first, last = bubbles(text)
    for bubble in first:
        visit.send(bubble)
    visit.send(last, _rows_of_the_moment(visit, stored, past))


def _found(feedback: Feedback, fixes: Mapping[str, FixWords]) -> list[dict[str, Any]]:
    """Each finding by its name: a sure one with its quotes, another with a line to add."""
    return [
        {
            "name": fixes[finding.rule].name,
            "sure": finding.sure,
            "quotes": [quote(feedback, span) for span in finding.spans[:3]],
            "how": fixes[finding.rule].how[0],
        }
        for finding in feedback.findings
    ]


def _criteria(visit: Visit, feedback: Feedback) -> list[dict[str, Any]]:
    """What the question wants instead of a story, each with the words that show it or None."""
    return [
        {
            "name": visit.book.rubric[each.id].name,
            "means": visit.book.rubric[each.id].means,
            "quote": quote(feedback, each.span) if each.span else None,
            "hinted": each.hinted,
        }
        for each in feedback.rubric
    ]


def _rows_of_the_moment(visit: Visit, stored: StoredInterview, past: Reviewed) -> list[Row]:
    """Try again and go on, where this is the answer that has just been judged."""
    interview = load(stored.events)
    if interview.stage is not Stage.REVIEWED or past != interview.last_review:
        return []
    place = Place(stored.id, past.number, past.attempt)
    last = "finish" if past.drill is None else "drill_finish"
    onward = last if past.number == len(interview.questions) else "next"
    return [
        (
            visit.button("retry", place.button("retry")),
            visit.button(onward, place.button("next")),
        )
    ]


def bubbles(text: str, limit: int = LONGEST_MESSAGE) -> list[str]:
    """Telegram HTML in bubbles of at most `limit` UTF-16 units, cut between lines.

    Every line must be well-formed on its own and no longer than `limit`.
    """
    found: list[str] = [""]
    for line in text.split("\n"):
        if _units(found[-1]) + 1 + _units(line) > limit:
            found.append("")
        found[-1] = f"{found[-1]}\n{line}" if found[-1] else line
    return [bubble for bubble in found if bubble.strip()]


def _units(text: str) -> int:
    """The length of a text as Telegram counts it."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _short_lines(text: str) -> str:
    """The text with long lines broken at a blank, so that each fits a bubble once escaped."""
    lines: list[str] = []
    for line in text.split("\n"):
        rest = line
        while len(rest) > _LINE:
            at = rest.rfind(" ", 1, _LINE) + 1 or _LINE
            lines.append(rest[:at])
            rest = rest[at:]
        lines.append(rest)
    return "\n".join(lines)


def _told_pieces(past: Reviewed, feedback: Feedback) -> list[dict[str, object]]:
    """The answer in labelled pieces; neighbours of one label that were told together are joined."""
    joined: list[tuple[Piece, Told]] = []
    for piece in feedback.pieces:
        told = _told_at(past, piece.start)
        if joined and (joined[-1][0].label, joined[-1][1]) == (piece.label, told):
            last, _ = joined.pop()
            piece = Piece(last.start, piece.end, last.label, last.why)
        joined.append((piece, told))
    return [
        {
            "name": PARTS[piece.label],
            "text": _short_lines(feedback.quote((piece.start, piece.end)).strip()),
            "after_probe": told.after_probe,
        }
        for piece, told in joined
    ]


def _told_at(past: Reviewed, position: int) -> Told:
    """The part of the answer that the character at `position` belongs to."""
    end = 0
    for told in past.told:
        end += len(told.text) + 1
        if position < end:
            return told
    return past.told[-1]


def _latest(reviews: tuple[Reviewed, ...]) -> list[Reviewed]:
    """The last attempt at each question, in the order of the questions."""
    return list({past.number: past for past in reviews}.values())


def _in_list(visit: Visit, past: Reviewed) -> dict[str, object]:
    opening = " ".join(past.answer.split())
    if len(opening) > _OPENING:
        opening = opening[:_OPENING].rsplit(" ", 1)[0] + "…"
    return {
        "question": visit.book.questions[past.question].asks,
        "opening": opening,
        "fix": _fixes(visit, past)[past.top_fix].name if past.top_fix else "",
        "attempt": past.attempt,
    }


def _answer_data(interview_id: int, past: Reviewed) -> str:
    return f"y:answer:{interview_id}:{past.number}:{past.attempt}"


def _day(moment: datetime) -> str:
    return f"{moment.day} {moment:%B %Y}"
