"""Finding what lies in a stretch of the answer without looking through all of it."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Sequence
from operator import attrgetter
from typing import TypeVar

T = TypeVar("T")
START = attrgetter("start")  # of words, clauses and pieces, to find them by their place in the text
FIRST = attrgetter("first")  # of clauses and hits, to find them by the number of their first word


def between(items: Sequence[T], start: int, end: int, at: Callable[[T], int]) -> Sequence[T]:
    """The items that begin from `start` to before `end`; `items` are sorted by `at`."""
    return items[bisect_left(items, start, key=at) : bisect_left(items, end, key=at)]
