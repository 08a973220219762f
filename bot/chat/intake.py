"""Updates in, one turn each: commit first, then acknowledge.

Polling and the webhook both come through here. Whoever fetched an update may tell Telegram to
forget it only when `take` has returned, so a crash at any moment makes Telegram deliver again;
`update_id` in the turn's own transaction makes the second time harmless. Chats run side by side,
one chat strictly in order of arrival (among replicas the store sees to it).

An update whose turn fails is kept for replay and answered with an apology. One for which even that
fails comes again, but not for ever: after a few tries it is kept as far as it can be, and passed
over. While the store takes nothing at all, nothing is passed over: nobody could be served, and at
Telegram the updates are safe for a day.
"""

from __future__ import annotations

import asyncio
import json
import logging
import traceback
from collections import OrderedDict, defaultdict
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import perf_counter

from telegram import Bot, Update

from bot.chat import received, routing
from bot.chat.agenda import AGENDA
from bot.chat.clock import Clock, back_off
from bot.chat.errors import kind_and_place
from bot.chat.limits import NO_LIMITS, TOO_FAST, TOO_MUCH, Gate, Limits
from bot.chat.pushing import REMINDERS
from bot.chat.queues import Queues
from bot.chat.received import Received
from bot.chat.report import Outcome, TurnReport, Watcher
from bot.chat.spinners import Spinners
from bot.chat.visit import Visit
from bot.content.wording import Wording
from bot.interview.model import Book
from bot.store import Reminder, Store, StoreAway, Turn

log = logging.getLogger(__name__)

PATIENCE = 5  # tries after which an update that cannot even be apologised for is passed over
MOST_STUCK = 1000  # updates whose tries are counted; of more, the oldest begin anew
_REMINDERS_AT_ONCE = 100
_AGENDA_AGAIN = timedelta(hours=1)
_LONGEST_REST = 3600.0  # seconds that a reminder is left alone which cannot even be cancelled
_LONGEST_TRACE = 20_000  # characters
DROP = "drop"


@dataclass(slots=True)
class _Stuck:
    """An update whose turn failed: how often, and what it is kept as."""

    tries: int = 0
    reference: str | None = None


@dataclass(slots=True)
class _Sore:
    """A reminder that could not even be cancelled: when to look again, what it is kept as."""

    again_at: datetime
    tries: int = 0
    reference: str | None = None


_Key = tuple[int, str, datetime]


def _key(reminder: Reminder) -> _Key:
    """What tells one reminder from the next of its kind."""
    return reminder.chat_id, reminder.kind, reminder.due_at


TryAgain = Callable[[], Awaitable[bool]]
"""Waits a while after the store was away; false for no more."""


