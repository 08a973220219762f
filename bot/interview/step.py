"""One step of an interview: what a move led to, gathered while it is being decided."""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.feedback import Feedback
from bot.interview.events import Event
from bot.interview.lines import Line
from bot.interview.machine import Interview, evolve
from bot.interview.model import Book, Panelist, Persona, Question


@dataclass(slots=True)
class Step:
    """One move and what it led to.

    `interview` is how it stands after `events`; `lines` are to be said; `reviewed` is the feedback
    on an answer that this move completed.
    """

    interview: Interview
    book: Book
    events: list[Event] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    reviewed: Feedback | None = None

    def record(self, event: Event) -> None:
        """Let `event` happen. Raises NotNow if the stage does not allow it."""
        self.interview = evolve(self.interview, event)
        self.events.append(event)

    def say(self, line: Line) -> None:
        """Add a line, to be said after those before it."""
        self.lines.append(line)

    @property
    def persona(self) -> Persona:
        """The interviewer."""
        return self.book.personas[self.interview.persona]

    @property
    def question(self) -> Question:
        """The question on the table."""
        return self.book.questions[self.interview.question]

    @property
    def speaker(self) -> Panelist | Persona:
        """Who spoke last: the panelist whose turn it is, or the single interviewer."""
        return speaker(self.persona, self.interview.asker)


def speaker(persona: Persona, asker: str | None) -> Panelist | Persona:
    """The panelist with id `asker`, or the persona itself."""
    return next((each for each in persona.panelists if each.id == asker), persona)
