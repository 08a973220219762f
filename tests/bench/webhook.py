"""The pushing side of a Bot API server: updates to a URL, again until it answers 200."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from typing import Any

import aiohttp

FIRST_PAUSE, LONGEST_PAUSE = 0.05, 1.0  # seconds between tries; Telegram waits longer
PATIENCE = aiohttp.ClientTimeout(total=60, sock_connect=5)


class Webhook:
    """Pushes updates; the messages of one chat in order, the taps of one person in order.

    `spread` names for each try the URL to push to, as whatever shares the load of `url` does.
    """

    def __init__(
        self,
        url: str,
        secret: str,
        connections: int,
        delivered: Callable[[int], None],
        spread: Callable[[str], str],
    ) -> None:
        self.url = url
        self._spread = spread
        self.tries = 0
        self._headers = {"X-Telegram-Bot-Api-Secret-Token": secret} if secret else {}
        self._free = asyncio.Semaphore(connections)
        self._delivered = delivered
        self._lines: dict[tuple[str, int], deque[dict[str, Any]]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._session: aiohttp.ClientSession | None = None

    def push(self, update: dict[str, Any]) -> None:
        """Have an update delivered after those before it in its line."""
        key = line_of(update)
        if key in self._lines:
            self._lines[key].append(update)
            return
        self._lines[key] = deque([update])
        task = asyncio.get_running_loop().create_task(self._work_off(key))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def close(self) -> None:
        """Stop pushing; what was not delivered waits at the server."""
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._session is not None:
            await self._session.close()

    async def _work_off(self, key: tuple[str, int]) -> None:
        line = self._lines[key]
        pause = FIRST_PAUSE
        while line:
            async with self._free:
                taken = await self._take(line[0])
            if taken:
                self._delivered(int(line.popleft()["update_id"]))
                pause = FIRST_PAUSE
            else:
                await asyncio.sleep(pause)
                pause = min(2 * pause, LONGEST_PAUSE)
        del self._lines[key]

    async def _take(self, update: dict[str, Any]) -> bool:
        self.tries += 1
        if self._session is None:
            connector = aiohttp.TCPConnector(limit=0)
            self._session = aiohttp.ClientSession(connector=connector, timeout=PATIENCE)
        try:
            url = self._spread(self.url)
            async with self._session.post(url, json=update, headers=self._headers) as answer:
                return answer.status == 200
        except (aiohttp.ClientError, TimeoutError, OSError):
            return False


def line_of(update: dict[str, Any]) -> tuple[str, int]:
    """The line that an update waits in: that of its chat, or of its person's taps."""
    if "callback_query" in update:
        return "tap", update["callback_query"]["from"]["id"]
    about = next((value for value in update.values() if isinstance(value, dict)), {})
    return "chat", about.get("chat", {}).get("id", 0)
