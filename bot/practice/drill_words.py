"""The words of the drills: kinds of drill and weak answers to mend, as data of prompts/drills."""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field, StringConstraints, model_validator

from bot.feedback import RULES
from bot.interview.model import Book, FixWords, Frozen, Sentence, Slug


class Kind(StrEnum):
    """What a drill asks for."""

    FULL = "full"
    RESULT = "result"
    HEADLINE = "headline"
    SHORT = "short"
    FIX = "fix"


class KindWords(Frozen):
    """A kind in words: its name, what it asks for, and how its own faults are put.

    `shortcut` is added where a single sentence can do. `fixes` take the place of the entries of
    prompts/fixes.toml with the same id.
    """

    id: Kind
    name: Annotated[str, StringConstraints(max_length=30)]
    instructions: Annotated[tuple[Sentence, ...], Field(min_length=2)]
    shortcut: str = ""
    fixes: tuple[FixWords, ...] = ()


class WeakAnswer(Frozen):
    """Somebody's answer with one fault, for the candidate to mend.

    `question` is the id of the question that it replies to; `defect` the rule that fires on
    `answer` and no longer on `rewrite`; `hint` points at the fault without mending it.
    """

    id: Slug
    question: Slug
    who: Sentence
    defect: Slug
    answer: Annotated[str, StringConstraints(min_length=20, max_length=900)]
    hint: Sentence
    rewrite: Annotated[str, StringConstraints(min_length=40, max_length=900)]


class Drills(Frozen):
    """All words of prompts/drills: the kinds, and the weak answers to mend."""

    kind: tuple[KindWords, ...]
    weak: tuple[WeakAnswer, ...]

    @model_validator(mode="after")
    def _every_kind_once(self) -> Self:
        ids = [words.id for words in self.kind]
        if sorted(ids) != sorted(Kind):
            raise ValueError(f"kinds must be {', '.join(Kind)}, each once")
        names = [weak.id for weak in self.weak]
        if twice := {name for name in names if names.count(name) > 1}:
            raise ValueError(f"weak: {min(twice)} comes twice")
        return self

    def words(self, kind: Kind) -> KindWords:
        """The kind in words."""
        return next(words for words in self.kind if words.id is kind)

    def weak_answer(self, name: str) -> WeakAnswer | None:
        """The weak answer of that id; None when it is no longer there."""
        return next((weak for weak in self.weak if weak.id == name), None)

    def book_for(self, kind: Kind, book: Book) -> Book:
        """The book with the words for faults as this kind puts them."""
        own = {fix.id: fix for fix in self.words(kind).fixes}
        return replace(book, fixes={**book.fixes, **own})

    def faults(self, book: Book) -> list[str]:
        """What does not fit the book, as `file: item: what is wrong`."""
        rules = {rule.name for rule in RULES}
        found = []
        for weak in self.weak:
            item = f"drills/weak_answers.toml: {weak.id}"
            if weak.question not in book.questions:
                found.append(f"{item}: no question is called {weak.question}")
            if weak.defect not in rules:
                found.append(f"{item}: no rule reports {weak.defect}")
        for words in self.kind:
            item = f"drills/kinds.toml: {words.id}"
            for fix in words.fixes:
                if fix.id not in rules:
                    found.append(f"{item}: no rule reports {fix.id}")
                for persona in sorted(set(book.personas) ^ set(fix.why)):
                    found.append(f"{item}: {fix.id}: why must have {persona}, and only personas")
        return found
