"""Word classes and verb forms, loaded once from data/words.toml and data/classes.toml."""

from __future__ import annotations

import tomllib
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

DATA = Path(__file__).with_name("data")


@cache
def load(name: str) -> dict[str, Any]:
    """One data file of this room, as TOML."""
    return tomllib.loads((DATA / name).read_text("utf-8"))


def leanings(name: str, labels: tuple[str, ...]) -> dict[str, tuple[float, ...]]:
    """Words with what each says for every label, from a data file of labels, weights and words."""
    found: dict[str, dict[str, float]] = {}
    for label, groups in load(name).items():
        for weight, words in groups.items():
            for word in words.split():
                found.setdefault(word, {})[label] = float(weight)
    return {word: tuple(row.get(label, 0.0) for label in labels) for word, row in found.items()}


_DATA = load("words.toml")
SETS = {name: frozenset(words.split()) for name, words in _DATA["sets"].items()}
SPELLING: dict[str, str] = _DATA["spelling"]
FILLERS = frozenset(_DATA["drop"]["fillers"].split())
ADVERBS = frozenset(_DATA["drop"]["adverbs"].split())
BASE: dict[str, str] = {
    past: base for base, forms in _DATA["irregular"].items() for past in forms.split()
}
VERB_CLASS: dict[str, str] = {
    verb: name for name, verbs in _DATA["verbs"].items() if name != "base" for verb in verbs.split()
}
BASE_VERBS = frozenset(
    verb for verbs in _DATA["verbs"].values() for verb in verbs.split()
) | frozenset(_DATA["irregular"])
CLASSES: dict[str, frozenset[str]] = {
    name: frozenset(words.split()) for name, words in load("classes.toml").items()
}
DETERMINERS = CLASSES["their"]
NUMBERS = CLASSES["number"]
# Words in -ed that are no past tense of a verb.
NOT_PAST = SETS["not_past"]
NOT_THIRD = SETS["not_third"]


@lru_cache(maxsize=8192)
def past_base(word: str) -> str | None:
    """Base form of a past-tense verb, None for any other word."""
    if word in BASE:
        return BASE[word]
    if len(word) < 4 or not word.endswith("ed") or word in NOT_PAST:
        return None
    stem = word[:-2]
    for guess in (stem, word[:-1], stem[:-1], stem[:-1] + "y"):
        if guess in BASE_VERBS:
            return guess
    return stem


@lru_cache(maxsize=8192)
def present_base(word: str) -> str | None:
    """Base form of a verb in the present ("rings"), None if no list knows the word as a verb."""
    if word in BASE_VERBS:
        return word
    if word.endswith("s") and word not in NOT_THIRD:
        for guess in (word[:-1], word[:-2], word[:-3] + "y"):
            if guess in BASE_VERBS:
                return guess
    return None


@lru_cache(maxsize=8192)
def is_number(word: str) -> bool:
    """Whether the word is a count, in digits or spelled."""
    return word in NUMBERS or any(c.isdigit() for c in word)


@lru_cache(maxsize=8192)
def is_year(word: str) -> bool:
    """Whether the word is a year of a working life."""
    return len(word) == 4 and word.isdigit() and 1950 <= int(word) <= 2049


@lru_cache(maxsize=8192)
def symbols(word: str) -> tuple[str, ...]:
    """The word itself and each class that it belongs to, as cues name them."""
    found = [word]
    found += [f"<{name}>" for name, words in CLASSES.items() if word in words]
    if is_year(word):
        found.append("<year>")
    elif is_number(word):
        found.append("<num>")
    base = past_base(word)
    if base is not None:
        found.append("<past>")
        found.append(f"<{VERB_CLASS.get(base, 'deed')}>")
    elif (base := present_base(word)) is not None:
        found.append("<verb>")
    if word.endswith("ing") and len(word) > 5:
        found.append("<ing>")
    return tuple(found)
