"""Gives away what should stay private."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.feedback.look import Look
from bot.feedback.model import Finding, Span
from bot.feedback.reading import Reading
from bot.feedback.rules.base import Case, Rule

NAMED = re.compile(r"\b(?:Mr|Mrs|Ms|Miss|Dr|Sister|Nurse|Father|Professor)\.? [A-Z][a-z]+")
# Without a title a name is one only beside a role or a verb, and counts in its own sentence.
NAME_HERE = re.compile(
    r"\b(?:colleague|teammate|manager|boss|lead|supervisor|partner|assistant|nurse|teacher|pupil"
    r"|student|patient|resident|client|customer|director|deputy|apprentice|trainee|head|friend"
    r"|neighbour|named|called|team)s?(?:,| is| was| named| called)? [A-Z][a-z]+"
    r"|\b[A-Z][a-z]+ (?:from|in|on) (?:accounts|sales|finance|reception|marketing|HR|IT)\b"
    r"|, [A-Z][a-z]+, (?:is|was|has|had|who|whose)\b"
    r"|\b(?:he|she|it) (?:is|was) [A-Z][a-z]+ [A-Z][a-z]+"
    r"|\b[A-Z][a-z]+ [A-Z][a-z]+(?=,? (?:was|is|had|has|who|he|she|got)\b)"
)
STOP = re.compile(r"[.!?\n]")
# What one says of oneself or one's own family is one's own to tell.
OWN_FAMILY = re.compile(
    r"\bmy (?:own |late |grand)?(?:father|mother|mum|mam|mom|dad|wife|husband|partner|son|daughter"
    r"|sister|brother|nan|gran|aunt|uncle|cousin|child|kid|girl|boy)"
)
ABOUT_PAY = re.compile(r"salary|pay|package|expect", re.IGNORECASE)
COLLEAGUE = frozenset(
    [
        "colleague",
        "teammate",
        "manager",
        "boss",
        "team",
        "supervisor",
        "coworker",
        "apprentice",
        "staff",
        "employee",
        "member",
    ]
)
CARED_FOR = frozenset(
    [
        "patient",
        "patients",
        "mum",
        "kid",
        "caller",
        "resident",
        "residents",
        "client",
        "clients",
        "pupil",
        "student",
        "ward",
        "gentleman",
        "lady",
    ]
)


class Confidential(Rule):
    """Fires on a secret marked as one, and on a named person's or a colleague's health or pay.

    Quiet on size without a name ("a large retailer") and on a patient who cannot be known.
    """

    name = "confidential"
    why = "If you tell us theirs, you will tell others ours."
    source = (
        "UK GDPR, Article 9: data about a person's health are a special category; their own "
        "consent or another ground is needed to pass them on"
    )
    advice = "Use a size for a name (“a large retailer”) and leave the private fact out."
    good = (
        Case(
            "On respiratory nights a gentleman in his seventies had a clot. I rang the "
            "doctor and he was scanned in ten minutes."
        ),
        Case(
            "A large retailer wanted lower prices in May. I priced three options and they "
            "signed for two years."
        ),
        Case(
            "He told me something in confidence, so I did not pass it on. I asked for another "
            "shift for him and he got it."
        ),
        Case("My father needed driving to dialysis, so I rang my manager and we moved my start."),
    )
    bad = (
        Case(
            "Mrs Kaur's biopsy was positive, so I sat with her and I rang her son. She thanked me.",
            marks=("biopsy",),
        ),
        Case(
            "Between us, we are about to be sold and it has not been announced. So I asked "
            "for a new role.",
            marks=(
                "Between us",
                "we are about to be sold",
                "has not been announced",
            ),
        ),
        Case(
            "My teammate Aoife was on a final warning, so I drove her in each morning for a month.",
            marks=("teammate Aoife was on a final warning",),
        ),
    )

    def check(self, look: Look) -> Iterator[Finding]:
        """Look for marked secrets, then for a private fact about a person who can be known."""
        reading = look.reading
        signs = reading.signs
        secrets, hushed = signs.get("secret", ()), signs.get("hush", ())
        topics = _of_others(reading, signs.get("private", ()) + signs.get("health", ()))
        private = [*signs.get("pay", ()), *self._traceable(reading, topics)]
        if ABOUT_PAY.search(reading.asked.text):
            private += signs.get("on_pay", ())
        if secrets:
            yield self.found([*secrets, *hushed, *private], 0.7 + 0.1 * len(secrets))
        elif hushed and (topics or private or any(map(reading.tells_size, hushed))):
            yield self.found([*hushed, *topics, *private], 0.75)
        elif private:
            yield self.found(private, 0.75)

    def _traceable(self, reading: Reading, topics: tuple[Span, ...]) -> tuple[Span, ...]:
        """The private facts, when a listener could tell whom they are about."""
        if not topics:
            return ()
        if NAMED.search(reading.text) or "known" in reading.signs:
            return topics
        named = tuple(topic for topic in topics if _names_somebody(reading.text, topic))
        if named:
            return named
        vocabulary = reading.vocabulary
        at_work = any(vocabulary[w] for w in COLLEAGUE)
        cared_for = any(vocabulary[w] for w in CARED_FOR)
        third = any(vocabulary[w] for w in ("he", "she", "his", "her"))
        return topics if at_work and third and not cared_for else ()


def _of_others(reading: Reading, topics: tuple[Span, ...]) -> tuple[Span, ...]:
    """The private facts, those about the speaker and the speaker's family left out."""
    mine = [
        clause.span
        for clause in reading.clauses
        if OWN_FAMILY.search(reading.flat, clause.start, clause.end)
        or (clause.shape.actor == "i" and clause.shape.verb == "state")
    ]
    return tuple(
        topic for topic in topics if not any(start <= topic[0] < end for start, end in mine)
    )


def _names_somebody(text: str, topic: Span) -> bool:
    """Whether the sentence with a private fact gives a name."""
    before = [stop.end() for stop in STOP.finditer(text, 0, topic[0])]
    after = STOP.search(text, topic[1])
    start, end = before[-1] if before else 0, after.start() if after else len(text)
    return NAME_HERE.search(text, start, end) is not None
