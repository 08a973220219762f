"""The words of the drills as they stand in prompts/, and answers to try them on."""

from __future__ import annotations

import tomllib
from functools import cache

from bot.content.load import PROMPTS, read
from bot.interview.model import Book
from bot.practice.drill_words import Drills


@cache
def book() -> Book:
    """The question book of the product."""
    return read()[0]


@cache
def drills() -> Drills:
    """The drills of the product."""
    folder = PROMPTS / "drills"
    tables = (tomllib.loads(path.read_text("utf-8")) for path in sorted(folder.glob("*.toml")))
    return Drills.model_validate({key: value for table in tables for key, value in table.items()})


FULL_STORY = (
    "Last May I was on the front desk of a hotel in Leeds, and a guest shouted at my colleague "
    "because her room was not ready. My job was to have her in a room by three. I took her to the "
    "bar, I asked what she needed first, and I rang housekeeping and moved her to another floor. "
    "She was in her room by half past two, and she booked with us again in June."
)
