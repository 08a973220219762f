"""The evaluation from the command line: what it reads, keeps, compares and refuses."""

from __future__ import annotations

import builtins
import io
import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from bot.feedback import RULES
from tests.evaluation.__main__ import PRACTICE, PUBLISHED, main
from tests.evaluation.gold import Answer, Judged, read_gold
from tests.evaluation.page import markdown
from tests.evaluation.report import MEASURES, SLACK, evaluate, losses
from tests.evaluation.scorer import LABELS


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the pages of today."""
    folder = tmp_path_factory.mktemp("docs")
    assert main(["--write", "--docs", str(folder)]) == 0
    return folder


@pytest.fixture
def docs(kept: Path, tmp_path: Path) -> Path:
    """A copy of these pages that a test may change."""
    for path in kept.iterdir():
        (tmp_path / path.name).write_text(path.read_text(encoding="utf-8"), encoding="utf-8")
    return tmp_path


def numbers(docs: Path) -> Any:
    return json.loads((docs / "evaluation.json").read_text(encoding="utf-8"))


def pretend(docs: Path, measure: str, by: float) -> None:
    """Make the kept numbers say that a measure was better by so much."""
    found = numbers(docs)
    found["measures"][measure] += by
    (docs / "evaluation.json").write_text(json.dumps(found), encoding="utf-8")


def test_the_check_is_content_with_what_was_just_written(docs: Path) -> None:
    assert main(["--check", "--docs", str(docs)]) == 0


def test_the_check_names_a_measure_that_got_worse(
    docs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pretend(docs, "defect_micro_f1", 0.02)
    assert main(["--check", "--docs", str(docs)]) == 1
    worse, stale = capsys.readouterr().err.splitlines()
    told = re.fullmatch(r"defect_micro_f1 got worse: (0\.\d{3}) before, (0\.\d{3}) now", worse)
    assert told
    assert float(told[1]) - float(told[2]) == pytest.approx(0.02, abs=0.0011)  # both are rounded
    assert stale == "docs/evaluation.json is stale: run scripts/evaluate --write"


def test_the_check_names_a_stale_and_a_missing_page(
    docs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (docs / "evaluation.md").unlink()
    pretend(docs, "label_macro_f1", -0.3)
    assert main(["--check", "--docs", str(docs)]) == 1
    assert capsys.readouterr().err.splitlines() == [
        "docs/evaluation.json is stale: run scripts/evaluate --write",
        "docs/evaluation.md is stale: run scripts/evaluate --write",
    ]


def test_a_change_within_the_slack_is_no_loss() -> None:
    for measure in MEASURES:
        worse = 1 if measure.most else -1
        assert not list(losses({measure.name: 0.5}, {measure.name: 0.5 + worse * SLACK}))
        assert not list(losses({measure.name: 0.5}, {measure.name: 0.5 - worse * 0.1}))
        assert list(losses({measure.name: 0.5}, {measure.name: 0.5 + worse * (SLACK + 0.001)}))


def test_a_measure_that_is_gone_is_a_loss() -> None:
    assert list(losses({"label_macro_f1": 0.5}, {"label_macro_f1": float("nan")}))
    assert list(losses({"label_macro_f1": 0.5}, {}))
    assert not list(losses({}, {"label_macro_f1": 0.5}))


def test_the_table_shows_the_change_since_the_numbers_were_kept(
    docs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pretend(docs, "top_fix_accuracy", 0.1)
    assert main(["--docs", str(docs)]) == 0
    table = {line.split()[0]: line for line in capsys.readouterr().out.splitlines() if line}
    assert table["top_fix_accuracy"].endswith(" -0.100")
    assert table["clean_kept_clean"].endswith(" =")


def test_the_worst_answers_are_listed_on_request(
    docs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--worst", "3", "--docs", str(docs)]) == 0
    listed = [x for x in capsys.readouterr().out.splitlines() if "words right" in x]
    assert len(listed) == 3


def test_a_file_of_ones_choice_is_scored_but_not_kept(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    gold = tmp_path / "mine.jsonl"
    gold.write_text(PRACTICE[0].read_text(encoding="utf-8").splitlines()[0], encoding="utf-8")
    assert main([str(gold)]) == 0
    assert capsys.readouterr().out.startswith("1 answers\n")
    with pytest.raises(SystemExit) as refused:
        main([str(gold), "--write"])
    assert refused.value.code == 2


@pytest.mark.parametrize(
    ("line", "told"),
    [("{", "line 1: "), ('{"id": "x"}', "line 1: no 'question'"), ("[]", "line 1")],
)
def test_a_file_in_another_format_is_named(
    line: str, told: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    gold = tmp_path / "odd.jsonl"
    gold.write_text(line, encoding="utf-8")
    assert main([str(gold)]) == 2
    assert f"{gold}: {told}" in capsys.readouterr().err


def test_the_locked_answers_are_never_opened_unasked(
    docs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    really_open = io.open

    def watch(file: Any, *arguments: Any, **named: Any) -> Any:
        opened.append(str(file))
        return really_open(file, *arguments, **named)

    monkeypatch.setattr(builtins, "open", watch)
    monkeypatch.setattr(io, "open", watch)
    assert main(["--docs", str(docs)]) == 0
    assert any(Path(name).name == "practice-a.jsonl" for name in opened)
    assert not [name for name in opened if Path(name).name.startswith("locked")]


def test_the_kept_numbers_hold_each_rule_for_the_page_of_rules(docs: Path) -> None:
    rules = numbers(docs)["rules"]
    assert set(rules) <= {rule.name for rule in RULES}
    assert all({"precision", "recall", "support"} <= set(each) for each in rules.values())


def test_the_page_names_every_measure_and_every_rule_it_measured(docs: Path) -> None:
    text = (docs / "evaluation.md").read_text(encoding="utf-8")
    assert all(f"| {measure.title} |" in text for measure in MEASURES)
    assert all(f"| `{name}` |" in text for name in numbers(docs)["rules"])


def test_a_measure_below_its_floor_stands_out() -> None:
    practice = [(answer, nothing_said(answer)) for answer in read_gold(PRACTICE[:1])]
    text = markdown(evaluate(practice, practice))
    assert "| All faults | **0.000** |" in text
    assert "| Clean stays clean | 1.000 |" in text


def nothing_said(answer: Answer) -> Judged:
    return Judged(answer.truth.segments, frozenset(), None, 3.0)


def test_published_examples_are_what_the_readme_says() -> None:
    answers = read_gold(PUBLISHED)
    labels = Counter(s.label for a in answers for s in a.truth.segments)
    assert len(answers) == len({answer.id for answer in answers}) == 60
    assert all(5 <= len(answer.truth.segments) <= 10 for answer in answers)
    assert all(set("STAR") <= {s.label for s in a.truth.segments} for a in answers)
    assert labels["L"] + labels["O"] < 0.03 * labels.total()


@pytest.mark.parametrize("path", [*PRACTICE, *PUBLISHED], ids=lambda path: path.name)
def test_gold_answers_are_sound(path: Path) -> None:
    for answer in read_gold([path]):
        truth = answer.truth
        assert {s.label for s in truth.segments} <= set(LABELS), answer.id
        assert all(s.text.split() for s in truth.segments), answer.id
        assert truth.defects <= {rule.name for rule in RULES}, answer.id
        assert truth.top_fix in truth.defects or not (truth.defects or truth.top_fix), answer.id
        assert 1 <= truth.overall <= 5, answer.id
