"""The words of the chat: templates, buttons, phrases and commands, all from prompts/."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from pydantic import StringConstraints

from bot.content.load import PROMPTS, Reading
from bot.interview.model import Book, Frozen

PARTS = {
    "S": "Situation",
    "T": "Task",
    "A": "Action",
    "R": "Result",
    "L": "Learning",
    "O": "Other",
}


class Command(Frozen):
    """One entry of Telegram's command menu."""

    id: Annotated[str, StringConstraints(pattern=r"^[a-z0-9_]{1,32}$")]
    description: Annotated[str, StringConstraints(min_length=3, max_length=60)]


@dataclass(frozen=True, slots=True)
class Wording:
    """Renders what the candidate reads. Undefined names raise; HTML in values is escaped.

    Letters are plain text, for the candidate to send: nothing in them is escaped.
    """

    templates: Environment
    notes: Environment
    phrases: Mapping[str, str]
    buttons: Mapping[str, str]
    commands: tuple[Command, ...]
    fixed: Mapping[str, Any]

    def message(self, template: str, **data: Any) -> str:
        """The message as Telegram HTML, without blank lines at its ends or more than one inside."""
        rendered = self.templates.get_template(f"{template}.html").render(**self.fixed, **data)
        return _tidy(rendered)

    def letters(self, sort: str) -> list[str]:
        """The names of all letters of one sort ("thank_you"), neighbours differing in tone."""
        return [name for name in self.notes.list_templates() if name.startswith(f"{sort}_")]

    def letter(self, letter: str, /, **facts: str) -> str:
        """A letter as plain text. A fact that is "" is left out."""
        lines = self.notes.get_template(letter).render(**facts).splitlines()
        return _tidy("\n".join(" ".join(line.split()) for line in lines))

    def phrase(self, key: str, /, **data: object) -> str:
        """A short reply as plain text."""
        return self.phrases[key].format(**data)


def wording(book: Book, root: Path = PROMPTS) -> Wording:
    """The wording below `root`. Raises OSError or TOMLDecodeError if a file cannot be read."""
    environment = Environment(
        loader=FileSystemLoader(root / "messages"),
        undefined=StrictUndefined,
        autoescape=True,
        trim_blocks=False,
        auto_reload=False,
    )
    notes = Environment(
        loader=FileSystemLoader(root / "notes"),
        undefined=StrictUndefined,
        autoescape=False,
        auto_reload=False,
    )
    buttons = _strings(root / "buttons.toml")
    commands = tuple(Reading(root).items(root / "commands.toml", "command", Command))
    fixed = {
        "parts": {**PARTS, **{words.id: words.name for words in book.rubric.values()}},
        "buttons": buttons,
        "commands": commands,
        "fixes": book.fixes,
    }
    return Wording(environment, notes, _strings(root / "phrases.toml"), buttons, commands, fixed)


def _strings(path: Path) -> dict[str, str]:
    return {
        key: str(value) for key, value in tomllib.loads(path.read_text(encoding="utf-8")).items()
    }


def _tidy(text: str) -> str:
    lines: list[str] = []
    for line in (line.rstrip() for line in text.strip().splitlines()):
        if line or (lines and lines[-1]):
            lines.append(line)
    return "\n".join(lines)
