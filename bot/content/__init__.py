"""Loads and checks prompts/ once, at start."""

from __future__ import annotations

from pathlib import Path

from bot.content import check
from bot.content.load import PROMPTS, BrokenContent, read
from bot.content.wording import Wording, wording
from bot.interview.model import Book

__all__ = ["BrokenContent", "Wording", "faults", "load_content"]


def faults(root: Path = PROMPTS) -> list[str]:
    """Every fault of the content below `root`; empty when all is well."""
    if not root.is_dir():
        # An installed package holds the code alone.
        return [f"{root} is not there; Second Round runs from a checkout, which has this folder."]
    return check.faults(root)


def load_content(root: Path = PROMPTS) -> tuple[Book, Wording]:
    """The content below `root`. Raises BrokenContent when it has any fault."""
    if found := faults(root):
        raise BrokenContent(found)
    book, _ = read(root)
    return book, wording(book, root)
