"""Speaks badly of people, or puts the fault on them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.feedback import lexicon
from bot.feedback.look import Look, apart
from bot.feedback.model import Finding, Span
from bot.feedback.reading import Reading
from bot.feedback.rules.base import Case, Rule

TRAITS = (
    lexicon.CLASSES["bad_trait"] | lexicon.CLASSES["poor_trait"] | lexicon.CLASSES["bad_person"]
)
GRUMBLE = 0.4  # a complaint that may be a fact weighs less than contempt
EXCUSED = 2  # judgements at most that an own share makes up for
# "A patient called me a lazy cow", "he said it was rubbish": another's words, or another thing.
REPORTED = re.compile(
    r"\b(?:call(?:ed|ing|s)|branded|labelled) (?:me|us|him|her|them|my|each)\b"
    r"|\b(?:said|says?|saying|told|telling|thought|thinks?|felt|found|complain\w*|shout\w*|scream\w*|claim\w*"
    r"|wrote)\b[^.;]{0,30}?\b(?:i|we|it|this|that|my|our)\b(?: \w+){0,3}? (?:was|were|is|are|am)\b"
)
NOT = r"(?:\bnot|n't|\bnever|\bhardly)"
DENIED = re.compile(NOT + r" (?:a |an |being |really |just |so |that )?\w+$")  # "was not lazy"
DENIED_BEFORE = re.compile(
    r"(?:" + NOT + r"|\bsounds?|\bseem) (?:a |an |the |that |such |so |being )?$"
)


class BlamesOthers(Rule):
    """Fires on a judgement of a person or group when no own share is named.

    Quiet on facts ("the supplier sent the wrong part") and when the candidate owns a part.
    """

    name = "blames_others"
    why = "The listener pictures you speaking of them like that next year."
    source = (
        "CareerBuilder survey of 2,700 hiring managers (2010): 52 % named speaking badly of a "
        "current or former employer among the common interview mistakes"
    )
    advice = "Keep the fact, drop the judgement: “we saw it differently”, then your step."
    good = (
        Case(
            "My boss was off sick and the supplier sent the wrong part, so I rang two others "
            "and I drove to get it. The line ran by noon."
        ),
        Case(
            "Our plan was late and the other team was useless at replies, but it was partly "
            "my fault, I hadn't read the contract. I rang them and we agreed new dates."
        ),
        Case(
            "A patient called me a lazy cow in May. I sat down beside him and asked what hurt. He "
            "took his tablets."
        ),
        Case(
            "I thought that the new lad was lazy, and he was not lazy at all: he had two jobs. I "
            "moved his start to ten and he was never late again."
        ),
    )
    bad = (
        Case(
            "The project failed last year. Honestly my boss never listened and the other "
            "team was lazy and clueless. So it went wrong and we lost the client.",
            marks=(
                "boss never listened",
                "other team was lazy and clueless",
            ),
        ),
        Case(
            "The rota broke in May. The man they sent us was full of himself and he never did "
            "a day's work in his life. I redid it by Friday.",
            marks=("full of himself", "never did a day's work"),
        ),
    )

    def check(self, look: Look) -> Iterator[Finding]:
        """Find judgements and weigh them against an own share."""
        blame = self._meant(look.reading, "blame")
        grumbles = self._meant(look.reading, "grumble")
        weight = len(blame) + GRUMBLE * len(grumbles)
        if weight >= 1 and weight > min(EXCUSED, len(look.own_share)):
            sure = 0.55 if not blame else 0.7 if weight < 2 else 0.9
            yield self.found(blame or grumbles, sure)

    def _meant(self, reading: Reading, sign: str) -> tuple[Span, ...]:
        """The judgements that the speaker passes on others: not on themselves, not reported."""
        return apart(
            span for span in reading.signs.get(sign, ()) if not _of_no_other(reading, span)
        )


def _of_no_other(reading: Reading, span: Span) -> bool:
    """Whether a judgement is denied, somebody else's, or about the speaker."""
    clause = next((c for c in reading.clauses if c.start <= span[0] < c.end), None)
    if clause is None:
        return False
    before, said = reading.flat[clause.start : span[0]], reading.flat[clause.start : span[1]]
    own = clause.shape.actor in {"i", "we"} and clause.shape.base == "be"
    denied = said.rsplit(None, 1)[-1] in TRAITS and DENIED.search(said)
    return own or any((denied, REPORTED.search(said), DENIED_BEFORE.search(before)))
