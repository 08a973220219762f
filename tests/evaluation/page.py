"""The evaluation as a table for a terminal and as the page docs/evaluation.md."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from math import isnan, nan
from pathlib import Path
from typing import Any

from tests.evaluation.formulas import Hits
from tests.evaluation.report import MEASURES, Measure, Report
from tests.evaluation.scorer import Case, Scores, defect_hits, words_right

NAMES = {"S": "situation", "T": "task", "A": "action", "R": "result", "L": "learning", "O": "other"}
DASH = "–"
ELSEWHERE = Path(__file__).with_name("elsewhere.json")
FITTED = Path(__file__).with_name("fitted.json")


def terminal(report: Report, before: Mapping[str, float]) -> Iterator[str]:
    """All tables for reading in a terminal; with `before`, the change since then."""
    scores = report.practice
    yield f"{scores.answers} answers" + (f", {scores.broken} broken" if scores.broken else "")
    head = ["measure", "all", "typed", "voice", "floor", "aim", *(["change"] if before else [])]
    rows = [
        [*row, *([_change(m, report, before)] if before else [])]
        for m, row in zip(_shown(report), _measure_rows(report), strict=True)
    ]
    yield from _columns([head, *rows])
    yield ""
    yield f"sentences, macro-F1 over S T A R: {number(scores.sentence_star_macro_f1)}"
    yield ""
    yield from _columns([["label", "precision", "recall", "F1", "words"], *_label_rows(scores)])
    yield ""
    yield from _columns([["rule", "precision", "recall", "faulted", "named"], *_rule_rows(scores)])


def worst(cases: Iterable[Case], count: int) -> Iterator[str]:
    """The answers that went worst, with what was missed and what was invented."""
    told = []
    for answer, given in cases:
        hits = defect_hits([(answer, given)])
        missed = [name for name, each in hits.items() if each.missed]
        invented = [name for name, each in hits.items() if each.wrong]
        right = words_right((answer, given))
        line = (
            f"{answer.id} ({answer.channel}): words right {number(right)}"
            f"; missed {', '.join(missed) or DASH}; invented {', '.join(invented) or DASH}"
            f"; overall {answer.truth.overall:g}, given {given.overall:g}"
        )
        told.append((right - 0.1 * (len(missed) + len(invented)), line))
    return (line for _, line in sorted(told)[:count])


def markdown(report: Report) -> str:
    """The page docs/evaluation.md."""
    assert report.published is not None
    return "\n\n".join(_paragraphs(report, report.published)) + "\n"


def _paragraphs(report: Report, published: Scores) -> Iterator[str]:
    scores = report.practice
    yield "# How good the feedback is"
    yield (
        f"The rules are measured on {scores.answers} made-up interview answers whose parts and"
        f" faults were labelled by hand, {report.dictated} of them dictated and the others typed on"
        f" a phone, and on {published.answers} clean example answers in the manner of career sites."
        " [tests/gold](../tests/gold/README.md) describes both. The rules were tuned on the former,"
        " so their numbers flatter. Five more sets are locked away to tell by how much: no rule is"
        " tuned on them, and `scripts/evaluate` opens them only when they are named."
    )
    yield "\n".join(f"- **{m.title}:** {m.says}." for m in _shown(report))
    yield (
        "Labels are compared word by word and only in stories (real or hypothetical events), so"
        " it does not matter where the rules cut. *Floor* is the least we put up with, *aim* what"
        " we work towards; what is below its floor is in **bold**."
    )
    head = ["Measure", "All", "Typed", "Voice", "Floor", "Aim"]
    rows = [
        [m.title, *row[1:]] for m, row in zip(_shown(report), _measure_rows(report), strict=True)
    ]
    for measure, row in zip(_shown(report), rows, strict=True):
        if _below_floor(measure, report.measures[measure.name]):
            row[1] = f"**{row[1]}**"
    yield _table([head, *rows])
    yield "## Labels"
    yield "By word, in stories."
    label_rows = [[f"{row[0]} {NAMES[row[0]]}", *row[1:]] for row in _label_rows(scores)]
    yield _table([["Label", "Precision", "Recall", "F1", "Words"], *label_rows])
    yield "## Rules"
    yield (
        "*Precision* is the share of a rule's findings that are true, *recall* the share of the"
        " true faults that it finds. A false alarm costs more trust than a miss, so precision comes"
        " first. With a *support* (answers that have the fault) of less than ten, read the numbers"
        " as a hint. What each rule looks for: [rules.md](rules.md)."
    )
    rule_rows = [[f"`{row[0]}`", *row[1:]] for row in _rule_rows(scores)]
    yield _table([["Rule", "Precision", "Recall", "Support", "Named"], *rule_rows])
    yield from _elsewhere()
    yield (
        "_Made by `scripts/evaluate --write` from tests/gold and the rules as they are."
        " `scripts/evaluate --check` fails when a measure gets worse or this page is stale._"
    )


def _elsewhere() -> Iterator[str]:
    """What was measured apart from today's answers: at first sight, with writers left out, afar."""
    kept = json.loads(ELSEWHERE.read_text(encoding="utf-8"))
    yield "## At first sight"
    yield (
        "New answers by writers who do not know the rules, scored once before anybody had read"
        " them, and only then tuned on. This is what to expect of the next candidate; twenty"
        " answers are few, so a single batch swings."
    )
    yield _kept_table(kept["first_sight"])
    yield "## Each writer left out"
    yield (
        "The weights behind the labels and those of the rules that weigh counts are fitted to"
        " labelled answers. Here the writers were dealt into groups, and each group was judged with"
        " weights that were fitted to all others; each half of the further set with its other half"
        " among them. Cues and the other rules were written with these answers at hand, but for"
        " practice-l1 to -l6 and -o1 to -o16, of which only some errors were read."
    )
    yield _kept_table(json.loads(FITTED.read_text(encoding="utf-8")))
    yield "## Seen, but not kept here"
    yield (
        "The rules and their weights were tuned on all of these, on both halves alike, so that no"
        " half tells what the other would have taught."
    )
    yield _kept_table(kept["seen"])


