"""A drill: an interview of one question that wants one kind of answer; no probe, no debrief.

What a drill wants and how it is judged is `bot.practice.drill_kinds`'; here it is put into the
lines of an interview, so that its answer goes the way of every other.
"""

from __future__ import annotations

from dataclasses import replace

from bot.feedback import Feedback
from bot.interview.coaching import Coaching, coach
from bot.interview.comparing import Comparison, compare
from bot.interview.events import Drill
from bot.interview.hearing import channel_of
from bot.interview.lines import DrillSet
from bot.interview.model import Book, Question
from bot.interview.step import Step
from bot.practice.drill_kinds import FEWEST_WORDS, asks_for, judge
from bot.practice.drill_words import Kind, WeakAnswer

_FEWEST = 4  # words that a short answer needs to be one, where its kind says nothing else
_COUNTED = {"numbers in the result", "words"}  # of a short answer, before and after


def weak_of(drill: Drill, book: Book) -> WeakAnswer | None:
    """The weak answer that is to be mended; None if the drill has none."""
    return book.drills.weak_answer(drill.weak) if drill.weak else None


def feedback_on(answer: str, question: Question, drill: Drill, book: Book) -> Feedback:
    """The feedback on an answer to a drill."""
    return judge(drill.kind, answer, question, channel_of(answer), weak_of(drill, book))


def set_line(step: Step, drill: Drill) -> DrillSet:
    """The drill as it is put to the candidate."""
    name = step.book.drills.words(drill.kind).name
    weak = weak_of(drill, step.book)
    return DrillSet(step.question, step.speaker, name, wanted(step), weak)


def wanted(step: Step) -> str:
    """What this drill wants, in a sentence or two; nothing for an interview."""
    now = step.interview
    if now.drill is None:
        return ""
    return asks_for(now.drill.kind, step.book.drills, now.seed, weak_of(now.drill, step.book))


def is_whole(step: Step) -> bool:
    """Whether what was said is the answer: one message is, where only a few sentences are wanted.

    A word or two may still be the beginning of one, and a whole story comes in pieces.
    """
    drill = step.interview.drill
    if drill is None or drill.kind is Kind.FULL:
        return False
    return len(step.interview.answer.split()) >= FEWEST_WORDS.get(drill.kind, _FEWEST)


def coached(step: Step, feedback: Feedback, drill: Drill) -> Coaching:
    """The feedback message; the parts of a story are shown only where a whole one was wanted."""
    book = step.book.drills.book_for(drill.kind, step.book)
    coaching = coach(feedback, step.question.type, step.interview, step.persona, book)
    return coaching if drill.kind is Kind.FULL else replace(coaching, strip=())


def compared(before: Feedback, after: Feedback, drill: Drill) -> Comparison:
    """Two attempts at a drill side by side, by what it wants."""
    comparison = compare(before, after)
    if drill.kind is Kind.FULL:
        return comparison
    changes = tuple(each for each in comparison.changes if each.name in _COUNTED)
    return replace(comparison, changes=changes, came=(), went=())
