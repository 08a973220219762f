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
from bot.feedback.look import Look
from bot.feedback.model import Finding, Label, Span
from bot.feedback.rank import WORTH_LISTING
from bot.feedback.rules.base import Rule

WEIGHTS: Mapping[str, Mapping[str, float]] = lexicon.load("missing.toml")
FAR = 8.0  # points; a margin beyond says no more


class MissingPart(Rule):
    """A rule about a part that a story lacks.

    `fewest` is how many words a story has before its parts can be told; `most_sure` is the
    highest confidence that readers of this fault ever agree on.
    """

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
        return look.story and look.reading.fresh_length >= self.fewest

    def chance(self, look: Look) -> float:
        """How likely a careful reader is to miss the part, 0 to 1."""
        weights = WEIGHTS[self.name]
        counts = self.counts(look).items()
        return 1 / (1 + exp(-weights["start"] - sum(weights[name] * n for name, n in counts)))

    def check(self, look: Look) -> Iterator[Finding]:
        """Report the part when it is likely enough to be missing."""
        if self.judges(look) and (sure := self.chance(look)) > WORTH_LISTING:
            yield self.found(self.gap(look), min(sure, self.most_sure))


def margin(look: Look, label: Label) -> float:
    """By how much the answer reads better with a part, in points, within bounds."""
    return max(-FAR, min(FAR, look.margin(label)))
