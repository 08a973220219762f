"""What a host asks of a running bot: /healthz and /metrics. Neither tells of any candidate.

It is not well while its store answers but takes nothing: see `bot/store/pulse.py`.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine
from typing import Any, Generic, TypeVar

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.chat.clock import Clock
from bot.chat.errors import kind_and_place
from bot.running.metrics import CONTENT_TYPE, Metrics
from bot.store import Store

log = logging.getLogger(__name__)

T = TypeVar("T")

ANSWERS_WITHIN = 2.0  # seconds that the store has to answer


class _Asking(Generic[T]):
    """A question to the store, asked once at a time, and never broken off in the middle."""

    def __init__(self, ask: Callable[[], Coroutine[Any, Any, T]]) -> None:
        self._ask = ask
        self._task: asyncio.Task[T] | None = None

    async def answer(self) -> T:
        """Raises TimeoutError when there is none in time, and what the store raises."""
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._ask())
            self._task.add_done_callback(_looked_at)
        return await asyncio.wait_for(asyncio.shield(self._task), ANSWERS_WITHIN)


def _looked_at(task: asyncio.Task[Any]) -> None:
    """Take note of how a question ended for which nobody waits any more."""
    if not task.cancelled():
        task.exception()


def health_routes(store: Store, metrics: Metrics, clock: Clock, stop: asyncio.Event) -> list[Route]:
    """The routes of both; once `stop` is set the bot is not well any more."""
    ping = _Asking(store.ping)
    pulse = _Asking(lambda: store.pulse(clock.now()))

    async def healthz(_: Request) -> Response:
        if stop.is_set():
            return _unwell("stopping")
        try:
            await ping.answer()
        except TimeoutError:
            return _unwell("the store does not answer in time")
        except Exception as error:
            log.debug("the store is not well: %s", kind_and_place(error))
            return _unwell("the store cannot be used")
        return JSONResponse({"status": "ok"})

    async def numbers(_: Request) -> Response:
        try:
            waits = await pulse.answer()
        except Exception as error:
            # The other numbers are wanted most when the store is away.
            log.debug("no numbers from the store: %s", kind_and_place(error))
            waits = None
        return Response(metrics.exposed(waits, clock.now()), media_type=CONTENT_TYPE)

    return [Route("/healthz", healthz), Route("/metrics", numbers)]


def _unwell(why: str) -> Response:
    return JSONResponse({"status": "unwell", "why": why}, 503)
