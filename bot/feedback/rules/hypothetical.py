"""What the candidate would do, where a real event was asked for."""

from __future__ import annotations

from collections.abc import Iterator

from bot.feedback.kind import Kind, is_would
from bot.feedback.look import Look
from bot.feedback.model import Finding, QuestionType
from bot.feedback.rules.base import Case, Rule


class Hypothetical(Rule):
    """Fires when most deeds are “would”, “could” or “if”.

    Quiet on habits of the past, on lessons ("next time I would"), on reported speech and on polite
    frames ("I would say my proudest moment was").
    """

    name = "hypothetical"
    why = "They asked what you did. A plan shows what you know, not what you have done."
    source = (
        "US Office of Personnel Management, Structured Interviews: A Practical Guide (2008): "
        "past-behaviour "
        "questions ask for what the candidate actually did"
    )
    advice = "Swap “I would” for one time when you did it, however small."
    good = (
        Case(
            "I would say my proudest moment was the Leeds move. I planned it for six weeks "
            "and I ran it alone. We opened on time."
        ),
        Case(
            "Every Friday I would check the stock, and one week I found forty boxes missing. "
            "I rang the depot and they came back. Next time I would phone first."
        ),
        Case(
            "If a patient is upset I'd sit with them and I would ask what happened.",
            type=QuestionType.SITUATIONAL,
        ),
    )
    bad = (
        Case(
            "If a customer was angry I would listen to him. I would then ask my manager and "
            "I would offer a refund.",
            marks=(
                "If a customer was angry I would listen to him.",
                "I would then ask my manager",
            ),
        ),
        Case(
            "First I will call all of them. Then I will write down what they say.",
            marks=("First I will call all of them.", "Then I will write down what they say."),
        ),
    )

    def check(self, look: Look) -> Iterator[Finding]:
        """Count deeds that were only imagined."""
        if not look.behavioral or look.talk.kind is not Kind.HYPOTHETICAL:
            return
        clauses = [c.span for c in look.reading.fresh if is_would(c) or "if_frame" in c.signs]
        sure = 0.95 if look.talk.past_deeds == 0 and look.talk.would_deeds >= 2 else 0.75
        yield self.found(clauses[:2] or look.head(), sure)
