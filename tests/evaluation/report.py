"""What an evaluation finds, as numbers to keep and to compare with the ones kept before."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from math import isnan, nan
from pathlib import Path
from typing import Any

from bot.feedback import Channel
from tests.evaluation.formulas import Hits
from tests.evaluation.scorer import Case, Scores, score

SLACK = 0.005  # how much worse a measure may get before the check fails


@dataclass(frozen=True, slots=True)
class Measure:
    """One number to watch: what it says, the least it should be and what we aim at.

    With `most`, less is better and both bounds are upper ones.
    """

    name: str
    title: str
    floor: float | None
    aim: float
    says: str
    most: bool = False

    def worse(self, before: float, after: float) -> bool:
        """Whether it got worse by more than SLACK, or can no longer be measured."""
        if isnan(before) or isnan(after):
            return isnan(after) and not isnan(before)
        change = before - after if self.most else after - before
        return change < -SLACK - 1e-9


MEASURES = (
    Measure(
        "label_macro_f1", "Labels", 0.66, 0.75,
        "each word of a story has its true label: macro-F1 over S T A R L O",
    ),
    Measure(
        "star_macro_f1", "Labels S T A R", 0.72, 0.80,
        "the same over the four parts alone",
    ),
    Measure(
        "missing_parts_f1", "Missing parts", 0.65, 0.78,
        "a part is said to be missing exactly where it is, in replies to behavioral questions: F1",
    ),
    Measure(
        "defect_micro_f1", "All faults", 0.58, 0.70,
        "faults are named exactly where they are: F1 over all of them",
    ),
    Measure(
        "top_fix_accuracy", "First fix", 0.50, 0.65,
        "the fault shown first is the one that a coach would name first",
    ),
    Measure(
        "shown_fix_is_a_fault", "Shown fix is real", 0.78, 0.90,
        "the fault shown first is at least a true one",
    ),
    Measure(
        "clean_kept_clean", "Clean stays clean", 0.85, 0.93,
        "an answer without a fault is shown none",
    ),
    Measure(
        "overall_spearman", "Ranking", 0.70, 0.82,
        "answers are ranked as a judge ranks them: Spearman's correlation",
    ),
    Measure(
        "spearman_given_length", "Ranking given length", 0.50, 0.66,
        "the same, with what mere length explains taken out",
    ),
    Measure(
        "voice_below_typed", "Voice below typed", 0.10, 0.06,
        "how far the labels of dictated answers fall behind those of typed ones", most=True,
    ),
    Measure(
        "published_star_macro_f1", "Published examples", None, 0.83,
        "each sentence of a clean example has its true part: macro-F1 over S T A R",
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Report:
    """All numbers of one evaluation.

    `measures` maps the name of each measure to its value over all answers; `typed` and `voice`
    to that over the answers of one channel. `dictated` counts the answers by voice.
    """

    measures: dict[str, float]
    typed: dict[str, float]
    voice: dict[str, float]
    dictated: int
    practice: Scores
    published: Scores | None


def evaluate(practice: Sequence[Case], published: Sequence[Case] = ()) -> Report:
    """Score practice answers whole and by channel, and published examples by sentence."""
    whole = score(practice)
    spoken = [case for case in practice if case[0].channel is Channel.VOICE]
    typed = values(score([case for case in practice if case[0].channel is Channel.TYPED]))
    voice = values(score(spoken))
    examples = score(published) if published else None
    measures = values(whole)
    measures["voice_below_typed"] = typed["label_macro_f1"] - voice["label_macro_f1"]
    if examples:
        measures["published_star_macro_f1"] = examples.sentence_star_macro_f1
    return Report(measures, typed, voice, len(spoken), whole, examples)


def values(scores: Scores) -> dict[str, float]:
    """The measures that scores hold under their own name."""
    found = asdict(scores)
    return {
        m.name: nan if scores.answers == 0 else found[m.name] for m in MEASURES if m.name in found
    }


def rule_rates(rules: Mapping[str, Hits]) -> dict[str, dict[str, float | int | None]]:
    """Precision, recall, support and times named of each rule; None where there was no case."""
    return {
        name: {
            "precision": _kept(hits.precision),
            "recall": _kept(hits.recall),
            "support": hits.support,
            "named": hits.named,
        }
        for name, hits in rules.items()
    }


def as_json(report: Report) -> str:
    """The numbers to keep, for the next comparison and for the page of rules."""
    kept: dict[str, Any] = {
        "answers": {
            "practice": report.practice.answers,
            "published": report.published.answers if report.published else 0,
        },
        "measures": {name: _kept(value) for name, value in report.measures.items()},
        "typed": {name: _kept(value) for name, value in report.typed.items()},
        "voice": {name: _kept(value) for name, value in report.voice.items()},
        "labels": {
            label: {
                "precision": _kept(hits.precision),
                "recall": _kept(hits.recall),
                "f1": _kept(hits.f1),
                "words": hits.support,
            }
            for label, hits in report.practice.labels.items()
        },
        "rules": rule_rates(report.practice.rules),
    }
    return json.dumps(kept, indent=1) + "\n"


def kept_measures(path: Path) -> dict[str, float]:
    """The measures of the numbers kept at `path`; none if there are none yet."""
    if not path.is_file():
        return {}
    kept = json.loads(path.read_text(encoding="utf-8"))["measures"]
    return {name: nan if value is None else value for name, value in kept.items()}


def losses(before: Mapping[str, float], after: Mapping[str, float]) -> Iterator[str]:
    """A line for each measure that got worse, with what it was and what it is."""
    for measure in MEASURES:
        if measure.name in before:
            old, new = before[measure.name], after.get(measure.name, nan)
            if measure.worse(old, new):
                yield f"{measure.name} got worse: {old:.3f} before, {new:.3f} now"


def _kept(value: float) -> float | None:
    return None if isnan(value) else round(value, 4)
