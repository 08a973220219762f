"""Labels S T A R L O for the clauses of an answer, chosen together as the best sequence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import product
from operator import add

from bot.feedback import lexicon
from bot.feedback.clauses import Shape
from bot.feedback.kind import Kind, Talk
from bot.feedback.model import Label, QuestionType
from bot.feedback.reading import Clause, Reading

LABELS = tuple(Label)
PLACE_OF: dict[str, int] = {label: place for place, label in enumerate(LABELS)}
Row = tuple[float, ...]  # one number for each of LABELS


def row(weights: Mapping[str, float]) -> Row:
    """Weights by label as one number for each of `LABELS`."""
    return tuple(weights.get(label, 0.0) for label in LABELS)


def rows(table: Mapping[str, Mapping[str, float]]) -> dict[str, Row]:
    """A table of weights by name, ready to add up."""
    return {name: row(weights) for name, weights in table.items()}


CUE_ROWS = rows(lexicon.load("cues.toml"))
SHAPES: Mapping[str, Mapping[str, float]] = lexicon.load("shapes.toml")
ORDER = lexicon.load("order.toml")
START = [ORDER["start"][label] for label in LABELS]
# For each label, how readily the others lead to it: at a new sentence, and inside one.
TO_FRESH = [[ORDER["next"][a][b] for a in LABELS] for b in LABELS]
TO_WITHIN = [[ORDER["within"][a][b] for a in LABELS] for b in LABELS]
TO_LOOSE = [[0.3 * move for move in moves] for moves in TO_FRESH]  # where order says little
PLACE = rows(ORDER["place"])
TYPE: Mapping[str, Mapping[str, float]] = ORDER["type"]
KIND: Mapping[str, Mapping[str, float]] = ORDER["kind"]
SIGN = rows(ORDER["sign"])
ASIDE: Mapping[str, float] = ORDER["aside_in_case"]
BEFORE_DEED = rows(ORDER["before_deed"])
AFTER_DEED = rows(ORDER["after_deed"])
OPENS = rows(ORDER["opens"])
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


def evidence(clause: Clause) -> list[float]:
    """What the shape, cues and signs of a clause say for each label; each cue counts once."""
    total = list(shape_weights(clause.shape.actor, clause.shape.verb, clause.shape.tense))
    seen: set[str] = set()
    for hit in clause.hits:
        if hit.cue.id not in seen:
            seen.add(hit.cue.id)
            total = list(map(add, total, CUE_ROWS[hit.cue.id]))
    for sign in clause.signs & SIGN.keys():
        total = list(map(add, total, SIGN[sign]))
    return total


def told_of(clause: Clause) -> str:
    """Who the clause is about and whether they do something: "i.deed", "thing.state"."""
    form = clause.shape
    done = form.verb not in IDLE_VERBS and form.tense in {"past", "perfect", "passive"}
    return f"{form.actor}.{'deed' if done else 'state'}"


def opens(reading: Reading, clause: Clause) -> Row:
    """What the first word of a clause says for each label."""
    if clause.first >= len(reading.words):
        return NONE
    return OPENS.get(reading.words[clause.first].text, NONE)


def label_clauses(reading: Reading, talk: Talk) -> list[Label]:
    """The best sequence of labels, one for each clause."""
    clauses = reading.fresh
    if not clauses:
        return []
    bias = [0.0] * len(LABELS)
    for table in (TYPE.get(reading.asked.type, {}), KIND.get(talk.kind, {})):
        for label, weight in table.items():
            bias[PLACE_OF[label]] += weight
    scores: list[list[float]] = []
    acted = False
    for number, clause in enumerate(clauses):
        total = evidence(clause)
        told = told_of(clause)
        sides = (AFTER_DEED if acted else BEFORE_DEED).get(told, NONE)
        acted = acted or told == OWN_DEED
        if reading.asked.type is QuestionType.SITUATIONAL:
            total[PLACE_OF[Label.OTHER]] += ASIDE.get(clause.shape.tense, 0.0)
        place = PLACE[place_of(number, len(clauses))]
        for extra in (sides, opens(reading, clause), place, bias):
            total = list(map(add, total, extra))
        scores.append(total)
    story = reading.asked.type is QuestionType.BEHAVIORAL and talk.kind is Kind.STORY
    return best_path(scores, [clause.hard or clause.loose for clause in clauses], ordered=story)


def best_path(
    scores: Sequence[Sequence[float]], hard: Sequence[bool], *, ordered: bool
) -> list[Label]:
    """Viterbi: the labels with the highest sum of scores and moves between neighbours."""
    size = range(len(LABELS))
    best = [scores[0][k] + (START[k] if ordered else 0.0) for k in size]
    back: list[list[int]] = []
    for row, fresh in zip(scores[1:], hard[1:], strict=True):
        moves = (TO_FRESH if ordered else TO_LOOSE) if fresh else TO_WITHIN
        came: list[int] = []
        new: list[float] = []
        for k in size:
            sums = list(map(add, best, moves[k]))
            top = max(sums)
            came.append(sums.index(top))
            new.append(top + row[k])
        best = new
        back.append(came)
    at = max(size, key=best.__getitem__)
    path = [at]
    for came in reversed(back):
        at = came[at]
        path.append(at)
    return [LABELS[k] for k in reversed(path)]


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
    if best >= STRONG / 2 and words:
        return f"cue: '{' '.join(words.split())}'"
    if before is None:
        return "order: opens the answer"
    if after is None:
        return f"order: closes the answer, after {before.name.lower()}"
    if before is after:
        return f"order: between two parts of the {before.name.lower()}"
    return f"order: between {before.name.lower()} and {after.name.lower()}"
