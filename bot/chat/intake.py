"""Updates in, one turn each: commit first, then acknowledge.

The offset of the long poll moves only after every update before it is committed, so a crash at any
moment makes Telegram deliver again; `update_id` in the turn's own transaction makes the second
time harmless. Chats run side by side, one chat strictly in order of arrival.

An update whose turn fails is kept for replay and answered with an apology. One for which even that
fails holds the offset, but not for ever: after a few tries it is kept as far as it can be, and
passed over. While the store takes nothing at all, nothing is passed over: nobody could be served,
and at Telegram the updates are safe for a day.
"""

from __future__ import annotations

import asyncio
import json
import logging
import traceback
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from telegram import Bot, Update
from telegram.error import Conflict, InvalidToken, NetworkError, RetryAfter

from bot.chat import practising, routing
from bot.chat.clock import Clock
from bot.chat.errors import kind_and_place
from bot.chat.stages import NEW
from bot.chat.visit import Visit
from bot.content.wording import Wording
from bot.interview.model import Book
from bot.store import Candidate, Reminder, Store, Turn

log = logging.getLogger(__name__)

POLL_SECONDS = 30
ALLOWED = ["message", "edited_message", "callback_query"]
PATIENCE = 5  # tries after which an update that cannot even be apologised for is passed over
LAST_TAPS = 5.0  # seconds that stopping waits for taps to be acknowledged
_LONGEST_BACK_OFF = 30.0
_REMINDERS_AT_ONCE = 100
_TIDY_EVERY = timedelta(minutes=1)
_PRUNED_AT_ONCE = 500
_POOL_TIMEOUT = 10.0  # seconds


@dataclass(slots=True)
class _Stuck:
    """An update whose turn failed: how often, and what it is kept as."""

    tries: int = 0
    reference: str | None = None


