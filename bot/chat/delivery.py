"""Delivery: takes what the outbox holds and makes Telegram have it, in order per chat.

Pace. Telegram takes about 30 calls a second from a bot (all replicas together: the store counts),
and in one chat about one message a second with short bursts. A backlog leaves evenly rather than
thirty at an instant, and each call is settled as soon as it comes back: what is on its way when
the process is killed is sent again, so it should be little. Chats go side by side, one call at a
time in each. Deletions count for the bot, not for the chat.

What Telegram answers, and what follows:

- Too many requests (`RetryAfter`). The chat waits as long as it is told. The answer does not say
  whose limit was hit. The bot's own refuses whichever chat is next: when two are told within a
  moment, the whole bot waits, for as long as the less patient of them. Were it the bot's, both were
  told the same end; if one of them was over a limit of its own, nobody else need wait for that. And
  what was too short a wait Telegram says again.
- No answer, or a server error. The chat tries again, later each time, and so does this process as
  a whole. A line that keeps failing while other chats get through is recorded and dropped.
- No answer in time. The call may have been carried out. Edits and deletions can be repeated
  without harm. A message is sent again too: reading a question twice is a small nuisance, a
  question that never comes ends the interview. The read timeout is long, so that it is rare.
- Bad request. Trying again cannot help: recorded as a failure and dropped. Except: a message that
  should be changed but is gone is sent anew; one that is already as it should be, or already
  deleted, is done; one too old to be deleted (48 hours) at least loses its buttons.
- A chat that is closed or gone, in Telegram's own words (`CLOSED`). What waits is dropped, and
  nothing is written to the chat until the candidate writes again. Any other "forbidden" counts as
  a server error: it may come from somebody between us and Telegram.
- Our own token refused. Taken for a server error, while Telegram is asked whether it is meant so
  (see doubt.py); if it is, `run` ends with `InvalidToken`.

While the store is away nothing is claimed. What was sent meanwhile is settled when it is back, and
only then is anything claimed again, so that no replica sends what another has sent.
"""

from __future__ import annotations

import asyncio
import logging
import traceback
from collections import deque
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from random import Random
from typing import Any, TypeVar

from telegram import Bot
from telegram.error import (
    BadRequest,
    Forbidden,
    InvalidToken,
    RetryAfter,
    TelegramError,
)

from bot.chat.calling import CLOSED, call, says
from bot.chat.clock import Clock
from bot.chat.doubt import make_sure
from bot.chat.errors import kind_and_place
from bot.chat.typing_sign import TypingSign
from bot.store import Claim, Pace, Store, StoreAway

logger = logging.getLogger(__name__)

T = TypeVar("T")

SECOND = timedelta(seconds=1)
CALLS_A_SECOND = 30
BURST = 4  # messages that one chat may get at once; after that one a second
IN_FLIGHT = 32  # calls at once, and more where more are made: see `in_flight`
CALL_WITHIN = 25.0  # seconds for all that a line asks of Telegram
CLOCKS_APART = timedelta(seconds=10)  # that those of replicas may be, and nothing is sent twice
LEASE = CLOCKS_APART + timedelta(seconds=6)  # for a line once we are dead; till then it is renewed
SETTLE_WITHIN = timedelta(minutes=5)  # that the store may be away before it is sent again
SETTLING_FIRST = timedelta(seconds=2)  # after the store was away; longer than STORE_BACKOFF
A_FEW = 3  # calls in a tenth of a second, beyond which the bot is busy
A_MOMENT = timedelta(seconds=2)  # within which two chats told to wait mean the bot
LONGEST_WAIT = timedelta(minutes=15)  # whatever Telegram says; then it can say so again
STORE_BACKOFF = 1.0  # seconds until a store that is away is tried again
LONGEST_BACKOFF = timedelta(minutes=1)
STUBBORN = 10  # tries after which a line that alone keeps failing is dropped
LAST_CALLS = 2.0  # seconds that stopping waits for the calls in hand


