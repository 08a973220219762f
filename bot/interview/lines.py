"""What an interviewer says, as data; `bot.chat` puts it into words and buttons.

`text` is a sentence from the content files; everything else is filled in by the templates.
"""

from __future__ import annotations

from dataclasses import dataclass

from bot.feedback import Feedback
from bot.interview.coaching import Coaching, Debrief
from bot.interview.comparing import Comparison
from bot.interview.machine import Stage
from bot.interview.model import CompetencyCard, Panelist, Persona, Question
from bot.interview.panel import Hearing
from bot.practice.drill_words import WeakAnswer


@dataclass(frozen=True, slots=True)
class Introduced:
    """The interviewer comes in and says who they are."""

    persona: Persona
    text: str


@dataclass(frozen=True, slots=True)
class Asked:
    """A question goes on the table; `bridge` leads over from the one before, or is empty."""

    question: Question
    speaker: Panelist | Persona
    number: int
    of: int
    bridge: str = ""


@dataclass(frozen=True, slots=True)
class DrillSet:
    """A drill goes on the table: a question, and what kind of answer is wanted this time.

    `name` is the kind in words; `weak` is somebody's answer to mend, for that kind alone.
    """

    question: Question
    speaker: Panelist | Persona
    name: str
    wanted: str
    weak: WeakAnswer | None


@dataclass(frozen=True, slots=True)
class DrillOver:
    """The drill is left; `answered` when it had been answered before."""

    answered: bool


@dataclass(frozen=True, slots=True)
class Hinted:
    """Where the fault of a weak answer is to be looked for."""

    text: str


@dataclass(frozen=True, slots=True)
class Repeated:
    """The question, or the probe, once more."""

    text: str
    speaker: Panelist | Persona


@dataclass(frozen=True, slots=True)
class Rephrased:
    """The question in other words."""

    text: str
    speaker: Panelist | Persona


@dataclass(frozen=True, slots=True)
class Listening:
    """They are listening; more may come.

    `adding` when it is added to an earlier attempt, `corrected` when an edit was just taken.
    """

    text: str
    adding: bool
    retry: bool
    corrected: bool = False


@dataclass(frozen=True, slots=True)
class Nudged:
    """After a silence, the question whether that was all."""

    text: str
    speaker: Panelist | Persona


@dataclass(frozen=True, slots=True)
class Probed:
    """One more question about the same answer."""

    text: str
    speaker: Panelist | Persona


@dataclass(frozen=True, slots=True)
class Reviewed:
    """The feedback on one attempt; `heard` is who of a panel it spoke to, empty otherwise."""

    coaching: Coaching
    feedback: Feedback
    comparison: Comparison | None
    heard: tuple[Hearing, ...]
    last: bool


@dataclass(frozen=True, slots=True)
class RetryAsked:
    """The same question again, or (`adds`) an invitation to send what was missing.

    `wanted` is what a drill wants of the answer, and empty in an interview.
    """

    question: Question
    speaker: Panelist | Persona
    adds: bool
    wanted: str = ""


@dataclass(frozen=True, slots=True)
class Closed:
    """The interviewer takes their leave, and the debrief of the whole interview."""

    persona: Persona
    text: str
    debrief: Debrief
    finished: bool


@dataclass(frozen=True, slots=True)
class Encouraged:
    """Nothing came to mind: a way to find something smaller, or (`probed`) to let a probe go."""

    competency: CompetencyCard
    probed: bool


@dataclass(frozen=True, slots=True)
class Patient:
    """There is no hurry; `greeted` when the candidate said hello."""

    greeted: bool


@dataclass(frozen=True, slots=True)
class Guided:
    """What can be done after feedback, for a message that was neither an answer nor a wish.

    `lost` when the candidate did not know what to make of the feedback.
    """

    lost: bool
    last: bool


@dataclass(frozen=True, slots=True)
class StopWanted:
    """They typed that they want to stop, which is asked back before it is done."""


@dataclass(frozen=True, slots=True)
class NotWords:
    """The message held no words that could be judged."""


@dataclass(frozen=True, slots=True)
class NotEnglish:
    """The message was in a language that the rules do not know."""


@dataclass(frozen=True, slots=True)
class TooMuch:
    """The answer grew over the cap; the rest was not kept."""

    limit: int


@dataclass(frozen=True, slots=True)
class EditTooLate:
    """An edited message whose answer has been heard out already; `stage` is where things are."""

    stage: Stage
    real: bool


Line = (
    Introduced
    | Asked
    | DrillSet
    | DrillOver
    | Hinted
    | Repeated
    | Rephrased
    | Listening
    | Nudged
    | Probed
    | Reviewed
    | RetryAsked
    | Closed
    | Encouraged
    | Patient
    | Guided
    | StopWanted
    | NotWords
    | NotEnglish
    | TooMuch
    | EditTooLate
)
