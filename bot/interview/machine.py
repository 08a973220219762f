"""The interview as a state machine.

Law 1: every change of stage is an arrow in ARROWS. Law 2: nothing here does I/O.
Law 3: an event that no arrow allows raises NotNow and changes nothing.
Loading an interview is `reduce(evolve, events, Interview())`, so any report of a fault is a list
of events that can be replayed.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import reduce

from bot.interview.events import (
    AnswerGiven,
    AnswerReviewed,
    Drill,
    Event,
    InterviewClosed,
    InterviewOpened,
    Mode,
    NudgeGiven,
    PieceCorrected,
    PieceHeard,
    ProbeAsked,
    ProbeDeclined,
    QuestionAsked,
    QuestionPassed,
    RetryStarted,
)
from bot.interview.model import Gap


class Stage(StrEnum):
    """Where an interview rests; BETWEEN and HEARD are only passed through within one move."""

    NEW = "new"
    BETWEEN = "between"
    ASKED = "asked"
    LISTENING = "listening"
    HEARD = "heard"
    PROBED = "probed"
    REVIEWED = "reviewed"
    CLOSED = "closed"


ARROWS: dict[tuple[Stage, type[Event]], Stage] = {
    (Stage.NEW, InterviewOpened): Stage.BETWEEN,
    (Stage.BETWEEN, QuestionAsked): Stage.ASKED,
    (Stage.BETWEEN, InterviewClosed): Stage.CLOSED,
    (Stage.ASKED, PieceHeard): Stage.LISTENING,
    (Stage.ASKED, QuestionPassed): Stage.BETWEEN,
    (Stage.ASKED, InterviewClosed): Stage.CLOSED,
    (Stage.LISTENING, PieceHeard): Stage.LISTENING,
    (Stage.LISTENING, PieceCorrected): Stage.LISTENING,
    (Stage.LISTENING, NudgeGiven): Stage.LISTENING,
    (Stage.LISTENING, AnswerGiven): Stage.HEARD,
    (Stage.LISTENING, QuestionPassed): Stage.BETWEEN,
    (Stage.LISTENING, InterviewClosed): Stage.CLOSED,
    (Stage.HEARD, ProbeAsked): Stage.PROBED,
    (Stage.HEARD, AnswerReviewed): Stage.REVIEWED,
    (Stage.PROBED, PieceHeard): Stage.LISTENING,
    (Stage.PROBED, ProbeDeclined): Stage.HEARD,
    (Stage.PROBED, InterviewClosed): Stage.CLOSED,
    (Stage.REVIEWED, QuestionAsked): Stage.ASKED,
    (Stage.REVIEWED, RetryStarted): Stage.ASKED,
    (Stage.REVIEWED, InterviewClosed): Stage.CLOSED,
}


class NotNow(Exception):
    """Something happened that the stage of the interview does not allow."""


@dataclass(frozen=True, slots=True)
class Told:
    """One part of an answer: the text, and whether it came only after a probe."""

    text: str
    after_probe: bool


@dataclass(frozen=True, slots=True)
class Reviewed:
    """One attempt at one question, as it was judged. `told` is the answer in its parts.

    `drill` says what was wanted, where that was not a whole answer in an interview.
    """

    number: int
    attempt: int
    question: str
    asker: str | None
    told: tuple[Told, ...]
    probes: tuple[ProbeAsked, ...]
    overall: float
    top_fix: str | None
    drill: Drill | None = None

    @property
    def answer(self) -> str:
        """The whole answer; the parts stand on lines of their own."""
        return join(self.told)


@dataclass(frozen=True, slots=True)
class Interview:
    """An interview as it stands.

    `number` and `attempt` count from 1 once a question is on the table. `pieces` are the messages
    heard since the last question or probe, `told` the parts of this attempt heard out before.
    `probed` are the gaps asked for in the whole interview.
    `messages` are the Telegram ids of all pieces heard so far.
    """

    stage: Stage = Stage.NEW
    persona: str = ""
    mode: Mode = Mode.COACHED
    questions: tuple[str, ...] = ()
    seed: int = 0
    drill: Drill | None = None
    number: int = 0
    attempt: int = 0
    asker: str | None = None
    pieces: tuple[PieceHeard, ...] = ()
    nudged: bool = False
    told: tuple[Told, ...] = ()
    probes: tuple[ProbeAsked, ...] = ()
    messages: tuple[int, ...] = ()
    reviews: tuple[Reviewed, ...] = ()
    passed: tuple[int, ...] = ()
    probed: tuple[Gap, ...] = ()

    @property
    def question(self) -> str:
        """The id of the question on the table."""
        return self.questions[self.number - 1]

    @property
    def answer(self) -> str:
        """What this attempt has told so far, pieces still open included."""
        return join((*self.told, *self.open_part()))

    @property
    def last_review(self) -> Reviewed | None:
        """The latest judged attempt at the question on the table, or None."""
        mine = [review for review in self.reviews if review.number == self.number]
        return mine[-1] if mine else None

    def open_part(self) -> tuple[Told, ...]:
        """What has been heard since the last question or probe: one part, or none."""
        text = "\n".join(piece.text for piece in self.pieces)
        return (Told(text, bool(self.probes)),) if self.pieces else ()


def join(told: Iterable[Told]) -> str:
    """The parts of an answer as one text."""
    return "\n".join(part.text for part in told)


def evolve(interview: Interview, event: Event) -> Interview:
    """Return the interview as it stands after `event`.

    Raises NotNow if no arrow for this event leaves the current stage.
    """
    try:
        stage = ARROWS[interview.stage, type(event)]
    except KeyError:
        raise NotNow(f"{type(event).__name__} cannot happen when {interview.stage}") from None
    return replace(_record(interview, event), stage=stage)


def load(events: Iterable[Event]) -> Interview:
    """The interview that these events, oldest first, add up to."""
    return reduce(evolve, events, Interview())


def _record(now: Interview, event: Event) -> Interview:
    match event:
        case InterviewOpened(persona=persona, mode=mode, questions=questions, seed=seed):
            opened = replace(now, persona=persona, mode=mode, questions=questions, seed=seed)
            return replace(opened, drill=event.drill)
        case QuestionAsked(number=number, asker=asker):
            fresh = _fresh_attempt(now)
            return replace(fresh, number=number, asker=asker, attempt=1)
        case PieceHeard():
            messages = (*now.messages, event.message)
            return replace(now, pieces=(*now.pieces, event), messages=messages)
        case PieceCorrected():
            return replace(now, pieces=_corrected(now.pieces, event))
        case NudgeGiven():
            return replace(now, nudged=True)
        case AnswerGiven():
            return replace(now, told=(*now.told, *now.open_part()), pieces=(), nudged=False)
        case ProbeAsked(asker=asker):
            probed = (*now.probed, event.gap)
            return replace(now, probes=(*now.probes, event), asker=asker, probed=probed)
        case AnswerReviewed(overall=overall, top_fix=top_fix):
            return replace(now, reviews=(*now.reviews, _reviewed(now, overall, top_fix)))
        case RetryStarted(adds=adds):
            kept = now.told if adds else ()
            return replace(_fresh_attempt(now), told=kept, attempt=now.attempt + 1)
        case QuestionPassed():
            return replace(_fresh_attempt(now), passed=(*now.passed, now.number))
        case ProbeDeclined() | InterviewClosed():
            return now


def _fresh_attempt(now: Interview) -> Interview:
    return replace(now, pieces=(), nudged=False, told=(), probes=())


def _corrected(
    pieces: tuple[PieceHeard, ...], correction: PieceCorrected
) -> tuple[PieceHeard, ...]:
    return tuple(
        PieceHeard(text=correction.text, message=piece.message)
        if piece.message == correction.message
        else piece
        for piece in pieces
    )


def _reviewed(now: Interview, overall: float, top_fix: str | None) -> Reviewed:
    return Reviewed(
        now.number,
        now.attempt,
        now.question,
        now.asker,
        now.told,
        now.probes,
        overall,
        top_fix,
        now.drill,
    )
