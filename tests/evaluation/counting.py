"""What each rule that weighs counts sees in labelled answers.

`python -m tests.evaluation.counting FILE.jsonl …` prints a JSON line for each rule and answer: the
rule, its counts, and whether the fault is there.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from bot.feedback import RULES
from bot.feedback.look import look_at
from bot.feedback.reading import read_answer
from bot.feedback.rules.weighed import Weighed
from tests.evaluation.gold import Answer, read_gold
from tests.evaluation.logistic import Example

WEIGHED = tuple(rule for rule in RULES if isinstance(rule, Weighed))


def counted(answers: Iterable[Answer]) -> Iterator[tuple[str, Example]]:
    """For each rule and each answer that it judges, its counts and whether it is right."""
    for answer in answers:
        look = look_at(read_answer(answer.text, answer.asked, answer.channel))
        for rule in WEIGHED:
            if rule.judges(look):
                counts = {name: float(count) for name, count in rule.counts(look).items()}
                yield rule.name, Example(counts, rule.name in answer.truth.defects)


def main() -> int:
    """Count in the answers of some files."""
    for name, example in counted(read_gold(map(Path, sys.argv[1:]))):
        print(json.dumps([name, example.counts, example.true]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
