"""The words of the chat fit the code that says them: nothing missing, nothing left over."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from itertools import product
from pathlib import Path

import pytest
from jinja2 import UndefinedError

from bot.chat.buttons import Place, parse_place
from bot.chat.onboarding import WHENS
from bot.chat.routing import COMMANDS
from bot.content import Wording, load_content
from bot.content.load import PROMPTS
from bot.interview.model import Book

ROOT = PROMPTS.parent
# Rooms that talk to the candidate, in the words of prompts/.
SPEAKING = [*sorted((ROOT / "bot" / "chat").glob("*.py")), ROOT / "bot" / "app.py"]
TREES = [ast.parse(path.read_text(encoding="utf-8"), str(path)) for path in SPEAKING]
TEMPLATES = {
    path.stem: path.read_text(encoding="utf-8") for path in (PROMPTS / "messages").glob("*.html")
}


@pytest.fixture(scope="module")
def content() -> tuple[Book, Wording]:
    return load_content()


@pytest.fixture(scope="module")
def wording(content: tuple[Book, Wording]) -> Wording:
    return content[1]


# What the code says, read from its source.


def texts(node: ast.expr) -> Iterator[str]:
    """The texts that an expression can be: both ways of a choice, what a helper returns."""
    match node:
        case ast.Constant(value=str(text)):
            yield text
        case ast.IfExp(body=one, orelse=other):
            yield from texts(one)
            yield from texts(other)
        case ast.Call(func=ast.Name(id=helper)):
            for tree in TREES:
                for each in ast.walk(tree):
                    if isinstance(each, ast.FunctionDef) and each.name == helper:
                        yield from returned(each)


def returned(function: ast.FunctionDef) -> Iterator[str]:
    """The texts that a function can return."""
    for each in ast.walk(function):
        if isinstance(each, ast.Return) and each.value is not None:
            yield from texts(each.value)


def called(function: ast.expr) -> set[str]:
    """The names of the methods that a call may be of, but for two namesakes.

    `turn.say` takes a method of Telegram's, `Place.button` what a button does.
    """
    match function:
        case ast.Attribute(attr="say", value=ast.Attribute(attr="turn")):
            return set()
        case ast.Attribute(attr="button", value=owner):
            return {"button"} if isinstance(owner, ast.Name) and owner.id == "visit" else set()
        case ast.Attribute(attr=name):
            return {name}
        case ast.IfExp(body=one, orelse=other):
            return called(one) | called(other)
    return set()


def said_by(*methods: str) -> set[str]:
    """The first argument of every call of these methods, where it is written out."""
    return {
        text
        for tree in TREES
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and node.args and called(node.func) & set(methods)
        for text in texts(node.args[0])
    }


def looked_up_in(name: str) -> set[str]:
    """The keys of `….name["key"]`."""
    return {
        text
        for tree in TREES
        for node in ast.walk(tree)
        if isinstance(node, ast.Subscript)
        and isinstance(node.value, ast.Attribute)
        and node.value.attr == name
        for text in texts(node.slice)
    }


def table_of_lines() -> set[str]:
    """The values of every table whose keys are kinds of lines."""
    return {
        text
        for tree in TREES
        for node in ast.walk(tree)
        if isinstance(node, ast.Dict)
        for key, value in zip(node.keys, node.values, strict=True)
        if isinstance(key, ast.Attribute)
        and isinstance(key.value, ast.Name)
        and key.value.id == "lines"
        for text in texts(value)
    }


def every_text() -> set[str]:
    """Every text in the source, wherever it stands."""
    return {
        node.value
        for tree in TREES
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


def in_templates(pattern: str) -> set[str]:
    """What a pattern finds in the templates."""
    return {found for source in TEMPLATES.values() for found in re.findall(pattern, source)}


def test_every_template_that_the_code_names_is_there() -> None:
    named = said_by("say", "edit", "message") | table_of_lines()
    assert named - set(TEMPLATES) == set()


def test_every_template_is_used() -> None:
    included = in_templates(r'include "(\w+)\.html"')
    assert set(TEMPLATES) - every_text() - included == set()


def test_every_button_that_the_code_names_is_there(wording: Wording) -> None:
    named = said_by("button") | looked_up_in("buttons") | in_templates(r"\bbuttons\.(\w+)")
    assert (named | set(WHENS)) - set(wording.buttons) == set()


def test_every_button_is_used(wording: Wording) -> None:
    used = every_text() | in_templates(r"\bbuttons\.(\w+)")
    assert set(wording.buttons) - used == set()


def test_every_phrase_that_the_code_names_is_there(wording: Wording) -> None:
    assert said_by("phrase") - set(wording.phrases) == set()


def test_every_phrase_is_used(wording: Wording) -> None:
    assert set(wording.phrases) - every_text() == set()


def test_every_command_in_the_menu_is_answered_and_no_other(wording: Wording) -> None:
    assert {command.id for command in wording.commands} == set(COMMANDS)


def test_commands_named_in_the_words_exist(wording: Wording) -> None:
    words = [*wording.phrases.values(), *wording.buttons.values(), *TEMPLATES.values()]
    named = {name for text in words for name in re.findall(r"(?<![\w<:/])/([a-z]+)\b", text)}
    assert named - {command.id for command in wording.commands} == set()


# How it looks.


@pytest.mark.parametrize("name", sorted(TEMPLATES))
def test_a_template_uses_only_tags_that_telegram_knows_and_closes_them(name: str) -> None:
    checker = Tags()
    checker.feed(re.sub(r"\{%.*?%\}|\{\{.*?\}\}", "", TEMPLATES[name], flags=re.DOTALL))
    assert (checker.unknown, checker.open) == ([], [])


class Tags(HTMLParser):
    """Follows tags; `open` are those never closed, or closed out of order."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.unknown: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open.append(tag)
        if tag not in {"b", "i", "u", "s", "code", "pre", "blockquote", "tg-spoiler", "a"}:
            self.unknown.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if self.open and self.open[-1] == tag:
            self.open.pop()
        else:
            self.open.append(f"/{tag}")


