"""The fit of chances.toml: what it learns, what it leaves alone, and that it is the one in use."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from math import exp
from pathlib import Path

import pytest

from bot.feedback.rules import weighed
from tests.evaluation import fitting, logistic
from tests.evaluation.__main__ import PRACTICE
from tests.evaluation.counting import WEIGHED, counted
from tests.evaluation.fitting import WEIGHTS, fit_chances, with_weights
from tests.evaluation.gold import Judged, read_gold
from tests.evaluation.leaving_out import KEPT, left_out
from tests.evaluation.logistic import Example
from tests.evaluation.scorer import Case


def test_a_count_that_comes_with_the_fault_speaks_for_it_and_one_that_does_not_is_silent() -> None:
    examples = [
        Example({"telling": float(true) + 0.5 * (n % 2), "idle": float(n % 3)}, bool(true))
        for n, true in enumerate([0, 1] * 30)
    ]
    weights = logistic.fit(examples)
    assert weights["telling"] > 1
    assert abs(weights["idle"]) < 0.2


def test_without_a_telling_count_the_chance_is_the_share_of_faults() -> None:
    weights = logistic.fit([Example({"same": 1.0}, n % 4 == 0) for n in range(40)])
    assert 1 / (1 + exp(-weights["start"] - weights["same"])) == pytest.approx(0.25, abs=0.01)


def test_other_weights_leave_order_and_comments_alone_and_the_same_ones_everything() -> None:
    text = WEIGHTS.read_text(encoding="utf-8")
    assert with_weights(text, weighed.WEIGHTS) == text
    doubled = {p: {n: 2 * w for n, w in row.items()} for p, row in weighed.WEIGHTS.items()}
    changed = with_weights(text, doubled)
    assert [line.partition("#")[2] for line in changed.splitlines()] == [
        line.partition("#")[2] for line in text.splitlines()
    ]
    assert changed != text


def test_each_rule_is_fitted_in_exactly_the_counts_that_its_weights_name() -> None:
    found = fit_chances(counted(read_gold(PRACTICE[:1])))
    usual = weighed.WEIGHTS
    assert found.keys() == usual.keys() == {rule.name for rule in WEIGHED}
    assert all(found[name].keys() == usual[name].keys() for name in found)


def test_every_count_is_taken_on_labels_that_were_fitted_to_others(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[tuple[list[Path], list[Path]]] = []

    def note(files: Sequence[Path], others: Sequence[Path]) -> list[str]:
        asked.append((list(files), list(others)))
        return ['["missing_task", {"aim": 1.0}, true]']

    monkeypatch.setattr(fitting, "_counts", note)
    files = [Path(name) for name in "abcde"]
    assert list(fitting.crossed(files)) == [("missing_task", Example({"aim": 1.0}, True))] * 2
    assert sorted(path for told, _ in asked for path in told) == files
    assert all(sorted([*told, *others]) == files for told, others in asked)


def test_who_is_left_out_is_judged_whole_and_by_what_the_others_teach() -> None:
    writers = {path.stem: path.read_text("utf-8").splitlines()[:22] for path in PRACTICE[:4]}
    first, second, third, _ = writers
    cases = left_out(writers, [first, second])
    assert list(cases) == [first, second]
    for name in cases:
        assert [answer.id for answer, _ in cases[name]] == [
            json.loads(x)["id"] for x in writers[name]
        ]
        assert all(given.segments for _, given in cases[name])
    said = _said(cases)
    mislabelled = [line.replace('"label": "A"', '"label": "R"') for line in writers[first]]
    assert mislabelled != writers[first]
    assert _said(left_out({**writers, first: mislabelled}, [first, second])) == said
    others = {name: lines for name, lines in writers.items() if name != third}
    assert _said(left_out(others, [first, second])) != said


def _said(cases: Mapping[str, Sequence[Case]]) -> list[Judged]:
    return [given for told in cases.values() for _, given in told]


def test_the_kept_scores_are_of_every_practice_writer() -> None:
    told = {row["what"] for row in json.loads(KEPT.read_text(encoding="utf-8"))}
    assert {path.stem for path in PRACTICE} <= told
