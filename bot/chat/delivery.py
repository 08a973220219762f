"""Delivery: takes what the outbox holds and makes Telegram have it, in order per chat.

Pace. Telegram takes about 30 calls a second from a bot, and in one chat about one message a
second with short bursts. Chats go side by side, one call at a time in each. Deletions count for
the bot, not for the chat.

What Telegram answers, and what follows:

- Too many requests (`RetryAfter`). The chat waits as long as it is told. The answer does not say
  whose limit was hit; when two chats are waiting at once it was the bot's, and the whole bot waits.
- No answer, or a server error. The chat tries again, later each time, and so does this process as
  a whole. A line that keeps failing while other chats get through is recorded and dropped.
- No answer in time. The call may have been carried out. Edits and deletions can be repeated
  without harm. A message is sent again too: reading a question twice is a small nuisance, a
  question that never comes ends the interview. The read timeout is long, so that it is rare.
- Bad request. Trying again cannot help: recorded as a failure and dropped. Except: a message that
  should be changed but is gone is sent anew; one that is already as it should be, or already
  deleted, is done; one too old to be deleted (48 hours) at least loses its buttons.
- Forbidden, or a chat that is gone. What waits is dropped, and nothing is written to the chat until
  the candidate writes again.
- Our own token refused: `run` ends with `InvalidToken`.
"""

from __future__ import annotations

import asyncio
import logging
import traceback
from collections import deque
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from telegram import Bot
from telegram.error import (
    BadRequest,
    Forbidden,
    InvalidToken,
    RetryAfter,
    TelegramError,
)

from bot.chat.clock import Clock
from bot.chat.errors import kind_and_place
from bot.chat.typing_sign import TypingSign
from bot.store import Claim, Store

logger = logging.getLogger(__name__)

SECOND = timedelta(seconds=1)
CALLS_A_SECOND = 30
BURST = 4  # messages that one chat may get at once; after that one a second
IN_FLIGHT = 32
READ_TIMEOUT = 20.0  # seconds
LONGEST_BACKOFF = timedelta(minutes=1)
STUBBORN = 10  # tries after which a line that alone keeps failing is dropped


