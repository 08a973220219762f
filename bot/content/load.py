"""Reads prompts/ into a Book, and collects every fault of every file before saying anything."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError

from bot.interview.model import (
    Book,
    CompetencyCard,
    CriterionWords,
    FixWords,
    Frozen,
    LineOfWork,
    Persona,
    Question,
)
from bot.practice.drill_words import Drills, KindWords, WeakAnswer

PROMPTS = Path(__file__).resolve().parents[2] / "prompts"
M = TypeVar("M", bound=Frozen)


class BrokenContent(Exception):
    """The content has faults; `faults` holds a line for each: `file: item: what is wrong`."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


@dataclass
class Reading:
    """A pass over the content files: what was read, and the faults met on the way."""

    root: Path
    faults: list[str] = field(default_factory=list)

    def fault(self, path: Path, item: str, wrong: str) -> None:
        """Note one fault."""
        self.faults.append(f"{path.relative_to(self.root)}: {item}: {wrong}")

    def table(self, path: Path) -> dict[str, Any] | None:
        """The TOML file at `path`; None, with a fault noted, when it cannot be read."""
        try:
            return tomllib.loads(path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            self.fault(path, "file", "is not there")
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            self.fault(path, "file", f"is not valid TOML: {error}")
        return None

    def items(self, path: Path, key: str, model: type[M]) -> Iterator[M]:
        """The `[[key]]` entries of a file that are valid."""
        table = self.table(path) or {}
        for unknown in sorted(table.keys() - {key}):
            self.fault(path, unknown, f"is not expected here; entries are [[{key}]]")
        entries = table.get(key, [])
        if not isinstance(entries, list) or not all(isinstance(raw, dict) for raw in entries):
            self.fault(path, key, f"entries are written [[{key}]]")
            return
        for number, raw in enumerate(entries, 1):
            name = str(raw.get("id", f"{key} {number}"))
            if (item := self.one(path, name, raw, model)) is not None:
                yield item

    def one(self, path: Path, name: str, raw: dict[str, Any], model: type[M]) -> M | None:
        """One entry as its model; None, with its faults noted, when it is not valid."""
        try:
            return model.model_validate(raw)
        except ValidationError as error:
            for each in error.errors():
                where = ".".join(str(step) for step in each["loc"]) or "entry"
                self.fault(path, name, f"{where}: {each['msg'].removeprefix('Value error, ')}")
        return None

    def by_id(self, path: Path, key: str, model: type[M]) -> dict[str, M]:
        """The entries of a file by id; an id that comes twice is a fault."""
        found: dict[str, M] = {}
        for item in self.items(path, key, model):
            self.keep(path, found, item)
        return found

    def keep(self, path: Path, found: dict[str, M], item: M) -> None:
        """Put `item` into `found` under its id; an id that comes twice is a fault."""
        name = str(getattr(item, "id"))  # noqa: B009 - Frozen itself has no id
        if name in found:
            self.fault(path, name, "this id comes twice")
        found[name] = item


def read(root: Path = PROMPTS) -> tuple[Book, list[str]]:
    """All content below `root`, and every fault found, in the order of the files."""
    reading = Reading(root)
    personas = _personas(reading)
    banks = _banks(reading)
    questions: dict[str, Question] = {}
    for name, bank in banks.items():
        for question in bank:
            reading.keep(root / "questions" / f"{name}.toml", questions, question)
    book = Book(
        personas=personas,
        questions=questions,
        banks=banks,
        competencies=reading.by_id(root / "competencies.toml", "competency", CompetencyCard),
        fixes=reading.by_id(root / "fixes.toml", "fix", FixWords),
        rubric=reading.by_id(root / "rubric.toml", "criterion", CriterionWords),
        lines_of_work=reading.by_id(root / "lines_of_work.toml", "line", LineOfWork),
        drills=_drills(reading),
    )
    return book, reading.faults


def _personas(reading: Reading) -> dict[str, Persona]:
    found: dict[str, Persona] = {}
    for path in _files(reading, "personas"):
        table = reading.table(path)
        persona = reading.one(path, path.stem, table, Persona) if table is not None else None
        if persona is None:
            continue
        if persona.id != path.stem:
            reading.fault(path, persona.id, "the id must be the name of the file")
        found[persona.id] = persona
    return found


def _banks(reading: Reading) -> dict[str, tuple[Question, ...]]:
    """The questions by persona: of those who have a file, and of files that lack their persona."""
    faces = {path.stem for path in _files(reading, "personas")}
    names = faces | {path.stem for path in _files(reading, "questions")}
    found: dict[str, tuple[Question, ...]] = {}
    for name in sorted(names):
        path = reading.root / "questions" / f"{name}.toml"
        found[name] = tuple(reading.by_id(path, "question", Question).values())
        if name not in faces:
            reading.fault(path, name, f"there is no personas/{name}.toml to ask these")
    return found


def _drills(reading: Reading) -> Drills:
    """The kinds of drill and the weak answers; those that are valid, when not all are."""
    path = reading.root / "drills" / "kinds.toml"
    kinds = tuple(reading.by_id(path, "kind", KindWords).values())
    weak = reading.by_id(reading.root / "drills" / "weak_answers.toml", "weak", WeakAnswer)
    drills = Drills.model_construct(kind=kinds, weak=tuple(weak.values()))
    reading.one(path, "all", {"kind": kinds, "weak": drills.weak}, Drills)
    return drills


def _files(reading: Reading, folder: str) -> list[Path]:
    return sorted((reading.root / folder).glob("*.toml"))
