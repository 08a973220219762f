"""Labels for a chain of clauses: the best ones, and how likely each is over all ways to label."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from math import exp
from operator import add, mul
from typing import NamedTuple

from bot.feedback.model import Label

LABELS = tuple(Label)
PLACE_OF: dict[str, int] = {label: place for place, label in enumerate(LABELS)}
POINTS = 2.0  # per unit of log-odds: a cue of two points makes its label about three times likelier
Row = tuple[float, ...]  # one number for each of LABELS
Moves = tuple[Row, ...]  # for each label, what the step to it is worth from each
NO_ODDS: Row = (1.0,) * len(LABELS)


class Odds(NamedTuple):
    """What a clause says and the steps to it as odds, and what all ways to it add up to."""

    said: Row
    moves: Moves
    sums: Row


@dataclass(frozen=True)
class Lattice:
    """What each clause says for each label, and how readily each label leads to the next.

    `start` and the rows of `scores` run as `LABELS`; `moves[n][b][a]` is what the step from label
    `a` to label `b` is worth at clause `n`, the first of which has none.
    """

    start: Row
    scores: tuple[Row, ...]
    moves: tuple[Moves, ...]

    @cached_property
    def best(self) -> tuple[Label, ...]:
        """Viterbi: the labels with the highest sum of scores and moves between neighbours."""
        sums = [self._first()]
        for scores, moves in self._steps():
            sums.append(_onward(sums[-1], scores, moves))
        path = [sums[-1].index(max(sums[-1]))]
        for before, moves in zip(reversed(sums[:-1]), reversed(self.moves), strict=False):
            ways = list(map(add, before, moves[path[-1]]))
            path.append(ways.index(max(ways)))
        return tuple(LABELS[k] for k in reversed(path))

    def chance_without(self, label: Label) -> float:
        """How likely it is that no clause has a label, 0 to 1, over all ways to label the answer.

        The forward pass of a hidden Markov model with that label barred, beside the one with all
        (Rabiner, A Tutorial on Hidden Markov Models, 1989, section III).
        """
        barred = PLACE_OF[label]
        first, *steps = self._odds
        sums = list(first.sums)
        sums[barred] = 0.0
        for said, moves, _ in steps:
            sums = list(map(mul, [sum(map(mul, sums, move)) for move in moves], said))
            sums[barred] = 0.0
        return min(1.0, sum(sums))

    @cached_property
    def likely(self) -> list[Row]:
        """How likely each label is at each clause, in the order of `LABELS` (forward-backward)."""
        onward = NO_ODDS
        found = []
        for said, moves, sums in reversed(self._odds):
            found.append(tuple(map(mul, sums, onward)))
            later = tuple(map(mul, said, onward))
            onward = tuple(sum(map(mul, later, move)) for move in zip(*moves, strict=True))
        return found[::-1]

    @cached_property
    def _odds(self) -> list[Odds]:
        """Scores and moves as odds, each clause scaled so that all ways to it add up to 1."""
        sums = _scaled(_as_odds(self._first()))
        found = [Odds(NO_ODDS, (), sums)]
        for scores, moves in self._steps():
            ways, said = _as_ways(moves), _as_odds(scores)
            ahead = list(map(mul, [sum(map(mul, sums, way)) for way in ways], said))
            whole = sum(ahead)
            sums = tuple(value / whole for value in ahead)
            found.append(Odds(tuple(odds / whole for odds in said), ways, sums))
        return found

    def _first(self) -> list[float]:
        """What each label is worth at the first clause."""
        return list(map(add, self.scores[0], self.start))

    def _steps(self) -> Iterator[tuple[Row, Moves]]:
        """The scores of each clause but the first, with the moves that lead to it."""
        return zip(self.scores[1:], self.moves[1:], strict=True)


def _onward(best: Sequence[float], scores: Row, moves: Moves) -> list[float]:
    """From the best sum for each label at one clause, that for each label at the next."""
    return list(map(add, [max(map(add, best, move)) for move in moves], scores))


def _as_odds(worth: Sequence[float]) -> Row:
    """Points as odds."""
    return tuple(exp(points / POINTS) for points in worth)


@lru_cache(maxsize=8)
def _as_ways(moves: Moves) -> Moves:
    """Moves as odds; there are but three tables of them."""
    return tuple(map(_as_odds, moves))


def _scaled(odds: Row) -> Row:
    """Odds that add up to 1."""
    whole = sum(odds)
    return tuple(value / whole for value in odds)
