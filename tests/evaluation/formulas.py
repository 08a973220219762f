"""The few formulas behind the measures; `nan` where there is nothing to measure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import nan, sqrt


@dataclass(slots=True)
class Hits:
    """How often something was named rightly, named wrongly, and missed."""

    right: int = 0
    wrong: int = 0
    missed: int = 0

    def count(self, *, true: bool, named: bool) -> None:
        """Add one case: whether it is so, and whether it was said to be so."""
        self.right += true and named
        self.wrong += named and not true
        self.missed += true and not named

    def __add__(self, other: Hits) -> Hits:
        return Hits(self.right + other.right, self.wrong + other.wrong, self.missed + other.missed)

    @property
    def support(self) -> int:
        """How often it is so."""
        return self.right + self.missed

    @property
    def named(self) -> int:
        """How often it was said to be so."""
        return self.right + self.wrong

    @property
    def precision(self) -> float:
        """Share of what was named that is so."""
        return share(self.right, self.named)

    @property
    def recall(self) -> float:
        """Share of what is so that was named."""
        return share(self.right, self.support)

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall; nan only when neither named nor so."""
        return share(2 * self.right, 2 * self.right + self.wrong + self.missed)


def share(part: float, whole: float) -> float:
    """`part` of `whole`; nan of nothing."""
    return part / whole if whole else nan


def mean(values: Sequence[float]) -> float:
    """The average; nan of none, and nan when one of them is."""
    return share(sum(values), len(values))


def ranks(values: Sequence[float]) -> list[float]:
    """The place of each value, smallest 0; equal values share the middle of their places."""
    first: dict[float, int] = {}
    last: dict[float, int] = {}
    for place, value in enumerate(sorted(values)):
        first.setdefault(value, place)
        last[value] = place
    return [(first[value] + last[value]) / 2 for value in values]


def correlation(xs: Sequence[float], ys: Sequence[float]) -> float:
    """Pearson's correlation; 0 when one side never changes."""
    x_mean, y_mean = mean(xs), mean(ys)
    together = sum((x - x_mean) * (y - y_mean) for x, y in zip(xs, ys, strict=True))
    apart = sqrt(sum((x - x_mean) ** 2 for x in xs) * sum((y - y_mean) ** 2 for y in ys))
    return together / apart if apart else 0.0


def rank_correlation(xs: Sequence[float], ys: Sequence[float]) -> float:
    """Spearman's correlation: how alike two orders are, 1 the same, -1 reversed."""
    return correlation(ranks(xs), ranks(ys))


def rank_correlation_given(
    xs: Sequence[float], ys: Sequence[float], known: Sequence[float]
) -> float:
    """How alike two orders are beyond what both owe to a third; 0 when that explains one wholly."""
    xy = rank_correlation(xs, ys)
    xk, yk = rank_correlation(xs, known), rank_correlation(ys, known)
    unexplained = sqrt(max(0.0, (1 - xk**2) * (1 - yk**2)))
    return (xy - xk * yk) / unexplained if unexplained else 0.0
