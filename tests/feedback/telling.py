"""Short ways for tests to ask for feedback."""

from __future__ import annotations

from bot.feedback import Asked, Channel, Feedback, QuestionType, review

PROBLEM = "Tell me about a time you solved a problem at work."
FAILURE = "Tell me about a mistake you made."
STORY_START = (
    "It was last May at a depot in Hull and the line was down. I was asked to fix it by noon. "
    "I checked the rollers one by one and I rang the supplier myself. "
)


def tell(
    answer: str,
    question: str = PROBLEM,
    kind: QuestionType = QuestionType.BEHAVIORAL,
    competency: str = "problem_solving",
    channel: Channel = Channel.TYPED,
) -> Feedback:
    """The feedback on `answer`; by default to a behavioral question."""
    return review(answer, Asked(question, kind, competency), channel)


def faults(feedback: Feedback) -> list[str]:
    """The names of the findings, first to fix first."""
    return [finding.rule for finding in feedback.findings]


def labels_of(feedback: Feedback, words: str) -> str:
    """The labels of the pieces that hold any part of `words`, in order."""
    start = feedback.answer.index(words)
    end = start + len(words)
    found = [str(p.label) for p in feedback.pieces if p.start < end and p.end > start]
    return "".join(label for at, label in enumerate(found) if not at or found[at - 1] != label)
