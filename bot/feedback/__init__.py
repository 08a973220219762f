"""Text in, Feedback out: pieces, labels, findings, a score with its reasons. Pure."""

from bot.feedback.model import (
    Asked,
    Channel,
    Feedback,
    Finding,
    Label,
    Measures,
    Piece,
    QuestionType,
    Reason,
    Span,
)

__all__ = [
    "Asked",
    "Channel",
    "Feedback",
    "Finding",
    "Label",
    "Measures",
    "Piece",
    "QuestionType",
    "Reason",
    "Span",
]
