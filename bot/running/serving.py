"""Serves HTTP with uvicorn, inside a program that minds its own signals and log."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.h11_impl import H11Protocol

LAST_REQUESTS = 3  # seconds that requests in hand have when the bot stops
HEADERS_WITHIN = 10.0  # seconds for the head of a request to arrive whole
MOST_CONNECTIONS = 500  # at once; Telegram opens 100 at most, and who comes beyond is told 503


class _Server(uvicorn.Server):
    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave SIGINT and SIGTERM to the program around us."""
        yield


class _Impatient(H11Protocol):
    """Closes a connection on which nobody says what they want; uvicorn waits for ever."""

    _giving_up: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._mind_the_time()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        self._mind_the_time()

    def connection_lost(self, exc: Exception | None) -> None:
        self._let_be()
        super().connection_lost(exc)

    def _mind_the_time(self) -> None:
        """Wait for a head from its first byte on, and no longer once it is there."""
        if self.cycle is not None and not self.cycle.response_complete:
            self._let_be()
        elif self._giving_up is None:
            self._giving_up = self.loop.call_later(HEADERS_WITHIN, self.transport.close)

    def _let_be(self) -> None:
        if self._giving_up is not None:
            self._giving_up.cancel()
            self._giving_up = None


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens. Raises OSError when the address cannot be had."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(2048)
    except BaseException:
        listener.close()
        raise
    return listener


@asynccontextmanager
async def serving(app: ASGIApp, listener: socket.socket) -> AsyncIterator[None]:
    """Answer requests while the block lasts; requests in hand are finished on leaving it."""
    config = uvicorn.Config(
        app,
        http=_Impatient,
        limit_concurrency=MOST_CONNECTIONS,
        log_config=None,  # logging belongs to the program around us
        access_log=False,
        lifespan="off",
        server_header=False,
        timeout_keep_alive=75,  # longer than a proxy in front of us keeps its end open
        timeout_graceful_shutdown=LAST_REQUESTS,
    )
    server = _Server(config)
    with listener:
        running = asyncio.create_task(server.serve(sockets=[listener]))
        try:
            yield  # the socket listens already: who connects now waits a moment
        finally:
            server.should_exit = True
            await running
