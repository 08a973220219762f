"""Stopping: a first signal asks for it, a second one does not wait.

A host gives about ten seconds between asking and killing. If something hangs beyond that, leaving
at once is as good as being killed, and safe: what is not committed comes again, and what is not
sent waits in the outbox.
"""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import threading
from contextlib import suppress

log = logging.getLogger(__name__)

GIVE_UP = 9.5  # seconds after the first signal
_SIGNALS = (signal.SIGINT, signal.SIGTERM)


def stop_on_signal(give_up: float | None = GIVE_UP) -> asyncio.Event:
    """An event that SIGINT or SIGTERM sets; the second signal ends the process at once.

    After `give_up` seconds the process ends in any case; None for never.
    """
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()

    def asked() -> None:
        stop.set()
        for each in _SIGNALS:
            with suppress(NotImplementedError):
                loop.remove_signal_handler(each)
            signal.signal(each, signal.SIG_DFL)
        if give_up is not None:
            last = threading.Timer(give_up, _leave)
            last.daemon = True
            last.start()

    for each in _SIGNALS:
        try:
            loop.add_signal_handler(each, asked)
        except NotImplementedError:  # the event loop of Windows
            signal.signal(each, lambda *_: loop.call_soon_threadsafe(asked))
    return stop


def _leave() -> None:
    log.warning("stopping took too long; leaving now: what is unfinished is done after the start")
    logging.shutdown()
    os._exit(1)
