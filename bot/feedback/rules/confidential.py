"""Gives away what should stay private."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from bot.feedback import lexicon
from bot.feedback.look import Look
from bot.feedback.model import Finding, Span
from bot.feedback.parties import OURS, TITLED, is_discreet, names, names_somebody, sentence
from bot.feedback.reading import Reading
from bot.feedback.rules.base import Case, Rule

# What one says of oneself or one's own family is one's own to tell.
OWN_FAMILY = re.compile(
    r"\bmy (?:own |late |grand)?(?:father|mother|mum|mam|mom|dad|wife|husband|partner|son|daughter"
    r"|sister|brother|nan|gran|aunt|uncle|cousin|child|kid|girl|boy)"
)
OWN_FACT = re.compile(r"\bmy (?:own )?(?:\w+ )?$")
OWN_PAY = re.compile(r"(?:i'm|i|my)\b")
OWN_BEFORE = re.compile(r"\b(?:i|i'm|my (?:own )?(?:salary|pay|wages?|package|rate|bonus)) $")
ABOUT_PAY = re.compile(r"salary|pay|package|expect", re.IGNORECASE)
PERSONAL = frozenset({"he", "she", "his", "her", "him", "he'd", "she'd", "he's", "she's"})
CORPORATE = lexicon.CLASSES["corporate"]
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
NEAR = 120  # characters
THEIRS = re.compile(rf"\b(?:{'|'.join(sorted(COLLEAGUE))})s?\b")
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
    """Fires on a marked secret about somebody, and on the health or pay of a person at work.

    Quiet on size without a name ("a large retailer"), on a patient who cannot be known, and where
    the speaker keeps a name back.
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
        Case(
            "A family firm in a town I shan't name had takings that would not stand at a tribunal. "
            "Priya in our data team drew a map and she and I compared until they settled."
        ),
        Case(
            "A patient had diabetes, so I asked Saint Marys hospital for a bed. A colleague put "
            "the plan on the tablets and I rang her son. She was home in a week."
        ),
        Case(
            "Our team was behind with the bank reconciliation. I matched 400 lines, and my salary "
            "was raised to 40 thousand. Nobody knows the ledger better now."
        ),
        Case("Lovely lamb they have there, I'm not supposed to say. I fixed the chiller by six."),
        Case(
            "There were only three of us on the desk in May and I had never heard of it before. I "
            "only knew about it because 40 people rang. I wrote a notice and the calls stopped."
        ),
        Case(
            "In May I sent the wrong price list to our biggest customer. I rang before they had "
            "read it and we kept the order."
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
        Case(
            "I worked with Derek Holroyd, who owed the baker, which even his wife does not know. I "
            "lent him forty pounds and I drove him in. He was on time for a month.",
            marks=("wife does not know",),
        ),
    )

    def check(self, look: Look) -> Iterator[Finding]:
        """Look for marked secrets with a party or a content, then for a traceable private fact."""
        reading = look.reading
        signs = reading.signs
        secrets, hushed = signs.get("secret", ()), signs.get("hush", ())
        topics = _of_others(reading, signs.get("private", ()) + signs.get("health", ()))
        private = [*_not_mine(reading, signs.get("pay", ())), *_traceable(reading, topics)]
        if ABOUT_PAY.search(reading.asked.text):
            private += signs.get("on_pay", ())
        marked = len(secrets) > 1 or topics or private
        told = [span for span in secrets if marked or _is_about(reading, span)]
        if told:
            yield self.found([*told, *hushed, *private], 0.7 + 0.1 * len(told))
        elif is_discreet(reading):
            return
        elif hushed and (topics or private or any(map(reading.tells_size, hushed))):
            yield self.found([*hushed, *topics, *private], 0.75)
        elif private:
            yield self.found(private, 0.75)


def _is_about(reading: Reading, span: Span) -> bool:
    """Whether a party or a fact stands by the words that mark a secret."""
    here = sentence(reading.text, span)
    if OURS.search(reading.flat, *here) or any(map(_is_fact, reading.flat[slice(*here)].split())):
        return True
    return any(names(reading.text, sentence(reading.text, span, around=1)))


def _is_fact(word: str) -> bool:
    """Whether a word is a figure or something that a company does in secret."""
    return word[0].isdigit() or word in CORPORATE


def _not_mine(reading: Reading, spans: Iterable[Span]) -> Iterator[Span]:
    """What is said of pay, the speaker's own left out: "I'm on 31", "my salary was 40"."""
    for start, end in spans:
        before = reading.flat[max(0, start - NEAR) : start]
        if not (OWN_PAY.match(reading.flat, start, end) or OWN_BEFORE.search(before)):
            yield start, end


def _traceable(reading: Reading, topics: tuple[Span, ...]) -> tuple[Span, ...]:
    """The private facts, when a listener could tell whom they are about."""
    if not topics:
        return ()
    if TITLED.search(reading.text) or "known" in reading.signs:
        return topics
    named = tuple(topic for topic in topics if names_somebody(reading.text, topic))
    if named:
        return named
    if any(reading.vocabulary[word] for word in CARED_FOR):
        return ()
    return tuple(topic for topic in topics if _of_a_colleague(reading, topic))


def _of_a_colleague(reading: Reading, topic: Span) -> bool:
    """Whether a private fact stands close to a colleague and speaks of a person."""
    start, end = sentence(reading.text, topic)
    said = reading.flat[start:end].split()
    before = reading.flat[max(0, topic[0] - NEAR) : topic[1]]
    return THEIRS.search(before) is not None and not (PERSONAL | COLLEAGUE).isdisjoint(said)


def _is_own(flat: str, topic: Span) -> bool:
    """Whether a private fact is the speaker's: "my depression", but not "my teammate was ill"."""
    whose = flat[slice(*topic)].split()[0] in lexicon.CLASSES["person"] | COLLEAGUE
    return not whose and OWN_FACT.search(flat, max(0, topic[0] - 20), topic[0]) is not None


def _of_others(reading: Reading, topics: tuple[Span, ...]) -> tuple[Span, ...]:
    """The private facts, those about the speaker and the speaker's family left out."""
    if not topics:
        return ()
    mine = [
        clause.span
        for clause in reading.clauses
        if OWN_FAMILY.search(reading.flat, clause.start, clause.end)
        or (clause.shape.actor == "i" and clause.shape.verb == "state")
    ]
    return tuple(
        topic
        for topic in topics
        if not any(start <= topic[0] < end for start, end in mine)
        and not _is_own(reading.flat, topic)
        and "in confidence" not in reading.flat[slice(*topic)]
    )