def _kept_table(rows: Sequence[Mapping[str, Any]]) -> str:
    names = [m for m in MEASURES if m.name in rows[0]["measures"]]
    head = ["Answers", "Number", "Rules", *(m.title for m in names)]
    told = [
        [row["what"], str(row["answers"]), row["rules"]]
        + [number(row["measures"][m.name]) for m in names]
        for row in rows
    ]
    return _table([head, *told])


def number(value: float) -> str:
    """Three decimals, or a dash where there is nothing to measure."""
    return DASH if isnan(value) else f"{value:.3f}"


def _shown(report: Report) -> list[Measure]:
    return [measure for measure in MEASURES if measure.name in report.measures]


def _measure_rows(report: Report) -> list[list[str]]:
    """Name, all, typed, voice, floor and aim of each measure."""
    return [
        [
            m.name,
            number(report.measures[m.name]),
            number(report.typed.get(m.name, nan)),
            number(report.voice.get(m.name, nan)),
            DASH if m.floor is None else _bound(m, m.floor),
            _bound(m, m.aim),
        ]
        for m in _shown(report)
    ]


def _bound(measure: Measure, value: float) -> str:
    return f"at most {value:.2f}" if measure.most else f"{value:.2f}"


def _below_floor(measure: Measure, value: float) -> bool:
    if measure.floor is None or isnan(value):
        return False
    return value > measure.floor if measure.most else value < measure.floor


def _change(measure: Measure, report: Report, before: Mapping[str, float]) -> str:
    change = report.measures[measure.name] - before.get(measure.name, nan)
    return DASH if isnan(change) else f"{change:+.3f}" if abs(change) >= 0.0005 else "="


def _label_rows(scores: Scores) -> list[list[str]]:
    return [
        [label, number(h.precision), number(h.recall), number(h.f1), str(h.support)]
        for label, h in scores.labels.items()
    ]


def _rule_rows(scores: Scores) -> list[list[str]]:
    def row(name: str, h: Hits) -> list[str]:
        return [name, number(h.precision), number(h.recall), str(h.support), str(h.named)]

    return [row(name, hits) for name, hits in scores.rules.items()]


def _columns(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for first, *rest in rows:
        cells = [cell.rjust(width) for cell, width in zip(rest, widths[1:], strict=True)]
        yield "  ".join([first.ljust(widths[0]), *cells])


def _table(rows: Sequence[Sequence[str]]) -> str:
    head, *body = rows
    ruler = ["---", *["---:"] * (len(head) - 1)]
    return "\n".join(f"| {' | '.join(row)} |" for row in [head, ruler, *body])
