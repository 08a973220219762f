"""Who asks and what is asked: personas, panelists, questions and competencies, as data.

The models forbid unknown keys, so that a typo in a content file is a fault and not a silence.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from bot.feedback import Asked, QuestionType, Reply

if TYPE_CHECKING:
    from bot.practice.drill_words import Drills

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]*(?:[-_][a-z0-9]+)*$")]
Sentence = Annotated[str, StringConstraints(min_length=2, max_length=300, strip_whitespace=True)]


class Frozen(BaseModel):
    """A value read from a content file: unchangeable, no unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Competency(StrEnum):
    """The 18 competencies that second rounds probe."""

    CONFLICT = "conflict"
    TEAMWORK = "teamwork"
    INFLUENCE = "influence"
    COMMUNICATION = "communication"
    LEADERSHIP = "leadership"
    DEVELOPING_OTHERS = "developing_others"
    CUSTOMER_FOCUS = "customer_focus"
    PROBLEM_SOLVING = "problem_solving"
    DECISION_MAKING = "decision_making"
    INITIATIVE = "initiative"
    PRIORITIZATION = "prioritization"
    ADAPTABILITY = "adaptability"
    INNOVATION = "innovation"
    FAILURE = "failure"
    ETHICS = "ethics"
    STRATEGIC_THINKING = "strategic_thinking"
    EXPERTISE = "expertise"
    MOTIVATION = "motivation"


class WorkField(StrEnum):
    """Lines of work, as the candidate chooses one at the start."""

    CARE = "care"
    TECH = "tech"
    SERVICE = "service"
    OFFICE = "office"
    TRADES = "trades"
    PUBLIC = "public"
    MANAGING = "managing"
    STARTING = "starting"
    OTHER = "other"


class Gap(StrEnum):
    """What an answer can lack that one more question can still bring out."""

    REAL_TIME = "real_time"
    ACTION = "action"
    OWN_PART = "own_part"
    SPECIFICS = "specifics"
    RESULT = "result"
    NUMBER = "number"
    SITUATION = "situation"
    TASK = "task"
    OWNERSHIP = "ownership"
    POINT = "point"


class Question(Frozen):
    """One question as an interviewer would say it.

    `id` is for ever: stored interviews refer to it. `asker` names the panelist who asks (panel
    only). `fields` empty means that it suits every line of work.
    """

    id: Slug
    asks: Annotated[str, StringConstraints(min_length=15, max_length=300)]
    rephrased: Annotated[str, StringConstraints(min_length=15, max_length=300)]
    type: QuestionType
    competency: Competency
    listens_for: Annotated[str, StringConstraints(min_length=10, max_length=160)]
    asker: Slug | None = None
    fields: tuple[WorkField, ...] = ()

    def asked(self, replies: tuple[Reply, ...] = ()) -> Asked:
        """The question as feedback needs to know it, with what replied to probes."""
        return Asked(self.asks, self.type, self.competency.value, replies)


class Panelist(Frozen):
    """One member of a panel: who they are, what worries them, which words speak to that worry."""

    id: Slug
    name: Sentence
    title: Sentence
    department: Sentence
    worries: Sentence
    introduces: Sentence
    hears: Annotated[tuple[str, ...], Field(min_length=15)]
    missed: Sentence


class Reactions(Frozen):
    """What an interviewer says on hearing an answer out, before anything else."""

    strong: Annotated[tuple[Sentence, ...], Field(min_length=6)]
    plain: Annotated[tuple[Sentence, ...], Field(min_length=6)]
    thin: Annotated[tuple[Sentence, ...], Field(min_length=6)]
    declined: Annotated[tuple[Sentence, ...], Field(min_length=4)]


