"""Too thin to judge."""

from __future__ import annotations

from collections.abc import Iterator

from bot.feedback.lexicon import is_number
from bot.feedback.look import Look
from bot.feedback.model import Finding, QuestionType
from bot.feedback.rules.base import Case, Rule

SHORTEST = {
    QuestionType.BEHAVIORAL: 40,
    QuestionType.SITUATIONAL: 31,
    QuestionType.STRATEGIC: 20,
    QuestionType.MOTIVATION: 20,
    QuestionType.LOGISTICS: 3,
}
WORD_OF_ANOTHER_THING = 31  # an answer to another question is short as long as it is brief


class TooShort(Rule):
    """Fires under about 40 words on a past event, 30 on a case, 20 on a view or motive.

    A plain question is answered in a word or two when one of them is a number.
    """

    name = "too_short"
    why = "There is too little here to score, however good it was."
    source = (
        "Practice threshold: on our practice answers faulted ones had 8-38 words, the next one 43"
    )
    advice = "Aim for 80 to 200 words: where, what was yours, three steps, how it ended."
    good = (
        Case(
            "Four weeks, from the first.",
            type=QuestionType.LOGISTICS,
            question="What is your notice period?",
        ),
        Case(
            "Four weeks.",
            type=QuestionType.LOGISTICS,
            question="What is your notice period?",
        ),
    )
    bad = (Case("fine", marks=("fine",)),)

    def check(self, look: Look) -> Iterator[Finding]:
        """Count the words against the type of question."""
        least = SHORTEST[look.reading.asked.type]
        if look.missed_question is not None:
            least = max(least, WORD_OF_ANOTHER_THING)
        plain = look.reading.asked.type is QuestionType.LOGISTICS and look.missed_question is None
        if plain and any(map(is_number, look.reading.vocabulary)):
            return  # "Four weeks."
        if look.reading.fresh_length < least:
            short = 1 - look.reading.fresh_length / least
            spans = (
                [(look.reading.fresh[0].start, look.reading.fresh[-1].end)]
                if look.reading.fresh
                else []
            )
            yield self.found(spans, 0.75 + 0.25 * short)
