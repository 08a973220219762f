"""A linear-chain conditional random field: the weights under which the true labels are likeliest.

Small on purpose and in plain Python: a thousand answers take half a second a round. AdaGrad over
one answer at a time, always in the same order, so that the same answers give the same weights.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from math import exp, sqrt

from bot.feedback.lattice import POINTS
from bot.feedback.sequence import LOOSE
from tests.evaluation.chains import Chain
from tests.evaluation.tables import BY_HAND, LABELS, Row, Weights

HOLD = 3.0  # how strongly a row is held to nothing, in answers that say nothing of it
ROUNDS = 16
RATE = 0.1
N = range(len(LABELS))
Matrix = list[list[float]]


def fit(chains: Sequence[Chain], known: Weights) -> dict[str, Row]:
    """Weights for the rows of `known`, in points to one decimal; those BY_HAND stay.

    All others begin at nothing and are held there, so that what few answers speak of hardly counts.
    """
    by_hand = {name for name in known if name.startswith(BY_HAND)}
    weights = {
        name: [weight / POINTS if name in by_hand else 0.0 for weight in row]
        for name, row in known.items()
    }
    squares = {name: [1.0] * len(row) for name, row in known.items()}
    total = {name: [0.0] * len(row) for name, row in known.items()}
    times = Counter(name for chain in chains for name in _touched(chain))
    for number in range(ROUNDS):
        for chain in chains:
            for name, slope in _slopes(chain, weights).items():
                if name in by_hand:
                    continue
                row, seen = weights[name], squares[name]
                for k in N:
                    step = slope[k] + HOLD * row[k] / times[name]
                    seen[k] += step * step
                    row[k] -= RATE * step / sqrt(seen[k])
        if number >= ROUNDS // 2:  # what the later rounds agree on
            for name, row in weights.items():
                total[name] = [a + b for a, b in zip(total[name], row, strict=True)]
    rounds = ROUNDS - ROUNDS // 2
    return {
        name: known[name]
        if name in by_hand
        else tuple(round(POINTS * weight / rounds, 1) + 0.0 for weight in row)
        for name, row in total.items()
    }


def _touched(chain: Chain) -> set[str]:
    """The rows that an answer says something about."""
    moves = {f"{table}.{label}" for table in _tables(chain) for label in LABELS}
    return {name for rows in chain.rows for name in rows} | moves | {"start"} & _starts(chain)


def _starts(chain: Chain) -> set[str]:
    return {"start"} if chain.ordered else set()


def _tables(chain: Chain) -> set[str]:
    return {"next" if fresh else "within" for fresh in chain.fresh[1:]}


def _slopes(chain: Chain, weights: Mapping[str, Sequence[float]]) -> Mapping[str, list[float]]:
    """How each row should move to make the true labels less likely: expected less true counts."""
    share = {"next": 1.0 if chain.ordered else LOOSE, "within": 1.0}
    steps = {
        table: [[exp(share[table] * w) for w in weights[f"{table}.{a}"]] for a in LABELS]
        for table in ("next", "within")
    }
    said = [[sum(column) for column in zip(*(weights[r] for r in rows), strict=True)]
            for rows in chain.rows]  # fmt: skip
    if chain.ordered:
        said[0] = [a + b for a, b in zip(said[0], weights["start"], strict=True)]
    moves = [steps["next" if fresh else "within"] for fresh in chain.fresh]
    likely, pairs = _marginals([_exp(row) for row in said], moves)
    slopes: dict[str, list[float]] = {}
    for rows, truth, found in zip(chain.rows, chain.truth, likely, strict=True):
        found[truth] -= 1
        for name in rows:
            _add(slopes, name, found)
    if chain.ordered:
        _add(slopes, "start", likely[0])
    for at, pair in enumerate(pairs, start=1):
        pair[chain.truth[at - 1]][chain.truth[at]] -= 1
        table = "next" if chain.fresh[at] else "within"
        for label, row in zip(LABELS, pair, strict=True):
            _add(slopes, f"{table}.{label}", [share[table] * value for value in row])
    return slopes


def _exp(row: Sequence[float]) -> list[float]:
    most = max(row)
    return [exp(value - most) for value in row]


def _add(slopes: dict[str, list[float]], name: str, row: Sequence[float]) -> None:
    known = slopes.get(name)
    if known is None:
        slopes[name] = list(row)
    else:
        for k in N:
            known[k] += row[k]


def _marginals(said: Matrix, moves: Sequence[Matrix]) -> tuple[Matrix, list[Matrix]]:
    """How likely each label is at each clause, and each pair at each step (forward-backward)."""
    ahead = [_scaled(said[0])]
    for row, move in zip(said[1:], moves[1:], strict=True):
        last = ahead[-1]
        ahead.append(_scaled([row[b] * sum(last[a] * move[a][b] for a in N) for b in N]))
    back = [[1.0] * len(LABELS)]
    for row, move in zip(reversed(said[1:]), reversed(moves[1:]), strict=True):
        later = [row[b] * back[-1][b] for b in N]
        back.append(_scaled([sum(move[a][b] * later[b] for b in N) for a in N]))
    back.reverse()
    likely = [_scaled([a * b for a, b in zip(*both, strict=True)])
              for both in zip(ahead, back, strict=True)]  # fmt: skip
    return likely, list(_pairs(said, moves, ahead, back))


def _pairs(said: Matrix, moves: Sequence[Matrix], ahead: Matrix, back: Matrix) -> Iterator[Matrix]:
    for at in range(1, len(said)):
        later = [said[at][b] * back[at][b] for b in N]
        pair = [[ahead[at - 1][a] * moves[at][a][b] * later[b] for b in N] for a in N]
        whole = sum(map(sum, pair))
        yield [[value / whole for value in row] for row in pair]


def _scaled(row: list[float]) -> list[float]:
    whole = sum(row)
    return [value / whole for value in row]
