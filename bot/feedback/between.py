"""Finding what lies in a stretch of the answer without looking through all of it."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Sequence
from typing import TypeVar

T = TypeVar("T")


def between(items: Sequence[T], start: int, end: int, at: Callable[[T], int]) -> Sequence[T]:
    """The items that begin from `start` to before `end`; `items` are sorted by `at`."""
    return items[bisect_left(items, start, key=at) : bisect_left(items, end, key=at)]
