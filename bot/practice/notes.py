"""What goes into a note after an interview, and which of the letters to whom.

Law 1: nothing in a note is made up. What the candidate did not tell is left out, or is a gap that
they see. Law 2: no two people get the same letter.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from bot.interview.chance import draw

MOST_WORDS_OF_THANKS = 120
MOST_WORDS_OF_CHECK_IN = 80
MOST_WORDS_IN_POINT = 35
LONGEST_POINT = 240  # characters
GAP = "___"

_TOLD = (
    r"(?:(?:s?he|they|we|i|{name}) )?(?:(?:really |also |just )?(?:said|told me|told us|mentioned"
    r"|explained|talked|spoke|asked me|asked|liked|loved|keep thinking|was thinking|remember))"
    r"(?: (?:about|that|what|you said about|it was|of))*\s+"
)
_LEAD = r"^(?:{told}|(?:about|that)\s+)"
_SMALL = re.compile(
    r"(?:the|an?|that|how|why|what|when|where|who|whether|your|their|our|her|his|s?he|they|we|it"
    r"|its|this|these|those|there|not|being|having|my|no|every|everyone|each|all|some|most|one|two"
    r"|three|working|building|keeping|getting|making)",
    re.IGNORECASE,
)
_OF_THEM = re.compile(r"\b(?:she|he|her|his|him|hers)\b", re.IGNORECASE)


def word_count(text: str) -> int:
    """How many words a note has, as anybody would count them."""
    return len(text.split())


def read_point(text: str, name: str = "") -> str | None:
    """The one thing that a person said, to stand after a colon; "" for no words, None for too many.

    "She said that the rota is the hardest part." gives "the rota is the hardest part".
    """
    flat = " ".join(text.split())
    if len(flat) > LONGEST_POINT or word_count(flat) > MOST_WORDS_IN_POINT:
        return None
    told = _TOLD.format(name=re.escape(name.casefold()) or "she")
    flat = flat.strip(" .,;:…\"“”'‘’")
    short = re.sub(_LEAD.format(told=told), "", flat, flags=re.IGNORECASE)
    flat = short or flat
    first, _, rest = flat.partition(" ")
    if _SMALL.fullmatch(first):
        flat = f"{first.lower()} {rest}".strip()
    return flat if any(map(str.isalnum, flat)) else ""


def read_role(text: str) -> str:
    """The name of a job, to stand before "role": of "the ward manager position" the middle."""
    flat = " ".join(text.split())
    short = re.sub(r"^(?:the|an?|for|as)\s+|\s+(?:role|job|position|post)$", "", flat, flags=re.I)
    return short or flat


def in_sentence(role: str) -> str:
    """The job in the middle of a sentence: "Ward manager", as phones begin a line, in small."""
    first, *others = role.split(" ")
    begins = first[:1].isupper() and first[1:].islower()
    return " ".join([first.lower(), *others]) if begins and role[1:].islower() else role


def says_of_them(point: str) -> bool:
    """Whether a point speaks of its reader as "she" or "he", where a letter says "you"."""
    return bool(_OF_THEM.search(point))


def sentence(point: str) -> str:
    """The point, or a gap in its place, as the end of a sentence."""
    point = point or GAP
    return point if point.endswith(("!", "?", "…")) else f"{point}."


def letters_for(people: Sequence[str], letters: int, seed: int) -> dict[str, int]:
    """Which of so many letters each person gets: never the same for two, as far as they go."""
    first = draw(seed, "letters") % letters
    return {person: (first + at) % letters for at, person in enumerate(people)}


def another_letter(now: int, taken: Sequence[int], letters: int) -> int:
    """The next letter that nobody else gets; the same one when all are taken."""
    turns = [(now + step) % letters for step in range(1, letters)]
    return next((letter for letter in turns if letter not in taken), now)


def within(
    most_words: int,
    write: Callable[..., str],
    facts: Mapping[str, Any],
    spare: Sequence[str],
) -> str:
    """The letter that `write` makes of the facts, without those of `spare` that it has no room for.

    They go in this order, until the letter is short enough.
    """
    left = dict(facts)
    letter = write(**left)
    for fact in spare:
        if word_count(letter) <= most_words:
            break
        left[fact] = ""
        letter = write(**left)
    return letter