HOSTILE = "<b>1 & 2 > 'x' \"y\"</b>"
SHOWN = "&lt;b&gt;1 &amp; 2 &gt; &#39;x&#39; &#34;y&#34;&lt;/b&gt;"


def test_html_in_a_value_is_shown_and_not_obeyed(wording: Wording) -> None:
    assert SHOWN in wording.message("warmed_up", keep=HOSTILE, skipped=False)
    assert SHOWN in wording.message("welcome_back", work=HOSTILE)
    settings = {"work": HOSTILE, "when": HOSTILE, "short": True, "drills": HOSTILE}
    assert "<b>1" not in wording.message("settings", **settings)


def test_a_name_that_was_not_given_is_an_error_and_not_a_gap(wording: Wording) -> None:
    with pytest.raises(UndefinedError):
        wording.message("settings", work="", when="")


def test_a_phrase_is_filled_in(wording: Wording) -> None:
    text = wording.phrase("still_open", name="Maya Okafor", number=2, of=5)
    assert "Maya Okafor" in text
    assert "2 of 5" in text


def test_a_value_with_braces_is_left_alone(wording: Wording) -> None:
    assert "{number}" in wording.phrase("still_open", name="{number}", number=2, of=5)


def test_a_message_has_no_blank_ends_and_no_double_blank_lines(wording: Wording) -> None:
    shown = wording.message("welcome_back", work="") + "\n"
    shown += wording.message("help")
    assert shown.strip() + "\n" == shown.strip("\n") + "\n"
    assert "\n\n\n" not in shown
    assert not re.search(r"[ \t]\n", shown)


def test_buttons_fit_a_phone(content: tuple[Book, Wording]) -> None:
    book, wording = content
    labels = [
        *wording.buttons.values(),
        *(f"{persona.emoji} {persona.button}" for persona in book.personas.values()),
        *(line.button for line in book.lines_of_work.values()),
        *(f"+ {fix.retry}" for fix in book.fixes.values()),
    ]
    assert [label for label in labels if len(label) > 40] == []


def test_lines_of_work_and_personas_that_share_a_row_are_short(
    content: tuple[Book, Wording],
) -> None:
    book, _ = content
    names = [line.button for line in book.lines_of_work.values()]
    names += [f"{persona.emoji} {persona.button}" for persona in book.personas.values()]
    assert [name for name in names if len(name) > 30] == []


# Callback data: at most 64 bytes at Telegram.

DATA = re.compile(r"^[a-z]:")


def data_patterns() -> Iterator[list[str | None]]:
    """Every callback data in the source as its parts; None for what is filled in."""
    for tree in TREES:
        inside = {
            id(part)
            for node in ast.walk(tree)
            if isinstance(node, ast.JoinedStr)
            for part in node.values
        }
        for node in ast.walk(tree):
            match node:
                case ast.JoinedStr(values=[ast.Constant(value=str(start)), *_]) if DATA.match(
                    start
                ):
                    yield [
                        str(part.value) if isinstance(part, ast.Constant) else None
                        for part in node.values
                    ]
                case ast.Constant(value=str(text)) if id(node) not in inside and re.fullmatch(
                    r"[a-z](:[a-z_]+)+", text
                ):
                    yield [text]


def test_every_buttons_data_fits_into_64_bytes(content: tuple[Book, Wording]) -> None:
    book, _ = content
    ids = [*book.personas, *book.lines_of_work]
    longest = max([*ids, "999999999"], key=len)
    patterns = list(data_patterns())
    assert len(patterns) >= 15
    for parts in patterns:
        data = "".join(longest if part is None else part for part in parts)
        assert len(data.encode()) <= 64, data


def test_the_data_of_a_moment_fits_even_after_a_billion_interviews() -> None:
    for number, attempt in product((1, 999_999_999), repeat=2):
        place = Place(999_999_999, number, attempt)
        data = place.button("retry")
        assert len(data.encode()) <= 64
        assert parse_place(data.split(":")[2:]) == place


def test_the_scan_sees_the_source() -> None:
    assert {Path(path).name for path in SPEAKING} >= {"onboarding.py", "practising.py", "app.py"}
    assert {"welcome", "choose_persona", "feedback"} <= said_by("say", "edit", "message")
    assert {"done", "rephrase"} <= said_by("button")
    assert {"toast_old", "sticker"} <= said_by("phrase")
    assert "not_words" in table_of_lines()
