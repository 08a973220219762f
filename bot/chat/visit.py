"""One update being dealt with: the turn it happens in, and how to answer it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from bot.chat.buttons import Row, inline
from bot.chat.limits import DAY, NO_LIMITS, Limits
from bot.chat.stages import NEW
from bot.content.wording import Wording
from bot.interview.model import Book
from bot.store import Candidate, Priority, Turn

# Bubbles after the first of one turn leave a moment apart: several at once are unsettling.
PAUSE = timedelta(seconds=0.8)
LONGEST_MESSAGE = 4096


@dataclass(slots=True)
class Visit:
    """What a handler works with.

    `tapped` is the id of the message whose button was tapped, if one was; `words` are what was
    typed after a command; `toast` is shown over the chat once the turn is committed. `bottom` is
    the slot of the last message said in this visit: "" for one without a slot, None before anything
    is said. `agenda` is agenda.py's own.
    """

    turn: Turn
    book: Book
    wording: Wording
    chat_id: int
    at: datetime
    candidate: Candidate
    limits: Limits = NO_LIMITS
    tapped: int | None = None
    words: str = ""
    toast: str = ""
    bottom: str | None = None
    agenda: Any = None
    stage_before: str = ""
    stage_after: str = ""
    _said: int = field(default=0)
    _came_at: str = field(init=False)

    def __post_init__(self) -> None:
        self._came_at = self.candidate.stage

    @classmethod
    async def of(
        cls, turn: Turn, book: Book, wording: Wording, limits: Limits = NO_LIMITS
    ) -> Visit:
        """The visit of a turn; somebody whom the store does not know is new."""
        candidate = await turn.candidate() or Candidate(turn.chat_id, NEW, turn.at)
        return cls(turn, book, wording, turn.chat_id, turn.at, candidate, limits)

    def stages(self) -> tuple[str, str]:
        """Where the candidate was and is: in the interview where this visit moved it."""
        before = self.stage_before or self._came_at
        return before, self.stage_after or self.candidate.stage

    def say(
        self,
        template: str,
        rows: Sequence[Row] = (),
        *,
        slot: str | None = None,
        priority: Priority = Priority.REPLY,
        markup: Mapping[str, Any] | None = None,
        **data: Any,
    ) -> None:
        """Send a message made from a template."""
        text = self.wording.message(template, **data)
        self.send(text, rows, slot=slot, priority=priority, markup=markup)

    def phrase(
        self,
        key: str,
        rows: Sequence[Row] = (),
        /,
        *,
        slot: str | None = None,
        priority: Priority = Priority.REPLY,
        markup: Mapping[str, Any] | None = None,
        **data: object,
    ) -> None:
        """Send a short reply."""
        text = escaped(self.wording.phrase(key, **data))
        self.send(text, rows, slot=slot, priority=priority, markup=markup)

    def send(
        self,
        text: str,
        rows: Sequence[Row] = (),
        *,
        slot: str | None = None,
        priority: Priority = Priority.REPLY,
        markup: Mapping[str, Any] | None = None,
    ) -> None:
        """Send Telegram HTML; messages of one turn leave a short pause apart.

        `markup` is another keyboard than buttons under the message, which has none then.
        """
        payload: dict[str, Any] = {"text": text, "parse_mode": "HTML"}
        if markup is not None:
            payload["reply_markup"] = dict(markup)
        elif rows:
            payload["reply_markup"] = inline(list(rows))
        later = self.at + self._said * PAUSE if self._said else None
        self.turn.say("sendMessage", payload, slot=slot, priority=priority, not_before=later)
        self._said += 1
        self.bottom = slot or ""

    def attach(self, name: str, text: str, caption: str) -> None:
        """Send a text file."""
        self.turn.say("sendDocument", {"filename": name, "text": text, "caption": caption})
        self.bottom = ""

    def edit(self, template: str, rows: Sequence[Row] = (), **data: Any) -> None:
        """Put a new screen in place of the tapped one; without a tap, send it."""
        if self.tapped is None:
            self.say(template, rows, **data)
            return
        payload = {
            "message_id": self.tapped,
            "text": self.wording.message(template, **data),
            "parse_mode": "HTML",
            "reply_markup": inline(list(rows)),
        }
        self.turn.say("editMessageText", payload)

    def buttons(self, rows: Sequence[Row] = ()) -> None:
        """Change the buttons under the tapped message; none take them away."""
        if self.tapped is not None:
            payload = {"message_id": self.tapped, "reply_markup": inline(list(rows))}
            self.turn.say("editMessageReplyMarkup", payload)

    def button(self, name: str, data: str) -> tuple[str, str]:
        """A button whose text is in prompts/buttons.toml."""
        return (self.wording.buttons[name], data)

    async def has_interviews_left(self) -> bool:
        """Whether another interview may be opened today; says so if not."""
        most = self.limits.interviews_a_day
        if not most or await self.turn.opened_since(self.at - DAY) < most:
            return True
        self.phrase("enough_interviews", number=most)
        return False

    async def save(self, **changes: Any) -> None:
        """Change what is stored about the candidate."""
        self.candidate = replace(self.candidate, **changes)
        await self.turn.save_candidate(self.candidate)


def escaped(text: str) -> str:
    """Plain text as Telegram HTML."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
