"""Telegram's formatted text: HTML in, plain text and entities out.

Offsets and lengths of entities count UTF-16 code units, as everywhere in the Bot API.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]

ENTITY_OF_TAG = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "span": "spoiler",
    "tg-spoiler": "spoiler",
    "tg-emoji": "custom_emoji",
    "code": "code",
    "pre": "pre",
    "a": "text_link",
    "blockquote": "blockquote",
}
NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
REFERENCE = re.compile(r"&(?:#x([0-9a-fA-F]+)|#([0-9]+)|([a-z]+));?")
TAG_NAME = re.compile(r"[^\s>]*")
ATTRIBUTE = re.compile(
    r"""\s*([^\s=>/"']+)\s*(?:=\s*(?:"([^"]*)"|'([^']*)'|([\w.-]+)(?=[\s>])))?"""
)
LINK = re.compile(r"(?:https?|tg)://\S+", re.IGNORECASE)
BARE_DOMAIN = re.compile(r"[\w-]+(?:\.[\w-]+)+(?:[/?#]\S*)?")

DETECTED = re.compile(
    r"(?P<bot_command>(?<![\w/<>])/\w{1,64}(?:@\w{3,32})?(?![\w/<>@]))"
    r"|(?P<url>\b(?:https?://|www\.)[^\s<>\"]*[^\s<>\".,;:!?')\]])"
    r"|(?P<email>\b[\w.+-]+@[\w-]+(?:\.[\w-]+)+\b)",
    re.ASCII,
)
OPAQUE = {"code", "pre", "text_link"}


class CannotParse(ValueError):
    """The text is not what parse_mode HTML promises; the message is Telegram's reason."""


@dataclass
class OpenTag:
    """A start tag that waits for its end tag."""

    name: str
    argument: str
    offset: int


def utf16(text: str) -> int:
    """Return the length of `text` in UTF-16 code units."""
    return len(text) + sum(character > "\uffff" for character in text)


def parse_html(source: str) -> tuple[str, list[Json]]:
    """Return the plain text and its entities, outermost first.

    Raises CannotParse with Telegram's own sentence when a tag is unknown, unclosed or crossed.
    """
    parser = _HtmlParser(source)
    parser.run()
    return _trimmed(parser.plain, parser.entities)


def detected(text: str, entities: list[Json]) -> list[Json]:
    """Return `entities` and those that Telegram finds by itself: commands, links, e-mail."""
    taken = [(e["offset"], e["offset"] + e["length"]) for e in entities if e["type"] in OPAQUE]
    found = list(entities)
    for match in DETECTED.finditer(text):
        start = utf16(text[: match.start()])
        end = start + utf16(match.group())
        if not any(start < stop and begin < end for begin, stop in taken):
            found.append({"type": match.lastgroup, "offset": start, "length": end - start})
    return sorted(found, key=lambda e: (e["offset"], -e["length"]))


class _HtmlParser:
    """One pass over the source; `plain` and `entities` are what it has gathered so far."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.position = 0
        self.plain = ""
        self.entities: list[Json] = []
        self.open: list[OpenTag] = []

    def run(self) -> None:
        """Read to the end of the source."""
        while self.position < len(self.source):
            character = self.source[self.position]
            if character == "<":
                closing = self.source.startswith("</", self.position)
                self._end_tag() if closing else self._start_tag()
            elif character == "&" and (match := REFERENCE.match(self.source, self.position)):
                self.plain += _dereferenced(match)
                self.position = match.end()
            else:
                self.plain += character
                self.position += 1
        if self.open:
            raise CannotParse(f'Can\'t find end tag corresponding to start tag "{self._inner}"')

    @property
    def _inner(self) -> str:
        return self.open[-1].name

    def _at(self, position: int) -> int:
        return len(self.source[:position].encode())

    def _start_tag(self) -> None:
        begin = self.position
        name = self._tag_name(begin + 1)
        if self.position >= len(self.source):
            raise CannotParse(f"Unclosed start tag at byte offset {self._at(begin)}")
        if name not in ENTITY_OF_TAG:
            raise CannotParse(f'Unsupported start tag "{name}" at byte offset {self._at(begin)}')
        argument = ""
        while self.source[self.position : self.position + 1] != ">":
            match = ATTRIBUTE.match(self.source, self.position)
            if match is None:
                self._blank_to_bracket(name, begin)
                break
            self.position = match.end()
            value = next((group for group in match.groups()[1:] if group is not None), "")
            argument = _argument(name, match[1].lower(), value) or argument
        if name == "span" and argument != "spoiler":
            where = self._at(begin)
            raise CannotParse(f'Tag "span" must have class "tg-spoiler" at byte offset {where}')
        self.position += 1
        self.open.append(OpenTag(name, argument, utf16(self.plain)))

    def _blank_to_bracket(self, name: str, begin: int) -> None:
        """Skip blanks before “>”; anything else here is an error."""
        rest = self.source[self.position :]
        if not rest.strip():
            raise CannotParse(f"Unclosed start tag at byte offset {self._at(begin)}")
        if not rest.lstrip().startswith(">"):
            reason = f'Empty attribute name in the tag "{name}" at byte offset {self._at(begin)}'
            raise CannotParse(reason)
        self.position += len(rest) - len(rest.lstrip())

    def _end_tag(self) -> None:
        begin = self.position
        if not self.open:
            raise CannotParse(f"Unexpected end tag at byte offset {self._at(begin)}")
        name = self._tag_name(begin + 2)
        rest = self.source[self.position :].lstrip()
        if not rest.startswith(">"):
            raise CannotParse(f"Unclosed end tag at byte offset {self._at(begin)}")
        if name and name != self._inner:
            raise CannotParse(
                f"Unmatched end tag at byte offset {self._at(begin)}, "
                f'expected "</{self._inner}>", found "</{name}>"'
            )
        self.position = len(self.source) - len(rest) + 1
        self._close(self.open.pop())

    def _tag_name(self, start: int) -> str:
        match = TAG_NAME.match(self.source, start)
        assert match is not None  # the pattern matches the empty string too
        self.position = match.end()
        return match.group().lower()

    def _close(self, tag: OpenTag) -> None:
        length = utf16(self.plain) - tag.offset
        if length == 0:
            return
        kind = ENTITY_OF_TAG[tag.name]
        entity: Json = {"type": kind, "offset": tag.offset, "length": length}
        if kind == "text_link":
            url = _checked_link(tag.argument or self.plain[-length:])
            if url is None:
                return
            entity["url"] = url
        elif kind == "custom_emoji":
            entity["custom_emoji_id"] = tag.argument
        elif kind == "blockquote" and tag.argument:
            entity["type"] = "expandable_blockquote"
        elif kind == "code" and tag.argument:
            entity["language"] = tag.argument
        elif kind == "pre":
            self._adopt_language(entity)
        self.entities.append(entity)

    def _adopt_language(self, pre: Json) -> None:
        """Turn `<pre><code class="language-x">` into one `pre` entity, as Telegram does."""
        span = (pre["offset"], pre["length"])
        inner = self.entities[-1] if self.entities else {}
        if inner.get("type") == "code" and (inner["offset"], inner["length"]) == span:
            self.entities.pop()
            if "language" in inner:
                pre["language"] = inner["language"]


def _dereferenced(match: re.Match[str]) -> str:
    hexadecimal, decimal, name = match.groups()
    if name:
        return NAMED.get(name, match.group())
    code = int(hexadecimal, 16) if hexadecimal else int(decimal)
    return chr(code) if 0 < code < 0x110000 else match.group()


def _argument(tag: str, attribute: str, value: str) -> str:
    """Return what one attribute says about its tag, "" if it means nothing to Telegram."""
    value = REFERENCE.sub(_dereferenced, value)
    match tag, attribute:
        case ("a", "href") | ("tg-emoji", "emoji-id"):
            return value
        case "code", "class":
            return value.removeprefix("language-") if value.startswith("language-") else ""
        case "span", "class":
            return value.removeprefix("tg-") if value.startswith("tg-") else ""
        case "blockquote", "expandable":
            return "expandable"
    return ""


def _checked_link(url: str) -> str | None:
    """Return the address Telegram would keep, or None: then the text stays, without a link."""
    if LINK.fullmatch(url):
        return url
    return f"http://{url}" if BARE_DOMAIN.fullmatch(url) else None


def _trimmed(text: str, entities: list[Json]) -> tuple[str, list[Json]]:
    """Drop white space at both ends, which Telegram never keeps, and move the entities along."""
    lead = len(text) - len(text.lstrip())
    text = text.strip()
    size = utf16(text)
    kept = []
    for entity in entities:
        start = max(0, entity["offset"] - lead)
        end = min(size, entity["offset"] + entity["length"] - lead)
        if start < end:
            kept.append(entity | {"offset": start, "length": end - start})
    return text, sorted(kept, key=lambda e: (e["offset"], -e["length"]))
