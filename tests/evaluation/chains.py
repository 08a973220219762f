"""Labelled answers as chains of clauses: which rows speak for each, and its true label."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass
from itertools import product

from bot.feedback import QuestionType, sequence
from bot.feedback.kind import Kind
from bot.feedback.look import look_at
from bot.feedback.reading import Clause, Reading, read_answer
from tests.evaluation.gold import Answer
from tests.evaluation.tables import LABELS


@dataclass(frozen=True, slots=True)
class Chain:
    """The clauses of one answer, in order.

    `rows` names what is added up for each clause, `fresh` whether it begins a sentence, `truth`
    the place of its label in LABELS. Order says less where no story is told: `ordered` is False.
    """

    rows: tuple[tuple[str, ...], ...]
    fresh: tuple[bool, ...]
    truth: tuple[int, ...]
    ordered: bool


def chain_of(answer: Answer, known: Container[str]) -> Chain | None:
    """An answer as a chain; None where its labels come from elsewhere than the weights."""
    look = look_at(read_answer(answer.text, answer.asked, answer.channel))
    reading = look.reading
    if look.lattice is None:
        return None
    told = [reading.asked.type is QuestionType.BEHAVIORAL, look.talk.kind is Kind.STORY]
    rows = _rows(reading, look.talk.kind)
    return Chain(
        rows=tuple(tuple(name for name in found if name in known) for found in rows),
        fresh=tuple(clause.hard or clause.loose for clause in reading.fresh),
        truth=tuple(_truths(answer, reading.fresh)),
        ordered=all(told),
    )


def _rows(reading: Reading, kind: Kind) -> Iterator[list[str]]:
    """For each clause the names of the rows that `sequence.lattice` adds up."""
    asked = reading.asked.type
    acted = False
    for number, clause in enumerate(reading.fresh):
        form = clause.shape
        told = sequence.told_of(clause)
        found = [f"shape.{'.'.join(key)}" for key in set(product(*((x, "*") for x in form[:3])))]
        found += [f"cue.{name}" for name in dict.fromkeys(hit.cue.id for hit in clause.hits)]
        found += [f"sign.{name}" for name in sorted(clause.signs)]
        found.append(f"{'after' if acted else 'before'}_deed.{told}")
        found += [f"word.{text}" for text in dict.fromkeys(reading.word_texts(clause))]
        if clause.first < len(reading.words):
            found.append(f"opens.{reading.words[clause.first].text}")
        found.append(f"place.{sequence.place_of(number, len(reading.fresh))}")
        if asked is QuestionType.SITUATIONAL:
            found.append(f"aside_in_case.{form.tense}")
        found += [f"type.{asked}", f"kind.{kind}"]
        acted = acted or told == sequence.OWN_DEED
        yield sorted(found)


def _truths(answer: Answer, clauses: Sequence[Clause]) -> Iterator[int]:
    """The label that most characters of each clause have."""
    labels = []
    for segment in answer.truth.segments:
        labels += [segment.label] * (len(segment.text) + 1)  # with the space that joins them
    for clause in clauses:
        yield LABELS.index(Counter(labels[clause.start : clause.end]).most_common(1)[0][0])
