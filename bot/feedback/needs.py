"""What a question cannot do without, and what of the speaker's life no question asks for.

“When did somebody change your mind?” needs a mind that changed, in whatever words; an answer
without a trace of it tells another story. The words that count are many: a false alarm costs more.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.feedback import lexicon
from bot.feedback.kind import Talk
from bot.feedback.reading import Clause, Reading
from bot.feedback.words import flatten

ENOUGH = 40  # words: what was asked for should have come up by now
A_LIFE = 2  # places that tell of studies, hobbies or years in the trade


def _needs() -> Iterator[tuple[re.Pattern[str], re.Pattern[str]]]:
    for entry in lexicon.load("needs.toml").values():
        gives = (" ".join(each.split()) for each in entry["gives"].split(";"))
        yield re.compile("|".join(entry["asks"])), re.compile(rf"\b(?:{'|'.join(gives)})")


NEEDS = tuple(_needs())


def lacks_what_was_asked(reading: Reading) -> bool:
    """Whether the answer has no trace of what its question cannot do without."""
    if reading.fresh_length < ENOUGH:
        return False
    question = flatten(reading.asked.text)
    return any(asks.search(question) and not gives.search(reading.flat) for asks, gives in NEEDS)


def tells_a_life(reading: Reading) -> bool:
    """Whether studies, hobbies and years in the trade are told."""
    return len(reading.signs.get("about_me", ())) >= A_LIFE


def recites(reading: Reading, talk: Talk) -> bool:
    """Whether a speaker tells what they have, know and are, with no event and hardly a person.

    A claim of character ("I always stay calm") is an answer of a kind: a rule of its own.
    """
    clauses = reading.fresh
    if max(talk.past_deeds, talk.would_deeds) > 1 or talk.events * 3 > len(clauses):
        return False
    claims = sum(not clause.signs.isdisjoint({"generic", "buzz"}) for clause in clauses)
    if claims * 3 > len(clauses) and not tells_a_life(reading):
        return False
    own = sum(_is_of_self(reading, clause) for clause in clauses)
    people = sum(clause.shape.actor == "person" for clause in clauses)
    return own * 5 >= 2 * len(clauses) and people * 4 <= len(clauses)


def _is_of_self(reading: Reading, clause: Clause) -> bool:
    """Whether a clause says what is true of the speaker now: "I have …", "my renewals are …"."""
    form = clause.shape
    if form.tense not in {"present", "perfect"} or form.verb == "mental":
        return False
    if "generic" in clause.signs:
        return False
    return form.actor == "i" or "my" in reading.texts[clause.first : form.last]
