"""Long polling: updates are fetched, taken, and only then forgotten by Telegram.

The offset moves only after every update before it is committed.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from telegram import Bot
from telegram.error import Conflict, InvalidToken, NetworkError, RetryAfter, TelegramError

from bot.chat import received
from bot.chat.clock import LONGEST_BACK_OFF, Clock, back_off, pause
from bot.chat.doubt import surely
from bot.chat.errors import kind_and_place
from bot.chat.intake import Intake
from bot.chat.received import Received
from bot.store import StoreAway

log = logging.getLogger(__name__)

POLL_SECONDS = 30
ALLOWED = ["message", "edited_message", "callback_query"]
_STORE_BACK_OFF = 2.0  # seconds at most until a store that is away is tried again


async def poll(bot: Bot, intake: Intake, clock: Clock, stop: asyncio.Event) -> None:
    """Fetch and answer updates until `stop` is set; what is in hand is finished first.

    Raises InvalidToken when Telegram does not know the bot.
    """
    offset, failures = 0, 0
    trouble: Exception | None = None
    try:
        while not stop.is_set():
            try:
                updates = await _fetch(bot, offset, clock, stop)
                await intake.take_received(updates)
                if updates:
                    offset = updates[-1].update_id + 1
                failures, trouble = 0, None
            except InvalidToken:
                raise
            except RetryAfter as error:
                await pause(clock, _seconds(error.retry_after), stop)
            except Exception as error:
                _report(error, trouble)
                failures, trouble = failures + 1, error
                longest = _STORE_BACK_OFF if isinstance(error, StoreAway) else LONGEST_BACK_OFF
                await pause(clock, back_off(failures, longest), stop)
    finally:
        await intake.finish()


async def _fetch(bot: Bot, offset: int, clock: Clock, stop: asyncio.Event) -> Sequence[Received]:
    """The next updates; none when `stop` is set while waiting for them."""
    asking = asyncio.ensure_future(surely(bot, clock, _ask(bot, offset)))
    stopping = asyncio.ensure_future(stop.wait())
    await asyncio.wait({asking, stopping}, return_when=asyncio.FIRST_COMPLETED)
    stopping.cancel()
    if not asking.done():
        asking.cancel()
        return ()
    return asking.result()


async def _ask(bot: Bot, offset: int) -> Sequence[Received]:
    try:
        updates = await bot.get_updates(
            offset=offset, timeout=POLL_SECONDS, allowed_updates=ALLOWED, read_timeout=10
        )
    except TelegramError:
        raise
    except Exception as error:
        # One of them is unlike any update, and python-telegram-bot reads all or none. Fetched once
        # more without being read, they are read one by one; only then can that one be passed over.
        # (The method is written so that the library does not take it for its own.)
        log.warning("updates came that cannot be read: %s", kind_and_place(error))
        found: Any = await bot.do_api_request(
            "GetUpdates", api_kwargs={"offset": offset, "allowed_updates": ALLOWED}
        )
        one_by_one = (received.read(raw, bot) for raw in found)
        if not (read := [update for update in one_by_one if update is not None]):
            raise  # with nothing to pass over they would be fetched again at once, and for ever
        return read
    return [received.of(update) for update in updates]


def _report(error: Exception, before: Exception | None) -> None:
    """Say why updates do not come; `before` is why they did not come the last time, if so."""
    if isinstance(error, Conflict):
        if not isinstance(before, Conflict):
            log.warning(
                "no updates: another process is using the same token, or a webhook is set;"
                " trying again until that ends"
            )
    elif not isinstance(error, NetworkError | StoreAway):  # the store tells itself that it is away
        what = kind_and_place(error)
        log.error("updates could not be taken (%s); they will be delivered again", what)


def _seconds(told: int | timedelta) -> float:
    """How long Telegram told us to wait; see bot/chat/__init__.py for why it may be either."""
    return told.total_seconds() if isinstance(told, timedelta) else float(told)
