"""Fits the weights of the feedback to labelled answers: a tool, and no part of the bot.

`python -m tests.evaluation.fitting [--write] [MORE.jsonl …]` fits those of missing.toml and scores
them on writers left out; with `--labels --write` those behind the labels, before that.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bot.feedback import RULES
from bot.feedback.look import look_at
from bot.feedback.reading import read_answer
from bot.feedback.rules import missing
from bot.feedback.rules.missing import MissingPart
from tests.evaluation import crf, logistic
from tests.evaluation.__main__ import GOLD, PRACTICE, ROOT
from tests.evaluation.chains import chain_of
from tests.evaluation.gold import Answer, ask_the_rules, read_gold
from tests.evaluation.logistic import Example
from tests.evaluation.report import values
from tests.evaluation.scorer import Case, score
from tests.evaluation.tables import Row, read_weights, write_weights

DATA = ROOT / "bot" / "feedback" / "data"
WEIGHTS = DATA / "missing.toml"
TRAPS = GOLD / "traps.jsonl"
TRAPS_TOLD = 6  # how often each trap is told among the answers, so that none is unlearned
KEPT = Path(__file__).with_name("fitted.json")
PARTS = tuple(rule for rule in RULES if isinstance(rule, MissingPart))
LINE = re.compile(r"^(?P<name>\w+) = -?[\d.]+")
Writers = Mapping[str, Sequence[Answer]]
Weights = Mapping[str, Mapping[str, float]]


def main(arguments: Sequence[str] | None = None) -> int:
    """Print a score for each writer left out; with `--write` keep the scores and the weights."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.evaluation.fitting",
        description="Fit the weights of the missing parts to the practice answers, and score them"
        " on each writer when they are fitted to the others.",
    )
    parser.add_argument(
        "more", nargs="*", type=Path, metavar="MORE.jsonl", help="another writer's answers to fit"
    )
    parser.add_argument("--write", action="store_true", help="keep the weights and the scores")
    parser.add_argument("--labels", action="store_true", help="fit cues, shapes and order instead")
    chosen = parser.parse_args(arguments)
    writers = {path.stem: read_gold([path]) for path in (*PRACTICE, *chosen.more)}
    if chosen.labels:
        weights = fit_labels(writers)
        if chosen.write:
            write_weights(DATA, weights)
        return 0
    rows = []
    for row in scores(writers, [path.stem for path in chosen.more]):
        print(json.dumps(row))
        rows.append(row)
    if chosen.write:
        weights = fit(writers)
        text = with_weights(WEIGHTS.read_text(encoding="utf-8"), weights)
        WEIGHTS.write_text(text, encoding="utf-8", newline="\n")
        KEPT.write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8", newline="\n")
    return 0


def fit_labels(writers: Writers) -> dict[str, Row]:
    """The weights behind the labels, from the answers of some writers and from what fools them."""
    before = read_weights(DATA)
    answers = [answer for answers in writers.values() for answer in answers]
    traps = read_gold([TRAPS])
    apart = max(1, len(answers) // TRAPS_TOLD)
    told: list[Answer] = []
    for number, answer in enumerate(answers):
        told += [answer, *(traps if number % apart == 0 else ())]
    chains = (chain_of(answer, before) for answer in told)
    return crf.fit([chain for chain in chains if chain is not None], before)


def fit(writers: Writers) -> dict[str, dict[str, float]]:
    """The weights of each rule about a missing part, from the answers of some writers."""
    examples: dict[str, list[Example]] = {rule.name: [] for rule in PARTS}
    for answer in (answer for answers in writers.values() for answer in answers):
        look = look_at(read_answer(answer.text, answer.asked, answer.channel))
        for rule in PARTS:
            if rule.judges(look):
                example = Example(rule.counts(look), rule.name in answer.truth.defects)
                examples[rule.name].append(example)
    return {name: logistic.fit(found) for name, found in examples.items()}


def with_weights(text: str, weights: Weights) -> str:
    """missing.toml with other weights; its order and comments stay."""
    part, lines = "", []
    for line in text.splitlines():
        if line.startswith("["):
            part = line.strip("[]")
        found = LINE.match(line)
        lines.append(
            f"{found['name']} = {weights[part][found['name']]}{line[found.end() :]}"
            if found
            else line
        )
    return "\n".join(lines) + "\n"


@contextmanager
def weighed(weights: Weights) -> Iterator[None]:
    """The rules with other weights, for as long as this lasts."""
    usual, missing.WEIGHTS = missing.WEIGHTS, weights
    try:
        yield
    finally:
        missing.WEIGHTS = usual


def left_out(writers: Writers, *names: str) -> list[Case]:
    """The answers of some writers, judged with weights fitted to the others."""
    others = {name: answers for name, answers in writers.items() if name not in names}
    with weighed(fit(others)):
        return [(answer, ask_the_rules(answer)) for name in names for answer in writers[name]]


def scores(writers: Writers, more: Sequence[str]) -> Iterator[dict[str, Any]]:
    """A row for each writer left out, for all of them, for and for halves."""
    together: list[Case] = []
    for name in writers:
        cases = left_out(writers, name)
        together += cases
        yield _row("the further set" if name in more else name, cases)
    yield _row("all of these, each when left out", together)
    for name in more:
        middle = len(writers[name]) // 2
        halves = {"first": writers[name][:middle], "second": writers[name][middle:]}
        for half in halves:
            yield _row(f"the {half} half of the further set", left_out(halves, half))


def _row(what: str, cases: Sequence[Case]) -> dict[str, Any]:
    measures = {name: round(value, 3) for name, value in values(score(cases)).items()}
    return {"what": what, "rules": "today", "answers": len(cases), "measures": measures}


if __name__ == "__main__":
    sys.exit(main())
