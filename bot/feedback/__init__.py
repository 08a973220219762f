"""Text in, Feedback out: pieces, labels, findings, a score with its reasons. Pure."""

from __future__ import annotations

from bot.feedback.model import (
    Asked,
    Channel,
    Criterion,
    Feedback,
    Finding,
    Label,
    Measures,
    Piece,
    QuestionType,
    Reason,
    Reply,
    Span,
)
from bot.feedback.review import review
from bot.feedback.rubric import CENTRAL, RUBRIC
from bot.feedback.rules import RULES
from bot.feedback.topic import COMPETENCIES

__all__ = [
    "CENTRAL",
    "COMPETENCIES",
    "RUBRIC",
    "RULES",
    "Asked",
    "Channel",
    "Criterion",
    "Feedback",
    "Finding",
    "Label",
    "Measures",
    "Piece",
    "QuestionType",
    "Reason",
    "Reply",
    "Span",
    "review",
]
