"""What answers teach: the review schedule that drills are chosen by, and what was asked when.

In the notes: "deck", see `bot.practice.schedule`; "asked", ids of questions and of weak answers
with the second in which they last came up; "drill", see drilling.py.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bot.chat.agenda import Agenda
from bot.chat.visit import Visit
from bot.feedback import Feedback, Label
from bot.interview.chance import draw
from bot.interview.drilling import weak_of
from bot.interview.events import Drill, InterviewOpened, Mode
from bot.interview.machine import Reviewed
from bot.interview.model import WorkField
from bot.interview.probing import PART_OF
from bot.practice.choosing import FORTNIGHT, choose
from bot.practice.drill_kinds import grades
from bot.practice.drill_words import Kind
from bot.practice.drills import Week, answered, this_week
from bot.practice.due import before_a_tap
from bot.practice.model import Plan
from bot.practice.schedule import Grade, deck_from_json, deck_to_json, learn, rate

_REMEMBERED = timedelta(days=90)


def take_in(visit: Visit, agenda: Agenda, past: Reviewed, feedback: Feedback) -> None:
    """Let one judged attempt count for what is asked next; a drill's first one for the week."""
    question = visit.book.questions[past.question]
    deck = deck_from_json(agenda.notes.get("deck", {}))
    earned = _grades(visit, past, feedback)
    agenda.notes["deck"] = deck_to_json(learn(deck, question.competency, earned, visit.at))
    note_asked(agenda, visit.at, question.id)
    if counts_for_the_week(past):
        agenda.plan = answered(before_a_tap(agenda.plan, visit.at), visit.at)


def counts_for_the_week(past: Reviewed) -> bool:
    """Whether this attempt is an answered drill, and not one more go at it."""
    return past.drill is not None and past.attempt == 1


def week_of(visit: Visit, agenda: Agenda) -> Week | None:
    """How the week goes; None without drills."""
    return this_week(agenda.plan, visit.at)


def note_asked(agenda: Agenda, at: datetime, *names: str) -> None:
    """Remember when these came up, and forget what came up long ago."""
    asked = agenda.notes.get("asked", {}) | dict.fromkeys(names, int(at.timestamp()))
    since = (at - _REMEMBERED).timestamp()
    agenda.notes["asked"] = {name: when for name, when in asked.items() if when >= since}


async def next_drill(visit: Visit, agenda: Agenda, number: int) -> InterviewOpened:
    """The drill to set now, the `number`th of this candidate's."""
    notes = agenda.notes.get("drill", {})
    seed = draw(visit.chat_id, "drill", number) >> 1
    work = visit.candidate.line_of_work
    choice = choose(
        visit.book,
        visit.book.drills,
        deck_from_json(agenda.notes.get("deck", {})),
        asked=await _asked(visit, agenda),
        last_persona=notes.get("persona"),
        last_kind=Kind(notes["kind"]) if "kind" in notes else None,
        field=WorkField(work) if work else None,
        now=visit.at,
        interview=_next_interview(agenda.plan, visit.at),
        seed=seed,
    )
    return InterviewOpened(
        persona=choice.persona.id,
        mode=Mode.DRILL,
        questions=(choice.question.id,),
        seed=seed,
        drill=Drill(kind=choice.kind, weak=choice.weak.id if choice.weak else None),
    )


async def _asked(visit: Visit, agenda: Agenda) -> dict[str, datetime]:
    """When each question last came up; for those skipped in interviews a week ago will do."""
    skipped = await visit.turn.recently_asked(visit.at - FORTNIGHT)
    asked = dict.fromkeys(skipped, visit.at - FORTNIGHT / 2)
    noted: dict[str, int] = agenda.notes.get("asked", {})
    return asked | {name: datetime.fromtimestamp(when, UTC) for name, when in noted.items()}


def _next_interview(plan: Plan, now: datetime) -> datetime | None:
    """When the next real interview begins, if one is ahead."""
    return min((at for each in plan.interviews if (at := each.starts_at) > now), default=None)


def _grades(visit: Visit, past: Reviewed, feedback: Feedback) -> dict[Label, Grade]:
    """What an attempt earns each part of its story; a part that came after a probe earns less."""
    question = visit.book.questions[past.question]
    if past.drill is not None:
        return grades(past.drill.kind, feedback, question, weak_of(past.drill, visit.book))
    prompted = [PART_OF[probe.gap] for probe in past.probes if probe.gap in PART_OF]
    return rate(feedback, question.type, prompted=prompted)
