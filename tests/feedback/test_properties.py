"""What must hold for any text."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.feedback import Channel, QuestionType
from tests.feedback.telling import faults, tell

STORIES = [
    (
        "Last winter at the depot the scanner died on a Friday night.",
        "My job was to get forty vans out by six.",
        "I borrowed a scanner from next door, I printed the lists and I read each label out loud.",
        "All forty vans left on time.",
    ),
    (
        "Two years ago on the stroke ward a man kept pulling out his line at night.",
        "I was asked to keep him safe without sedation.",
        "I sat with him, I asked his wife for his old radio and I moved his bed by the window.",
        "He slept for six hours and the line stayed in for the rest of the week.",
    ),
    (
        "in my second year at uni our group project was two weeks behind and one lad had vanished",
        "it was on me to hand it in by the monday",
        "i rang him, split his part in three, and wrote the intro myself on the bus",
        "we got 68% and he thanked me after",
    ),
]
PIECES = st.sampled_from(
    ["I rang him", "we won", "so", "um", "like", ".", ",", "\n", "- ", "S: ", "😅", "from 9 to 4",
     "because", "’", "…", "%", "<b>", "&amp;", "my job was to", "I would", "years ago", " ", "İ"]
)  # fmt: skip
ANY_TEXT = st.one_of(st.text(max_size=300), st.lists(PIECES, max_size=60).map(" ".join))


@settings(max_examples=150, deadline=None)
@given(ANY_TEXT, st.sampled_from(list(QuestionType)), st.sampled_from(list(Channel)))
def test_the_pieces_cover_the_answer_and_every_span_lies_inside_it(
    answer: str, kind: QuestionType, channel: Channel
) -> None:
    feedback = tell(answer, kind=kind, channel=channel)
    told = "".join("".join(answer[p.start : p.end].split()) for p in feedback.pieces)
    assert told == "".join(answer.split())
    assert all(p.start < p.end for p in feedback.pieces)
    for before, after in zip(feedback.pieces, feedback.pieces[1:], strict=False):
        assert before.end <= after.start
    spans = [span for finding in feedback.findings for span in finding.spans]
    for start, end in [*spans, *([feedback.best] if feedback.best else [])]:
        assert 0 <= start < end <= len(answer)
    assert all(0 <= finding.confidence <= 1 for finding in feedback.findings)


@settings(max_examples=100, deadline=None)
@given(ANY_TEXT, st.sampled_from(list(QuestionType)))
def test_the_score_is_one_plus_its_reasons_within_its_limits(
    answer: str, kind: QuestionType
) -> None:
    feedback = tell(answer, kind=kind)
    total = 1 + sum(reason.points for reason in feedback.reasons)
    assert feedback.overall == pytest.approx(min(5, max(1, total)), abs=0.011)


@pytest.mark.parametrize("story", STORIES)
def test_a_whole_story_is_clean_and_without_its_ending_it_is_not(story: tuple[str, ...]) -> None:
    assert faults(tell(join(story))) == []
    assert "missing_result" in faults(tell(join(story[:-1])))


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(STORIES), st.integers(0, 3), st.integers(1, 4))
def test_saying_a_sentence_again_does_not_raise_the_score(
    story: tuple[str, ...], which: int, times: int
) -> None:
    whole = join(story)
    again = whole + f" {story[which].capitalize().rstrip('.')}." * times
    assert tell(again).overall <= tell(whole).overall + 1e-9


@pytest.mark.parametrize(
    "praise",
    [
        "I am amazing.",
        "Excellent outstanding brilliant fantastic.",
        "I am a passionate, dynamic, results-driven team player.",
        "It was great leadership and great teamwork.",
        "Impact, ownership, excellence, success.",
    ],
)
@pytest.mark.parametrize("story", STORIES)
def test_words_of_praise_do_not_raise_the_score(story: tuple[str, ...], praise: str) -> None:
    assert tell(join(story) + " " + praise).overall <= tell(join(story)).overall + 1e-9
    assert tell(join(story[:3]) + " " + praise).overall <= tell(join(story[:3])).overall + 1e-9


def join(story: tuple[str, ...]) -> str:
    return ". ".join(part.rstrip(".") for part in story) + "."


@pytest.mark.parametrize(
    "unit", ["a", "I rang him. ", "so I ", "um ", "((", "from 9 to ", "😅", "\n", "A.b", "1.", "''"]
)
def test_twenty_thousand_characters_are_read_to_the_end(unit: str) -> None:
    answer = unit * (20_000 // len(unit))
    feedback = tell(answer)
    told = "".join("".join(answer[p.start : p.end].split()) for p in feedback.pieces)
    assert told == "".join(answer.split())


def test_the_same_answer_gets_the_same_feedback_under_any_hash_seed() -> None:
    code = (
        "from tests.feedback.test_properties import STORIES, join\n"
        "from tests.feedback.telling import tell\n"
        "print([tell(join(story)) for story in STORIES], tell('I always handled it, um, useless'))"
    )
    outputs = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": ":".join(p for p in sys.path if p)},
            capture_output=True,
            check=True,
            text=True,
        ).stdout
        for seed in ("1", "2", "77")
    }
    assert len(outputs) == 1
