"""The lattice of labels, against counting every way to label a short chain."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise, product
from math import exp, isclose

from hypothesis import given
from hypothesis import strategies as st

from bot.feedback import Asked, Channel, Label
from bot.feedback.lattice import LABELS, POINTS, Lattice
from bot.feedback.look import Look, look_at
from bot.feedback.reading import read_answer
from bot.feedback.rules.off_topic import OffTopic

N = len(LABELS)
ROWS = st.tuples(*[st.floats(-6, 6)] * N)
MOVES = st.tuples(*[ROWS] * N)


@st.composite
def lattices(draw: st.DrawFn) -> Lattice:
    length = draw(st.integers(1, 3))
    tables = draw(st.lists(MOVES, min_size=1, max_size=2))
    return Lattice(
        start=draw(ROWS),
        scores=tuple(draw(st.lists(ROWS, min_size=length, max_size=length))),
        moves=tuple(draw(st.sampled_from(tables)) for _ in range(length)),
    )


def ways(lattice: Lattice) -> Iterator[tuple[tuple[int, ...], float]]:
    """Every way to label the chain, and its points."""
    for way in product(range(N), repeat=len(lattice.scores)):
        worth = lattice.start[way[0]]
        worth += sum(row[label] for row, label in zip(lattice.scores, way, strict=True))
        steps = zip(lattice.moves[1:], pairwise(way), strict=True)
        yield way, worth + sum(moves[b][a] for moves, (a, b) in steps)


@given(lattices())
def test_the_best_labels_are_worth_most(lattice: Lattice) -> None:
    worths = {tuple(LABELS[k] for k in way): worth for way, worth in ways(lattice)}
    assert isclose(worths[lattice.best], max(worths.values()), abs_tol=1e-9)


@given(lattices(), st.sampled_from(LABELS))
def test_a_part_is_missing_as_often_as_in_all_ways_to_label(lattice: Lattice, part: Label) -> None:
    odds = {way: exp(worth / POINTS) for way, worth in ways(lattice)}
    barred = LABELS.index(part)
    without = sum(value for way, value in odds.items() if barred not in way)
    whole = sum(odds.values())
    assert isclose(lattice.chance_without(part), without / whole, rel_tol=1e-6, abs_tol=1e-9)
    for at, row in enumerate(lattice.likely):
        here = sum(value for way, value in odds.items() if way[at] == barred)
        assert isclose(row[barred], here / whole, rel_tol=1e-6, abs_tol=1e-9)
        assert isclose(sum(row), 1, rel_tol=1e-6)


def look(answer: str) -> Look:
    asked = Asked("Tell me about a time you solved a problem.")
    return look_at(read_answer(answer, asked, Channel.TYPED))


def test_a_part_that_is_told_is_hardly_lacking_and_one_that_is_not_is() -> None:
    told = "In May our till broke on a Friday. I rang the bank and I wrote each sale by hand."
    lacks = look(told).lacks
    assert lacks[Label.SITUATION] < 0 < lacks[Label.RESULT]
    ended = look(f"{told} Nobody waited and we took 900 pounds.").lacks
    assert ended[Label.RESULT] < 0


def test_likely_shares_are_of_all_the_words() -> None:
    shares = look(
        "In May our till broke on a Friday. I rang the bank, and nobody waited."
    ).likely_shares
    assert isclose(sum(shares.values()), 1)
    assert shares[Label.SITUATION] > shares[Label.LEARNING]


def test_an_answer_to_another_question_has_no_odds() -> None:
    case = OffTopic.bad[0]
    strayed = look_at(read_answer(case.answer, case.asked, case.channel))
    assert strayed.lattice is None
    assert set(strayed.lacks.values()) == {0.0}
    assert strayed.likely_shares == strayed.shares
