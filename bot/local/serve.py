"""Serves the local page with uvicorn, inside a program that minds its own signals."""

from __future__ import annotations

import asyncio
import errno
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

import uvicorn

from bot.local.page import page
from bot.local.telegram import LocalTelegram

LOOPBACK = "127.0.0.1"


class PortTaken(Exception):
    """Another program listens on the port; the message is a sentence for whoever started us."""


class QuietServer(uvicorn.Server):
    """A server that leaves SIGINT and SIGTERM to the program around it."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Capture none."""
        yield


@asynccontextmanager
async def serving(telegram: LocalTelegram, port: int) -> AsyncIterator[str]:
    """Serve the page on this computer only; yield its address once it can be opened.

    `port` 0 takes any free one. Leaving the block closes the line to open pages and waits until
    nothing is in hand. Raises PortTaken.
    """
    listener = _listener(port)
    address = f"http://{LOOPBACK}:{listener.getsockname()[1]}/"
    config = uvicorn.Config(
        page(telegram),
        log_config=None,  # logging belongs to the program around us
        log_level="warning",
        access_log=False,
        lifespan="off",
        timeout_graceful_shutdown=5,
    )
    server = QuietServer(config)
    with listener:
        running = asyncio.create_task(server.serve(sockets=[listener]))
        try:
            yield address  # the socket listens already: who connects now waits a moment
        finally:
            server.should_exit = True
            telegram.end_feeds()
            await running


def _listener(port: int) -> socket.socket:
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((LOOPBACK, port))
        listener.listen()
    except OSError as error:
        listener.close()
        if error.errno not in (errno.EADDRINUSE, errno.EACCES):
            raise
        raise PortTaken(
            f"Port {port} is not free. Choose another by setting PORT, for example PORT={port + 1}."
        ) from error
    return listener
