"""What the four rules about missing parts share: a few counts, weighed into a chance.

Each rule counts what speaks for and against its fault; data/missing.toml says how much each count
weighs. The weights come from labelled answers (tests/gold/README.md says how), so that a finding
of confidence 0.7 is right about seven times in ten.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator, Mapping
from math import exp
from typing import ClassVar

from bot.feedback import lexicon
from bot.feedback.concrete import concreteness
from bot.feedback.look import Look
from bot.feedback.model import Finding, Label, Reply, Span
from bot.feedback.rank import WORTH_LISTING
from bot.feedback.rules.base import Rule

WEIGHTS: Mapping[str, Mapping[str, float]] = lexicon.load("missing.toml")
FAR = 8.0  # points; a margin beyond says no more


class MissingPart(Rule):
    """A rule about a part that a story lacks.

    `part` is what may lack, `fewest` how many words a story has before its parts can be told;
    `most_sure` is the highest confidence that readers of this fault ever agree on.
    """

    part: ClassVar[Label]
    fewest: ClassVar[int]
    most_sure: ClassVar[float] = 1.0

    @abstractmethod
    def counts(self, look: Look) -> dict[str, float]:
        """What speaks for and against the fault, by the names of data/missing.toml."""

    @abstractmethod
    def gap(self, look: Look) -> tuple[Span, ...]:
        """The words beside the place where the part should stand."""

    def judges(self, look: Look) -> bool:
        """Whether the answer is a story long enough for its parts to be told."""
        if not look.story or look.reading.fresh_length < self.fewest:
            return False
        return not any(
            reply.part is self.part and _tells(look, reply) for reply in look.reading.asked.replies
        )

    def chance(self, look: Look) -> float:
        """How likely a careful reader is to miss the part, 0 to 1."""
        weights = WEIGHTS[self.name]
        counts = self.counts(look).items()
        return 1 / (1 + exp(-weights["start"] - sum(weights[name] * n for name, n in counts)))

    def check(self, look: Look) -> Iterator[Finding]:
        """Report the part when it is likely enough to be missing."""
        if self.judges(look) and (sure := self.chance(look)) > WORTH_LISTING:
            yield self.found(self.gap(look), min(sure, self.most_sure))


def _tells(look: Look, reply: Reply) -> bool:
    """Whether what was replied to a probe for a part is that part."""
    return any(
        label is reply.part and reply.span[0] <= clause.start < reply.span[1]
        for clause, label in zip(look.reading.clauses, look.labels, strict=True)
    )


def margin(look: Look, label: Label) -> float:
    """By how much the answer reads better with a part, in points, within bounds."""
    return max(-FAR, min(FAR, look.margin(label)))


def scene(look: Look) -> float:
    """How much of the situation one could picture, 0 to 1: a real story is set somewhere."""
    told = look.clauses(Label.SITUATION)
    return concreteness(look.reading, told) if told else 0.0
