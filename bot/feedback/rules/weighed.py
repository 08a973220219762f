"""Rules that weigh a few counts into a chance.

Each counts what speaks for and against its fault; data/chances.toml says how much each count
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
from bot.feedback.model import Finding, Span
from bot.feedback.rank import WORTH_LISTING
from bot.feedback.rules.base import Rule

WEIGHTS: Mapping[str, Mapping[str, float]] = lexicon.load("chances.toml")
MOST_WORDS = 300
MOST_ODDS = 100.0  # log-odds against a fault; weights fitted to few answers may say more


class Weighed(Rule):
    """A rule about a story that is as sure as its counts.

    `fewest` is how many words a story has before it can be told; `most_sure` the highest confidence
    that readers of this fault ever agree on.
    """

    fewest: ClassVar[int]
    most_sure: ClassVar[float] = 1.0

    @abstractmethod
    def counts(self, look: Look) -> dict[str, float]:
        """What speaks for and against the fault, by the names of data/chances.toml."""

    @abstractmethod
    def quotes(self, look: Look) -> tuple[Span, ...]:
        """The words to show for it."""

    def judges(self, look: Look) -> bool:
        """Whether the answer is a story long enough to be told by."""
        return look.story and look.reading.fresh_length >= self.fewest

    def chance(self, look: Look) -> float:
        """How likely a careful reader is to name the fault, 0 to 1."""
        weights = WEIGHTS[self.name]
        counts = self.counts(look).items()
        against = -weights["start"] - sum(weights[name] * n for name, n in counts)
        return 1 / (1 + exp(min(MOST_ODDS, against)))

    def check(self, look: Look) -> Iterator[Finding]:
        """Report the fault when it is likely enough."""
        if self.judges(look) and (sure := self.chance(look)) > WORTH_LISTING:
            yield self.found(self.quotes(look), min(sure, self.most_sure))


def length(look: Look) -> float:
    """Hundreds of words, up to three."""
    return min(MOST_WORDS, look.reading.fresh_length) / 100
