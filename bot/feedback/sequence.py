"""Labels S T A R L O for the clauses of an answer, chosen together as the best sequence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import product
from operator import add
from typing import NamedTuple

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
START = row(ORDER["start"])
# For each label, how readily the others lead to it: at a new sentence, and inside one.
TO_FRESH = [tuple(ORDER["next"][a][b] for a in LABELS) for b in LABELS]
TO_WITHIN = [tuple(ORDER["within"][a][b] for a in LABELS) for b in LABELS]
TO_LOOSE = [tuple(0.3 * move for move in moves) for moves in TO_FRESH]  # where order says little
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
NEVER = -1e9


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


class Path(NamedTuple):
    """A label for each clause, and what they are worth together."""

    labels: tuple[Label, ...]
    worth: float


@dataclass(frozen=True)
class Lattice:
    """What each clause says for each label, and how readily each label leads to the next.

    `start` and the rows of `scores` run as `LABELS`; `moves[n][b][a]` is what the step from label
    `a` to label `b` is worth at clause `n`, the first of which has none.
    """

    start: Row
    scores: tuple[Row, ...]
    moves: tuple[Sequence[Row], ...]

    @cached_property
    def best(self) -> Path:
        """Viterbi: the labels with the highest sum of scores and moves between neighbours."""
        sums = [self._first()]
        for scores, moves in self._steps():
            sums.append(_onward(sums[-1], scores, moves))
        worth = max(sums[-1])
        path = [sums[-1].index(worth)]
        for before, moves in zip(reversed(sums[:-1]), reversed(self.moves), strict=False):
            ways = list(map(add, before, moves[path[-1]]))
            path.append(ways.index(max(ways)))
        return Path(tuple(LABELS[k] for k in reversed(path)), worth)

    def margin(self, label: Label) -> float:
        """By how much the best reading with `label` beats the best one without it, in points.

        Below 0 the answer reads better without; near 0 it is a toss-up.
        """
        if label in self.best.labels:
            return self.best.worth - self._without(label)
        return self._with(label) - self.best.worth

    def _first(self) -> list[float]:
        """What each label is worth at the first clause."""
        return list(map(add, self.scores[0], self.start))

    def _steps(self) -> Iterator[tuple[Row, Sequence[Row]]]:
        """The scores of each clause but the first, with the moves that lead to it."""
        return zip(self.scores[1:], self.moves[1:], strict=True)

    def _without(self, label: Label) -> float:
        """What the best reading without a label is worth."""
        barred = PLACE_OF[label]
        best = self._first()
        best[barred] = NEVER
        for scores, moves in self._steps():
            best = _onward(best, scores, moves)
            best[barred] = NEVER
        worth: float = max(best)
        return worth

    def _with(self, label: Label) -> float:
        """What the best reading with a label is worth."""
        wanted = PLACE_OF[label]
        unseen = self._first()
        seen = [NEVER] * len(LABELS)
        seen[wanted], unseen[wanted] = unseen[wanted], NEVER
        for scores, moves in self._steps():
            seen, unseen = _onward(seen, scores, moves), _onward(unseen, scores, moves)
            seen[wanted], unseen[wanted] = max(seen[wanted], unseen[wanted]), NEVER
        worth: float = max(seen)
        return worth


def _onward(best: Sequence[float], scores: Row, moves: Sequence[Row]) -> list[float]:
    """From the best sum for each label at one clause, that for each label at the next."""
    return list(map(add, [max(map(add, best, move)) for move in moves], scores))


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
