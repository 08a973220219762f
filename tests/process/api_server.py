"""The stand-in behind real HTTP, where Telegram's server would be: `{root}/bot{token}/{method}`.

Calls of a method in `hanging` are never answered. Webhooks are noted, not delivered to.
"""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Coroutine
from typing import Any
from urllib.parse import parse_qsl

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.local.telegram import LocalTelegram
from tests.process.running import PATIENCE, free_port


class ApiServer:
    """A Bot API server for one token, in a thread of its own; use it as a context manager."""

    def __init__(self, token: str) -> None:
        self.port = free_port()
        self._token = token
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run)
        self.webhooks: list[dict[str, Any]] = []
        self.hanging: set[str] = set()
        self.called: list[str] = []

    @property
    def root(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> ApiServer:
        self._thread.start()
        assert self._ready.wait(PATIENCE)
        return self

    def __exit__(self, *_: object) -> None:
        self._server.should_exit = True
        self._thread.join(PATIENCE)

    def does(self, action: Coroutine[Any, Any, Any]) -> Any:
        """Run something of the stand-in's on its own loop."""
        return asyncio.run_coroutine_threadsafe(action, self._loop).result(PATIENCE)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self.telegram = LocalTelegram.open(":memory:")
        route = Route("/bot{token}/{method}", self._call, methods=["POST"])
        config = uvicorn.Config(
            Starlette(routes=[route]),
            port=self.port,
            log_config=None,
            lifespan="off",
            timeout_graceful_shutdown=0,
        )
        self._server = uvicorn.Server(config)
        self._server.install_signal_handlers = lambda: None  # type: ignore[attr-defined]
        self._loop.call_soon(self._ready.set)
        self._loop.run_until_complete(self._server.serve())
        self._loop.run_until_complete(_end_the_rest())
        self.telegram.close()
        self._loop.close()

    async def _call(self, request: Request) -> Response:
        if request.path_params["token"] != self._token:
            body = {"ok": False, "error_code": 401, "description": "Unauthorized"}
            return Response(json.dumps(body), 401)
        form = parse_qsl((await request.body()).decode())
        parameters = {name: _value(value) for name, value in form}
        method = request.path_params["method"]
        self.called.append(method)
        if method in self.hanging or "everything" in self.hanging:
            await asyncio.Event().wait()
        if method == "setWebhook":
            self.webhooks.append(parameters)
            return Response('{"ok": true, "result": true}', media_type="application/json")
        status, answer = await self.telegram.call(method, parameters)
        return Response(answer, status, media_type="application/json")


def _value(text: str) -> Any:
    """Bot API parameters that are not texts come as JSON."""
    try:
        return json.loads(text)
    except ValueError:
        return text


async def _end_the_rest() -> None:
    """End the long polls that still wait for an update."""
    rest = asyncio.all_tasks() - {asyncio.current_task()}
    for task in rest:
        task.cancel()
    await asyncio.gather(*rest, return_exceptions=True)
