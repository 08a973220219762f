"""What changes to an answer may and may not change in its feedback."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.feedback import Asked, Channel, Feedback, QuestionType, review
from tests.feedback.telling import faults, tell
from tests.feedback.test_properties import STORIES, join

PRACTICE = sorted((Path(__file__).parents[1] / "gold").glob("practice-*.jsonl"))
PUNCTUATION = re.compile(r'[.,;:!?"()…]')
MOST_CHANGED = 0.08  # share of the words
STORY_TYPES = {"behavioral", "situational"}
PRAISE = st.lists(
    st.sampled_from(
        ["I am amazing", "outstanding excellence", "great leadership", "world-class impact",
         "a results-driven team player", "passionate and dynamic", "excellent success",
         "brilliant ownership", "innovative synergy"]
    ),
    min_size=1,
    max_size=5,
)  # fmt: skip
BOILERPLATE = st.lists(
    st.sampled_from(
        ["Thank you for the question.", "I hope that answers it.", "Good question.",
         "I am a hard worker.", "Communication is key.", "I always do my best.",
         "Teamwork is very important to me.", "I am a fast learner."]
    ),
    min_size=1,
    max_size=4,
)  # fmt: skip
BLOCKS = st.one_of(
    PRAISE.map(lambda said: ", ".join(said) + "."), BOILERPLATE.map(lambda said: " ".join(said))
)
ENDINGS = (
    "All forty vans left on time.",
    "The queue fell from forty minutes to twelve.",
    "They renewed for two years.",
    "It has not come back since.",
    "We lost the client anyway.",
    "Nobody was hurt and the line ran by noon.",
)
NOISE = ("😅", "😭🙏", "<b>", "</p>", "&amp;", "<br/>", "🎉🎉")


def stories() -> Iterator[dict[str, Any]]:
    """All practice answers that tell a story."""
    for path in PRACTICE:
        rows = map(json.loads, path.read_text("utf-8").splitlines())
        yield from (row for row in rows if row["question_type"] in STORY_TYPES)


def word_labels(answer: str, feedback: Feedback) -> list[str]:
    """The label of each word of an answer."""
    found = []
    for word in re.finditer(r"\S+", answer):
        middle = (word.start() + word.end()) // 2
        found += [str(p.label) for p in feedback.pieces if p.start <= middle < p.end][:1]
    return found


def without_marks(answer: str) -> str:
    """The same words in lower case and without punctuation."""
    return " ".join(PUNCTUATION.sub("", word).lower() or "x" for word in answer.split())


def test_few_labels_change_when_capitals_and_punctuation_are_taken_away() -> None:
    changed = words = 0
    for row in stories():
        answer = " ".join(" ".join(part["text"] for part in row["segments"]).split())
        asked = Asked(row["question"], QuestionType(row["question_type"]), row["competency"])
        before = word_labels(answer, review(answer, asked))
        after = word_labels(without_marks(answer), review(without_marks(answer), asked))
        assert len(before) == len(after)
        words += len(before)
        changed += sum(a != b for a, b in zip(before, after, strict=True))
    assert changed <= MOST_CHANGED * words


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize("story", STORIES)
def test_the_ending_taken_out_is_missed_and_put_back_it_is_not(
    story: tuple[str, ...], ending: str
) -> None:
    whole = join((*story[:-1], ending))
    assert "missing_result" not in faults(tell(whole))
    assert "missing_result" in faults(tell(whole.removesuffix(ending).rstrip()))


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(STORIES), st.sampled_from(list(QuestionType)), st.lists(BLOCKS, max_size=3))
def test_no_kind_of_question_pays_for_boilerplate_praise_or_repetition(
    story: tuple[str, ...], kind: QuestionType, said: list[str]
) -> None:
    whole = join(story)
    padded = " ".join([whole, *said, story[0]])
    assert tell(padded, kind=kind).overall <= tell(whole, kind=kind).overall + 1e-9


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(STORIES), PRAISE)
def test_praise_in_any_order_does_not_raise_the_score(
    story: tuple[str, ...], praise: list[str]
) -> None:
    whole = join(story)
    assert tell(whole + " " + ", ".join(praise) + ".").overall <= tell(whole).overall + 1e-9


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(STORIES), BOILERPLATE)
def test_boilerplate_does_not_raise_the_score(story: tuple[str, ...], said: list[str]) -> None:
    whole = join(story)
    assert tell(whole + " " + " ".join(said)).overall <= tell(whole).overall + 1e-9


@pytest.mark.parametrize("story", STORIES)
@pytest.mark.parametrize("noise", NOISE)
def test_emoji_and_markup_at_the_end_change_no_fault(story: tuple[str, ...], noise: str) -> None:
    assert faults(tell(join(story) + " " + noise)) == faults(tell(join(story)))


def test_every_quote_of_a_fault_is_short_and_opens_and_ends_on_a_word() -> None:
    feedback = tell(
        "At the clinic the queue was long in March, and my boss was a clown. I moved the desk "
        "and I split the line. And so in the end things were much better and everyone was happy."
    )
    quotes = [feedback.quote(span) for finding in feedback.findings for span in finding.spans]
    assert quotes
    for quote in quotes:
        assert len(quote.split()) <= 12
        assert quote[0].isalnum()
        assert quote[-1].isalnum()
        assert quote.split()[0].lower() not in {"and", "so"}


def test_two_processes_say_the_same_of_every_kind_of_answer() -> None:
    code = (
        "from bot.feedback import QuestionType\n"
        "from tests.feedback.telling import tell\n"
        "from tests.feedback.test_properties import STORIES, join\n"
        "print([tell(join(s), kind=k) for s in STORIES for k in QuestionType])"
    )
    told = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": ":".join(p for p in sys.path if p)},
            capture_output=True,
            check=True,
            text=True,
        ).stdout
        for seed in ("0", "5")
    }
    assert len(told) == 1


def test_a_transcript_and_its_typed_twin_get_the_same_parts() -> None:
    typed = tell(join(STORIES[0]))
    spoken = tell(without_marks(join(STORIES[0])), channel=Channel.VOICE)
    assert {piece.label for piece in typed.pieces} == {piece.label for piece in spoken.pieces}