class Intake:
    """Takes updates and due reminders, and answers each in a turn of its own."""

    def __init__(self, bot: Bot, store: Store, book: Book, wording: Wording, clock: Clock) -> None:
        self._bot = bot
        self._store = store
        self._book = book
        self._wording = wording
        self._clock = clock
        self._stuck: dict[int, _Stuck] = {}
        self._acknowledging: set[asyncio.Task[None]] = set()

    # Updates

    async def poll(self, stop: asyncio.Event) -> None:
        """Fetch and answer updates until `stop` is set; what is in hand is finished first.

        Raises InvalidToken when Telegram does not know the bot.
        """
        offset, failures = 0, 0
        trouble: Exception | None = None
        try:
            while not stop.is_set():
                try:
                    updates = await self._fetch(offset, stop)
                    await self.take(updates)
                    if updates:
                        offset = updates[-1].update_id + 1
                    failures, trouble = 0, None
                except InvalidToken:
                    raise
                except RetryAfter as error:
                    await self._pause(_seconds(error.retry_after), stop)
                except Exception as error:
                    _report(error, trouble)
                    failures, trouble = failures + 1, error
                    await self._pause(_back_off(failures), stop)
        finally:
            await self._end_acknowledging()

    async def take(self, updates: Sequence[Update]) -> None:
        """Answer updates; returns once every one is committed. Raises if one could not even fail.

        All chats are finished before that is raised; what was committed is seen the next time.
        """
        by_chat: dict[int, list[Update]] = defaultdict(list)
        for update in updates:
            by_chat[update.effective_chat.id if update.effective_chat else 0].append(update)
        outcomes = await asyncio.gather(
            *(self._take_in_order(chat, own) for chat, own in by_chat.items()),
            return_exceptions=True,
        )
        for outcome in outcomes:
            if outcome is not None:
                raise outcome

    async def settled(self) -> None:
        """Return when every tap taken so far has been acknowledged. For tests."""
        while self._acknowledging:
            await asyncio.wait(self._acknowledging)

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
        try:
            toast = await self._answer(chat_id, update)
        except Exception as error:
            stuck = self._stuck.setdefault(update.update_id, _Stuck())
            stuck.tries += 1
            try:
                await self._apologise(chat_id, update, error, stuck)
            except Exception as worse:
                if stuck.tries < PATIENCE:
                    raise
                await self._pass_over(chat_id, update, worse, stuck)
            toast = ""
        self._stuck.pop(update.update_id, None)
        if update.callback_query is not None:
            self._acknowledge(update.callback_query.id, toast)

    async def _answer(self, chat_id: int, update: Update) -> str:
        """Answer an update in its turn, unless that was done before; returns the toast."""
        now = self._clock.now()
        async with self._store.turn(chat_id, at=now, update_id=update.update_id) as turn:
            if turn.seen:
                return ""
            visit = await self._visit(turn)
            await routing.answer(visit, update)
        return visit.toast

    async def _visit(self, turn: Turn) -> Visit:
        known = await turn.candidate()
        candidate = known or Candidate(turn.chat_id, NEW, turn.at)
        return Visit(turn, self._book, self._wording, turn.chat_id, turn.at, candidate)

    async def _apologise(
        self, chat_id: int, update: Update, error: Exception, stuck: _Stuck
    ) -> None:
        """Keep a failed update for replay, and tell the candidate that it did not count."""
        now = self._clock.now()
        if stuck.reference is None:
            stuck.reference = await self._keep(chat_id, update.to_dict(), error)
            what = kind_and_place(error)
            log.error("a turn failed: %s, reference %s", what, stuck.reference)
        async with self._store.turn(chat_id, at=now, update_id=update.update_id) as turn:
            (await self._visit(turn)).phrase("hiccup", reference=stuck.reference)

    async def _pass_over(
        self, chat_id: int, update: Update, error: Exception, stuck: _Stuck
    ) -> None:
        """Give up on an update. Raises while the store does not even take a note of that."""
        if stuck.reference is None:
            stuck.reference = await self._keep(chat_id, {"update_id": update.update_id}, error)
        log.error(
            "update %s was passed over after %s tries: %s, reference %s",
            update.update_id,
            stuck.tries,
            kind_and_place(error),
            stuck.reference,
        )

    async def _keep(self, chat_id: int, what: object, error: Exception) -> str:
        """Keep what failed, and why, with the candidate's own data; returns its reference."""
        trace = "".join(traceback.format_exception(error))
        return await self._store.record_failure(chat_id, json.dumps(what), trace, self._clock.now())

    # Taps

    def _acknowledge(self, query_id: str, toast: str) -> None:
        """End the spinner on a tapped button; the one call that does not go through the outbox.

        Nobody waits for it: the tap is done, and the next updates are due.
        """
        task = asyncio.create_task(self._end_spinner(query_id, toast))
        self._acknowledging.add(task)
        task.add_done_callback(self._acknowledging.discard)

    async def _end_spinner(self, query_id: str, toast: str) -> None:
        try:
            await self._bot.answer_callback_query(
                query_id, text=toast or None, pool_timeout=_POOL_TIMEOUT
            )
        except Exception as error:
            # The tap itself is done; a spinner that turns a moment longer loses nothing.
            log.debug("a tap was not acknowledged: %s", kind_and_place(error))

    async def _end_acknowledging(self) -> None:
        """Let the last taps be acknowledged, but not for long."""
        if not self._acknowledging:
            return
        pausing = asyncio.ensure_future(self._clock.sleep(LAST_TAPS))
        settling = asyncio.ensure_future(self.settled())
        await asyncio.wait({pausing, settling}, return_when=asyncio.FIRST_COMPLETED)
        left = (pausing, settling, *self._acknowledging)
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)

    # Time

    async def remind(self, stop: asyncio.Event) -> None:
        """Act on due reminders until `stop` is set, and tidy the store now and then."""
        tidy_at, failures = self._clock.now(), 0
        while not stop.is_set():
            try:
                await self.take_due()
                if (now := self._clock.now()) >= tidy_at:
                    tidy_at = now + _TIDY_EVERY
                    await self._tidy(stop)
                failures = 0
            except Exception as error:
                failures += 1
                log.error("reminders could not be taken: %s", kind_and_place(error))
            await self._pause(max(1.0, _back_off(failures)), stop)

    async def take_due(self) -> None:
        """Act on every reminder that is due now; one that fails is kept, and not tried again.

        Raises, after the others had their turn, if one could be neither taken nor cancelled.
        """
        worst: Exception | None = None
        for reminder in await self._store.due_reminders(self._clock.now(), _REMINDERS_AT_ONCE):
            try:
                await self._take_reminder(reminder)
            except Exception as error:
                try:
                    await self._cancel(reminder, error)
                except Exception as worse:
                    worst = worse
        if worst is not None:
            raise worst

    async def _take_reminder(self, reminder: Reminder) -> None:
        async with self._store.turn(reminder.chat_id, at=self._clock.now()) as turn:
            due = await turn.take_reminder(reminder.kind)
            if due is not None and due.kind == practising.SILENCE:
                await practising.on_silence(await self._visit(turn), dict(due.ref))

    async def _cancel(self, reminder: Reminder, error: Exception) -> None:
        """Owe a reminder that failed no more; what was owed of its kind since then stays."""
        what = {"reminder": reminder.kind, "ref": dict(reminder.ref)}
        reference = await self._keep(reminder.chat_id, what, error)
        async with self._store.turn(reminder.chat_id, at=reminder.due_at) as turn:
            await turn.take_reminder(reminder.kind)
        log.error("a reminder failed: %s, reference %s", kind_and_place(error), reference)

    async def _tidy(self, stop: asyncio.Event) -> None:
        """Wipe what candidates asked to forget, and throw out what is too old to matter.

        In small steps, so that turns get their chance in between.
        """
        await self._store.wipe()
        now = self._clock.now()
        while await self._store.prune(now, _PRUNED_AT_ONCE) == _PRUNED_AT_ONCE:
            if stop.is_set():
                return
            await asyncio.sleep(0)

    async def _pause(self, seconds: float, stop: asyncio.Event) -> None:
        stopping = asyncio.ensure_future(stop.wait())
        pausing = asyncio.ensure_future(self._clock.sleep(seconds))
        await asyncio.wait({stopping, pausing}, return_when=asyncio.FIRST_COMPLETED)
        stopping.cancel()
        pausing.cancel()


def _report(error: Exception, before: Exception | None) -> None:
    """Say why updates do not come; `before` is why they did not come the last time, if so."""
    if isinstance(error, Conflict):
        if not isinstance(before, Conflict):
            log.warning(
                "no updates: another process is using the same token, or a webhook is set;"
                " trying again until that ends"
            )
    elif not isinstance(error, NetworkError):
        what = kind_and_place(error)
        log.error("updates could not be taken (%s); they will be delivered again", what)


def _back_off(failures: int) -> float:
    """Seconds to wait after so many failures in a row."""
    return min(2.0 ** min(failures, 10) / 2, _LONGEST_BACK_OFF)


def _seconds(told: int | timedelta) -> float:
    """How long Telegram told us to wait; see bot/chat/__init__.py for why it may be either."""
    return told.total_seconds() if isinstance(told, timedelta) else float(told)
