"""Fits the weights of the feedback to labelled answers: a tool, and no part of the bot.

`python -m tests.evaluation.fitting talk [MORE.jsonl …]` fits what is talk in general, then
`… fitting labels [MORE.jsonl …]` what is behind the labels, then `… fitting chances [MORE.jsonl …]`
the rules that weigh counts. Each stands on what was fitted before it. The last counts on labels
that were fitted to other writers, as the bot will mostly meet people whom it was not fitted to.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

from bot.feedback import QuestionType
from bot.feedback.kind import count, talk_counts
from bot.feedback.reading import read_answer
from tests.evaluation import crf, logistic
from tests.evaluation.__main__ import PRACTICE, ROOT
from tests.evaluation.chains import chain_of
from tests.evaluation.copies import TRAPS, copied, run
from tests.evaluation.gold import Answer, Segment, read_gold
from tests.evaluation.logistic import Example
from tests.evaluation.tables import NOTHING, Row, read_weights, write_weights

DATA = ROOT / "bot" / "feedback" / "data"
WEIGHTS = DATA / "chances.toml"
TALK = DATA / "talk.toml"
STEPS = ("talk", "labels", "chances")
NEITHER = frozenset({"off_topic", "hypothetical"})  # faults that stand in place of the other
TRAPS_TOLD = 12  # how often each trap is told among the answers, so that none is unlearned
MANY, SEVERAL = 12, 6  # answers and writers that use a word before it may lean
LEAST = 0.3  # points; a word that leans less does not lean
MARKS = re.compile(r"[.,;:!?\"()—–-]+")
LINE = re.compile(r"^(?P<name>\w+) = -?[\d.]+")
Writers = Mapping[str, Sequence[Answer]]
Weights = Mapping[str, Mapping[str, float]]


def main(arguments: Sequence[str] | None = None) -> int:
    """Fit one kind of weights to the practice answers and more, and write them where they are."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.evaluation.fitting",
        description="Fit weights to the practice answers, in place, step after step.",
    )
    parser.add_argument("what", choices=STEPS)
    parser.add_argument(
        "more", nargs="*", type=Path, metavar="MORE.jsonl", help="another writer's answers to fit"
    )
    chosen = parser.parse_args(arguments)
    files = (*PRACTICE, *chosen.more)
    if chosen.what == "labels":
        write_weights(DATA, fit_labels(_writers(files)))
    elif chosen.what == "talk":
        _write(TALK, fit_talk(_writers(files)))
    else:
        _write(WEIGHTS, fit_chances(crossed(files)))
    return 0


def _writers(files: Iterable[Path]) -> Writers:
    return {path.stem: read_gold([path]) for path in files}


def _write(path: Path, weights: Weights) -> None:
    text = with_weights(path.read_text(encoding="utf-8"), weights)
    path.write_text(text, encoding="utf-8", newline="\n")


def fit_talk(writers: Writers) -> dict[str, dict[str, float]]:
    """What tells talk in general from a told event, in replies to behavioral questions."""
    examples = []
    for answer in (answer for answers in writers.values() for answer in answers):
        faults = answer.truth.defects
        if answer.asked.type is not QuestionType.BEHAVIORAL or faults & NEITHER:
            continue
        told = count(read_answer(answer.text, answer.asked, answer.channel))
        examples.append(Example(talk_counts(told), "no_example" in faults))
    return {"general": logistic.fit(examples)}


def fit_labels(writers: Writers) -> dict[str, Row]:
    """The weights behind the labels, from the answers of some writers and from what fools them.

    Each answer is told twice, as it is and bare, as many type it. A word that leans less than LEAST
    does not lean.
    """
    kept = {name: row for name, row in read_weights(DATA).items() if not name.startswith("word.")}
    known = kept | dict.fromkeys(map("word.{}".format, common(writers)), NOTHING)
    answers = [answer for answers in writers.values() for answer in answers]
    traps = read_gold([TRAPS])
    apart = max(1, len(answers) // TRAPS_TOLD)
    told: list[Answer] = []
    for number, answer in enumerate(answers):
        told += [answer, bare(answer), *(traps if number % apart == 0 else ())]
    chains = (chain_of(answer, known) for answer in told)
    found = crf.fit([chain for chain in chains if chain is not None], known)
    words = {name: _pruned(row) for name, row in found.items() if name.startswith("word.")}
    return found | words


def _pruned(row: Row) -> Row:
    return tuple(weight if abs(weight) >= LEAST else 0.0 for weight in row)


def bare(answer: Answer) -> Answer:
    """The same answer in lower case and without punctuation, its labels where they were."""
    said = [
        Segment(segment.label, text)
        for segment in answer.truth.segments
        if (text := " ".join(MARKS.sub(" ", segment.text.lower()).split()))
    ]
    return replace(answer, truth=replace(answer.truth, segments=tuple(said)))


def common(writers: Writers) -> list[str]:
    """The words that many answers and several writers use."""
    by_word: dict[str, list[str]] = {}
    for writer, answers in writers.items():
        for answer in answers:
            words = read_answer(answer.text, answer.asked, answer.channel).texts
            for word in {word for word in words if word.isalpha() or "'" in word}:
                by_word.setdefault(word, []).append(writer)
    return sorted(
        word for word, by in by_word.items() if len(by) >= MANY and len(set(by)) >= SEVERAL
    )


def crossed(files: Sequence[Path]) -> Iterator[tuple[str, Example]]:
    """What the rules count in each writer's answers on labels fitted to half of the others."""
    halves = files[::2], files[1::2]
    with ThreadPoolExecutor(len(halves)) as workers:  # each waits for processes of its own
        for lines in workers.map(_counts, halves, halves[::-1]):
            for name, counts, true in map(json.loads, lines):
                yield name, Example(counts, true)


def _counts(files: Iterable[Path], others: Iterable[Path]) -> list[str]:
    with copied(path.read_text(encoding="utf-8") for path in others) as folder:
        run(folder, "-m", "tests.evaluation.fitting", "labels")
        told = run(folder, "-m", "tests.evaluation.counting", *(str(p.resolve()) for p in files))
    return told.splitlines()


def fit_chances(found: Iterable[tuple[str, Example]]) -> dict[str, dict[str, float]]:
    """The weights of each rule that weighs counts."""
    examples: dict[str, list[Example]] = {}
    for name, example in found:
        examples.setdefault(name, []).append(example)
    return {name: logistic.fit(told) for name, told in examples.items()}


def with_weights(text: str, weights: Weights) -> str:
    """A file of weights with others; its order and comments stay."""
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


if __name__ == "__main__":
    sys.exit(main())
