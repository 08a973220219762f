"""Gives away what should stay private."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.feedback.look import Look
from bot.feedback.model import Finding, Span
from bot.feedback.reading import Reading
from bot.feedback.rules.base import Case, Rule

NAMED = re.compile(r"\b(?:Mr|Mrs|Ms|Miss|Dr|Sister|Nurse)\.? [A-Z][a-z]+")
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
        "lad",
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
        "UK Information Commissioner's Office, Special category data: data about a person's health "
        "need particular protection"
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
    )

    def check(self, look: Look) -> Iterator[Finding]:
        """Look for marked secrets, then for a private fact about a person who can be known."""
        reading = look.reading
        secrets = reading.signs.get("secret", ())
        private = list(reading.signs.get("pay", ())) + self._health(reading)
        if ABOUT_PAY.search(reading.asked.text):
            private += reading.signs.get("on_pay", ())
        if secrets:
            yield self.found([*secrets, *private], 0.7 + 0.1 * len(secrets))
        elif private:
            yield self.found(private, 0.75)

    def _health(self, reading: Reading) -> list[Span]:
        health = list(reading.signs.get("health", ()))
        if not health:
            return []
        vocabulary = reading.vocabulary
        if NAMED.search(reading.text):
            return health
        if any(vocabulary[w] for w in COLLEAGUE) and not any(vocabulary[w] for w in CARED_FOR):
            return health if any(vocabulary[w] for w in ("he", "she", "his", "her")) else []
        return []
