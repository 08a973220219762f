"""Judgements that a speaker passes on people: on whom, how hard, and what speaks for fairness.

A word of contempt is not enough: "donkey work" and "a dodgy lift" judge things, "she called me
lazy" is another's word, and "I was the idiot" is about oneself.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass

from bot.feedback import lexicon
from bot.feedback.between import START, between
from bot.feedback.look import apart
from bot.feedback.model import Span
from bot.feedback.reading import Reading

CLASSES = lexicon.CLASSES
TRAITS = CLASSES["bad_trait"] | CLASSES["poor_trait"] | CLASSES["bad_person"]
NAMES = ("person", "group", "others", "human", "bad_person")
PEOPLE = lexicon.SETS["people_words"].union(*(CLASSES[name] for name in NAMES))
# "A patient called me a lazy cow", "he said it was rubbish": another's words, or another thing.
REPORTED = re.compile(
    r"\b(?:call(?:ed|ing|s)|branded|labelled) (?:me|us|him|her|them|my|each)\b"
    r"|\b(?:said|says?|saying|told|telling|thought|thinks?|felt|found|complain\w*|shout\w*"
    r"|scream\w*|claim\w*|wrote)\b[^.;]{0,30}?\b(?:i|we|it|this|that|my|our)\b(?: \w+){0,3}?"
    r" (?:was|were|is|are|am)\b"
)
# "He said tests are a waste of time": an opinion of a thing, fairly told.
OPINION = re.compile(
    r"\b(?:said|says?|thought|thinks?|felt|found|reckon(?:s|ed)) (?:that )?"
    r"(?:the |an? |our |his |her )?(\w+) (?:was|were|is|are)\b"
)
NOT = r"(?:\bnot|n't|\bnever|\bhardly)"
DENIED = re.compile(NOT + r" (?:a |an |being |really |just |so |that )?\w+$")  # "was not lazy"
DENIED_BEFORE = re.compile(
    r"(?:" + NOT + r"|\bsounds?|\bseem) (?:a |an |the |that |such |so |being )?$"
)
FEW_WORDS = 4
FAR = 240  # characters from a judgement, beyond which nothing in its clause bears on it
OF_A_THING = re.compile(r"\b(?:that|it|this|which|what)(?:'s| is| was| were)\b[^,.;]*$")
OF_WHAT = re.compile(r"([a-z]+)'s (?:no|not|a|an|so|too|just|all)\b")  # "a sandbag's no use"
# "He couldn't come", "they don't know": a plain fact as often as a complaint.
PLAIN_FACT = re.compile(
    r"(?:\b(?:can|could|do|does|did|would) ?not|n't)\b"
    r"|\b(?:like (?:that|this)|what|should|could|might)\b"
)
FAIR = re.compile(
    r"\bto be fair (?:to|on)\b|\bin fairness\b|\bfair play to\b"
    r"|\bi (?:get|see|understand|understood) why\b"
    r"|\bin (?:his|her|their) (?:defence|defense|shoes|place)\b|\bnot (?:his|her|their) fault\b"
    r"|\b(?:he|she|they) had (?:a|every) (?:point|reason|right)\b"
    r"|\b(?:he|she|they) (?:was|were) (?:right|only doing)"
    r"|\bunfair of me\b|\bi was wrong (?:about|to think)\b"
)


@dataclass(frozen=True, slots=True)
class Judged:
    """What is said against others: with contempt, as a complaint, and the outcome put on them."""

    hard: tuple[Span, ...]
    mild: tuple[Span, ...]
    facts: tuple[Span, ...]
    put_on: tuple[Span, ...]
    fair: int


NOTHING = Judged((), (), (), (), 0)
AGAINST = ("blame", "grumble", "put_on")


def judged(reading: Reading) -> Judged:
    """The judgements on others in an answer."""
    signs = reading.signs
    if signs.keys().isdisjoint(AGAINST):
        return NOTHING
    hard: list[Span] = []
    mild: list[Span] = []
    facts: list[Span] = []
    for span in apart(signs.get("blame", ())):
        if not _of_no_other(reading, span):
            (hard if _on_people(reading, span) else mild).append(span)
    for span in apart(signs.get("grumble", ())):
        if not _of_no_other(reading, span) and _on_people(reading, span):
            said = reading.flat[span[0] : span[1]]
            (facts if PLAIN_FACT.search(said) else mild).append(span)
    put_on = apart(signs.get("put_on", ()))
    fair = sum(1 for _ in FAIR.finditer(reading.flat)) if hard or mild else 0
    return Judged(tuple(hard), tuple(mild), tuple(facts), put_on, fair)


def _clause_at(reading: Reading, place: int) -> int:
    """The number of the clause that holds a place; -1 for none."""
    number = bisect_right(reading.clauses, place, key=START) - 1
    return number if number >= 0 and place < reading.clauses[number].end else -1


def _on_people(reading: Reading, span: Span) -> bool:
    """Whether somebody is there to be judged, and the last "is" is said of them."""
    said = reading.flat[span[0] : span[1]]
    owner = OF_WHAT.match(said)
    if OF_A_THING.search(said) or (owner and not _is_people(owner[1])):
        return False
    at = max(0, _clause_at(reading, span[0]))
    clause = reading.clauses[at]
    words = reading.words[clause.first : clause.last]
    near = [word.text for word in between(words, span[0] - FAR, span[1] + FAR, at=START)]
    if len(words) < FEW_WORDS and at:
        near += reading.word_texts(reading.clauses[at - 1])  # "The manager is a chancer. Lazy."
    return any(map(_is_people, near))


def _is_people(word: str) -> bool:
    return word in PEOPLE or word.removesuffix("s") in PEOPLE


def _of_no_other(reading: Reading, span: Span) -> bool:
    """Whether a judgement is denied, somebody else's, or about the speaker."""
    at = _clause_at(reading, span[0])
    if at < 0:
        return False
    clause = reading.clauses[at]
    start = max(clause.start, span[0] - FAR)
    before, said = reading.flat[start : span[0]], reading.flat[start : span[1]]
    own = clause.shape.actor in {"i", "we"} and clause.shape.base == "be"
    denied = said.rsplit(None, 1)[-1] in TRAITS and DENIED.search(said)
    opinion = OPINION.search(said)
    of_a_thing = opinion and not _is_people(opinion[1])
    return own or any((denied, of_a_thing, REPORTED.search(said), DENIED_BEFORE.search(before)))
