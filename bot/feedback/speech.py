"""Fillers and hedges: which words carry nothing, and how often an answer leans on them."""

from __future__ import annotations

from collections.abc import Sequence

from bot.feedback import lexicon

LIKE_BEFORE = lexicon.SETS["like_before"]
KNOW_BEFORE = frozenset(
    ["do", "did", "not", "if", "as", "let", "'ll", "will", "until", "before", "to", "already"]
)
KNOW_AFTER = frozenset(["what", "how", "your", "where", "who", "whether", "the"])
MEAN_AFTER = frozenset(["business", "it", "that", "to"])
ALWAYS_FILLER = lexicon.FILLERS
BASICALLY = frozenset({"basically", "literally", "obviously"})
FILLER_FIRST = ALWAYS_FILLER | BASICALLY | {"like", "you", "i"}
HEDGE_ONE = frozenset(
    [
        "maybe",
        "perhaps",
        "possibly",
        "conceivably",
        "arguably",
        "probably",
        "hopefully",
        "presumably",
        "somewhat",
        "supposedly",
        "kinda",
        "sorta",
    ]
)
HEDGE_TWO = frozenset(
    tuple(pair.split())
    for pair in (
        "i guess",
        "i suppose",
        "kind of",
        "sort of",
        "i think",
        "not sure",
        "a bit",
        "might be",
        "might have",
        "i believe",
        "or something",
        "not really",
        "or whatever",
        "a little",
        "i hope",
        "i feel",
    )
)
HEDGE_FOUR = frozenset({("i", "do", "not", "know"), ("i", "am", "not", "sure")})
HEDGE_FIRST = HEDGE_ONE | {phrase[0] for phrase in HEDGE_TWO}
NOUN_BEFORE_OF = lexicon.SETS["noun_before_of"]


def filler_places(texts: Sequence[str]) -> list[int]:
    """Places of words that are fillers: "um", and "like" or "you know" where they mean nothing."""
    places: list[int] = []
    for at, text in enumerate(texts):
        if text not in FILLER_FIRST:
            continue
        before = texts[at - 1] if at else ""
        after = texts[at + 1] if at + 1 < len(texts) else ""
        if text in ALWAYS_FILLER or text in BASICALLY:
            places.append(at)
        elif text == "like":
            if _like_is_filler(before, after):
                places.append(at)
        elif text == "you" and after == "know":
            beyond = texts[at + 2] if at + 2 < len(texts) else ""
            if before not in KNOW_BEFORE and beyond not in KNOW_AFTER:
                places += [at, at + 1]
        elif text == "i" and after == "mean":
            beyond = texts[at + 2] if at + 2 < len(texts) else ""
            if beyond not in MEAN_AFTER and before not in {"do", "what", "did"}:
                places += [at, at + 1]
    return places


def _like_is_filler(before: str, after: str) -> bool:
    if before in ALWAYS_FILLER or after in ALWAYS_FILLER or before == "like" or after == "like":
        return True
    if before in {"'d", "would"}:
        return after not in {"to", "a", "the", "you", "that", "it", "this", "them", "some", "more"}
    if before in {"was", "is", "'s", "were", "are"}:
        return after in {"i", "you", "it", "we", "oh", "well", "what", "okay"}
    return before not in LIKE_BEFORE


def hedge_places(texts: Sequence[str]) -> list[tuple[int, int]]:
    """Word ranges of hedges: wording that takes back what it says."""
    found: list[tuple[int, int]] = []
    end = 0
    for at, text in enumerate(texts):
        if at >= end and text in HEDGE_FIRST and (length := _hedge_at(texts, at)):
            end = at + length
            found.append((at, end))
    return found


def _hedge_at(texts: Sequence[str], at: int) -> int:
    text = texts[at]
    if tuple(texts[at : at + 4]) in HEDGE_FOUR:
        return 4
    pair = tuple(texts[at : at + 2])
    if pair in HEDGE_TWO:
        before = texts[at - 1] if at else ""
        after = texts[at + 2] if at + 2 < len(texts) else ""
        if pair[1] == "of" and before in NOUN_BEFORE_OF:
            return 0
        if pair in {("a", "bit"), ("a", "little")} and after in {
            "of",
            "more",
            "girl",
            "boy",
            "later",
            "over",
        }:
            return 0
        if pair == ("i", "think") and after in {"that", "the", "it"} and before in {"do", "what"}:
            return 0
        return 2
    if text in HEDGE_ONE:
        after = texts[at + 1] if at + 1 < len(texts) else ""
        return 0 if text in {"maybe", "perhaps", "probably"} and lexicon.is_number(after) else 1
    return 0
