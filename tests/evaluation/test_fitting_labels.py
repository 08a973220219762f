"""The fit of the weights behind the labels: what it learns, and what it leaves alone."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.evaluation import crf, fitting
from tests.evaluation.chains import Chain, chain_of
from tests.evaluation.fitting import DATA, TRAPS
from tests.evaluation.gold import read_gold
from tests.evaluation.tables import BY_HAND, LABELS, read_weights, write_weights

SITUATION, RESULT = LABELS.index("S"), LABELS.index("R")
MOVES = [f"{table}.{label}" for table in ("next", "within") for label in LABELS]
NAMES = ("start", "cue.a", "cue.b", "cue.idle", "kind.story", *MOVES)
NOTHING = {name: (0.0,) * len(LABELS) for name in NAMES}


def told(*rows: tuple[tuple[str, ...], int]) -> Chain:
    """An answer of clauses, each with what speaks for it and its true label."""
    cues, truth = zip(*rows, strict=True)
    return Chain(rows=cues, fresh=(True,) * len(rows), truth=truth, ordered=True)


def test_a_cue_comes_to_speak_for_the_label_that_it_goes_with() -> None:
    chains = [
        told((("cue.a", "kind.story"), SITUATION), (("cue.b", "kind.story"), RESULT)),
        told((("cue.b", "kind.story"), RESULT), (("cue.a", "kind.story"), SITUATION)),
    ] * 20
    weights = crf.fit(chains, NOTHING)
    assert max(weights["cue.a"]) == weights["cue.a"][SITUATION] > 0
    assert max(weights["cue.b"]) == weights["cue.b"][RESULT] > 0
    assert weights["cue.idle"] == NOTHING["cue.idle"]
    assert weights["kind.story"] == NOTHING["kind.story"]  # set by hand


def test_the_same_answers_give_the_same_weights() -> None:
    before = read_weights(DATA)
    chains = [chain for answer in read_gold([TRAPS]) if (chain := chain_of(answer, before))]
    once = crf.fit(chains, before)
    assert once == crf.fit(chains, before)
    by_hand = [name for name in before if name.startswith(BY_HAND)]
    assert by_hand
    assert all(once[name] == before[name] for name in by_hand)


def test_a_bare_answer_keeps_its_words_and_their_labels() -> None:
    answer = read_gold([TRAPS])[0]
    bare = fitting.bare(answer)
    assert (
        bare.text
        == "i joined in 2015 12 of us in 3 offices i moved the desk and i rang each client"
    )
    assert [each.label for each in bare.truth.segments] == ["S", "A"]


def test_a_word_leans_once_several_writers_use_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fitting, "MANY", 4)
    monkeypatch.setattr(fitting, "SEVERAL", 2)
    answers = read_gold([TRAPS])[:3]
    assert fitting.common({"one": answers * 2}) == []
    assert "the" in fitting.common({"one": answers, "two": answers})
    assert not any(map(str.isdigit, "".join(fitting.common({"one": answers, "two": answers}))))


def test_weights_are_written_where_they_were_read_and_nothing_else_changes(tmp_path: Path) -> None:
    files = ("cues.toml", "shapes.toml", "order.toml", "leanings.toml")
    for name in files:
        shutil.copy(DATA / name, tmp_path / name)
    weights = read_weights(DATA)
    write_weights(tmp_path, weights)
    assert read_weights(tmp_path) == weights
    for name in files:
        assert (tmp_path / name).read_text("utf-8") == (DATA / name).read_text("utf-8")
