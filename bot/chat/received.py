"""An update as it came, by either way, and as much of it as could be read.

What arrives is material from outside: any field may be missing, huge or of a type that it never
has. One that python-telegram-bot cannot read still has a place in its chat, if it names one.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from telegram import Bot, Update

_LARGEST = 2**63  # what a database takes for a number
_KEPT = 100_000  # characters of an update that are kept for replay
_KINDS = {"message": "message", "edited_message": "edit", "callback_query": "tap"}


@dataclass(frozen=True, slots=True)
class Received:
    """One update. `update` is None when it could not be read, for the reason `trouble`.

    `chat_id` is None when there is no chat to answer in.
    """

    update_id: int
    chat_id: int | None
    kind: str
    update: Update | None
    trouble: Exception | None = None
    raw: Mapping[str, Any] | None = None

    @property
    def query_id(self) -> str:
        """The id of the tap that it is, "" for anything else."""
        query = None if self.update is None else self.update.callback_query
        return "" if query is None else query.id

    @property
    def sent_at(self) -> datetime | None:
        """When Telegram says that it was written or edited; None for a tap and what is unread."""
        message = None if self.update is None else self.update.message or self.update.edited_message
        moment = None if message is None else message.edit_date or message.date
        return moment if isinstance(moment, datetime) and moment.tzinfo else None

    @property
    def size(self) -> int:
        """How many bytes of text it brings."""
        message = None if self.update is None else self.update.message or self.update.edited_message
        text: object = None if message is None else message.text
        return len(text.encode("utf-8", "replace")) if isinstance(text, str) else 0

    def as_json(self) -> str:
        """What to keep for a replay; only the id of what is far too long for a message."""
        whole: object = self.raw
        if whole is None and self.update is not None:
            whole = self.update.to_dict()
        text = json.dumps(whole)
        return text if len(text) <= _KEPT else json.dumps({"update_id": self.update_id})


def of(update: Update) -> Received:
    """An update that python-telegram-bot has read."""
    chat_id = update.effective_chat.id if update.effective_chat else None
    if not _is_number(chat_id):
        chat_id = None
    kind = next((kind for name, kind in _KINDS.items() if getattr(update, name)), "other")
    text: object = update.message.text if update.message else None
    if isinstance(text, str) and text.startswith("/"):
        kind = "command"
    return Received(update.update_id, chat_id, kind, update)


def read(raw: object, bot: Bot | None) -> Received | None:
    """An update from JSON; None for what is no update at all."""
    if not isinstance(raw, dict) or not _is_number(raw.get("update_id"), least=0):
        return None
    try:
        update = Update.de_json(raw, bot)
        found = of(update)
    except Exception as error:
        return Received(raw["update_id"], _chat_of(raw), "unreadable", None, error, raw)
    return replace(found, raw=raw)


def _chat_of(raw: Mapping[str, Any]) -> int | None:
    """The chat that an update names where those that we ask for do."""
    for name in _KINDS:
        inner: Any = raw.get(name)
        if name == "callback_query" and isinstance(inner, dict):
            inner = inner.get("message")
        chat = inner.get("chat") if isinstance(inner, dict) else None
        if isinstance(chat, dict) and _is_number(chat.get("id")):
            return int(chat["id"])
    return None


def _is_number(value: object, least: int = -_LARGEST) -> bool:
    """Whether a value is a whole number that a database takes."""
    return isinstance(value, int) and not isinstance(value, bool) and least <= value < _LARGEST
