"""How much of what is said one could picture: the words that are not general."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import chain

from bot.feedback import lexicon
from bot.feedback.reading import Clause, Reading
from bot.feedback.topic import root, roots_of

GENERAL = frozenset(
    word for words in lexicon.load("general.toml").values() for word in words.split()
)
ENDINGS = (("s", ""), ("es", ""), ("ies", "y"), ("ing", ""), ("ing", "e"), ("ly", ""), ("ally", ""))
SHORTEST = 3  # letters


@lru_cache(maxsize=8192)
def is_general(word: str) -> bool:
    """Whether a word, in any of its forms, says nothing that one could picture."""
    if word in GENERAL or (len(word) < SHORTEST and not lexicon.is_number(word)):
        return True
    if (lexicon.past_base(word) or "") in GENERAL:
        return True
    return any(
        word.endswith(end) and word.removesuffix(end) + base in GENERAL for end, base in ENDINGS
    )


def concreteness(reading: Reading, clauses: Sequence[Clause]) -> float:
    """Share of the words of some clauses that one could picture, 0 to 1; 1 when there are none.

    Words of the question do not count: whoever repeats them has said nothing yet.
    """
    asked = roots_of(reading.asked)
    words = list(chain.from_iterable(map(reading.word_texts, clauses)))
    told = sum(not is_general(word) and root(word) not in asked for word in words)
    return told / len(words) if words else 1.0
