"""What happens in an interview, in the past tense; an interview is stored as its events."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field, TypeAdapter

from bot.interview.model import Frozen, Gap
from bot.practice.drill_words import Kind


class Mode(StrEnum):
    """When feedback comes: after each answer, or only at the end; a drill is one question."""

    COACHED = "coached"
    REAL = "real"
    DRILL = "drill"


class Drill(Frozen):
    """What a drill wants: its kind, and the id of the weak answer that is to be mended."""

    kind: Kind
    weak: str | None = None


class InterviewOpened(Frozen):
    """An interviewer sat down with the candidate.

    `questions` are the ids planned, in order; `seed` varies wording and nothing else. `drill` is
    set when, and only when, the mode is DRILL.
    """

    kind: Literal["InterviewOpened"] = "InterviewOpened"
    persona: str
    mode: Mode
    questions: tuple[str, ...]
    seed: int
    drill: Drill | None = None


class QuestionAsked(Frozen):
    """Question `number` (from 1) was put to the candidate, by panelist `asker` on a panel."""

    kind: Literal["QuestionAsked"] = "QuestionAsked"
    number: int
    question: str
    asker: str | None = None


class PieceHeard(Frozen):
    """One message of an answer arrived; `message` is its Telegram id."""

    kind: Literal["PieceHeard"] = "PieceHeard"
    text: str
    message: int


class PieceCorrected(Frozen):
    """The candidate edited a message while the answer was still open."""

    kind: Literal["PieceCorrected"] = "PieceCorrected"
    text: str
    message: int


class NudgeGiven(Frozen):
    """After a silence the interviewer asked whether that was all; once for one open answer."""

    kind: Literal["NudgeGiven"] = "NudgeGiven"


class AnswerGiven(Frozen):
    """The candidate said that this was the whole answer."""

    kind: Literal["AnswerGiven"] = "AnswerGiven"


class ProbeAsked(Frozen):
    """The interviewer asked for what was missing, in the words `wording`."""

    kind: Literal["ProbeAsked"] = "ProbeAsked"
    gap: Gap
    wording: str
    asker: str | None = None


class ProbeDeclined(Frozen):
    """The candidate let a probe go; what was told before it stands."""

    kind: Literal["ProbeDeclined"] = "ProbeDeclined"


class AnswerReviewed(Frozen):
    """The answer, replies to probes included, was judged; the full feedback is stored apart."""

    kind: Literal["AnswerReviewed"] = "AnswerReviewed"
    overall: float
    top_fix: str | None


class RetryStarted(Frozen):
    """The candidate wanted another go: a whole new answer, or (`adds`) more of the same one."""

    kind: Literal["RetryStarted"] = "RetryStarted"
    adds: bool = False


class QuestionPassed(Frozen):
    """The question was left without an answer, and without blame."""

    kind: Literal["QuestionPassed"] = "QuestionPassed"


class InterviewClosed(Frozen):
    """The interview ended: all questions done, or the candidate stopped it."""

    kind: Literal["InterviewClosed"] = "InterviewClosed"
    finished: bool


Event = (
    InterviewOpened
    | QuestionAsked
    | PieceHeard
    | PieceCorrected
    | NudgeGiven
    | AnswerGiven
    | ProbeAsked
    | ProbeDeclined
    | AnswerReviewed
    | RetryStarted
    | QuestionPassed
    | InterviewClosed
)

_ANY: TypeAdapter[Event] = TypeAdapter(Annotated[Event, Field(discriminator="kind")])


def encode(event: Event) -> str:
    """The event as JSON, for storage."""
    return event.model_dump_json()


def decode(text: str) -> Event:
    """The event that `encode` wrote. Raises `pydantic.ValidationError` for anything else."""
    return _ANY.validate_json(text)
