"""The words of an answer in normal form, each with its place in the original text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import accumulate
from typing import NamedTuple

from bot.feedback import lexicon

TOKEN = re.compile(
    r"(w/o(?![a-z])|w/|b4(?!\w)"
    r"|[^\W\d_]+(?:'[^\W\d_]+)*"
    r"|[£$€₹₦]?\d+(?:[.,:]\d+)*(?:%|[a-z]{1,4}(?![a-z]))?"  # 12.6% £60k 5h 7th
    r"|->|=>|→|&|%|:(?=\s))"
)
STRAIGHT = {"’": "'", "‘": "'", "`": "'", "´": "'", "–": "-", "—": "-"}
CONTRACTIONS = {"'m": "am", "'re": "are", "'ve": "have", "'ll": "will", "'d": "'d", "'s": "'s"}
SIGNS = {"&": "and", "w/": "with", "w/o": "without", "b4": "before", "%": "per cent",
         "->": "<arrow>", "=>": "<arrow>", "→": "<arrow>"}  # fmt: skip
HOMOPHONES = frozenset({"one", "id"})
WINNERS = frozenset({"i", "we", "they", "he", "she"})
AUXILIARIES = ("would", "could", "should", "did", "does", "is", "was", "were", "have", "has", "had")
SCOTS = {f"{word}nae": (word, "not") for word in AUXILIARIES}  # "wouldnae"
SCOTS |= {"cannae": ("can", "not"), "dinnae": ("do", "not"), "winnae": ("will", "not")}
NEGATED = {"can't": "can not", "won't": "will not", "shan't": "shall not", "ain't": "is not"}


class Word(NamedTuple):
    """One word in normal form; `start` and `end` index the original text."""

    text: str
    start: int
    end: int


def flatten(text: str) -> str:
    """Lower-case `text` with straight quotes, every character at its old index."""
    for curly, straight in STRAIGHT.items():
        text = text.replace(curly, straight)
    low = text.lower()
    if len(low) == len(text):
        return low
    return "".join(c.lower() if len(c.lower()) == 1 else c for c in text)


@lru_cache(maxsize=8192)
def plain(raw: str) -> tuple[str, ...]:
    """Plain spelling of one flat token: "didn't" is "did", "not"."""
    if raw in SIGNS:
        return tuple(SIGNS[raw].split())
    if raw in lexicon.SPELLING:
        return tuple(lexicon.SPELLING[raw].split())
    if "'" not in raw:
        return SCOTS.get(raw, (raw,))
    if raw in NEGATED:
        return tuple(NEGATED[raw].split())
    if raw.endswith("n't"):
        return raw[:-3], "not"
    stem, mark, tail = raw.rpartition("'")
    if mark + tail in CONTRACTIONS and stem:
        return stem, CONTRACTIONS[mark + tail]
    return (raw,)


def read(flat: str) -> list[Word]:
    """All words of a flat text, in order."""
    parts = TOKEN.split(flat)  # what stands between the tokens and the tokens, in turn
    edges = list(accumulate(map(len, parts)))
    tokens = parts[1::2]
    spelled = list(map(plain, tokens))
    if not HOMOPHONES.isdisjoint(tokens):
        _tell_homophones_apart(tokens, spelled)
    places = zip(spelled, edges[0::2], edges[1::2], strict=False)
    return [Word(text, start, end) for texts, start, end in places for text in texts]


def _tell_homophones_apart(tokens: Sequence[str], spelled: list[tuple[str, ...]]) -> None:
    """Correct in `spelled` what only the word before can tell: "we one the pitch", "my id"."""
    for at in range(1, len(tokens)):
        if tokens[at] in HOMOPHONES:
            before = spelled[at - 1][-1]
            if tokens[at] == "one" and before in WINNERS:
                spelled[at] = ("won",)  # speech-to-text
            elif tokens[at] == "id" and before in lexicon.DETERMINERS:
                spelled[at] = ("id",)
