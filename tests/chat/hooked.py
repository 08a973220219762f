"""A webhook that listens on loopback, and Telegram's side of it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
from starlette.applications import Starlette

from bot.chat.webhook import Webhook
from bot.running.health import health_routes
from bot.running.metrics import Metrics
from bot.running.serving import listen, serving
from tests.chat.taking import Front

SECRET = "the-secret-of-this-test"
PATH = "/telegram/somewhere"
HEADER = "X-Telegram-Bot-Api-Secret-Token"


class Hook:
    """Delivers as Telegram does, and looks at what comes back."""

    def __init__(self, front: Front, root: str, session: aiohttp.ClientSession) -> None:
        self.front, self.root = front, root
        self.stop = asyncio.Event()
        self._session = session

    async def posts(self, body: object, secret: str | None = SECRET, **how: Any) -> int:
        """Deliver; returns the status."""
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        return (await self.asks("POST", PATH, data=data, secret=secret, **how))[0]

    async def asks(
        self, method: str, path: str, *, secret: str | None = None, **how: Any
    ) -> tuple[int, Mapping[str, str], str]:
        headers = {HEADER: secret} if secret is not None else {}
        async with self._session.request(
            method, self.root + path, headers=headers, **how
        ) as response:
            return response.status, response.headers, await response.text()

    async def says(self, update_id: int, chat: int, text: str) -> int:
        return await self.posts(message(update_id, chat, text))


def message(update_id: int, chat: int, text: object) -> dict[str, Any]:
    person = {"id": chat, "is_bot": False, "first_name": "Ana"}
    return {
        "update_id": update_id,
        "message": {
            "message_id": 1000 + update_id,
            "date": 1_795_000_000,
            "chat": {"id": chat, "type": "private", "first_name": "Ana"},
            "from": person,
            "text": text,
        },
    }


@asynccontextmanager
async def hooked(front: Front, metrics: Metrics | None = None) -> AsyncIterator[Hook]:
    listener = listen("127.0.0.1", 0)
    root = f"http://127.0.0.1:{listener.getsockname()[1]}"
    async with aiohttp.ClientSession() as session:
        hook = Hook(front, root, session)
        webhook = Webhook(
            front.house.bot, front.intake, front.clock, hook.stop, path=PATH, secret=SECRET
        )
        numbers = metrics or Metrics()
        routes = health_routes(front.store, numbers, front.clock, hook.stop)
        async with serving(Starlette(routes=[webhook.route, *routes]), listener):
            yield hook
