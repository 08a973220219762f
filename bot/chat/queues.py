"""One chat strictly in order of arrival, chats side by side: whose turn it is within this process.

Among replicas the store sees to it.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from bot.store import StoreAway


@dataclass(slots=True)
class _Queue:
    """Whose turn it is in one chat, how many wait for theirs, and how often it broke off."""

    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    waiting: int = 0
    broken: int = 0


class Queues(dict[int, _Queue]):
    """The chats in which something is being done or waits; the others take no room."""

    @asynccontextmanager
    async def in_line(self, chat_id: int, *, breaks: bool = False) -> AsyncIterator[None]:
        """Wait until all who came before in this chat are done.

        With `breaks`, those behind are not done either when the block raises, and for them this
        raises StoreAway: what could not be taken will come again, and so will they, and not before
        it.
        """
        queue = self.setdefault(chat_id, _Queue())
        queue.waiting += 1
        broken = queue.broken
        try:
            async with queue.lock:
                if queue.broken != broken:
                    raise StoreAway("what came before in this chat could not be stored")
                try:
                    yield
                except BaseException:
                    queue.broken += breaks
                    raise
        finally:
            queue.waiting -= 1
            if not queue.waiting:
                del self[chat_id]
