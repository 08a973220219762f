"""One update being dealt with: the turn it happens in, and how to answer it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from bot.chat.buttons import Row, inline
from bot.content.wording import Wording
from bot.interview.model import Book
from bot.store import Candidate, Priority, Turn

# Bubbles after the first of one turn leave a moment apart: several at once are unsettling.
PAUSE = timedelta(seconds=0.8)
LONGEST_MESSAGE = 4096


@dataclass(slots=True)
class Visit:
    """What a handler works with.

    `tapped` is the id of the message whose button was tapped, if one was; `toast` is shown over
    the chat once the turn is committed. `bottom` is the slot of the last message said in this
    visit: "" for one without a slot, None before anything is said.
    """

    turn: Turn
    book: Book
    wording: Wording
    chat_id: int
    at: datetime
    candidate: Candidate
    tapped: int | None = None
    toast: str = ""
    bottom: str | None = None
    _said: int = field(default=0)

    def say(
        self,
        template: str,
        rows: Sequence[Row] = (),
        *,
        slot: str | None = None,
        priority: Priority = Priority.REPLY,
        **data: Any,
    ) -> None:
        """Send a message made from a template."""
        text = self.wording.message(template, **data)
        self.send(text, rows, slot=slot, priority=priority)

    def phrase(
        self, key: str, rows: Sequence[Row] = (), /, *, slot: str | None = None, **data: object
    ) -> None:
        """Send a short reply."""
        self.send(escaped(self.wording.phrase(key, **data)), rows, slot=slot)

    def send(
        self,
        text: str,
        rows: Sequence[Row] = (),
        *,
        slot: str | None = None,
        priority: Priority = Priority.REPLY,
    ) -> None:
        """Send Telegram HTML; messages of one turn leave a short pause apart."""
        payload: dict[str, Any] = {"text": text, "parse_mode": "HTML"}
        if rows:
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

    async def save(self, **changes: Any) -> None:
        """Change what is stored about the candidate."""
        self.candidate = replace(self.candidate, **changes)
        await self.turn.save_candidate(self.candidate)


def escaped(text: str) -> str:
    """Plain text as Telegram HTML."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
