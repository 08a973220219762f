"""Who a candidate will meet, as typed on a phone: "Ana Ruiz, head of ops; Tom (engineer)"."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

MOST_PEOPLE = 8
LONGEST_LIST = 500  # characters; what is longer is no list of names
LONGEST_NAME = 60
LONGEST_ROLE = 60
PANEL = 3  # people; so many at once are a panel

_TITLES = r"(?:dr|prof|professor|mr|mrs|ms|miss|mx|sir|dame|lord|lady|rev|judge)\.?"
_TITLE = re.compile(_TITLES, re.IGNORECASE)
_EXECUTIVE = (
    r"\b(?:c[efotmp]o|coo|cio|chief|vp|svp|evp|vice president|president|directors?|founders?"
    r"|partner|owner|executive|board|principal|dean|head of|trustee|managing)\b"
)
_MANAGER = (
    r"\b(?:manager|manger|lead|leader|boss|supervisor|head|matron|hiring|coordinator|foreman)\b"
)
_ROLE = re.compile(
    rf"{_EXECUTIVE}|{_MANAGER}|\b(?:engineer|developer|designer|analyst|nurse|doctor|consultant"
    r"|surgeon|teacher|recruiter|hr|people|talent|officer|colleague|peer|teammate|team|staff"
    r"|accountant|scientist|product|sales|marketing|finance|operations|ops|professor|secretary"
    r"|assistant|specialist|architect|administrator|someone|somebody|human resources)\b",
    re.IGNORECASE,
)
_LEAD = re.compile(
    r"^(?:(?:and|with|plus|also|probably|maybe|i'?ll|i|we'?ll|will|be|am|meet|meeting|see|seeing"
    r"|talking|speaking|speak|talk|to|oh|sorry|forgot|forget"
    r"|(?:her|his|their) name(?:'s| is| was)?|(?:she|he)(?:'s| is| was) called)\s+)+",
    re.IGNORECASE,
)
_BULLET = re.compile(r"^\s*(?:[-*•–]|\d{1,2}[.)])\s*")
_CHUNKS = re.compile(r"[;；\n]+|(?<=[)\]])\s*(?:,|&|\band\b)\s*")
_NEXT_PERSON = re.compile(r",?\s+(?:and|&)\s+(?=[A-Z][\w'’-]+(?:\s+[A-Z][\w'’-]+\b|\s*[,(]))")
_SOMEBODY = re.compile(r",?\s+(?:and|&)\s+(?=(?:an?|the|someone|somebody)\s)", re.IGNORECASE)
_AND = re.compile(r"\s+(?:and|&|\+|und|y|et)\s+")
_BRACKETS = re.compile(r"^(?P<name>[^(\[]*?)\s*[(\[](?P<role>[^)\]]+)[)\]]?\s*$")
_DASH = re.compile(r"^(?P<name>.+?)\s*(?:\s[-–—]+\s|[:：]\s*)(?P<role>.+)$")
_NAME_THEN_ROLE = re.compile(r"^(?P<name>(?:[A-Z][\w'’.-]*\s){1,3})(?P<role>[a-z].*)$")
_TITLED = re.compile(rf"^(?P<name>{_TITLES}\s[^\s,]+)\s(?P<role>.+)$", re.IGNORECASE)
_ARTICLE = re.compile(r"^(?:the|an?|my|our) ", re.IGNORECASE)
_NOBODY = {"someone", "somebody", "a person", "people"}
_FROM = re.compile(
    r"^(?P<name>\S+(?:\s\S+){0,3}?)\s(?:from|who is|who's|is|the|our|my)\s"
    r"(?:the |our |a |an )?(?P<role>.+)$"
)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody to meet; the name or the role may be "", but not both."""

    name: str
    role: str = ""

    @property
    def label(self) -> str:
        """Both, as "Ana Ruiz (head of ops)", or the one that is known."""
        return f"{self.name} ({self.role})" if self.name and self.role else self.name or self.role