class Delivery:
    """Sends what the store's outbox holds, with `bot`; `chance` spreads retries."""

    def __init__(
        self, store: Store, bot: Bot, clock: Clock, *, chance: Random | None = None
    ) -> None:
        self._store = store
        self._bot = bot
        self._clock = clock
        self._chance = chance or Random()
        self._flying: set[asyncio.Task[None]] = set()
        self._sign = TypingSign(bot)
        self._calls: deque[datetime] = deque()
        self._quiet_until = datetime.min.replace(tzinfo=UTC)
        self._flooded: dict[int, datetime] = {}
        self._failed_in_a_row = 0
        self._reached_at: datetime | None = None
        self._refused: InvalidToken | None = None

    async def run(self, stop: asyncio.Event) -> None:
        """Send until `stop` is set, then finish the calls in hand.

        Raises InvalidToken when Telegram does not know the bot.
        """
        try:
            while not stop.is_set():
                self._store.outbox_changed.clear()
                wake_at = await self._start_due()
                await self._idle(wake_at, stop)
        finally:
            if self._flying:
                await asyncio.wait(self._flying)
            self._sign.hide_all()

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
        if self._refused is not None:
            raise self._refused
        now = self._clock.now()
        if now < self._quiet_until:
            return self._quiet_until
        while self._calls and self._calls[0] <= now - SECOND:
            self._calls.popleft()
        if len(self._calls) >= CALLS_A_SECOND:
            return self._calls[0] + SECOND
        room = min(IN_FLIGHT - len(self._flying), CALLS_A_SECOND - len(self._calls))
        if room <= 0:
            return None
        claims, next_at = await self._store.outbox.claim(now, room)
        for claim in claims:
            self._calls.append(now)
            task = asyncio.create_task(self._deliver(claim))
            self._flying.add(task)
            task.add_done_callback(self._landed)
        return next_at

    def _landed(self, task: asyncio.Task[None]) -> None:
        self._flying.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            # The claim's lease runs out by itself, and the line is tried again.
            logger.error("A delivery could not be settled: %s.", kind_and_place(error))

    async def _idle(self, wake_at: datetime | None, stop: asyncio.Event) -> None:
        """Wait for a commit, the end of a call, `wake_at` or `stop`, whichever comes first."""
        waits: list[asyncio.Future[Any]] = [
            asyncio.ensure_future(self._store.outbox_changed.wait()),
            asyncio.ensure_future(stop.wait()),
        ]
        if wake_at is not None:
            left = max(0.0, (wake_at - self._clock.now()).total_seconds())
            waits.append(asyncio.ensure_future(self._clock.sleep(left)))
        try:
            await asyncio.wait({*waits, *self._flying}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for wait in waits:
                wait.cancel()
            await asyncio.gather(*waits, return_exceptions=True)

    async def _deliver(self, claim: Claim) -> None:
        """Make the call of one claim and settle it, whatever comes back."""
        started = self._clock.now()
        self._sign.hide(claim.chat_id)
        try:
            message_id = await self._call(claim)
        except RetryAfter as error:
            await self._wait_as_told(claim, error)
        except InvalidToken as error:
            self._refused = error
            await self._postpone(claim, SECOND, tried=False)
        except Forbidden:
            await self._store.outbox.block(claim, self._clock.now())
        except BadRequest as error:
            if _says(error, ("chat not found",)):
                await self._store.outbox.block(claim, self._clock.now())
            else:
                await self._drop(claim, error)
        except TelegramError as error:
            await self._back_off(claim, error)
        except Exception as error:  # a line made wrongly must not stop the lines behind it
            await self._drop(claim, error)
        else:
            self._failed_in_a_row = 0
            self._reached_at = now = self._clock.now()
            pace = _paced(claim, started)
            if await self._store.outbox.done(claim, now, pace, message_id) is not None:
                self._pausing(claim.chat_id)

    async def _wait_as_told(self, claim: Claim, error: RetryAfter) -> None:
        told = error.retry_after
        wait = told if isinstance(told, timedelta) else timedelta(seconds=told)
        now = self._clock.now()
        self._flooded = {chat: until for chat, until in self._flooded.items() if until > now}
        self._flooded[claim.chat_id] = now + wait
        if len(self._flooded) > 1:
            self._quiet_until = max(self._quiet_until, *self._flooded.values())
        await self._postpone(claim, wait, tried=False)

    async def _back_off(self, claim: Claim, error: TelegramError) -> None:
        now = self._clock.now()
        others_get_through = (
            self._reached_at is not None and self._reached_at > now - LONGEST_BACKOFF
        )
        if claim.tries >= STUBBORN and others_get_through:
            await self._drop(claim, error)
            return
        # Calls that were on their way together fail together and count once.
        if now >= self._quiet_until:
            self._quiet_until = now + self._backoff(self._failed_in_a_row)
            self._failed_in_a_row += 1
        await self._postpone(claim, self._backoff(claim.tries), tried=True)

    def _backoff(self, failures: int) -> timedelta:
        """How long to wait after so many earlier failures: doubling, and spread."""
        longest = min(LONGEST_BACKOFF, SECOND * 2.0 ** min(failures, 10))
        return longest * self._chance.uniform(0.5, 1.0)

    async def _postpone(self, claim: Claim, wait: timedelta, *, tried: bool) -> None:
        now = self._clock.now()
        await self._store.outbox.postpone(claim, now, now + wait, tried=tried)

    async def _drop(self, claim: Claim, error: Exception) -> None:
        """Give up on the line, and keep what is needed to find out why."""
        why = "".join(traceback.format_exception(error))
        reference = await self._store.outbox.give_up(claim, self._clock.now(), why)
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
        calls = sum(at > now - SECOND for at in self._calls)
        if calls <= CALLS_A_SECOND / 2 and now >= self._quiet_until:
            self._sign.show(chat_id)

    # The calls

    async def _call(self, claim: Claim) -> int | None:
        """Make the call; returns the id of the message if it put up a new one."""
        target = claim.payload.get("message_id", claim.slot_message)
        match claim.method:
            case "sendMessage":
                return await self._send_text(claim)
            case "sendDocument":
                return await self._send_document(claim)
            case "editMessageText":
                return await self._edit_text(claim, target)
            case "editMessageReplyMarkup" if target is not None:
                await self._edit_buttons(claim, target)
            case "deleteMessage" if target is not None:
                await self._delete(claim, target)
            case "editMessageReplyMarkup" | "deleteMessage":
                pass  # nothing stands in the slot
            case unknown:
                raise ValueError(f"delivery does not know the method {unknown}")
        return None

    async def _send_text(self, claim: Claim) -> int:
        message = await self._bot.send_message(
            claim.chat_id,
            claim.payload["text"],
            api_kwargs=_rest(claim, "text", "message_id"),
            read_timeout=READ_TIMEOUT,
            pool_timeout=READ_TIMEOUT,
        )
        return message.message_id

    async def _send_document(self, claim: Claim) -> int:
        message = await self._bot.send_document(
            claim.chat_id,
            claim.payload["text"].encode(),
            filename=claim.payload["filename"],
            api_kwargs=_rest(claim, "text", "filename"),
            read_timeout=READ_TIMEOUT,
            pool_timeout=READ_TIMEOUT,
        )
        return message.message_id

    async def _edit_text(self, claim: Claim, target: int | None) -> int | None:
        if target is None:
            return await self._send_text(claim)
        try:
            await self._bot.edit_message_text(
                claim.payload["text"],
                claim.chat_id,
                target,
                api_kwargs=_rest(claim, "text", "message_id"),
                read_timeout=READ_TIMEOUT,
                pool_timeout=READ_TIMEOUT,
            )
        except BadRequest as error:
            if _says(error, GONE):
                return await self._send_text(claim)
            if not _says(error, UNCHANGED):
                raise
        return None

    async def _edit_buttons(self, claim: Claim, target: int) -> None:
        try:
            await self._bot.edit_message_reply_markup(
                claim.chat_id,
                target,
                api_kwargs=_rest(claim, "message_id"),
                read_timeout=READ_TIMEOUT,
                pool_timeout=READ_TIMEOUT,
            )
        except BadRequest as error:
            if not _says(error, GONE + UNCHANGED):
                raise

    async def _delete(self, claim: Claim, target: int) -> None:
        try:
            await self._bot.delete_message(
                claim.chat_id, target, read_timeout=READ_TIMEOUT, pool_timeout=READ_TIMEOUT
            )
        except BadRequest as error:
            if _says(error, TOO_OLD):
                await self._edit_buttons(claim, target)
            elif not _says(error, GONE):
                raise


# Telegram's words, in lower case; it has no error codes finer than 400.
GONE = (
    "message to edit not found",
    "message can't be edited",
    "message to delete not found",
    "message_id_invalid",
)
UNCHANGED = ("message is not modified",)
TOO_OLD = ("message can't be deleted",)


def _says(error: BadRequest, phrases: Iterable[str]) -> bool:
    said = error.message.lower()
    return any(phrase in said for phrase in phrases)


def _rest(claim: Claim, *used: str) -> dict[str, Any]:
    """The payload without what is passed by name."""
    return {key: value for key, value in claim.payload.items() if key not in used}


def _paced(claim: Claim, sent_at: datetime) -> datetime:
    """When the chat may get its next line, after this one was sent at `sent_at`.

    A bucket of BURST messages that refills at one a second, kept as a single instant: each
    message moves it a second on, and it never lies more than a full bucket in the past.
    """
    if claim.method == "deleteMessage":
        return claim.not_until
    return max(claim.not_until, sent_at - (BURST - 1) * SECOND) + SECOND
