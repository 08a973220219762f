"""Does an answer speak to its question: shared words, signs of the competency, facts asked for."""

from __future__ import annotations

import re
from difflib import get_close_matches
from functools import lru_cache

from bot.feedback import lexicon
from bot.feedback.facts import answers_logistics
from bot.feedback.kind import Talk, own_past
from bot.feedback.model import Asked, QuestionType, Span
from bot.feedback.needs import lacks_what_was_asked, recites, tells_a_life
from bot.feedback.reading import Clause, Reading
from bot.feedback.words import flatten, read

_DATA: dict[str, dict[str, str]] = lexicon.load("competencies.toml")
SMALL = frozenset(_DATA["small"]["words"].split())
ALIAS = _DATA["alias"]
SIGNALS = {name: frozenset(e["signals"].split()) for name, e in _DATA.items() if "signals" in e}
COMPETENCIES = tuple(SIGNALS)
CLOSE = 0.75
CALL_BACK = 45  # words: a reply that asks for the question again is short
HABITS = ("always", "usually", "normally", "try", "tend")
ROOT = 5
FAULT_ASKED = re.compile(
    r"fail|mistake|wrong|weak|regret|work on|improve on|criticis|badly|closed|fell short|fall short"
    r"|feedback (?:that )?you|(?:didn't|did not|not) go|need (?:\w+ )?to get better|better at\?"
    r"|struggle with|development (?:area|need)|disappoint|misjudge|rather forget|not proud"
    r"|complaint about you|learn(?:ed|t) the hard way|let (?:\w+ ){1,3}down",
    re.IGNORECASE,
)


@lru_cache(maxsize=512)
def nearest(competency: str) -> str:
    """The one of `COMPETENCIES` that a name means; empty when none comes near."""
    name = "_".join(flatten(competency).replace("-", " ").replace("_", " ").split())
    if name in SIGNALS:
        return name
    close = get_close_matches(name, [*COMPETENCIES, *ALIAS], n=1, cutoff=CLOSE)
    return ALIAS.get(close[0], close[0]) if close else ""


def asks_for_a_fault(asked: Asked) -> bool:
    """Whether a question is about a failure or a weakness."""
    return nearest(asked.competency) == "failure" or FAULT_ASKED.search(asked.text) is not None


def root(word: str) -> str:
    """The part of a word that its forms share."""
    return word[:ROOT]


@lru_cache(maxsize=512)
def roots_of(asked: Asked) -> frozenset[str]:
    """Roots of the content words of a question."""
    words = {word.text for word in read(flatten(asked.text))}
    return frozenset(root(w) for w in words if w not in SMALL and len(w) > 2)


def shared_with_question(reading: Reading) -> int:
    """How many content words the answer shares with its question."""
    return len({root(w) for w in reading.vocabulary if len(w) > 2} & roots_of(reading.asked))


def signals_in(reading: Reading) -> int:
    """How many different words show the competency; 1 when we do not know the competency."""
    signals = {root(signal) for signal in SIGNALS.get(nearest(reading.asked.competency), ())}
    if not signals:
        return 1
    return len({root(word) for word in reading.vocabulary if len(word) > 2} & signals)


MOTIVE = re.compile(
    r"\byou\b(?! like| know)|\byour|because|\bwant|enjoy|\blove|interest|looking for|leav|fed up"
    r"|appeal|attract|excit|need|contract|money|\b(?:better|your|these|the) hours|\bhere\b|time for"
)
ASKS_MOTIVE = re.compile(
    r"\bwhy\b|draws|makes you|appeal|attract|know about|interest|leav|looking for"
)
ALL_ABOUT_ME = 3  # clauses of the own past and words like "my" that make a tale of oneself
MY_LIFE = 6  # of the same; nothing of the question is left
MUCH_IN_COMMON = 5  # words shared with the question or shown of the competency
MUCH_ELSE = 40  # words: an answer that should have touched the question by now
A_LOT_ELSE = 60
A_TALE = 30
A_REMARK = 10
A_WORD_OR_TWO = 20  # too few words to tell a motive by
INVERTED = lexicon.SETS["inverted"]
PRIDE = frozenset({"proud", "proudest", "award", "won", "favourite", "favorite", "nicest", "best"})
MISHAP = lexicon.SETS["mishap"]
OPINION_OF = frozenset({"it", "that", "the", "this", "they", "my", "our", "we"})
FAILING = frozenset({"own_share", "dodge", "excuse", "fake_weakness", "blame", "grumble"})
RITUALS = frozenset({"o_ritual", "o_greeting"})
BEFORE_ASKING = frozenset({"sorry", "wait", "so", "ok", "okay", "and", "hi", "pardon", "well"})
WISHES = frozenset({"like", "love", "prefer", "enjoy"})  # "I'd like to do more of that"
REMARKS = frozenset({"mention", "add", "say", "admit", "confess", "stress", "point"})
VIEWS = frozenset({"would", "should", "could", "future", "must"})


