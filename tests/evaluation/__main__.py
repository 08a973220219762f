"""The command line: `scripts/evaluate`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from tests.evaluation.gold import ask_the_rules, read_gold
from tests.evaluation.page import markdown, terminal, worst
from tests.evaluation.report import Report, as_json, evaluate, kept_measures, losses
from tests.evaluation.scorer import Case

ROOT = Path(__file__).resolve().parents[2]
GOLD = ROOT / "tests" / "gold"
# The locked files are not here, and never will be: only a path on the command line opens them.
PRACTICE = tuple(sorted(GOLD.glob("practice-*.jsonl")))
PUBLISHED = (GOLD / "published.jsonl",)


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what the arguments say. Returns 1 when the check fails, 2 when a file cannot be used."""
    parser = _parser()
    chosen = parser.parse_args(arguments)
    if chosen.gold and (chosen.write or chosen.check):
        parser.error("--write and --check are for the usual answers, not for files of your choice")
    try:
        if chosen.gold:
            cases = judge(chosen.gold)
            report, before = evaluate(cases), {}
        else:
            cases = judge(PRACTICE)
            report = evaluate(cases, judge(PUBLISHED))
            before = kept_measures(chosen.docs / "evaluation.json")
    except (OSError, ValueError) as error:
        print(error, file=sys.stderr)
        return 2
    if chosen.check:
        return check(report, chosen.docs)
    print("\n".join([*terminal(report, before), *_listed_worst(cases, chosen.worst)]))
    if chosen.write:
        for name, text in pages(report).items():
            (chosen.docs / name).write_text(text, encoding="utf-8", newline="\n")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="scripts/evaluate",
        description="Measure the feedback on labelled answers: by default the practice answers"
        " and the published examples.",
    )
    parser.add_argument("gold", nargs="*", type=Path, metavar="GOLD.jsonl")
    parser.add_argument("--worst", type=int, default=0, metavar="N", help="list the N worst")
    keep = parser.add_mutually_exclusive_group()
    keep.add_argument("--write", action="store_true", help="keep the numbers in docs/")
    keep.add_argument(
        "--check", action="store_true", help="fail when a measure got worse or the page is stale"
    )
    parser.add_argument(
        "--docs", type=Path, default=ROOT / "docs", help="another folder than docs/"
    )
    return parser


def judge(paths: Sequence[Path]) -> list[Case]:
    """The answers of some files, each with what the rules say about it."""
    return [(answer, ask_the_rules(answer)) for answer in read_gold(paths)]


def pages(report: Report) -> dict[str, str]:
    """The files to keep in docs/, name and text."""
    return {"evaluation.json": as_json(report), "evaluation.md": markdown(report)}


def check(report: Report, docs: Path) -> int:
    """Compare with what docs/ holds: 1 when a measure got worse or a file is not of today."""
    found = list(losses(kept_measures(docs / "evaluation.json"), report.measures))
    for name, text in pages(report).items():
        path = docs / name
        if not path.is_file() or path.read_text(encoding="utf-8") != text:
            found.append(f"docs/{name} is stale: run scripts/evaluate --write")
    for each in found:
        print(each, file=sys.stderr)
    return 1 if found else 0


def _listed_worst(cases: Sequence[Case], count: int) -> list[str]:
    return ["", *worst(cases, count)] if count else []


if __name__ == "__main__":
    sys.exit(main())