class Intake:
    """Takes updates and due reminders, and answers each in a turn of its own."""

    def __init__(
        self,
        bot: Bot,
        store: Store,
        book: Book,
        wording: Wording,
        clock: Clock,
        watchers: Sequence[Watcher] = (),
        limits: Limits = NO_LIMITS,
    ) -> None:
        self._store = store
        self._book = book
        self._wording = wording
        self._clock = clock
        self._watchers = watchers
        self._limits = limits
        self._gate = Gate(limits, store.written_since)
        self._queues = Queues()
        self._stuck: OrderedDict[int, _Stuck] = OrderedDict()
        self._sore: OrderedDict[_Key, _Sore] = OrderedDict()
        self._spinners = Spinners(bot, clock)

    # Updates

    async def take(self, updates: Sequence[Update]) -> None:
        """Answer updates; returns once every one is committed. Raises if one could not even fail.

        All chats are finished before that is raised; what was committed is seen the next time.
        """
        await self.take_received([received.of(update) for update in updates])

    async def take_received(
        self, updates: Sequence[Received], try_again: TryAgain | None = None
    ) -> None:
        """Like `take`, for updates some of which could perhaps not be read.

        Raises StoreAway when the store could not be reached. As long as `try_again` says so it is
        tried again before that, and what comes behind in the same chat waits.
        """
        by_chat: dict[int | None, list[Received]] = defaultdict(list)
        for update in updates:
            by_chat[update.chat_id].append(update)
        outcomes = await asyncio.gather(
            *(self._take_in_order(chat, own, try_again) for chat, own in by_chat.items()),
            return_exceptions=True,
        )
        for outcome in outcomes:
            if outcome is not None:
                raise outcome

    async def settled(self) -> None:
        """Return when every tap taken so far has been acknowledged. For tests."""
        await self._spinners.settled()

    async def finish(self) -> None:
        """Let the last taps be acknowledged, but not for long; for when nothing more is taken."""
        await self._spinners.finish()

    async def _take_in_order(
        self, chat_id: int | None, updates: Sequence[Received], try_again: TryAgain | None
    ) -> None:
        if chat_id is None:
            for update in updates:
                self._tell(TurnReport(None, update.kind, Outcome.PASSED_OVER))
            return
        # What is too fast does not stand in line, where it would hold up whoever delivers it.
        waiting = [(each, over) for each in updates if (over := self._over(chat_id, each)) != DROP]
        if not waiting:
            return
        async with self._queues.in_line(chat_id, breaks=True):
            for update, over in waiting:
                await self._take_patiently(chat_id, update, over, try_again)

    def _over(self, chat_id: int, update: Received) -> str:
        """The phrase to answer an update with that is over a limit; DROP for none at all."""
        now = self._clock.now()
        if self._gate.lets_in(chat_id, update, now):
            return ""
        tells = self._gate.may_tell(chat_id, now)
        if tells and not update.query_id:
            return TOO_FAST
        self._tell(TurnReport(chat_id, update.kind, Outcome.OVER))
        if update.query_id:
            toast = self._wording.phrase(TOO_FAST, number=self._limits.messages_a_minute)
            self._spinners.end(update.query_id, toast if tells else "")
        return DROP

    async def _take_patiently(
        self, chat_id: int, update: Received, over: str, try_again: TryAgain | None
    ) -> None:
        while True:
            try:
                await self._take_one(chat_id, update, over)
            except StoreAway:
                if try_again is None or not await try_again():
                    raise
            else:
                return

    async def _take_one(self, chat_id: int, update: Received, over: str) -> None:
        report = TurnReport(chat_id, update.kind, Outcome.AGAIN)
        started = perf_counter()
        toast = ""
        try:
            try:
                toast = await self._answer(chat_id, update, over, report)
            except StoreAway:
                raise
            except Exception as error:
                report.error = type(error).__name__
                await self._fail(chat_id, update, error, report)
            self._stuck.pop(update.update_id, None)
        except Exception as error:
            report.error = type(error).__name__
            raise
        finally:
            report.seconds = perf_counter() - started
            self._tell(report)
        if update.query_id:
            self._spinners.end(update.query_id, toast)

    def _tell(self, report: TurnReport) -> None:
        for watcher in self._watchers:
            watcher(report)

    async def _answer(self, chat_id: int, update: Received, over: str, report: TurnReport) -> str:
        """Answer an update in its turn, unless that was done before; returns the toast."""
        now = self._clock.now()
        is_free = routing.is_command(update.update)
        if not over and not is_free and not await self._gate.has_room(chat_id, update, now):
            over = TOO_MUCH
            if not self._gate.may_tell(chat_id, now):
                report.outcome = Outcome.OVER
                return ""
        async with self._store.turn(chat_id, at=now, update_id=update.update_id) as turn:
            if not turn.seen:
                if update.update is None:
                    raise update.trouble or ValueError("an update that cannot be read")
                visit = await self._visit(turn)
                if over:
                    await routing.refuse(visit, over)
                else:
                    await routing.answer(visit, update.update)
        if turn.seen:
            report.outcome = Outcome.SEEN
            return ""
        report.outcome = Outcome.OVER if over else Outcome.DONE
        report.before, report.after = visit.stages()
        return visit.toast

    async def _visit(self, turn: Turn) -> Visit:
        return await Visit.of(turn, self._book, self._wording, self._limits)

    # Updates that fail

    async def _fail(
        self, chat_id: int, update: Received, error: Exception, report: TurnReport
    ) -> None:
        """Apologise, or after a few tries in vain pass the update over."""
        stuck = self._stuck.setdefault(update.update_id, _Stuck())
        while len(self._stuck) > MOST_STUCK:
            self._stuck.popitem(last=False)
        stuck.tries += 1
        try:
            await self._apologise(chat_id, update, error, stuck)
            report.outcome = Outcome.FAILED
        except StoreAway:
            raise
        except Exception as worse:
            if stuck.tries < PATIENCE:
                raise
            await self._pass_over(chat_id, update, worse, stuck)
            report.outcome = Outcome.PASSED_OVER

    async def _apologise(
        self, chat_id: int, update: Received, error: Exception, stuck: _Stuck
    ) -> None:
        """Keep a failed update for replay, and tell the candidate that it did not count."""
        now = self._clock.now()
        if stuck.reference is None:
            stuck.reference = await self._keep(chat_id, update.as_json(), error)
            what = kind_and_place(error)
            log.error("a turn failed: %s, reference %s", what, stuck.reference)
        async with self._store.turn(chat_id, at=now, update_id=update.update_id) as turn:
            if not turn.seen:
                (await self._visit(turn)).phrase("hiccup", reference=stuck.reference)

    async def _pass_over(
        self, chat_id: int, update: Received, error: Exception, stuck: _Stuck
    ) -> None:
        """Give up on an update. Raises while the store does not even take a note of that."""
        if stuck.reference is None:
            only_id = json.dumps({"update_id": update.update_id})
            stuck.reference = await self._keep(chat_id, only_id, error)
        log.error(
            "update %s was passed over after %s tries: %s, reference %s",
            update.update_id,
            stuck.tries,
            kind_and_place(error),
            stuck.reference,
        )

    async def _keep(self, chat_id: int, what: str, error: Exception) -> str:
        """Keep what failed, as JSON, and why, with the candidate's data; returns its reference."""
        trace = "".join(traceback.format_exception(error))[-_LONGEST_TRACE:]
        # What no database takes must not keep us from keeping the rest.
        trace = trace.replace("\0", "").encode("utf-8", "replace").decode("utf-8")
        return await self._store.record_failure(chat_id, what, trace, self._clock.now())

    # Reminders

    async def take_due(self, most: int = _REMINDERS_AT_ONCE) -> None:
        """Act on reminders that are due now; one that fails is kept, and not tried again soon.

        Those longest overdue come first, those of people who are talking before the agendas, and
        of more than `most` the rest is due still. One that could be neither taken nor cancelled is
        left alone for a while, longer each time, and holds up no other.

        Raises StoreAway when the store could not be reached.
        """
        most += len(self._sore)
        due = await self._store.due_reminders(self._clock.now(), most, last=AGENDA)
        for gone in self._sore.keys() - set(map(_key, due)):
            del self._sore[gone]
        for reminder in due:
            if self._is_left_alone(reminder):
                continue
            report = TurnReport(reminder.chat_id, "reminder", Outcome.AGAIN)
            started = perf_counter()
            try:
                await self._take_reminder(reminder, report)
            except StoreAway:
                raise
            except Exception as error:
                report.error = type(error).__name__
                await self._give_up(reminder, error, report)
            else:
                self._sore.pop(_key(reminder), None)
            finally:
                report.seconds = perf_counter() - started
                self._tell(report)

    async def _take_reminder(self, reminder: Reminder, report: TurnReport) -> None:
        visit = None
        async with (
            self._queues.in_line(reminder.chat_id),
            self._store.turn(reminder.chat_id, at=self._clock.now()) as turn,
        ):
            due = await turn.take_reminder(reminder.kind)
            if due is not None and due.kind in REMINDERS:
                visit = await self._visit(turn)
                await REMINDERS[due.kind](visit, due.ref)
        report.outcome = Outcome.DONE if visit else Outcome.SEEN
        if visit is not None:
            report.before, report.after = visit.stages()

    def _is_left_alone(self, reminder: Reminder) -> bool:
        sore = self._sore.get(_key(reminder))
        return sore is not None and self._clock.now() < sore.again_at

    async def _give_up(self, reminder: Reminder, error: Exception, report: TurnReport) -> None:
        """Owe a reminder no more that failed, or if not even that can be done leave it alone."""
        key = _key(reminder)
        sore = self._sore.setdefault(key, _Sore(self._clock.now()))
        try:
            await self._cancel(reminder, error, sore)
        except StoreAway:
            raise
        except Exception as worse:
            while len(self._sore) > MOST_STUCK:
                self._sore.popitem(last=False)
            sore.tries += 1
            sore.again_at = self._clock.now() + timedelta(
                seconds=back_off(sore.tries, _LONGEST_REST)
            )
            if sore.tries == 1:
                log.error(
                    "a reminder can be neither taken nor cancelled: %s", kind_and_place(worse)
                )
        else:
            report.outcome = Outcome.FAILED
            del self._sore[key]

    async def _cancel(self, reminder: Reminder, error: Exception, sore: _Sore) -> None:
        """Owe a reminder that failed no more; what was owed of its kind since then stays.

        The agenda is looked at again later: whatever it will ever owe hangs on this one reminder.
        """
        if sore.reference is None:
            what = json.dumps({"reminder": reminder.kind, "ref": dict(reminder.ref)})
            sore.reference = await self._keep(reminder.chat_id, what, error)
        async with self._store.turn(reminder.chat_id, at=reminder.due_at) as turn:
            taken = await turn.take_reminder(reminder.kind)
            if taken is not None and taken.kind == AGENDA:
                await turn.remind(AGENDA, self._clock.now() + _AGENDA_AGAIN, taken.ref)
        log.error("a reminder failed: %s, reference %s", kind_and_place(error), sore.reference)
