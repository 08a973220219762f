"""Answers by the file."""

from __future__ import annotations

import json

import pytest

from bot.feedback.batch import review_lines


def test_each_line_comes_back_with_its_id_and_all_of_its_answer() -> None:
    answer = "In May the till broke.\nI ran to the bank and I wrote receipts 😅 by hand."
    lines = [json.dumps({"id": "x1", "answer": answer, "question": "Q?"}), "", "  "]
    [row] = [json.loads(line) for line in review_lines(lines)]
    assert row["id"] == "x1"
    assert set(row) == {"id", "segments", "defects", "top_fix", "overall"}
    joined = "".join("".join(part["text"].split()) for part in row["segments"])
    assert joined == "".join(answer.split())
    assert row["top_fix"] == row["defects"][0]
    assert 1 <= row["overall"] <= 5


def test_a_line_may_leave_out_all_but_the_answer() -> None:
    [row] = [json.loads(line) for line in review_lines(['{"answer": "fine", "question": null}'])]
    assert row["id"] == 1
    assert row["overall"] == 1.0


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("{broken", "line 2: not JSON"),
        ("[1, 2]", "line 2: not a JSON object"),
        ('{"id": 1}', "line 2: “answer” must be a text"),
        ('{"answer": 5}', "line 2: “answer” must be a text"),
        ('{"answer": "x", "channel": "telepathy"}', "line 2: “channel” is “telepathy”"),
        ('{"answer": "x", "question_type": "odd"}', "line 2: “question_type” is “odd”"),
    ],
)
def test_a_broken_line_is_named(line: str, complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        list(review_lines(['{"answer": "fine"}', line]))
