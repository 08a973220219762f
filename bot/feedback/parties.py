"""Who could be known from an answer: names of people and firms, people at work, and discretion."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.feedback import lexicon
from bot.feedback.model import Span
from bot.feedback.reading import Reading

TITLED = re.compile(r"\b(?:Mr|Mrs|Ms|Miss|Dr|Sister|Nurse|Father|Professor)\.? [A-Z]\w+")
# A first and a last name amid a sentence, of somebody who is "he" or "she" soon after.
FULL_NAME = re.compile(
    r"(\w+),? ([A-Z]\w+) ([A-Z][\w-]+)(?=[^.!?\n]{0,90}\b(?:he|she|his|her|him|hers)\b)"
)
ORGANISATION = lexicon.SETS["organisation"]
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
CAPITAL = re.compile(r"(\w+) (?:the )?([A-Z][a-z]{2,})")
OF_A_PLACE = lexicon.SETS["before_place"]
NO_NAMES = lexicon.SETS["no_names"]
OURS = re.compile(
    r"\b(?:our|my|the|present|current) (?:\w+ )?(?:company|firm|owners?|directors?|head|ceo|board"
    r"|boss|manager|client|supplier|plant|depot|group|school|regulator|colleague)\b"
    r"|\b(?:we're|we are)\b"
)
DISCREET = re.compile(
    r"\b(?:shan't|won't|can't|cannot|will not|shall not|rather not|better not) "
    r"(?:name|say (?:who|which|where))\b"
    r"|\b(?:no|without|changed the) names?\b|\blet's (?:call|say)\b|\bnameless\b|\banonymi[sz]ed\b"
    r"|\bi(?:'ll)? (?:leave|left) (?:the|his|her|their) names? out\b|\bdon't say which\b"
)
STOPS = ".!?\n"
FAR = 400  # characters


def sentence(text: str, span: Span, around: int = 0) -> Span:
    """The sentence that holds a span, with `around` sentences before it and after it.

    It goes no further than `FAR` characters: some people never come to a stop.
    """
    first, last = max(0, span[0] - FAR), min(len(text), span[1] + FAR)
    start, end = span[0], span[1] - 1
    for _ in range(around + 1):
        start = max(text.rfind(stop, first, max(first, start)) for stop in STOPS)
        stops = [at for stop in STOPS if (at := text.find(stop, end + 1, last)) >= 0]
        end = min(stops, default=last)
    return max(first, start + 1), end


def names(text: str, within: Span) -> Iterator[str]:
    """Names of people or firms amid a sentence, as far as capitals tell; places left out."""
    for found in CAPITAL.finditer(text, *within):
        if found[1].lower() not in OF_A_PLACE and found[2].lower() not in NO_NAMES:
            yield found[2]


def names_somebody(text: str, topic: Span) -> bool:
    """Whether a private fact has a name by it: beside a role or a verb, or a full one next door."""
    if NAME_HERE.search(text, *sentence(text, topic)):
        return True
    return any(
        found[1].lower() not in OF_A_PLACE
        and (NO_NAMES | ORGANISATION).isdisjoint({found[2].lower(), found[3].lower()})
        for found in FULL_NAME.finditer(text, *sentence(text, topic, around=1))
    )


def is_discreet(reading: Reading) -> bool:
    """Whether the speaker says that a name is kept back."""
    return DISCREET.search(reading.flat) is not None
