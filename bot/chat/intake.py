"""Updates in, one turn each: commit first, then acknowledge.

The offset of the long poll moves only after every update before it is committed, so a crash at any
moment makes Telegram deliver again; `update_id` in the turn's own transaction makes the second
time harmless. Chats run side by side, one chat strictly in order of arrival.
"""

from __future__ import annotations

import asyncio
import json
import logging
import traceback
from collections import defaultdict
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

from telegram import Bot, Update
from telegram.error import NetworkError, RetryAfter, TelegramError

from bot.chat import practising, routing
from bot.chat.clock import Clock
from bot.chat.stages import NEW
from bot.chat.visit import Visit
from bot.content.wording import Wording
from bot.interview.model import Book
from bot.store import Candidate, Reminder, Store, Turn

log = logging.getLogger(__name__)

POLL_SECONDS = 30
ALLOWED = ["message", "edited_message", "callback_query"]
_LONGEST_BACK_OFF = 30.0
_REMINDERS_AT_ONCE = 100
_PRUNE_EVERY = timedelta(minutes=10)


class Intake:
    """Takes updates and due reminders, and answers each in a turn of its own."""

    def __init__(self, bot: Bot, store: Store, book: Book, wording: Wording, clock: Clock) -> None:
        self._bot = bot
        self._store = store
        self._book = book
        self._wording = wording
        self._clock = clock

    async def poll(self, stop: asyncio.Event) -> None:
        """Fetch and answer updates until `stop` is set; what is in hand is finished first."""
        offset, failures = 0, 0
        while not stop.is_set():
            try:
                updates = await self._fetch(offset, stop)
                await self.take(updates)
                if updates:
                    offset = updates[-1].update_id + 1
                failures = 0
            except RetryAfter as error:
                await self._pause(_seconds(error.retry_after), stop)
            except Exception as error:
                failures += 1
                if not isinstance(error, NetworkError):
                    log.exception("updates could not be taken; they will be delivered again")
                await self._pause(min(2.0**failures / 2, _LONGEST_BACK_OFF), stop)

    async def take(self, updates: Sequence[Update]) -> None:
        """Answer updates; returns once every one is committed. Raises if one could not even fail.

        A turn that raises is rolled back, kept for replay and answered with a kind sentence.
        """
        by_chat: dict[int, list[Update]] = defaultdict(list)
        for update in updates:
            by_chat[update.effective_chat.id if update.effective_chat else 0].append(update)
        await asyncio.gather(*(self._take_in_order(chat, own) for chat, own in by_chat.items()))

    async def remind(self, stop: asyncio.Event) -> None:
        """Act on due reminders until `stop` is set, and throw out what is too old to matter."""
        prune_at = self._clock.now()
        while not stop.is_set():
            try:
                await self.take_due()
                if (now := self._clock.now()) >= prune_at:
                    await self._store.prune(now)
                    prune_at = now + _PRUNE_EVERY
            except Exception:
                log.exception("reminders could not be taken; they stay due")
            await self._pause(1.0, stop)

    async def take_due(self) -> None:
        """Act on every reminder that is due now; one that fails does not hold up the others."""
        for reminder in await self._store.due_reminders(self._clock.now(), _REMINDERS_AT_ONCE):
            try:
                await self._take_reminder(reminder)
            except Exception:
                log.exception("a reminder of kind %s could not be taken", reminder.kind)

    async def _fetch(self, offset: int, stop: asyncio.Event) -> tuple[Update, ...]:
        """The next updates; none when `stop` is set while waiting for them."""
        poll = asyncio.ensure_future(
            self._bot.get_updates(
                offset=offset, timeout=POLL_SECONDS, allowed_updates=ALLOWED, read_timeout=10
            )
        )
        stopping = asyncio.ensure_future(stop.wait())
        await asyncio.wait({poll, stopping}, return_when=asyncio.FIRST_COMPLETED)
        stopping.cancel()
        if not poll.done():
            poll.cancel()
            return ()
        return poll.result()

    async def _take_in_order(self, chat_id: int, updates: Sequence[Update]) -> None:
        for update in updates:
            if chat_id:
                await self._take_one(chat_id, update)

    async def _take_one(self, chat_id: int, update: Update) -> None:
        now = self._clock.now()
        try:
            async with self._store.turn(chat_id, at=now, update_id=update.update_id) as turn:
                if turn.seen:
                    return
                visit = await self._visit(turn)
                await routing.answer(visit, update)
        except Exception as error:
            visit = await self._apologise(chat_id, update, error)
        if update.callback_query is not None:
            await self._acknowledge(update.callback_query.id, visit.toast)

    async def _visit(self, turn: Turn) -> Visit:
        known = await turn.candidate()
        candidate = known or Candidate(turn.chat_id, NEW, turn.at)
        return Visit(turn, self._book, self._wording, turn.chat_id, turn.at, candidate)

    async def _apologise(self, chat_id: int, update: Update, error: Exception) -> Visit:
        """Keep a failed update for replay, and tell the candidate that it did not count."""
        now = self._clock.now()
        raw = json.dumps(update.to_dict())
        trace = "".join(traceback.format_exception(error))
        reference = await self._store.record_failure(chat_id, raw, trace, now)
        # Not the message of the error: it could hold a candidate's words.
        place = traceback.extract_tb(error.__traceback__)[-1]
        kind, file = type(error).__name__, Path(place.filename).name
        log.error("a turn failed: %s at %s:%s, reference %s", kind, file, place.lineno, reference)
        async with self._store.turn(chat_id, at=now, update_id=update.update_id) as turn:
            visit = await self._visit(turn)
            visit.phrase("hiccup", reference=reference)
        return visit

    async def _take_reminder(self, reminder: Reminder) -> None:
        async with self._store.turn(reminder.chat_id, at=self._clock.now()) as turn:
            due = await turn.take_reminder(reminder.kind)
            if due is not None and due.kind == practising.SILENCE:
                await practising.on_silence(await self._visit(turn), dict(due.ref))

    async def _acknowledge(self, query_id: str, toast: str) -> None:
        """End the spinner on a tapped button; the one call that does not go through the outbox."""
        try:
            await self._bot.answer_callback_query(query_id, text=toast or None)
        except TelegramError as error:
            # The tap itself is done; a spinner that turns a moment longer loses nothing.
            log.debug("a tap was not acknowledged: %s", error)

    async def _pause(self, seconds: float, stop: asyncio.Event) -> None:
        stopping = asyncio.ensure_future(stop.wait())
        pausing = asyncio.ensure_future(self._clock.sleep(seconds))
        await asyncio.wait({stopping, pausing}, return_when=asyncio.FIRST_COMPLETED)
        stopping.cancel()
        pausing.cancel()


def _seconds(told: int | timedelta) -> float:
    """How long Telegram told us to wait; see bot/chat/__init__.py for why it may be either."""
    return told.total_seconds() if isinstance(told, timedelta) else float(told)
