"""Who does what in a clause, and when: the actor, the class of the main verb, the tense."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from bot.feedback import lexicon

OPENER = lexicon.SETS["opener"]
SUBORDINATE = lexicon.SETS["subordinate"]
NOMINATIVE = frozenset({"i", "we", "he", "she", "they"})
PRONOUNS = NOMINATIVE | {"you", "it"}
PEOPLE = frozenset(
    ["he", "she", "they", "who", "everyone", "everybody", "someone", "somebody", "nobody"]
)
THINGS = frozenset(
    ["it", "this", "that", "there", "what", "which", "nothing", "everything", "something"]
)
ACTOR = {
    **dict.fromkeys(lexicon.CLASSES["person"] | PEOPLE, "person"),
    **dict.fromkeys(THINGS - PEOPLE, "thing"),
    **{word: word for word in ("i", "we", "you")},
}
MODAL = {"would": "would", "could": "could", "might": "could", "should": "should", "must": "must",
         "will": "future", "can": "present", "shall": "future"}  # fmt: skip
NO_VERB = lexicon.DETERMINERS | lexicon.NUMBERS | PRONOUNS | {"to", "got", "better", "one", "only"}
BE_PAST = frozenset({"was", "were"})
BE_NOW = frozenset({"am", "is", "are", "'s", "be", "been", "being"})
HELPING = BE_PAST | BE_NOW | MODAL.keys()
AFTER_NOUN = BE_PAST | MODAL.keys() | {"had", "is", "are", "'s", "has"}
SAYING = frozenset({"says", "said", "thinks"})
SKIP = lexicon.SETS["skipped_adverbs"]
I_DEEDS = lexicon.SETS["i_deeds"]
BEFORE_NOUN = lexicon.DETERMINERS | lexicon.SETS["before_noun"]


class Shape(NamedTuple):
    """Actor, verb class and tense of the main verb, and the words from actor to verb."""

    actor: str  # i we you person thing elided none
    verb: str  # state mental speech change weak deed none
    tense: str  # past was passive progressive perfect had_to habit present would could ... none
    base: str  # the verb itself, in its base form; may be empty
    first: int
    last: int


NOTHING = Shape("none", "none", "none", "", 0, 0)


def verb_class(base: str) -> str:
    """Class of a base verb; one that no list knows is a deed."""
    return lexicon.VERB_CLASS.get(base, "deed")


def _skip(texts: Sequence[str], at: int, last: int) -> int:
    while at < last and (texts[at] in SKIP or texts[at].endswith("ly")):
        at += 1
    return at


def _after_be(texts: Sequence[str], at: int, last: int, past: bool) -> tuple[str, str, str, int]:
    """Verb class, tense, base and end of what follows a form of "be"."""
    at = _skip(texts, at, last)
    if at >= last:
        return "state", "was" if past else "present", "be", at
    word = texts[at]
    if word == "being" and at + 1 < last:
        return _after_be(texts, at + 1, last, past)
    if word == "after" and at + 1 < last and texts[at + 1].endswith("ing"):
        kind, _, base, end = _after_be(texts, at + 1, last, past)  # "I was after telling him"
        return kind, "past", base, end
    if word.endswith("ing") and len(word) > 4:
        base = lexicon.present_base(word[:-3]) or lexicon.present_base(word[:-3] + "e") or word[:-3]
        return verb_class(base), "progressive" if past else "present", base, at + 1
    base_past = lexicon.past_base(word)
    if base_past is not None:
        return verb_class(base_past), "passive" if past else "present", base_past, at + 1
    return "state", "was" if past else "present", "be", at


def _verb(
    texts: Sequence[str], at: int, last: int, subject: str
) -> tuple[str, str, str, int] | None:
    """Class, tense, base and end of the verb that begins at `at`, None if none begins there."""
    word = texts[at]
    if word in BE_PAST:
        return _after_be(texts, at + 1, last, past=True)
    if word in BE_NOW:
        return _after_be(texts, at + 1, last, past=False)
    after = _skip(texts, at + 1, last)
    following = texts[after] if after < last else ""
    if word in {"have", "has", "had", "'d"}:
        if following == "to":
            return "state", "had_to" if word in {"had", "'d"} else "present", "have", after + 1
        if following == "been":
            return _after_be(texts, after + 1, last, past=True)
        base = lexicon.past_base(following)
        if base is not None and not (word == "'d" and following in lexicon.BASE_VERBS):
            return verb_class(base), "perfect", base, after + 1
        if word == "'d" and base is None and following and following not in NO_VERB:
            wished = lexicon.present_base(following) or following
            return verb_class(wished), "would", wished, after + 1
        return "state", "present" if word in {"have", "has"} else "was", "have", at + 1
    if word in MODAL:
        base = lexicon.present_base(following) or following
        return verb_class(base) if base else "none", MODAL[word], base, after + 1
    if word in {"did", "do", "does"} and texts[min(at + 1, last - 1)] == "not":
        base = lexicon.present_base(following) or following
        return verb_class(base), "past" if word == "did" else "present", base, after + 1
    if word == "used" and following == "to":
        return "state", "habit", "use", after + 1
    base = lexicon.past_base(word)
    if base is not None:
        if (
            base in {"start", "begin", "keep", "stop"}
            and following.endswith("ing")
            and subject in {"i", "we", "start"}
        ):
            return "deed", "past", base, after + 1
        return verb_class(base), "past", base, at + 1
    present = lexicon.present_base(word)
    if present is not None and present != word and subject in {"i", "we"}:
        return verb_class(present), "past", present, at + 1  # "so I goes to him"
    if present is not None and subject in {"i", "we", "you", "person", "start", "thing"}:
        return verb_class(present), "present", present, at + 1
    return None


def shape(
    texts: Sequence[str], first: int, last: int, before: str, commas: frozenset[int]
) -> Shape:
    """The shape of the clause of words `first` to `last`.

    `before` is the actor of the clause before (for a dropped subject); `commas` holds the words
    that follow a comma.
    """
    at = first
    subordinate = False
    while at < last and texts[at] in OPENER:
        subordinate = subordinate or texts[at] in SUBORDINATE
        at += 1
    subject, where = "start", at
    fallback = NOTHING
    while at < last:
        word = texts[at]
        if word == ":":  # a heading: "me: pulled the logs"
            speaker = at > first and texts[at - 1] in {"me", "i"}
            subject, where = ("i" if speaker else "start"), at
            at += 1
            continue
        new = _subject(texts, at, last)
        if new:
            subject, where = new, at
            at += 1
            continue
        found = None
        noun = at > first and texts[at - 1] in BEFORE_NOUN and word not in {"had", "'s", "'d"}
        if not noun:
            past = lexicon.past_base(word) is not None
            loose = subject in {"start", "noun"} and not past and at != where
            if (subject != "noun" or past or word in AFTER_NOUN) and (not loose or word in HELPING):
                found = _verb(texts, at, last, subject)
        if found is not None:
            kind, tense, base, end = found
            actor = {"start": "elided", "noun": "thing"}.get(subject, subject)
            if actor == "elided" and at != where:
                actor = "thing"
            if actor == "i" and base in I_DEEDS:
                kind = "deed"  # "I cut the list" is done, "costs were cut" comes of it
            spoken = texts[end] if actor == "elided" and word in SAYING and end < last else ""
            if spoken in NOMINATIVE:  # "says I, we'll do it by hand"
                actor, tense, end = ACTOR[spoken], "past", end + 1
            if actor == "elided" and tense == "past" and _is_done_to(texts, base, end, last):
                tense = "passive"
            if actor == "elided" and tense in {"past", "present"}:
                actor = before if before in {"i", "we"} and tense == "past" else "elided"
            result = Shape(actor, kind, tense, base, where, min(end, last))
            comma = _main_clause(texts, end, last, commas) if subordinate else None
            if comma is not None and comma < last - 1:
                fallback, subordinate = result, False
                at, subject, where = comma, "start", comma
                continue
            return result
        if subject == "start" and word not in SKIP:
            subject = "start" if word.endswith("ly") else "noun"
        at += 1
    return fallback


def _is_done_to(texts: Sequence[str], base: str, at: int, last: int) -> bool:
    """Whether a verb without a subject is suffered: "asked to sort it", "shut by the council"."""
    after = texts[at] if at < last else ""
    return after == "by" or (after == "to" and base in {"ask", "tell", "send", "bring", "call"})


def _main_clause(texts: Sequence[str], at: int, last: int, commas: frozenset[int]) -> int | None:
    """Where the main clause begins after "if I ever did that": at a comma or at "I would"."""
    for k in range(at, last - 1):
        modal = texts[k + 1] in MODAL or texts[k + 1] == "'d"
        if k in commas or (texts[k] in PRONOUNS and modal):
            return k
    return None


def _subject(texts: Sequence[str], at: int, last: int) -> str:
    """The kind of actor that the word at `at` can be, or nothing."""
    word = texts[at]
    after = texts[at + 1] if at + 1 < last else ""
    if word == "that" and after in NOMINATIVE:
        return ""
    if word in {"me", "myself"} and after in {"and", "with"}:
        return "i"
    return ACTOR.get(word, "")
