"""What the candidate can do in an interview; each move is answered by one step of `conduct`."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Said:
    """A message arrived; `message` is its Telegram id."""

    text: str
    message: int


@dataclass(frozen=True, slots=True)
class Corrected:
    """An earlier message was edited."""

    text: str
    message: int


@dataclass(frozen=True, slots=True)
class Finished:
    """That was the whole answer."""


@dataclass(frozen=True, slots=True)
class AskedAgain:
    """Say the question once more."""


@dataclass(frozen=True, slots=True)
class AskedMeaning:
    """Put the question differently."""


@dataclass(frozen=True, slots=True)
class Declined:
    """I would rather not answer this one, or simply: skip."""


@dataclass(frozen=True, slots=True)
class TriedAgain:
    """Another go at the same question; `adds` keeps what was told and adds to it."""

    adds: bool = False


@dataclass(frozen=True, slots=True)
class WentOn:
    """The next question, please."""


@dataclass(frozen=True, slots=True)
class Stopped:
    """Enough for today."""


@dataclass(frozen=True, slots=True)
class FellSilent:
    """Nothing came for as long as this interviewer waits; `pieces` were heard when it began."""

    number: int
    attempt: int
    pieces: int


Move = (
    Said
    | Corrected
    | Finished
    | AskedAgain
    | AskedMeaning
    | Declined
    | TriedAgain
    | WentOn
    | Stopped
    | FellSilent
)