class Persona(Frozen):
    """An interviewer as data: words, patience and habits.

    `waits` is the silence, in seconds, after which they ask whether that was the whole answer.
    `probe_order` lists the gaps they care about, most pressing first; gaps not listed are let go.
    `most_probes` is how often they dig into one answer, at most 2. `long_words` is the length of an
    answer, in words, from which they want it shorter and dig no further. `leads` are openings put
    before a competency's probe for S, T, A, R; `probes` are whole probes for the other gaps.
    """

    id: Slug
    button: Annotated[str, StringConstraints(max_length=30)]
    emoji: str
    name: Sentence
    title: Sentence
    blurb: Sentence
    hidden_question: Sentence
    introduces: Annotated[tuple[Sentence, ...], Field(min_length=3)]
    hands_over: Annotated[tuple[Sentence, ...], Field(min_length=6)]
    closes: Annotated[tuple[Sentence, ...], Field(min_length=3)]
    listening: Annotated[tuple[Sentence, ...], Field(min_length=6)]
    nudges: Annotated[tuple[Sentence, ...], Field(min_length=3)]
    reactions: Reactions
    waits: Annotated[int, Field(ge=30, le=600)]
    most_probes: Annotated[int, Field(ge=1, le=2)]
    long_words: Annotated[int, Field(ge=120, le=400)]
    probe_order: Annotated[tuple[Gap, ...], Field(min_length=3)]
    leads: Mapping[Gap, Annotated[tuple[str, ...], Field(min_length=6)]]
    probes: Mapping[Gap, Annotated[tuple[Sentence, ...], Field(min_length=6)]]
    shorter: Annotated[tuple[Sentence, ...], Field(min_length=3)]
    panelists: tuple[Panelist, ...] = ()

    @model_validator(mode="after")
    def _every_gap_can_be_probed(self) -> Self:
        parts = {Gap.SITUATION, Gap.TASK, Gap.ACTION, Gap.RESULT}
        if missing := [gap for gap in self.probe_order if gap not in parts | set(self.probes)]:
            raise ValueError(f"probe_order names {missing[0]} but probes has nothing for it")
        if missing := [gap for gap in parts if gap not in self.leads]:
            raise ValueError(f"leads has nothing for {missing[0]}")
        if self.panelists and len(self.panelists) != 3:
            raise ValueError("a panel has three panelists")
        return self


class CompetencyCard(Frozen):
    """A competency as the candidate meets it: its field name and how it is probed."""

    id: Competency
    name: Sentence
    means: Sentence
    situation: Annotated[tuple[Sentence, ...], Field(min_length=2)]
    task: Annotated[tuple[Sentence, ...], Field(min_length=2)]
    action: Annotated[tuple[Sentence, ...], Field(min_length=2)]
    result: Annotated[tuple[Sentence, ...], Field(min_length=2)]

    def probes(self, part: str) -> tuple[str, ...]:
        """What is asked to bring out the situation, task, action or result."""
        found: tuple[str, ...] = getattr(self, part)
        return found


class FixWords(Frozen):
    """How one defect is put to the candidate.

    `says` and `asks` may hold `{quote}`; `says` is for a sure finding, `asks` for an unsure one.
    `how` is a sentence frame with blanks (`___`); `why` is keyed by persona id.
    """

    id: Slug
    name: Annotated[str, StringConstraints(max_length=40)]
    says: Annotated[tuple[Sentence, ...], Field(min_length=2)]
    asks: Annotated[tuple[Sentence, ...], Field(min_length=1)]
    how: Annotated[tuple[Sentence, ...], Field(min_length=1)]
    retry: Annotated[str, StringConstraints(max_length=28)]
    debrief: Sentence
    why: Mapping[str, Sentence]


class CriterionWords(Frozen):
    """A criterion of `bot.feedback.rubric` in words.

    `name` stands in the strip; `means` goes on within a sentence. `how` is a sentence frame with
    blanks, for a criterion whose absence is worth telling; "" for the others.
    """

    id: Slug
    name: Annotated[str, StringConstraints(min_length=2, max_length=12)]
    means: Annotated[str, StringConstraints(min_length=5, max_length=70)]
    how: Annotated[str, StringConstraints(max_length=100)] = ""


class LineOfWork(Frozen):
    """A line of work as a button, words that name it, and a warm-up question that suits it."""

    id: WorkField
    button: Annotated[str, StringConstraints(max_length=30)]
    words: tuple[str, ...] = ()
    warm_up: Sentence


@dataclass(frozen=True, slots=True)
class Book:
    """All content that an interview draws on, each kind by its id; `banks` by persona."""

    personas: Mapping[str, Persona]
    questions: Mapping[str, Question]
    banks: Mapping[str, tuple[Question, ...]]
    competencies: Mapping[str, CompetencyCard]
    fixes: Mapping[str, FixWords]
    rubric: Mapping[str, CriterionWords]
    lines_of_work: Mapping[str, LineOfWork]
    drills: Drills
