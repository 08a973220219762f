"""The fit of missing.toml: what it learns, what it leaves alone, and that it is the one in use."""

from __future__ import annotations

import json
from math import exp

import pytest

from bot.feedback.rules import missing
from tests.evaluation import logistic
from tests.evaluation.__main__ import PRACTICE
from tests.evaluation.fitting import PARTS, WEIGHTS, fit_parts, with_weights
from tests.evaluation.gold import read_gold
from tests.evaluation.leaving_out import KEPT, left_out
from tests.evaluation.logistic import Example


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
    assert with_weights(text, missing.WEIGHTS) == text
    doubled = {p: {n: 2 * w for n, w in row.items()} for p, row in missing.WEIGHTS.items()}
    changed = with_weights(text, doubled)
    assert [line.partition("#")[2] for line in changed.splitlines()] == [
        line.partition("#")[2] for line in text.splitlines()
    ]
    assert changed != text


def test_each_rule_is_fitted_in_exactly_the_counts_that_its_weights_name() -> None:
    found = fit_parts({"a": read_gold(PRACTICE[:1])})
    usual = missing.WEIGHTS
    assert found.keys() == usual.keys() == {rule.name for rule in PARTS}
    assert all(found[name].keys() == usual[name].keys() for name in found)


def test_who_is_left_out_is_judged_whole_and_by_what_the_others_teach() -> None:
    writers = {path.stem: path.read_text("utf-8").splitlines()[:20] for path in PRACTICE[:3]}
    first, second, _ = writers
    cases = left_out(writers, first)
    assert [answer.id for answer, _ in cases] == [json.loads(x)["id"] for x in writers[first]]
    assert all(given.segments for _, given in cases)
    said = [given for _, given in cases]
    mislabelled = [line.replace('"label": "A"', '"label": "R"') for line in writers[first]]
    assert mislabelled != writers[first]
    assert [given for _, given in left_out({**writers, first: mislabelled}, first)] == said
    others = {name: lines for name, lines in writers.items() if name != second}
    assert [given for _, given in left_out(others, first)] != said


def test_the_kept_scores_are_of_every_practice_writer() -> None:
    told = {row["what"] for row in json.loads(KEPT.read_text(encoding="utf-8"))}
    assert {path.stem for path in PRACTICE} <= told
