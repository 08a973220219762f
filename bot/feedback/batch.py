"""Reviewing a file of answers: JSON lines in, JSON lines out."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from bot.feedback.model import Asked, Channel, Feedback, QuestionType
from bot.feedback.review import review


def review_lines(lines: Iterable[str]) -> Iterator[str]:
    """One JSON object for each line with `answer`; blank lines are passed over.

    Each line may hold `id`, `question`, `question_type`, `competency` and `channel`; what is
    missing is taken for a typed answer to a behavioral question. Raises ValueError, naming the
    line, when a line is not a JSON object or a field has a value that we do not know.
    """
    for number, line in enumerate(lines, start=1):
        if line.strip():
            row = _row(number, line)
            yield json.dumps(_told(row, number, _review(number, row)), ensure_ascii=False)


def _row(number: int, line: str) -> dict[str, Any]:
    try:
        row = json.loads(line)
    except json.JSONDecodeError as error:
        raise ValueError(f"line {number}: not JSON: {error.msg} at column {error.colno}") from error
    if not isinstance(row, dict):
        raise ValueError(f"line {number}: not a JSON object")
    return row


def _text(number: int, row: dict[str, Any], field: str, default: str | None) -> str:
    value = row.get(field, default)
    if value is None and default is not None:
        value = default
    if not isinstance(value, str):
        raise ValueError(f"line {number}: “{field}” must be a text")
    return value


def _review(number: int, row: dict[str, Any]) -> Feedback:
    answer = _text(number, row, "answer", None)
    kind = _text(number, row, "question_type", QuestionType.BEHAVIORAL)
    channel = _text(number, row, "channel", Channel.TYPED)
    if kind not in set(QuestionType):
        raise ValueError(
            f"line {number}: “question_type” is “{kind}”, not one of {', '.join(QuestionType)}"
        )
    if channel not in set(Channel):
        raise ValueError(
            f"line {number}: “channel” is “{channel}”, not one of {', '.join(Channel)}"
        )
    asked = Asked(
        _text(number, row, "question", ""), QuestionType(kind), _text(number, row, "competency", "")
    )
    return review(answer, asked, Channel(channel))


def _told(row: dict[str, Any], number: int, feedback: Feedback) -> dict[str, Any]:
    top = feedback.top_fix
    return {
        "id": row.get("id", number),
        "segments": [
            {"label": str(p.label), "text": feedback.answer[p.start : p.end]}
            for p in feedback.pieces
        ],
        "defects": [finding.rule for finding in feedback.findings],
        "top_fix": top.rule if top else None,
        "overall": feedback.overall,
    }
