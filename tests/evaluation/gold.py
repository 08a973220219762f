"""Answers with the truth about them, and what the rules made of the same answers."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.feedback import Asked, Channel, QuestionType, review


@dataclass(frozen=True, slots=True)
class Segment:
    """A consecutive part of an answer; `label` is one of S T A R L O."""

    label: str
    text: str


@dataclass(frozen=True, slots=True)
class Judged:
    """What someone says about an answer: a judge or the rules.

    The texts of `segments`, white space aside, are the answer; `overall` is 1 to 5.
    """

    segments: tuple[Segment, ...]
    defects: frozenset[str]
    top_fix: str | None
    overall: float


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer to one question, with the truth about it."""

    id: str
    asked: Asked
    channel: Channel
    truth: Judged

    @property
    def text(self) -> str:
        """The answer as the candidate gave it."""
        return " ".join(segment.text for segment in self.truth.segments)


def read_gold(paths: Iterable[Path]) -> list[Answer]:
    """The answers of JSON Lines files in the format of tests/gold/README.md, in order.

    Raises ValueError, naming the file and the line, for a line that is not in that format.
    """
    answers = []
    for path in paths:
        with path.open(encoding="utf-8") as lines:
            for number, line in enumerate(lines, start=1):
                if line.strip():
                    try:
                        answers.append(_answer(json.loads(line)))
                    except (KeyError, TypeError, ValueError) as error:
                        what = f"no {error}" if isinstance(error, KeyError) else str(error)
                        raise ValueError(f"{path}: line {number}: {what}") from error
    return answers


def _answer(row: dict[str, Any]) -> Answer:
    return Answer(
        id=row["id"],
        asked=Asked(row["question"], QuestionType(row["question_type"]), row["competency"]),
        channel=Channel(row["channel"]),
        truth=Judged(
            segments=tuple(Segment(each["label"], each["text"]) for each in row["segments"]),
            defects=frozenset(row["defects"]),
            top_fix=row["top_fix"],
            overall=float(row["overall"]),
        ),
    )


def ask_the_rules(answer: Answer) -> Judged:
    """What the bot's rules say about an answer."""
    feedback = review(answer.text, answer.asked, answer.channel)
    return Judged(
        segments=tuple(
            Segment(str(piece.label), feedback.answer[piece.start : piece.end])
            for piece in feedback.pieces
        ),
        defects=frozenset(finding.rule for finding in feedback.findings),
        top_fix=feedback.top_fix.rule if feedback.top_fix else None,
        overall=feedback.overall,
    )
