"""Labels S T A R L O for the clauses of an answer, chosen together as the best sequence."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from itertools import product
from operator import add

from bot.feedback import lexicon
from bot.feedback.clauses import Shape
from bot.feedback.kind import Kind, Talk
from bot.feedback.lattice import LABELS, PLACE_OF, Lattice, Row
from bot.feedback.model import Label, QuestionType
from bot.feedback.reading import Clause, Reading


def row(weights: Mapping[str, float]) -> Row:
    """Weights by label as one number for each of `LABELS`."""
    return tuple(weights.get(label, 0.0) for label in LABELS)


def rows(table: Mapping[str, Mapping[str, float]]) -> dict[str, Row]:
    """A table of weights by name, ready to add up."""
    return {name: row(weights) for name, weights in table.items()}


CUE_ROWS = rows(lexicon.load("cues.toml"))
SHAPES: Mapping[str, Mapping[str, float]] = lexicon.load("shapes.toml")
ORDER = lexicon.load("order.toml")
START = row(ORDER["start"])
# For each label, how readily the others lead to it: at a new sentence, and inside one.
TO_FRESH = tuple(tuple(ORDER["next"][a][b] for a in LABELS) for b in LABELS)
TO_WITHIN = tuple(tuple(ORDER["within"][a][b] for a in LABELS) for b in LABELS)
LOOSE = 0.3  # what order counts where no story is told
TO_LOOSE = tuple(tuple(LOOSE * move for move in moves) for moves in TO_FRESH)
PLACE = rows(ORDER["place"])
TYPE_ROWS = rows(ORDER["type"])
KIND_ROWS = rows(ORDER["kind"])
SIGN = rows(ORDER["sign"])
SIGNS = tuple(SIGN)
ASIDE_ROWS = rows({tense: {"O": weight} for tense, weight in ORDER["aside_in_case"].items()})
BEFORE_DEED = rows(ORDER["before_deed"])
AFTER_DEED = rows(ORDER["after_deed"])
OPENS = rows(ORDER["opens"])
LEANINGS = lexicon.leanings("leanings.toml", tuple(map(str, LABELS)))
NONE: Row = (0.0,) * len(LABELS)
OWN_DEED = "i.deed"
IDLE_VERBS = frozenset({"state", "mental", "none"})
STRONG = 1.5


@lru_cache(maxsize=2048)
def shape_weights(actor: str, verb: str, tense: str) -> tuple[float, ...]:
    """What the shape of a clause says for each label."""
    total = [0.0] * len(LABELS)
    for key in product((actor, "*"), (verb, "*"), (tense, "*")):
        for label, weight in SHAPES.get(".".join(key), {}).items():
            total[PLACE_OF[label]] += weight
    return tuple(total)


def place_of(number: int, count: int) -> str:
    """Which part of the answer clause `number` of `count` stands in."""
    if number == 0:
        return "first"
    share = (number + 0.5) / count
    return (
        "early" if share < 0.3 else "middle" if share < 0.6 else "late" if share < 0.85 else "last"
    )


def evidence(clause: Clause) -> list[Row]:
    """What the shape, cues and signs of a clause say for each label; each cue counts once."""
    form = clause.shape
    found = [shape_weights(form.actor, form.verb, form.tense)]
    found += [CUE_ROWS[cue] for cue in dict.fromkeys(hit.cue.id for hit in clause.hits)]
    if not SIGN.keys().isdisjoint(clause.signs):
        found += [SIGN[sign] for sign in SIGNS if sign in clause.signs]
    return found


def told_of(clause: Clause) -> str:
    """Who the clause is about and whether they do something: "i.deed", "thing.state"."""
    form = clause.shape
    done = form.verb not in IDLE_VERBS and form.tense in {"past", "perfect", "passive"}
    return f"{form.actor}.{'deed' if done else 'state'}"


def leanings(reading: Reading, clause: Clause) -> list[Row]:
    """What the single words of a clause say for each label; each word counts once."""
    return [
        LEANINGS[text] for text in dict.fromkeys(reading.word_texts(clause)) if text in LEANINGS
    ]


def opens(reading: Reading, clause: Clause) -> Row:
    """What the first word of a clause says for each label."""
    if clause.first >= len(reading.words):
        return NONE
    return OPENS.get(reading.words[clause.first].text, NONE)


def lattice(reading: Reading, talk: Talk) -> Lattice | None:
    """The scores and moves for the clauses of an answer; None when nothing is said."""
    clauses = reading.fresh
    if not clauses:
        return None
    kind = reading.asked.type
    bias = tuple(map(add, TYPE_ROWS.get(kind, NONE), KIND_ROWS.get(talk.kind, NONE)))
    in_case = kind is QuestionType.SITUATIONAL
    scores: list[Row] = []
    acted = False
    for number, clause in enumerate(clauses):
        told = told_of(clause)
        parts = evidence(clause) + leanings(reading, clause)
        parts.append((AFTER_DEED if acted else BEFORE_DEED).get(told, NONE))
        parts.append(opens(reading, clause))
        parts.append(PLACE.get(place_of(number, len(clauses)), NONE))
        if in_case and clause.shape.tense in ASIDE_ROWS:
            parts.append(ASIDE_ROWS[clause.shape.tense])
        parts.append(bias)
        acted = acted or told == OWN_DEED
        scores.append(tuple(map(sum, zip(*parts, strict=True))))
    ordered = kind is QuestionType.BEHAVIORAL and talk.kind is Kind.STORY
    fresh = TO_FRESH if ordered else TO_LOOSE
    moves = tuple(fresh if clause.hard or clause.loose else TO_WITHIN for clause in clauses)
    return Lattice(START if ordered else NONE, tuple(scores), moves)


def why(
    reading: Reading, clause: Clause, label: Label, before: Label | None, after: Label | None
) -> str:
    """The strongest reason for a label: a cue in the candidate's words, or the order."""
    best, words = 0.0, ""
    for hit in clause.hits:
        weight = hit.cue.weights.get(label, 0.0)
        if weight > best:
            start, end = reading.span_of(hit.first, hit.last)
            best, words = weight, reading.text[start:end]
    form: Shape = clause.shape
    weight = shape_weights(form.actor, form.verb, form.tense)[PLACE_OF[label]]
    if weight > best and form.last > form.first:
        start, end = reading.span_of(form.first, form.last)
        best, words = weight, reading.text[start:end]
    for text, start, end in reading.words[clause.first : clause.last]:
        weight = LEANINGS.get(text, NONE)[PLACE_OF[label]]
        if weight > best:
            best, words = weight, reading.text[start:end]
    if best >= STRONG / 2 and words:
        return f"cue: '{' '.join(words.split())}'"
    if before is None:
        return "order: opens the answer"
    if after is None:
        return f"order: closes the answer, after {before.name.lower()}"
    if before is after:
        return f"order: between two parts of the {before.name.lower()}"
    return f"order: between {before.name.lower()} and {after.name.lower()}"
