"""Interviews brought to where a test needs them, by playing them as a candidate would."""

from __future__ import annotations

from bot.feedback import Feedback, QuestionType, review
from bot.interview.conduct import advance, begin
from bot.interview.events import InterviewOpened, Mode
from bot.interview.hearing import channel_of
from bot.interview.machine import Interview, Stage
from bot.interview.model import Book, Question
from bot.interview.moves import Declined, Finished, Move, Said, Stopped
from bot.interview.planning import plan
from bot.interview.step import Step

WHOLE = (
    "In March the pharmacy next to our ward closed without notice, and my job was to keep the"
    " evening round on time. I phoned the two nearest pharmacies, I agreed a daily delivery with"
    " one of them, and I wrote a one-page list so that every nurse ordered the same way. Within"
    " two weeks late doses fell from 14 a week to 3, and the list is still in use."
)
"""An answer with all four parts, own deeds and a number."""

UNFINISHED = (
    "Last spring our till system went down on a Saturday and I was the duty manager, so the queue"
    " was mine to deal with. I opened the paper book, I sent one colleague to the door and I wrote"
    " down every price by hand for the first hour."
)
"""An answer that stops at the action."""

THIN = "We fixed it."


def opened(book: Book, persona: str = "hiring_manager", **changes: object) -> InterviewOpened:
    """An interview about to begin; `changes` are fields of the event, or `length`."""
    length, seed = changes.pop("length", 3), changes.pop("seed", 11)
    assert isinstance(length, int)
    assert isinstance(seed, int)
    questions = plan(
        book.banks[persona], book.personas[persona], length, field=None, recent=(), seed=seed
    )
    fields = {"mode": Mode.COACHED, "questions": questions, "seed": seed, **changes}
    return InterviewOpened.model_validate({"persona": persona, **fields})


def asked_behavioral(book: Book, persona: str = "hiring_manager", **changes: object) -> Interview:
    """An interview whose first question is about something that happened."""
    seed = 0
    while True:
        event = opened(book, persona, seed=seed, **changes)
        if book.questions[event.questions[0]].type is QuestionType.BEHAVIORAL:
            return begin(event, book).interview
        seed += 1


def play(interview: Interview, book: Book, *moves: Move) -> Step:
    """The step of the last move."""
    step = Step(interview, book)
    for move in moves:
        step = advance(step.interview, move, book)
    return step


def give(interview: Interview, book: Book, text: str, message: int = 100) -> Step:
    """Say `text` and that this was all."""
    return play(interview, book, Said(text, message), Finished())


def reviewed(interview: Interview, book: Book, text: str) -> Step:
    """Give `text` as the answer, and let every probe go, until it has been reviewed."""
    step = give(interview, book, text)
    while step.interview.stage is Stage.PROBED:
        step = advance(step.interview, Declined(), book)
    return step


_RESTING: dict[str, dict[Stage, Interview]] = {}


def resting(book: Book, persona: str = "hiring_manager") -> dict[Stage, Interview]:
    """One coached interview for each stage in which an interview can rest; played once."""
    if persona not in _RESTING:
        _RESTING[persona] = _played(book, persona)
    return _RESTING[persona]


def _played(book: Book, persona: str) -> dict[Stage, Interview]:
    asked = asked_behavioral(book, persona)
    listening = play(asked, book, Said(WHOLE, 1)).interview
    probed = give(asked, book, UNFINISHED).interview
    assert probed.stage is Stage.PROBED
    closed = play(asked, book, Stopped()).interview
    after = reviewed(asked, book, WHOLE).interview
    return {
        Stage.ASKED: asked,
        Stage.LISTENING: listening,
        Stage.PROBED: probed,
        Stage.REVIEWED: after,
        Stage.CLOSED: closed,
    }


def judged(question: Question, text: str) -> Feedback:
    """The feedback on `text` as an answer to `question`."""
    return review(text, question.asked(), channel_of(text))


def a_question(book: Book, kind: QuestionType, persona: str = "hiring_manager") -> Question:
    """The first question of this type in the persona's bank."""
    return next(question for question in book.banks[persona] if question.type is kind)
