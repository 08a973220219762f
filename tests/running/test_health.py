"""/healthz while the store does not answer in time, and when its answer comes late."""

from __future__ import annotations

import asyncio
import gc
from pathlib import Path
from typing import Any

import pytest
from httpx import ASGITransport, AsyncClient
from starlette.applications import Starlette

from bot.chat.clock import SystemClock
from bot.running import health
from bot.running.metrics import Metrics
from bot.store import Store


async def test_a_failure_that_comes_too_late_is_no_unhandled_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = await Store.open(f"sqlite:///{tmp_path / 'x.sqlite'}")
    comes_back = asyncio.Event()

    async def ping() -> None:
        await comes_back.wait()
        raise OSError("gone")

    monkeypatch.setattr(health, "ANSWERS_WITHIN", 0.01)
    monkeypatch.setattr(store, "ping", ping)
    unhandled: list[dict[str, Any]] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: unhandled.append(context))
    routes = health.health_routes(store, Metrics(), SystemClock(), asyncio.Event())
    transport = ASGITransport(Starlette(routes=routes))
    async with AsyncClient(transport=transport, base_url="http://bot") as web:
        assert "in time" in (await web.get("/healthz")).text
        comes_back.set()
        await asyncio.sleep(0)
        assert "cannot be used" in (await web.get("/healthz")).text
    del routes, transport, web
    gc.collect()
    assert unhandled == []
    await store.close()
