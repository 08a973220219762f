"""The spinners on tapped buttons: ended by the one call that does not go through the outbox."""

from __future__ import annotations

import asyncio
import logging

from telegram import Bot

from bot.chat.clock import Clock
from bot.chat.errors import kind_and_place

log = logging.getLogger(__name__)

LAST_TAPS = 2.0  # seconds that stopping waits for taps to be acknowledged
_POOL_TIMEOUT = 10.0  # seconds


class Spinners:
    """Ends each spinner aside: the tap is done, and the next updates need not wait."""

    def __init__(self, bot: Bot, clock: Clock) -> None:
        self._bot = bot
        self._clock = clock
        self._ending: set[asyncio.Task[None]] = set()

    def end(self, query_id: str, toast: str) -> None:
        """End the spinner of a tap, and show the toast if there is one."""
        task = asyncio.create_task(self._end(query_id, toast))
        self._ending.add(task)
        task.add_done_callback(self._ending.discard)

    async def settled(self) -> None:
        """Return when none is left."""
        while self._ending:
            await asyncio.wait(self._ending)

    async def finish(self) -> None:
        """Let the last ones be ended, but not for long."""
        if not self._ending:
            return
        pausing = asyncio.ensure_future(self._clock.sleep(LAST_TAPS))
        settling = asyncio.ensure_future(self.settled())
        await asyncio.wait({pausing, settling}, return_when=asyncio.FIRST_COMPLETED)
        left = (pausing, settling, *self._ending)
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)

    async def _end(self, query_id: str, toast: str) -> None:
        try:
            await self._bot.answer_callback_query(
                query_id, text=toast or None, pool_timeout=_POOL_TIMEOUT
            )
        except Exception as error:
            # The tap itself is done; a spinner that turns a moment longer loses nothing.
            log.debug("a tap was not acknowledged: %s", kind_and_place(error))
