"""Holds all content to its contract: every fault of every file, as `file: item: what is wrong`."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, TemplateSyntaxError, meta

from bot.content.load import PROMPTS, Reading, read
from bot.content.wording import Command
from bot.feedback import RULES, QuestionType
from bot.interview.model import Book, Competency, WorkField

FEWEST_QUESTIONS = 40
FEWEST_IN_ALL = 200
# Every name that a template may use: what handlers pass, and what is there for all of them.
_NAMES = """
answers buttons commands findings fixes first_time full interviews keep length letters line mode
name overall parts persona personas pieces question real reasons short speaker when who work
"""
NAMES = frozenset(_NAMES.split())
_PLACEHOLDER = re.compile(r"\{(\w*)\}")


def faults(root: Path = PROMPTS) -> list[str]:
    """Every fault of the content below `root`; empty when all is well."""
    book, found = read(root)
    if not found:
        found = [f"{file}: {item}: {wrong}" for file, item, wrong in _cross_checks(book)]
    return [*found, *_template_faults(root), *_word_faults(root)]


Fault = tuple[str, str, str]


def _cross_checks(book: Book) -> Iterator[Fault]:
    yield from _bank_faults(book)
    yield from _fix_faults(book)
    for missing in set(Competency) - set(book.competencies):
        yield "competencies.toml", missing, "this competency has no entry"
    for field in set(WorkField) - set(book.lines_of_work):
        yield "lines_of_work.toml", field, "this line of work has no entry"


def _bank_faults(book: Book) -> Iterator[Fault]:
    if len(book.questions) < FEWEST_IN_ALL:
        yield "questions", "all", f"{len(book.questions)} questions; {FEWEST_IN_ALL} are needed"
    for name, bank in book.banks.items():
        file = f"questions/{name}.toml"
        if len(bank) < FEWEST_QUESTIONS:
            yield file, name, f"{len(bank)} questions; {FEWEST_QUESTIONS} are needed"
        for gone in set(Competency) - {question.competency for question in bank}:
            yield file, gone, "no question asks for this competency"
        for absent in set(QuestionType) - {question.type for question in bank}:
            yield file, absent, "no question is of this type"
        askers: set[str | None] = {each.id for each in book.personas[name].panelists}
        for question in bank:
            if question.asker not in (askers or {None}):
                yield file, question.id, f"asker {question.asker!r} does not sit on this panel"
        wordings = Counter(question.asks.lower() for question in bank)
        for question in bank:
            if wordings[question.asks.lower()] > 1:
                yield file, question.id, "another question says the same"


def _fix_faults(book: Book) -> Iterator[Fault]:
    file = "fixes.toml"
    names = {rule.name for rule in RULES}
    for name in names - set(book.fixes):
        yield file, name, "this fault has no words"
    for name in set(book.fixes) - names:
        yield file, name, "no rule reports this fault"
    for fix in book.fixes.values():
        for persona in set(book.personas) - set(fix.why):
            yield file, fix.id, f"why has nothing for {persona}"
        for text in (*fix.says, *fix.asks):
            if unknown := set(_PLACEHOLDER.findall(text)) - {"quote"}:
                yield file, fix.id, f"{{{unknown.pop()}}} cannot be filled in"


def _template_faults(root: Path) -> Iterator[str]:
    environment = Environment(loader=FileSystemLoader(root / "messages"), autoescape=True)
    for name in environment.list_templates():
        source = (root / "messages" / name).read_text(encoding="utf-8")
        try:
            used = meta.find_undeclared_variables(environment.parse(source))
        except TemplateSyntaxError as error:
            yield f"messages/{name}: line {error.lineno}: {error.message}"
            continue
        for unknown in sorted(used - NAMES):
            yield f"messages/{name}: {unknown}: nobody fills in this name"


def _word_faults(root: Path) -> Iterator[str]:
    """Faults of buttons.toml, phrases.toml and commands.toml."""
    reading = Reading(root)
    reading.by_id(root / "commands.toml", "command", Command)
    for file, longest in (("buttons.toml", 40), ("phrases.toml", 512)):
        for name, text in reading.table(root / file).items():
            if not isinstance(text, str) or not text.strip():
                reading.fault(root / file, name, "must be a text")
            elif len(text) > longest:
                reading.fault(root / file, name, f"longer than {longest} characters")
    yield from reading.faults
