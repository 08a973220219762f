"""The words of an answer in normal form, each with its place in the original text."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from bot.feedback import lexicon

TOKEN = re.compile(
    r"w/o(?![a-z])|w/|b4(?!\w)"
    r"|[^\W\d_]+(?:'[^\W\d_]+)*"
    r"|[£$€₹₦]?\d+(?:[.,:]\d+)*(?:%|[a-z]{1,4}(?![a-z]))?"  # 12.6% £60k 5h 7th
    r"|->|=>|→|&|%|:(?=\s)"
)
SAME_LENGTH = str.maketrans({"’": "'", "‘": "'", "`": "'", "´": "'", "–": "-", "—": "-"})
CONTRACTIONS = {"'m": "am", "'re": "are", "'ve": "have", "'ll": "will", "'d": "'d", "'s": "'s"}
SIGNS = {"&": "and", "w/": "with", "w/o": "without", "b4": "before", "%": "per cent",
         "->": "<arrow>", "=>": "<arrow>", "→": "<arrow>"}  # fmt: skip
WINNERS = frozenset({"i", "we", "they", "he", "she"})
NEGATED = {"can't": "can not", "won't": "will not", "shan't": "shall not", "ain't": "is not"}


class Word(NamedTuple):
    """One word in normal form; `start` and `end` index the original text."""

    text: str
    start: int
    end: int


def flatten(text: str) -> str:
    """Lower-case `text` with straight quotes, every character at its old index."""
    text = text.translate(SAME_LENGTH)
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
        return (raw,)
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
    words: list[Word] = []
    before = ""
    for found in TOKEN.finditer(flat):
        start, end = found.span()
        parts = plain(found.group())
        if len(parts) == 1:
            before = parts[0]
            if before == "one" and words and words[-1].text in WINNERS:
                before = "won"  # speech-to-text: "we one the pitch"
            words.append(Word(before, start, end))
            continue
        if before in lexicon.DETERMINERS and found.group() == "id":
            parts = ("id",)
        words += [Word(part, start, end) for part in parts]
        before = parts[-1]
    return words
