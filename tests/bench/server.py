"""The Bot API server as a process of its own, told what to do over HTTP: `/control/…`.

`arrive` takes updates, at once or at a rate; `until` waits for so many messages; `record` tells
what came and when, in seconds of one clock; `reset` forgets it.
"""

from __future__ import annotations

import asyncio
import json
import sys
from time import monotonic

from aiohttp import web

from tests.bench.telegram import Telegram


class Control:
    """What the measuring process may ask of the server."""

    def __init__(self, telegram: Telegram) -> None:
        self._telegram = telegram
        self._coming: set[asyncio.Task[None]] = set()
        for name in ("arrive", "until", "record", "reset"):
            telegram.app.router.add_post(f"/control/{name}", getattr(self, name))

    async def arrive(self, request: web.Request) -> web.Response:
        """{updates, rate}: updates for the bot, so many a second, or all now."""
        asked = await request.json()
        updates, rate = asked["updates"], asked.get("rate")
        if rate is None:
            for update in updates:
                self._telegram.arrive(update)
        else:
            task = asyncio.create_task(self._at_rate(updates, rate))
            self._coming.add(task)
        return web.json_response({"at": monotonic()})

    async def _at_rate(self, updates: list[dict[str, object]], rate: float) -> None:
        start = monotonic()
        for number, update in enumerate(updates):
            await asyncio.sleep(start + number / rate - monotonic())
            self._telegram.arrive(update)

    async def until(self, request: web.Request) -> web.Response:
        """{sent, polls, patience}: wait for so many of each."""
        asked = await request.json()
        here = self._telegram

        def done() -> bool:
            enough: bool = here.sent >= asked.get("sent", 0) and here.polls >= asked.get("polls", 0)
            return enough

        return web.json_response({"done": await here.until(done, asked["patience"])})

    async def record(self, _: web.Request) -> web.Response:
        """Every call that was acted on, whence and when updates came, how many polls."""
        here = self._telegram
        calls = [(x.at, x.method, x.chat_id, x.text, here.marker in x.markup) for x in here.calls]
        told = {"calls": calls, "arrived": here.arrived, "polls": here.polls}
        return web.json_response(told)

    async def reset(self, request: web.Request) -> web.Response:
        """{delay, marker}: begin a new measurement, with so many seconds for each call.

        Only messages count as sent that have `marker` among the data of their buttons.
        """
        here, asked = self._telegram, await request.json()
        here.delay, here.marker = asked["delay"], asked["marker"]
        here.calls.clear()
        here.arrived.clear()
        here.history.clear()
        here.polls = here.sent = 0
        return web.json_response({})


async def main() -> None:
    """Serve until standard input ends; the port is the first line of standard output."""
    telegram = Telegram()
    Control(telegram)
    runner = web.AppRunner(telegram.app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    print(json.dumps(runner.addresses[0][1]), flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
    await telegram.close()
    await runner.cleanup()


if __name__ == "__main__":
    asyncio.run(main())
