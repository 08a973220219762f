"""docs/bench_due.md: the figures of a run of `scripts/bench due`."""

from __future__ import annotations

import argparse
from statistics import median
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.bench.due import Figures


def table(figures: Figures, chosen: argparse.Namespace) -> str:
    """Min / median / max of each figure."""
    return ""


def page(made: str, machine: str, figures: Figures, chosen: argparse.Namespace) -> str:
    """The page."""
    return made
