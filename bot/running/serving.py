"""Serves HTTP with uvicorn, inside a program that minds its own signals and log."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

import uvicorn
from starlette.types import ASGIApp

LAST_REQUESTS = 3  # seconds that requests in hand have when the bot stops


class _Server(uvicorn.Server):
    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave SIGINT and SIGTERM to the program around us."""
        yield


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
