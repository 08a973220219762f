"""The webhook: Telegram delivers updates here, one request each.

200 says that the update is committed, and Telegram forgets it. Anything but 2xx makes Telegram
deliver it again and again, and slows down what comes after it; so that is said only where a later
try can end otherwise:

- Not from Telegram (no or another secret): 403, before anything is read. What is really from
  Telegram gets there only while two versions of the bot disagree about the secret; it comes again.
- Larger than any update can be: 413, after no more than that was read. Telegram never sends it.
- No JSON, or no update: 200. It will be the same the next time; it is noted and passed over.
- Taken, failed and apologised for, seen before, or not for us: 200.
- The store took nothing, or we are stopping: 503. It comes again, here or at another replica.
"""

from __future__ import annotations

import asyncio
import hmac
import json
import logging
from datetime import timedelta

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route
from telegram import Bot

from bot.chat import received
from bot.chat.clock import Clock, pause
from bot.chat.errors import kind_and_place
from bot.chat.intake import Intake, TryAgain
from bot.store import StoreAway

log = logging.getLogger(__name__)

LARGEST = 1_000_000  # bytes; an update of Telegram's stays far below
READ_WITHIN = 10.0  # seconds for a request to arrive whole
HOLD = timedelta(seconds=20)  # how long a delivery waits for a store that is away
_SECRET = "x-telegram-bot-api-secret-token"
_LATER = {"Retry-After": "5", "Connection": "close"}


class Webhook:
    """Takes deliveries at `path` from whoever knows `secret`, until `stop` is set."""

    def __init__(
        self,
        bot: Bot,
        intake: Intake,
        clock: Clock,
        stop: asyncio.Event,
        *,
        path: str,
        secret: str,
    ) -> None:
        self._bot = bot
        self._intake = intake
        self._clock = clock
        self._stop = stop
        self._secret = secret.encode()
        self.route = Route(path, self._deliver, methods=["POST"])

    async def _deliver(self, request: Request) -> Response:
        shown = request.headers.get(_SECRET, "").encode("latin-1", "replace")
        if not hmac.compare_digest(shown, self._secret):
            return Response(status_code=403)
        if self._stop.is_set():
            return Response(status_code=503, headers=_LATER)
        try:
            async with asyncio.timeout(READ_WITHIN):
                body = await _body(request)
        except (TimeoutError, ClientDisconnect):
            return Response(status_code=408, headers=_LATER)
        if body is None:
            return Response(status_code=413, headers={"Connection": "close"})
        status = await self._take(body)
        return Response(status_code=status, headers=None if status == 200 else _LATER)

    async def _take(self, body: bytes) -> int:
        """Take the update that a request holds; returns the status to answer with."""
        try:
            update = received.read(json.loads(body), self._bot)
        except (ValueError, RecursionError):
            update = None
        if update is None:
            log.warning("a delivery was no update: %s bytes", len(body))
            return 200
        try:
            await self._intake.take_received([update], self._patience())
        except StoreAway:
            return 503
        except asyncio.CancelledError:
            if not self._stop.is_set():
                raise
            return 503  # broken off by stopping; whether it was committed is seen next time
        except Exception as error:
            what = kind_and_place(error)
            log.error("an update could not be taken (%s); it will be delivered again", what)
            return 503
        return 200

    def _patience(self) -> TryAgain:
        """Wait for a store that is away, a little longer each time, but not for ever.

        To refuse at once would let what comes next in the chat get ahead.
        """
        until = self._clock.now() + HOLD
        wait = 0.1

        async def try_again() -> bool:
            nonlocal wait
            if self._stop.is_set() or self._clock.now() >= until:
                return False
            await pause(self._clock, wait, self._stop)
            wait = min(2 * wait, 1.0)
            return True

        return try_again


async def _body(request: Request) -> bytes | None:
    """What was sent; None as soon as it is too large, the rest unread."""
    told = request.headers.get("content-length", "0")
    if told.isdecimal() and int(told[:20]) > LARGEST:
        return None
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST:
            return None
    return bytes(body)
