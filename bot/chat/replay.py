"""A turn that failed, tried once more: what it had to answer is answered as if it came just now.

The failure leaves the store in the turn that answers it. So it acts once, however often and by
whomever it is replayed; and when it fails again, nothing has changed.
"""

from __future__ import annotations

import json
from datetime import datetime
from enum import StrEnum
from typing import Any

from telegram import Update

from bot.chat import received, routing
from bot.chat.pushing import REMINDERS
from bot.chat.visit import Visit
from bot.content.wording import Wording
from bot.interview.model import Book
from bot.store import Failure, Store, Turn


class Replay(StrEnum):
    """What came of it."""

    DONE = "done, and no longer kept"
    GONE = "not there any more: somebody else has replayed it, or the candidate is forgotten"
    NOT_WHOLE = "cannot be replayed: it was too large to be kept"
    NOT_OURS = "cannot be replayed: it was no update, but a line that Telegram would not take"


async def replay(
    failure: Failure, store: Store, book: Book, wording: Wording, at: datetime
) -> Replay:
    """Answer once more what could not be answered. Raises what that raises, then it is kept."""
    what: Any = json.loads(failure.update)
    if not isinstance(what, dict) or not what.keys() & {"update_id", "reminder"}:
        return Replay.NOT_OURS
    if what.keys() == {"update_id"}:
        return Replay.NOT_WHOLE

    async def act(turn: Turn) -> Replay:
        if not await turn.take_failure(failure.reference):
            return Replay.GONE
        visit = await Visit.of(turn, book, wording)
        if "reminder" in what:
            await REMINDERS[what["reminder"]](visit, what["ref"])
        else:
            await routing.answer(visit, _update(what))
        return Replay.DONE

    if "update_id" in what:  # it may still come from Telegram, too; then this is when it was seen
        async with store.turn(failure.chat_id, at=at, update_id=what["update_id"]) as turn:
            if not turn.seen:
                return await act(turn)
    async with store.turn(failure.chat_id, at=at) as turn:
        return await act(turn)


def kind_of(failure: Failure) -> str:
    """What it was, in a word or two."""
    what: Any = json.loads(failure.update)
    if "reminder" in what:
        return f"reminder {what['reminder']}"
    update = received.read(what, None)
    return "line" if update is None else update.kind


def _update(what: Any) -> Update:
    read = received.read(what, None)
    if read is None or read.update is None:
        raise (read and read.trouble) or ValueError("an update that cannot be read")
    return read.update
