"""Serves the local page on this computer only."""

from __future__ import annotations

import errno
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot.local.page import page
from bot.local.telegram import LocalTelegram
from bot.running import serving as http

LOOPBACK = "127.0.0.1"


class PortTaken(Exception):
    """Another program listens on the port; the message is a sentence for whoever started us."""


@asynccontextmanager
async def serving(telegram: LocalTelegram, port: int) -> AsyncIterator[str]:
    """Serve the page; yield its address once it can be opened.

    `port` 0 takes any free one. Leaving the block closes the line to open pages and waits until
    nothing is in hand. Raises PortTaken.
    """
    try:
        listener = http.listen(LOOPBACK, port)
    except OSError as error:
        if error.errno not in (errno.EADDRINUSE, errno.EACCES):
            raise
        raise PortTaken(
            f"Port {port} is not free. Choose another by setting PORT, for example PORT={port + 1}."
        ) from error
    address = f"http://{LOOPBACK}:{listener.getsockname()[1]}/"
    async with http.serving(page(telegram), listener):
        try:
            yield address
        finally:
            telegram.end_feeds()
