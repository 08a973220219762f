"""What every rule is: one fault, why it matters, our source, what to do, and examples."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import ClassVar

from bot.feedback.look import Look, apart
from bot.feedback.model import Asked, Channel, Finding, QuestionType, Span

ASKED = "Tell me about a time you solved a problem at work."


@dataclass(frozen=True, slots=True)
class Case:
    """An example answer to a question; without `marks` it draws no finding of the rule.

    `marks` are the exact words that the finding must quote.
    """

    answer: str
    marks: tuple[str, ...] = ()
    question: str = ASKED
    type: QuestionType = QuestionType.BEHAVIORAL
    competency: str = "problem_solving"
    channel: Channel = Channel.TYPED

    @property
    def asked(self) -> Asked:
        """The question in the form that `review` takes."""
        return Asked(self.question, self.type, self.competency)


class Rule(ABC):
    """One fault. `check` yields at most one finding, with the words that support it."""

    name: ClassVar[str]
    why: ClassVar[str]
    source: ClassVar[str]
    advice: ClassVar[str]
    good: ClassVar[tuple[Case, ...]]
    bad: ClassVar[tuple[Case, ...]]

    @abstractmethod
    def check(self, look: Look) -> Iterator[Finding]:
        """Findings of this fault in the answer."""

    def found(self, spans: Iterable[Span], confidence: float) -> Finding:
        """A finding of this rule; at most three quotes, in order."""
        return Finding(self.name, apart(spans)[:3], round(min(1.0, confidence), 2))
