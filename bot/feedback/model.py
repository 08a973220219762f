"""What feedback is made of: questions as asked, pieces, findings and the review as a whole.

Every claim carries a span into the candidate's own text, so that it can be shown as a quote.
Offsets are Python string indices into the original answer, end exclusive.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

Span = tuple[int, int]
SURE_ENOUGH = 0.5  # confidence from which a finding may be the one thing to fix


class Label(StrEnum):
    """The job that one piece of an answer does."""

    SITUATION = "S"
    TASK = "T"
    ACTION = "A"
    RESULT = "R"
    LEARNING = "L"
    OTHER = "O"


class QuestionType(StrEnum):
    """What kind of answer a question asks for; each kind has its own rubric."""

    BEHAVIORAL = "behavioral"
    SITUATIONAL = "situational"
    STRATEGIC = "strategic"
    MOTIVATION = "motivation"
    LOGISTICS = "logistics"


class Channel(StrEnum):
    """How the answer was made; `voice` is a speech-to-text transcript."""

    TYPED = "typed"
    VOICE = "voice"


@dataclass(frozen=True, slots=True)
class Reply:
    """A stretch of the answer that was given when the interviewer asked for one part of it."""

    span: Span
    part: Label


@dataclass(frozen=True, slots=True)
class Asked:
    """The question that an answer replies to.

    `competency` is one of the 18 ids of `COMPETENCIES`; another id is read as the nearest one.
    `replies` are the stretches of the answer that reply to a probe, in order.
    """

    text: str
    type: QuestionType = QuestionType.BEHAVIORAL
    competency: str = ""
    replies: tuple[Reply, ...] = ()


@dataclass(frozen=True, slots=True)
class Piece:
    """A consecutive part of the answer with its label and the reason for it.

    `why` reads like "cue: 'fell to me'" or "order: between two actions".
    """

    start: int
    end: int
    label: Label
    why: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault that a rule reports.

    `rule` is the defect's name; `spans` are the words that support it (for something missing: the
    last words before the gap; empty only when the answer is empty); `confidence` is 0 to 1.
    """

    rule: str
    spans: tuple[Span, ...]
    confidence: float = 1.0

    @property
    def sure(self) -> bool:
        """Whether it may be the one thing to fix; else it is put as a doubt."""
        return self.confidence >= SURE_ENOUGH


@dataclass(frozen=True, slots=True)
class Measures:
    """Counts taken from the answer; used for before and after, never shown as a verdict.

    `shares` maps S T A R L O to their share of the words, 0 to 1.
    """

    words: int
    numbers: int
    own_actions: int
    team_actions: int
    hedges: int
    fillers: int
    shares: Mapping[Label, float]


@dataclass(frozen=True, slots=True)
class Reason:
    """One step of the score: signed `points` and why, in words a candidate can read."""

    points: float
    because: str


@dataclass(frozen=True, slots=True)
class Criterion:
    """One thing that a question without a story asks for; `span` shows it, None if nothing does.

    `id` is one of `bot.feedback.rubric`. None says that we did not find it, not that it is missing;
    `hinted` when something counts for the score then, but is not plain enough to be quoted.
    """

    id: str
    span: Span | None
    hinted: bool = False


@dataclass(frozen=True, slots=True)
class Feedback:
    """All that the rules can say about one answer.

    `pieces` cover the answer from its first to its last visible character, in order, white space
    between them aside. `findings` are ranked, the first one that we are sure enough of to fix first
    (the others are for a longer look); `overall` is 1.0 to 5.0
    and equals 1 plus the sum of `reasons` within those limits. `best` is the span of the line most
    worth keeping, or None when nothing earns it. `rubric` is empty where a story is asked for, and
    in an answer to another question.
    """

    answer: str
    pieces: tuple[Piece, ...]
    findings: tuple[Finding, ...]
    overall: float
    reasons: tuple[Reason, ...]
    measures: Measures
    best: Span | None
    rubric: tuple[Criterion, ...] = ()

    @property
    def top_fix(self) -> Finding | None:
        """The one fault to fix first; None when we are sure enough of none."""
        return next((found for found in self.findings if found.sure), None)

    def quote(self, span: Span) -> str:
        """The candidate's own words at `span`."""
        return self.answer[span[0] : span[1]]
