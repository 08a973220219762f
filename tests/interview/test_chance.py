"""Variety without randomness."""

from __future__ import annotations

from collections import Counter
from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from bot.interview.chance import draw, pick, shuffled, turn

SEED = st.integers(0, 2**62)
ITEMS = st.lists(st.integers(), min_size=1, max_size=20, unique=True)


def test_a_draw_is_the_same_today_and_in_ten_years() -> None:
    # Stored interviews are said again from their seed: these numbers must never change.
    assert draw(0) == 9523843951405948789
    assert draw(42, "probe", 3) == 15455675915410211211


def test_another_seed_or_another_moment_draws_another_number() -> None:
    moments = list(product(range(20), "ab", range(20)))
    assert len({draw(seed, topic, count) for seed, topic, count in moments}) == len(moments)


def test_draws_spread_evenly() -> None:
    counts = Counter(draw(seed, "spread") % 6 for seed in range(6000))
    assert max(counts.values()) < 1.15 * min(counts.values())


@given(ITEMS, SEED)
def test_every_choice_comes_once_before_any_comes_twice(items: list[int], seed: int) -> None:
    first = [turn(items, seed, "topic", count) for count in range(len(items))]
    assert sorted(first) == sorted(items)
    assert turn(items, seed, "topic", len(items)) == first[0]


@given(ITEMS, SEED)
def test_shuffling_keeps_every_item_and_repeats_itself(items: list[int], seed: int) -> None:
    mixed = shuffled(items, seed, "topic")
    assert sorted(mixed) == sorted(items)
    assert shuffled(items, seed, "topic") == mixed


def test_every_item_comes_first_for_some_seed() -> None:
    assert {shuffled("abcde", seed, "topic")[0] for seed in range(100)} == set("abcde")


@given(ITEMS, SEED)
def test_a_pick_is_one_of_the_choices_and_repeats_itself(items: list[int], seed: int) -> None:
    assert pick(items, seed, "moment") in items
    assert pick(items, seed, "moment") == pick(items, seed, "moment")
