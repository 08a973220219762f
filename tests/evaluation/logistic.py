"""Logistic regression in plain Python: how much each count says about whether something is so."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import exp, sqrt

Counts = Mapping[str, float]
HOLD = 3.0  # how strongly weights are held to nought, for counts brought to one scale
ROUNDS = 25  # of Newton's method, which needs fewer


@dataclass(frozen=True, slots=True)
class Example:
    """What was counted, and whether it is so."""

    counts: Counts
    true: bool


def fit(examples: Sequence[Example]) -> dict[str, float]:
    """The weight of each count, with that of none of them as "start", to two decimals."""
    names = list(examples[0].counts)
    means, widths = zip(
        *(_scale([e.counts[name] for e in examples]) for name in names), strict=True
    )
    told = [
        [1.0, *((e.counts[n] - m) / w for n, m, w in zip(names, means, widths, strict=True))]
        for e in examples
    ]
    found = _newton(told, [float(e.true) for e in examples])
    weights = {n: w / width for n, w, width in zip(names, found[1:], widths, strict=True)}
    start = found[0] - sum(weights[n] * m for n, m in zip(names, means, strict=True))
    return {name: round(w, 2) + 0.0 for name, w in {"start": start, **weights}.items()}


def _scale(values: Sequence[float]) -> tuple[float, float]:
    """Mean and width of some numbers; width 1 where they are all the same."""
    mean = sum(values) / len(values)
    return mean, sqrt(sum((v - mean) ** 2 for v in values) / len(values)) or 1.0


def _newton(rows: Sequence[Sequence[float]], truth: Sequence[float]) -> list[float]:
    size = range(len(rows[0]))
    hold = [0.0, *[HOLD] * (len(rows[0]) - 1)]
    weights = [0.0 for _ in size]
    for _ in range(ROUNDS):
        slope = [hold[i] * weights[i] for i in size]
        bend = [[hold[i] * (i == j) for j in size] for i in size]
        for row, true in zip(rows, truth, strict=True):
            sure = 1 / (1 + exp(-sum(w * x for w, x in zip(weights, row, strict=True))))
            for i in size:
                slope[i] += (sure - true) * row[i]
                for j in size:
                    bend[i][j] += sure * (1 - sure) * row[i] * row[j]
        weights = [w - step for w, step in zip(weights, _solved(bend, slope), strict=True)]
    return weights


def _solved(matrix: list[list[float]], right: list[float]) -> list[float]:
    """Solve a small system of equations (Gauss and Jordan)."""
    rows = [[*row, value] for row, value in zip(matrix, right, strict=True)]
    for at in range(len(rows)):
        lead = max(range(at, len(rows)), key=lambda k: abs(rows[k][at]))
        rows[at], rows[lead] = rows[lead], rows[at]
        rows[at] = [value / rows[at][at] for value in rows[at]]
        for other in range(len(rows)):
            if other != at:
                factor = rows[other][at]
                rows[other] = [a - factor * b for a, b in zip(rows[other], rows[at], strict=True)]
    return [row[-1] for row in rows]
