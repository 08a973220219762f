"""The answer does not reply to the question."""

from __future__ import annotations

from collections.abc import Iterator

from bot.feedback import topic
from bot.feedback.kind import is_would
from bot.feedback.look import Look
from bot.feedback.model import Finding, QuestionType
from bot.feedback.rules.base import Case, Rule

HABITS = ("always", "usually", "normally", "try", "tend")


class OffTopic(Rule):
    """Fires when neither the question's words nor its competency show anywhere.

    Both must be absent: the same thing said in other words is on topic.
    """

    name = "off_topic"
    why = "A good story about something else scores as no answer."
    source = (
        "US Office of Personnel Management, Structured Interviews: A Practical Guide (2008): an "
        "answer is rated on the competency that the question asks for"
    )
    advice = "Start with words from the question: “A time I … was …”."
    good = (
        Case(
            "I can start in four weeks.",
            type=QuestionType.LOGISTICS,
            question="When could you start?",
            competency="motivation",
        ),
    )
    bad = (
        Case(
            "Sorry, can you repeat the question? You broke up a bit there.",
            marks=(
                "repeat the question",
                "broke up",
            ),
        ),
    )

    def check(self, look: Look) -> Iterator[Finding]:
        """Look for the question, then for its competency."""
        reading = look.reading
        if "again" in reading.signs and reading.fresh_length < 45 and not look.talk.past_deeds:
            yield self.found(reading.signs["again"], 0.9)
        elif reading.asked.type in {QuestionType.STRATEGIC, QuestionType.MOTIVATION}:
            if reading.fresh_length >= 12 and not topic.answers_view(reading):
                yield self.found(look.head(), 0.7)
        elif reading.asked.type is QuestionType.SITUATIONAL:
            if "cannot" in reading.signs and not any(
                is_would(c) for c in reading.fresh if c.shape.verb in {"deed", "speech"}
            ):
                yield self.found(reading.signs["cannot"], 0.75)
        elif reading.asked.type is QuestionType.LOGISTICS:
            if reading.fresh_length >= 8 and not topic.answers_logistics(reading):
                yield self.found(look.head(), 0.8)
        elif look.behavioral and reading.fresh_length >= 25 and look.talk.past_deeds <= 2:
            present = sum(c.shape.tense in {"present", "perfect"} for c in reading.fresh)
            unrelated = topic.shared_with_question(reading) + topic.signals_in(reading) == 0
            if unrelated and present * 2 > len(reading.fresh) and not _replies(look):
                yield self.found(look.head(), 0.7)


def _replies(look: Look) -> bool:
    """Whether the answer gives habits, or says that there is nothing to tell."""
    signs = look.reading.signs
    habits = [look.reading.flat[start:end] for start, end in signs.get("generic", ())]
    own_habit = any(habit in said for said in habits for habit in HABITS)
    return own_habit or "dodge" in signs or "cannot" in signs