def in_flight(calls_a_second: int) -> int:
    """How many calls may be on their way at once: what a quarter of a second for each asks for."""
    return max(IN_FLIGHT, calls_a_second // 4)


class Delivery:
    """Sends what the store's outbox holds, with `bot`; `chance` spreads retries."""

    def __init__(
        self,
        store: Store,
        bot: Bot,
        clock: Clock,
        *,
        chance: Random | None = None,
        calls_a_second: int = CALLS_A_SECOND,
    ) -> None:
        self._store = store
        self._bot = bot
        self._clock = clock
        self._chance = chance or Random()
        self._pace = Pace(calls_a_second, max(1, calls_a_second * 5 // 6))
        self._room = in_flight(calls_a_second)
        self._flying: set[asyncio.Task[None]] = set()
        self._sign = TypingSign(bot)
        self._calls: deque[datetime] = deque(maxlen=calls_a_second)
        self._quiet_until = datetime.min.replace(tzinfo=UTC)
        self._flooded: dict[int, tuple[datetime, datetime]] = {}  # when told, until when to wait
        self._was_away = False
        self._failed_in_a_row = 0
        self._reached_at: datetime | None = None
        self._doubt: asyncio.Task[None] | None = None
        self._limits: set[asyncio.Timeout] = set()
        self._ending = False

    async def run(self, stop: asyncio.Event) -> None:
        """Send until `stop` is set, then finish the calls in hand, but not for long.

        A call that hangs beyond that is given up; its line is sent again by whoever comes next.
        Raises InvalidToken when Telegram does not know the bot.
        """
        try:
            while not stop.is_set():
                self._store.outbox_changed.clear()
                try:
                    wake_at = await self._start_due()
                except StoreAway:
                    self._was_away = True
                    wake_at = self._clock.now() + timedelta(seconds=STORE_BACKOFF)
                await self._idle(wake_at, stop)
        finally:
            await self._end_flying()
            await self._end_doubt()
            self._sign.hide_all()

    async def _end_flying(self) -> None:
        """Let the calls in hand end; one that hangs counts as not answered, and is settled so.

        The settling itself is never broken off: that would leave the store in the middle.
        """
        if self._flying:
            pausing = asyncio.ensure_future(self._clock.sleep(LAST_CALLS))
            landing = asyncio.ensure_future(asyncio.wait(set(self._flying)))
            await asyncio.wait({pausing, landing}, return_when=asyncio.FIRST_COMPLETED)
            pausing.cancel()
            landing.cancel()
        self._ending = True
        for limit in self._limits:
            if not limit.expired():
                limit.reschedule(0)
        if self._flying:
            await asyncio.wait(self._flying)

    async def _end_doubt(self) -> None:
        """Ask no more whether the token is refused: who comes next begins by asking that."""
        if self._doubt is not None:
            self._doubt.cancel()
            await asyncio.gather(self._doubt, return_exceptions=True)

    async def drain(self, ahead: timedelta = timedelta(0)) -> None:
        """Send all that is due, or will be within `ahead`, and return when it was sent.

        Pauses that pace or a retry ask for are slept on the clock. For tests.
        """
        moment = self._clock.now() + ahead
        while True:
            wake_at = await self._start_due()
            if self._flying:
                await asyncio.wait(self._flying, return_when=asyncio.FIRST_COMPLETED)
            elif await self._store.outbox.owed_at(moment) is None:
                return
            elif wake_at is not None:
                await self._clock.sleep(max(0.0, (wake_at - self._clock.now()).total_seconds()))

    async def _start_due(self) -> datetime | None:
        """Start the calls that may be made now.

        Returns when to look again, unless a commit or the end of a call comes first; None for no
        time in particular.
        """
        if self._doubt is not None and self._doubt.done():
            doubt, self._doubt = self._doubt, None
            doubt.result()
        now = self._clock.now()
        if self._was_away:
            await self._let_others_settle(now)
        room = self._room - len(self._flying)
        if now < self._quiet_until <= now + LONGEST_WAIT:
            room = 0
        claims, next_at = await self._store.outbox.claim(now, room, pace=self._pace, lease=LEASE)
        if room == 0 and now < self._quiet_until:
            next_at = min(self._quiet_until, next_at or self._quiet_until)
        self._calls.extend(now for _ in claims)
        for claim in claims:
            task = asyncio.create_task(self._deliver(claim))
            self._flying.add(task)
            task.add_done_callback(partial(self._landed, claim))
        return next_at

    async def _let_others_settle(self, now: datetime) -> None:
        """Claim nothing for a moment once the store is back. Raises StoreAway while it is not.

        Leases have run out meanwhile, of lines that another replica has sent and could not settle.
        """
        await self._store.outbox.owed_at(now)
        self._was_away = False
        later = self._quiet_until if self._quiet_until <= now + LONGEST_WAIT else now
        self._quiet_until = max(later, now + SETTLING_FIRST)

    def _landed(self, claim: Claim, task: asyncio.Task[None]) -> None:
        self._flying.discard(task)
        self._store.outbox.lapse(claim)  # if it could not be settled, the line is tried again
        if not task.cancelled() and (error := task.exception()) is not None:
            logger.error("A delivery could not be settled: %s.", kind_and_place(error))

    async def _idle(self, wake_at: datetime | None, stop: asyncio.Event) -> None:
        """Wait for a commit, the end of a call or doubt, `wake_at` or `stop`: what comes first."""
        waits: list[asyncio.Future[Any]] = [
            asyncio.ensure_future(self._store.outbox_changed.wait()),
            asyncio.ensure_future(stop.wait()),
        ]
        if wake_at is not None:
            left = max(0.0, (wake_at - self._clock.now()).total_seconds())
            waits.append(asyncio.ensure_future(self._clock.sleep(left)))
        try:
            doubts = {self._doubt} if self._doubt else set()
            await asyncio.wait(
                {*waits, *doubts, *self._flying}, return_when=asyncio.FIRST_COMPLETED
            )
        finally:
            for wait in waits:
                wait.cancel()
            await asyncio.gather(*waits, return_exceptions=True)

    async def _deliver(self, claim: Claim) -> None:
        """Make the call of one claim and settle it, whatever comes back."""
        started = self._clock.now()
        self._sign.hide(claim.chat_id)
        try:
            async with asyncio.timeout(CALL_WITHIN) as limit:
                self._limits.add(limit)
                try:
                    message_id = await call(self._bot, claim)
                finally:
                    self._limits.discard(limit)
        except RetryAfter as error:
            await self._wait_as_told(claim, error)
        except InvalidToken as error:
            if self._doubt is None:
                self._doubt = asyncio.create_task(make_sure(self._bot, self._clock))
            await self._back_off(claim, error)
        except (BadRequest, Forbidden) as error:
            if why := says(error, CLOSED):
                await self._block(claim, why)
            elif isinstance(error, Forbidden):
                await self._back_off(claim, error)
            else:
                await self._drop(claim, error)
        except (TelegramError, TimeoutError) as error:
            await self._back_off(claim, error)
        except Exception as error:  # a line made wrongly must not stop the lines behind it
            await self._drop(claim, error)
        else:
            self._failed_in_a_row = 0
            self._reached_at = now = self._clock.now()
            pace = _paced(claim, started)
            done = partial(self._store.outbox.done, claim, now, pace, message_id)
            if await self._settle(done) is not None:
                self._pausing(claim.chat_id)

    async def _settle(self, settle: Callable[[], Awaitable[T]]) -> T:
        """Have the store know what came of a call, as long as the line is ours.

        What Telegram has must not be sent again only because the store was away for a moment.
        """
        until = self._clock.now() + SETTLE_WITHIN
        while True:
            try:
                return await settle()
            except StoreAway:
                if self._ending or self._clock.now() >= until:
                    raise
            await self._clock.sleep(STORE_BACKOFF)

    async def _wait_as_told(self, claim: Claim, error: RetryAfter) -> None:
        told = error.retry_after
        wait = told if isinstance(told, timedelta) else timedelta(seconds=told)
        wait = min(wait, LONGEST_WAIT)
        now = self._clock.now()
        lately = {chat: it for chat, it in self._flooded.items() if abs(now - it[0]) <= A_MOMENT}
        self._flooded = lately | {claim.chat_id: (now, now + wait)}
        if len(self._flooded) > 1:
            until = min(until for _, until in self._flooded.values())
            await self._settle(partial(self._store.outbox.keep_quiet, until))
        await self._postpone(claim, wait, tried=False)

    async def _back_off(self, claim: Claim, error: Exception) -> None:
        now = self._clock.now()
        others_get_through = (
            self._reached_at is not None and self._reached_at > now - LONGEST_BACKOFF
        )
        if claim.tries >= STUBBORN and others_get_through:
            await self._drop(claim, error)
            return
        # Calls that were on their way together fail together and count once.
        if not now < self._quiet_until <= now + LONGEST_WAIT:
            self._quiet_until = now + self._backoff(self._failed_in_a_row)
            self._failed_in_a_row += 1
        await self._postpone(claim, self._backoff(claim.tries), tried=True)

    def _backoff(self, failures: int) -> timedelta:
        """How long to wait after so many earlier failures: doubling, and spread."""
        longest = min(LONGEST_BACKOFF, SECOND * 2.0 ** min(failures, 10))
        return longest * self._chance.uniform(0.5, 1.0)

    async def _postpone(self, claim: Claim, wait: timedelta, *, tried: bool) -> None:
        now = self._clock.now()
        postpone = self._store.outbox.postpone
        await self._settle(partial(postpone, claim, now, now + wait, tried=tried))

    async def _block(self, claim: Claim, why: str) -> None:
        logger.info("A chat takes no more: %s.", why)
        await self._settle(partial(self._store.outbox.block, claim, self._clock.now()))

    async def _drop(self, claim: Claim, error: Exception) -> None:
        """Give up on the line, and keep what is needed to find out why."""
        why = "".join(traceback.format_exception(error))
        give_up = partial(self._store.outbox.give_up, claim, self._clock.now(), why)
        reference = await self._settle(give_up)
        if reference is not None:
            logger.error(
                "Telegram would not take a %s: %s, reference %s",
                claim.method,
                kind_and_place(error),
                reference,
            )

    def _pausing(self, chat_id: int) -> None:
        """Show that the next message is coming, unless other chats need the bot's calls now."""
        now = self._clock.now()
        lately = [at for at in self._calls if now - SECOND < at <= now]
        at_once = sum(at > now - SECOND / 10 for at in lately)
        crowded = at_once > A_FEW or len(lately) > self._pace.calls / 2
        if not crowded and now >= self._quiet_until:
            self._sign.show(chat_id)


def _paced(claim: Claim, sent_at: datetime) -> datetime:
    """When the chat may get its next line, after this one was sent at `sent_at`.

    A bucket of BURST messages that refills at one a second, kept as a single instant: each
    message moves it a second on, and it never lies more than a full bucket in the past.
    """
    if claim.method == "deleteMessage":
        return claim.not_until
    return max(claim.not_until, sent_at - (BURST - 1) * SECOND) + SECOND
