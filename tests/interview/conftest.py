"""The shipped content, read once for all tests of the interview."""

from __future__ import annotations

import pytest

from bot.content import load_content
from bot.interview.model import Book


@pytest.fixture(scope="session")
def book() -> Book:
    return load_content()[0]
