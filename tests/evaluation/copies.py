"""Copies of the bot in a folder of their own, there to be fitted to other answers."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.evaluation.__main__ import ROOT

EVALUATION = Path(__file__).parent
TRAPS = ROOT / "tests" / "gold" / "traps.jsonl"


@contextmanager
def copied(answers: Iterable[str]) -> Iterator[Path]:
    """The bot and this room; what each writer wrote, as JSON lines, is all there is to practise."""
    with TemporaryDirectory() as place:
        folder = Path(place)
        without = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / "bot", folder / "bot", ignore=without)
        shutil.copytree(EVALUATION, folder / "tests" / "evaluation", ignore=without)
        shutil.copy(ROOT / "tests" / "__init__.py", folder / "tests")
        gold = folder / "tests" / "gold"
        gold.mkdir()
        shutil.copy(TRAPS, gold)
        for number, lines in enumerate(answers):
            (gold / f"practice-{number:02}.jsonl").write_text(lines, encoding="utf-8")
        yield folder


def run(folder: Path, *command: str, said: str = "") -> str:
    """What Python prints in a copy; a failure is raised."""
    done = subprocess.run(
        [sys.executable, *command],
        cwd=folder,
        input=said,
        stdout=subprocess.PIPE,
        encoding="utf-8",
        check=True,
    )
    return done.stdout