def _all_of_oneself(reading: Reading) -> bool:
    """Whether half of the clauses or more say what the speaker did, does or is."""
    own = sum(
        clause.shape.actor == "i"
        and (clause.shape.verb != "mental" or clause.shape.base in WISHES)
        and clause.shape.tense not in VIEWS
        for clause in reading.fresh
    )
    return own * 2 >= len(reading.fresh)


def answers_view(reading: Reading) -> bool:
    """Whether a question about a view or a motive gets one, and no tale of the speaker's own."""
    common = shared_with_question(reading) + signals_in(reading)
    if reading.asked.type is not QuestionType.MOTIVATION:
        plans = sum(is_plan(clause) for clause in reading.fresh)
        about_me = own_past(reading) + sum(reading.vocabulary[word] for word in ("my", "mine"))
        if about_me >= MY_LIFE and not plans and common < MUCH_IN_COMMON:
            return False
        if not plans and not common and _all_of_oneself(reading):
            return False
        return plans > 1 or about_me < ALL_ABOUT_ME or common > 2
    if tells_a_life(reading) and not common and "you" not in reading.vocabulary:
        return False
    if ASKS_MOTIVE.search(flatten(reading.asked.text)) is None:
        return common > 0 or reading.fresh_length < A_LOT_ELSE
    if reading.fresh_length < A_WORD_OR_TWO:
        return True
    about_self = any(clause.shape.actor in {"i", "elided"} for clause in reading.fresh)
    said = " ".join(word.text for word in reading.words)
    motive = MOTIVE.search(said) is not None or shared_with_question(reading) > 1
    reason = common > 0 or "because" in reading.vocabulary or reading.fresh_length < MUCH_ELSE
    return about_self and motive and reason


def is_plan(clause: Clause) -> bool:
    """Whether a clause says what should be done."""
    return clause.shape.tense in VIEWS and clause.shape.verb not in {"state", "mental", "none"}


def missed_question(reading: Reading, talk: Talk) -> tuple[tuple[Span, ...], float] | None:
    """The words that show another question is answered and how sure we are, or None."""
    if not reading.clauses:
        return None
    head = (reading.clauses[0].span,)
    again = reading.signs.get("again", ())
    if reading.fresh_length < CALL_BACK and talk.past_deeds < 2:
        if again and not talk.past_deeds:
            return again, 0.9
        if _asks_back(reading):
            return head, 0.8
    if reading.asked.type is QuestionType.SITUATIONAL:
        return _missed_case(reading, head)
    if {"fake_weakness", "dodge"} & reading.signs.keys():
        return None  # a weakness waved away is that, and no other question's answer
    if reading.asked.type is QuestionType.BEHAVIORAL:
        return (head, 0.7) if _other_subject(reading, talk) else None
    if reading.asked.type is QuestionType.LOGISTICS:
        missed = reading.fresh_length >= 8 and not answers_logistics(reading)
        return (head, 0.8) if missed else None
    missed = reading.fresh_length >= 12 and not answers_view(reading)
    return (head, 0.7) if missed else None


def _asks_back(reading: Reading) -> bool:
    """Whether the reply is a question of the candidate's own; dates may be offered as one."""
    begun = [word.text for word in reading.words[:3] if word.text not in BEFORE_ASKING]
    first = begun[0] if begun else ""
    plain = reading.asked.type is QuestionType.LOGISTICS
    return not plain and first in INVERTED and "?" in reading.flat


