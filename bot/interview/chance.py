"""Variety without randomness: the same seed and the same moment always give the same choice."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from hashlib import blake2b
from typing import TypeVar

T = TypeVar("T")


def draw(seed: int, *moment: object) -> int:
    """A number that `seed` and the moment decide, evenly spread over 64 bits."""
    key = ":".join(str(part) for part in (seed, *moment))
    return int.from_bytes(blake2b(key.encode(), digest_size=8).digest(), "big")


def pick(choices: Sequence[T], seed: int, *moment: object) -> T:
    """One of `choices`, which must not be empty."""
    return choices[draw(seed, *moment) % len(choices)]


def turn(choices: Sequence[T], seed: int, topic: str, count: int) -> T:
    """The `count`th choice on `topic` (from 0): none comes twice before all have come once."""
    return choices[(draw(seed, topic) + count) % len(choices)]


def shuffled(items: Iterable[T], seed: int, topic: str) -> list[T]:
    """The items in an order that the seed decides."""
    return [
        item for _, item in sorted(enumerate(items), key=lambda pair: draw(seed, topic, pair[0]))
    ]
