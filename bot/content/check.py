"""Holds all content to its contract: every fault of every file, as `file: item: what is wrong`."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from itertools import combinations
from pathlib import Path
from string import Formatter

from jinja2 import Environment, FileSystemLoader, TemplateSyntaxError, meta

from bot.content.load import PROMPTS, Reading, read
from bot.content.wording import Command
from bot.feedback import CENTRAL, RUBRIC, RULES, QuestionType
from bot.interview.model import Book, Competency, Persona, Question, WorkField
from bot.practice.people import MOST_PEOPLE

FEWEST_QUESTIONS = 40
FEWEST_IN_ALL = 200
TWINS = 0.55  # share of words that two questions have in common
LONGEST_BUTTON, LONGEST_PHRASE = 40, 512
# Every name that a template may use: what handlers pass, and what is there for all of them.
_NAMES = """
again ahead answer answers area asks buttons commands company competency day day_card decides drill
drills field findings first first_time fixes full gaps goal here interviews it keep known last lead
length line mode moment moved moving name names notes now offered other others overall parts people
person persona personas pieces promised question quiet reasons rewrite rubric sent several short
skipped speaker speaks_of suggested text told week welcomed went when who work writes
"""
NAMES = frozenset(_NAMES.split())
# Every name that a phrase may hold in braces.
PHRASE_NAMES = frozenset({"name", "number", "of", "place", "reference", "time", "when"})
# What letters may tell, by their sort; thank-you letters are one more than people are met at most.
_ASKING = frozenset({"by", "company", "day", "named", "point", "role"})
FACTS = {
    "thank_you": frozenset({"company", "name", "point", "role"}),
    "check_in": _ASKING,
    "second_check_in": _ASKING,
}
FEWEST_LETTERS = {"thank_you": MOST_PEOPLE + 1, "check_in": 2, "second_check_in": 2}
Fault = tuple[str, str, str]


def faults(root: Path = PROMPTS) -> list[str]:
    """Every fault of the content below `root`; empty when all is well."""
    book, found = read(root)
    # A file that cannot be read in full would also seem to lack what stands in it.
    broken = {fault.split(":")[0] for fault in found}
    broken |= {file.split("/")[0] for file in broken}
    found += [
        f"{file}: {item}: {wrong}"
        for file, item, wrong in _cross_checks(book, root)
        if file not in broken
    ]
    if not broken & {"personas", "questions", "drills"}:
        found += book.drills.faults(book)
    return [*found, *_template_faults(root), *_word_faults(root)]


def _cross_checks(book: Book, root: Path) -> Iterator[Fault]:
    yield from _bank_faults(book)
    yield from _fix_faults(book, {path.stem for path in (root / "personas").glob("*.toml")})
    yield from _rubric_faults(book)
    for missing in sorted(set(Competency) - set(book.competencies)):
        yield "competencies.toml", missing, "this competency has no entry"
    for field in sorted(set(WorkField) - set(book.lines_of_work)):
        yield "lines_of_work.toml", field, "this line of work has no entry"


def _bank_faults(book: Book) -> Iterator[Fault]:
    if len(book.questions) < FEWEST_IN_ALL:
        yield "questions", "all", f"{len(book.questions)} questions; {FEWEST_IN_ALL} are needed"
    for name, bank in book.banks.items():
        file = f"questions/{name}.toml"
        if len(bank) < FEWEST_QUESTIONS:
            yield file, name, f"{len(bank)} questions; {FEWEST_QUESTIONS} are needed"
        for gone in sorted(set(Competency) - {question.competency for question in bank}):
            yield file, gone, "no question asks for this competency"
        for absent in sorted(set(QuestionType) - {question.type for question in bank}):
            yield file, absent, "no question is of this type"
        if name in book.personas:
            yield from _asker_faults(file, bank, book.personas[name])
        wordings = Counter(question.asks.lower() for question in bank)
        for question in bank:
            if wordings[question.asks.lower()] > 1:
                yield file, question.id, "another question says the same"
    yield from _twin_faults(book)


def _twin_faults(book: Book) -> Iterator[Fault]:
    """Questions of one competency, whoever asks them, that say nearly the same."""
    places = [
        (name, question, frozenset(re.findall(r"\w+", question.asks.lower())))
        for name, bank in book.banks.items()
        for question in bank
    ]
    for (_, one, some), (name, other, others) in combinations(places, 2):
        alike = len(some & others) > TWINS * len(some | others)
        if alike and one.competency is other.competency and some != others:
            yield f"questions/{name}.toml", other.id, f"says the same as {one.id}"


def _asker_faults(file: str, bank: Iterable[Question], persona: Persona) -> Iterator[Fault]:
    seats = {panelist.id for panelist in persona.panelists}
    for question in bank:
        if seats and question.asker is None:
            yield file, question.id, "asker: who of the panel asks this?"
        elif question.asker is not None and question.asker not in seats:
            yield file, question.id, f"asker: nobody here is called {question.asker}"


def _fix_faults(book: Book, personas: AbstractSet[str]) -> Iterator[Fault]:
    file = "fixes.toml"
    names = {rule.name for rule in RULES}
    for name in sorted(names - set(book.fixes)):
        yield file, name, "this fault has no words"
    for name in sorted(set(book.fixes) - names):
        yield file, name, "no rule reports this fault"
    for fix in book.fixes.values():
        for persona in sorted(personas - set(fix.why)):
            yield file, fix.id, f"why has nothing for {persona}"
        for stranger in sorted(set(fix.why) - personas):
            yield file, fix.id, f"why: nobody is called {stranger}"
        quoting, plain = (*fix.says, *fix.asks), (*fix.how, *fix.why.values(), fix.debrief)
        for unknown in sorted((_placeholders(*quoting) - {"quote"}) | _placeholders(*plain)):
            yield file, fix.id, f"{{{unknown}}} cannot be filled in"


def _rubric_faults(book: Book) -> Iterator[Fault]:
    file = "rubric.toml"
    names = {point.criterion for points in RUBRIC.values() for point in points} - {""}
    for name in sorted(names - set(book.rubric)):
        yield file, name, "this criterion has no words"
    for name in sorted(set(book.rubric) - names):
        yield file, name, "no rubric asks for this criterion"
    for words in book.rubric.values():
        if words.id in names and bool(words.how) is not (words.id in CENTRAL):
            yield file, words.id, f"how: {'is never said' if words.how else 'Field required'}"
        for unknown in sorted(_placeholders(words.means, words.how)):
            yield file, words.id, f"{{{unknown}}} cannot be filled in"


def _placeholders(*texts: str) -> set[str]:
    """The names in braces."""
    return {name for text in texts for name in re.findall(r"\{([^{}]*)\}", text)}


def _template_faults(root: Path) -> Iterator[str]:
    """Faults of the messages and of the letters."""
    for folder in ("messages", "notes"):
        environment = Environment(loader=FileSystemLoader(root / folder), autoescape=True)
        for name in environment.list_templates():
            for wrong in _one_template(environment, root / folder, name):
                yield f"{folder}/{name}: {wrong}"
    for sort, fewest in FEWEST_LETTERS.items():
        found = len(list((root / "notes").glob(f"{sort}_*.txt")))
        if found < fewest:
            yield f"notes: {sort}: {found} letters; {fewest} are needed"


def _one_template(environment: Environment, folder: Path, name: str) -> Iterator[str]:
    source = (folder / name).read_text(encoding="utf-8")
    try:
        environment.compile(source)
        parsed = environment.parse(source)
    except TemplateSyntaxError as error:
        yield f"line {error.lineno}: {error.message}"
        return
    sort = next((sort for sort in FACTS if name.startswith(f"{sort}_")), None)
    known = NAMES if folder.name == "messages" else FACTS.get(sort or "", frozenset())
    for unknown in sorted(meta.find_undeclared_variables(parsed) - known):
        yield f"{unknown}: nobody fills in this name"
    for included in meta.find_referenced_templates(parsed):
        if included is not None and not (folder / included).is_file():
            yield f"{included}: this template is not there"


def _word_faults(root: Path) -> Iterator[str]:
    """Faults of buttons.toml, phrases.toml and commands.toml."""
    reading = Reading(root)
    reading.by_id(root / "commands.toml", "command", Command)
    for file, longest in (("buttons.toml", LONGEST_BUTTON), ("phrases.toml", LONGEST_PHRASE)):
        for name, text in (reading.table(root / file) or {}).items():
            if not isinstance(text, str) or not text.strip():
                reading.fault(root / file, name, "must be a text")
            elif len(text) > longest:
                reading.fault(root / file, name, f"longer than {longest} characters")
            elif file == "phrases.toml" and (wrong := _wrong_braces(text)):
                reading.fault(root / file, name, wrong)
    yield from reading.faults


def _wrong_braces(phrase: str) -> str:
    """What is wrong with the names in braces; nothing when they can all be filled in."""
    try:
        names = {name for _, name, _, _ in Formatter().parse(phrase) if name is not None}
    except ValueError:
        return "a brace stands alone"
    unknown = sorted(names - PHRASE_NAMES)
    return f"{{{unknown[0]}}} cannot be filled in" if unknown else ""