def _missed_case(reading: Reading, head: tuple[Span, ...]) -> tuple[tuple[Span, ...], float] | None:
    """A hypothetical case that is waved away, or answered with the speaker's own past."""
    plans = [clause for clause in reading.fresh if clause.shape.tense in VIEWS]
    deeds = [plan for plan in plans if is_plan(plan)]
    if "cannot" in reading.signs and not deeds:
        return reading.signs["cannot"], 0.75
    if reading.fresh_length < 25:
        return None
    steps = sum(_is_step(reading, clause) for clause in reading.fresh)
    return (head, 0.65) if steps == 0 or (not plans and own_past(reading) >= 2) else None


def _is_step(reading: Reading, clause: Clause) -> bool:
    """Whether a clause says what somebody would do, plainly or as an order ("ring the ward")."""
    form = clause.shape
    if form.actor not in {"i", "we", "you", "elided"}:
        return False
    if any(hit.cue.id in RITUALS for hit in clause.hits):
        return False  # "thank you for the question"
    if form.tense in VIEWS:
        if form.base in WISHES or (form.base in REMARKS and form.tense in {"should", "must"}):
            return False  # "I should mention that I know R"
        beyond = reading.words[form.last].text if form.last < clause.last else ""
        return not ("polite" in clause.signs and beyond in OPINION_OF)  # "I'd say it's the best"
    doing = form.tense == "present" and form.verb not in {"state", "mental", "none"}
    return doing and "generic" not in clause.signs  # "I always do my best" is no step


def _speaks_of_failure(reading: Reading) -> bool:
    """Whether a fault, a lesson or an excuse is in the answer, in whatever words."""
    told = FAILING & reading.signs.keys()
    return (
        bool(told)
        or not MISHAP.isdisjoint(reading.vocabulary)
        or any(
            _went_wrong(reading, clause)
            or any(hit.cue.id.startswith(("l_", "r_failure")) for hit in clause.hits)
            for clause in reading.fresh
        )
    )


def _went_wrong(reading: Reading, clause: Clause) -> bool:
    """Whether something did not happen: "it wasn't renewed", "the client did not sign"."""
    form = clause.shape
    if form.actor in {"i", "elided", "none"} or form.tense not in {"past", "was", "passive"}:
        return False
    return any(word.text == "not" for word in reading.words[form.first : form.last + 1])


def _other_subject(reading: Reading, talk: Talk) -> bool:
    """Whether an answer with hardly an event shares nothing with the question or its competency."""
    excused = {"dodge", "cannot", "if_frame"} & reading.signs.keys()
    if excused or reading.fresh_length < A_REMARK:
        return False
    strange = shared_with_question(reading) + signals_in(reading) == 0
    if strange and recites(reading, talk):
        return True
    if reading.fresh_length < A_TALE - 5:
        return False
    proud = not PRIDE.isdisjoint(reading.vocabulary) or talk.general + talk.now > 0
    failing = nearest(reading.asked.competency) == "failure"
    if failing and proud and not _speaks_of_failure(reading):
        return reading.fresh_length >= A_TALE and shared_with_question(reading) == 0
    if failing and strange and not _speaks_of_failure(reading):
        return True
    if strange and lacks_what_was_asked(reading):
        return True
    if strange and tells_a_life(reading):
        return True
    if talk.past_deeds > 2:
        return False
    habits = [reading.flat[start:end] for start, end in reading.signs.get("generic", ())]
    own_now = sum(c.shape.actor == "i" and c.shape.tense == "present" for c in reading.fresh)
    present = sum(clause.shape.tense in {"present", "perfect"} for clause in reading.fresh)
    return (
        present * 2 > len(reading.fresh)
        and talk.events * 3 <= len(reading.fresh)
        and own_now < 2
        and strange
        and not any(habit in said for said in habits for habit in HABITS)
        and not any(said.startswith(("you ", "as a ", "we ")) for said in habits)
    )
