"""How good the feedback is on writers that its weights were not fitted to: a tool.

`python -m tests.evaluation.leaving_out [MORE.jsonl]` takes twenty minutes: for each writer it
copies the bot, fits the copy to all others, and lets the copy judge the one left out. The scores
go to fitted.json, from where `scripts/evaluate --write` puts them on the page.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from os import cpu_count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.evaluation.__main__ import PRACTICE, ROOT
from tests.evaluation.fitting import STEPS, TRAPS
from tests.evaluation.gold import Judged, Segment, read_gold
from tests.evaluation.report import values
from tests.evaluation.scorer import Case, score

KEPT = Path(__file__).with_name("fitted.json")
HALVES = ("first", "second")
FURTHER = "the further set"
Lines = Mapping[str, Sequence[str]]  # the answers of each writer, as in their file


def main(arguments: Sequence[str] | None = None) -> int:
    """Print a score for each writer left out and for halves of MORE, and keep them."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.evaluation.leaving_out",
        description="Score each writer with weights fitted to the others.",
    )
    parser.add_argument("more", nargs="?", type=Path, metavar="MORE.jsonl")
    chosen = parser.parse_args(arguments)
    writers = {path.stem: _lines(path) for path in PRACTICE}
    if chosen.more:
        writers[FURTHER] = _lines(chosen.more)
    rows = []
    for row in scores(writers):
        print(json.dumps(row), flush=True)
        rows.append(row)
    KEPT.write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8", newline="\n")
    return 0


def scores(writers: Lines) -> Iterator[dict[str, Any]]:
    """A row for each writer left out, one for all of them, and one for each half of FURTHER.

    For a half its other half is fitted to, beside all other writers.
    """
    jobs = [(writers, name) for name in writers]
    if FURTHER in writers:
        halved = _halved(writers)
        jobs += [(halved, half) for half in HALVES]
    with ThreadPoolExecutor(cpu_count()) as workers:  # each waits for processes of its own
        results = list(workers.map(left_out, *zip(*jobs, strict=True)))
    for name, cases in zip(writers, results, strict=False):
        yield _row(name, cases)
    together = [case for cases in results[: len(writers)] for case in cases]
    yield _row("all of these, each when left out", together)
    for half, cases in zip(HALVES, results[len(writers) :], strict=False):
        yield _row(f"the {half} half of the further set", cases)


def left_out(writers: Lines, name: str) -> list[Case]:
    """The answers of one writer, judged by a copy of the bot that was fitted to the others."""
    with TemporaryDirectory() as folder:
        copy = Path(folder)
        _copy(copy)
        for number, (writer, lines) in enumerate(writers.items()):
            if writer != name:
                path = copy / "tests" / "gold" / f"practice-{number:02}.jsonl"
                path.write_text("\n".join(lines), encoding="utf-8")
        for what in STEPS:
            _run(copy, "-m", "tests.evaluation.fitting", what)
        apart = copy / "apart.jsonl"
        apart.write_text("\n".join(writers[name]), encoding="utf-8")
        told = _run(copy, "-m", "bot", "feedback", said="\n".join(map(_asked, writers[name])))
        truths = read_gold([apart])
        return list(zip(truths, map(_judged, told.splitlines()), strict=True))


def _copy(folder: Path) -> None:
    """The bot and this room, without the answers and without what the bot was started with."""
    without = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "bot", folder / "bot", ignore=without)
    shutil.copytree(Path(__file__).parent, folder / "tests" / "evaluation", ignore=without)
    shutil.copy(ROOT / "tests" / "__init__.py", folder / "tests")
    (folder / "tests" / "gold").mkdir()
    shutil.copy(TRAPS, folder / "tests" / "gold")


def _run(folder: Path, *command: str, said: str = "") -> str:
    done = subprocess.run(
        [sys.executable, *command],
        cwd=folder,
        input=said,
        stdout=subprocess.PIPE,
        encoding="utf-8",
        check=True,
    )
    return done.stdout


def _lines(path: Path) -> list[str]:
    return [line for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def _halved(writers: Lines) -> Lines:
    """The writers with FURTHER as two."""
    lines = writers[FURTHER]
    middle = len(lines) // 2
    halves = zip(HALVES, (lines[:middle], lines[middle:]), strict=True)
    return {**{name: of for name, of in writers.items() if name != FURTHER}, **dict(halves)}


def _asked(line: str) -> str:
    """A labelled answer as the bot is given it, without its truth."""
    row = json.loads(line)
    answer = " ".join(segment["text"] for segment in row["segments"])
    kept = {key: row[key] for key in ("id", "question", "question_type", "competency", "channel")}
    return json.dumps({**kept, "answer": answer}, ensure_ascii=False)


def _judged(line: str) -> Judged:
    row = json.loads(line)
    return Judged(
        segments=tuple(Segment(each["label"], each["text"]) for each in row["segments"]),
        defects=frozenset(row["defects"]),
        top_fix=row["top_fix"],
        overall=row["overall"],
    )


def _row(what: str, cases: Sequence[Case]) -> dict[str, Any]:
    measures = {name: round(value, 3) for name, value in values(score(cases)).items()}
    return {"what": what, "rules": "today", "answers": len(cases), "measures": measures}


if __name__ == "__main__":
    sys.exit(main())