def read_people(text: str) -> tuple[Person, ...]:
    """The people that a message names, in its order; empty when it is no list of names.

    Divided by semicolons or lines, or by commas and "and" where what follows is a name.
    """
    if len(text) > LONGEST_LIST:
        return ()
    found: dict[str, Person] = {}
    for chunk in _CHUNKS.split(text):
        for part in _NEXT_PERSON.split(_BULLET.sub("", chunk)):
            for each in _with_somebody(" ".join(part.split())):
                for person in _in_part(each):
                    found.setdefault(person.label.casefold(), person)
    return tuple(found.values())[:MOST_PEOPLE]


def _with_somebody(part: str) -> list[str]:
    """The part divided at "and a lady from HR", if somebody is named before that."""
    first, *others = _SOMEBODY.split(part)
    return [first, *others] if others and _begins_with_name(first) else [part]


def _begins_with_name(text: str) -> bool:
    text = _LEAD.sub("", text)
    word = text.split(" ", 1)[0].strip(",")
    titled = _TITLE.fullmatch(word) and " " in text
    return bool(titled or not _ROLE.search(text) or (word.istitle() and not _ROLE.search(word)))


def _in_part(part: str) -> Iterator[Person]:
    part = _LEAD.sub("", part).strip(" ,.")
    for shape in (_BRACKETS, _DASH):
        if match := shape.match(part):
            yield from _persons(match["name"], match["role"])
            return
    names: list[str] = []
    for token in (each.strip() for each in re.split(r"[,，、]", part)):
        token = _LEAD.sub("", token)
        if names and _is_role(token):
            *before, last = names
            for name in before:
                yield from _persons(name, "")
            yield from _persons(last, token)
            names = []
        elif token:
            first, *rest = _AND.split(token)
            names += [token] if _is_role(first) else [first, *rest]
    for name in names:
        match = _name_and_role(name)
        if match:
            yield from _persons(match["name"], match["role"])
        else:
            yield from _persons(name, "")


def _name_and_role(text: str) -> re.Match[str] | None:
    """Both, where no comma stands between them: "Tom from HR", "Ana Ruiz head of ops"."""
    if _ARTICLE.match(text):
        return None
    match = _FROM.match(text)
    if match and (match["name"].casefold() in _NOBODY or not _ROLE.search(match["name"])):
        return match
    if not _ROLE.search(text):
        return None
    return _NAME_THEN_ROLE.match(text) or (_TITLED.match(text) if text[0].islower() else None)


def _is_role(text: str) -> bool:
    """Whether these words say what somebody does, rather than what they are called."""
    return bool(_ROLE.search(text)) or (len(text.split()) > 1 and text[:1].islower())


def _persons(name: str, role: str) -> Iterator[Person]:
    """One person, if there is a letter in it; a name that is a role is nobody's name."""
    name, role = name.strip(" ,.-"), role.strip(" ,.-")
    if not role and _ROLE.search(name):
        name, role = "", _ARTICLE.sub("", name)
    if name.islower() and all(map(_is_latin, filter(str.isalpha, name))):
        name = " ".join(word[:1].upper() + word[1:] for word in name.split())
    if name.casefold() in _NOBODY:
        name = ""
    named = any(map(str.isalpha, name + role))
    if named and len(name) <= LONGEST_NAME and len(role) <= LONGEST_ROLE:
        yield Person(name, role)


def greeting(name: str) -> str:
    """How a letter addresses them: "Ana", "Dr Chen"; a name in another script stays whole."""
    words = name.split()
    if not words or not all(_is_latin(letter) for letter in name if letter.isalpha()):
        return name
    titled = len(words) > 1 and _TITLE.fullmatch(words[0])
    return f"{words[0]} {words[-1]}" if titled else words[0]


def _is_latin(letter: str) -> bool:
    return unicodedata.name(letter, "").startswith("LATIN")


def face_for(people: Sequence[Person]) -> str:
    """The id of the interviewer to practise with before meeting these people."""
    if len(people) >= PANEL:
        return "panel"
    roles = " ".join(person.role for person in people)
    if re.search(_EXECUTIVE, roles, re.IGNORECASE):
        return "executive"
    if not roles or re.search(_MANAGER, roles, re.IGNORECASE):
        return "hiring_manager"
    return "peer"
