"""How good the feedback is on writers that its weights were not fitted to: a tool.

`python -m tests.evaluation.leaving_out [MORE.jsonl]` takes twenty minutes: it deals the writers
into groups, and for each group copies the bot, fits the copy to all others, and lets the copy judge
those left out. The scores go to fitted.json, from where `scripts/evaluate --write` puts them on the
page.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from os import cpu_count
from pathlib import Path
from typing import Any

from tests.evaluation.__main__ import PRACTICE
from tests.evaluation.copies import copied, run
from tests.evaluation.fitting import STEPS
from tests.evaluation.gold import Judged, Segment, read_gold
from tests.evaluation.report import values
from tests.evaluation.scorer import Case, score

KEPT = Path(__file__).with_name("fitted.json")
HALVES = ("first", "second")
FURTHER = "the further set"
GROUPS = 9
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

    FURTHER is a group of its own; for each half the other half is fitted to, beside all writers.
    """
    ours = [name for name in writers if name != FURTHER]
    groups = [ours[first::GROUPS] for first in range(min(GROUPS, len(ours)))]
    jobs: list[tuple[Lines, list[str]]] = [(writers, group) for group in groups]
    if FURTHER in writers:
        jobs += [(writers, [FURTHER]), *((_halved(writers), [half]) for half in HALVES)]
    judged: dict[str, list[Case]] = {}
    with ThreadPoolExecutor(cpu_count()) as workers:  # each waits for processes of its own
        for cases in workers.map(left_out, *zip(*jobs, strict=True)):
            judged |= cases
    for name in writers:
        yield _row(name, judged[name])
    yield _row(
        "all of these, each when left out", [case for name in writers for case in judged[name]]
    )
    for half in HALVES:
        if half in judged:
            yield _row(f"the {half} half of the further set", judged[half])


def left_out(writers: Lines, group: Sequence[str]) -> dict[str, list[Case]]:
    """The answers of some writers, judged by a copy of the bot that was fitted to the others."""
    others = ["\n".join(lines) for writer, lines in writers.items() if writer not in group]
    with copied(others) as folder:
        for what in STEPS:
            run(folder, "-m", "tests.evaluation.fitting", what)
        return {name: list(_judged_by(folder, writers[name])) for name in group}


def _judged_by(folder: Path, lines: Sequence[str]) -> Iterator[Case]:
    apart = folder / "apart.jsonl"
    apart.write_text("\n".join(lines), encoding="utf-8")
    told = run(folder, "-m", "bot", "feedback", said="\n".join(map(_asked, lines)))
    return zip(read_gold([apart]), map(_judged, told.splitlines()), strict=True)


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
