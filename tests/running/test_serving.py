"""Serving HTTP to whoever finds the port."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from bot.running import serving as module
from bot.running.serving import listen, serving

WHOLE = b"GET / HTTP/1.1\r\nHost: here\r\n\r\n"
PATIENCE = 10.0  # seconds after which something never happens


async def hello(_: Request) -> PlainTextResponse:
    return PlainTextResponse("hello")


@pytest.fixture
async def port(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[int]:
    monkeypatch.setattr(module, "HEADERS_WITHIN", 0.05)
    listener = listen("127.0.0.1", 0)
    async with serving(Starlette(routes=[Route("/", hello)]), listener):
        yield listener.getsockname()[1]


async def is_closed(reader: asyncio.StreamReader) -> bool:
    async with asyncio.timeout(PATIENCE):
        return await reader.read() == b""


@pytest.mark.parametrize("said", [b"", b"GET / HT", WHOLE[:-2]])
async def test_who_never_says_what_they_want_is_let_go(port: int, said: bytes) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(said)
    assert await is_closed(reader)
    writer.close()


async def test_half_a_second_request_does_not_hold_the_connection_either(port: int) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(WHOLE)
    async with asyncio.timeout(PATIENCE):
        assert await reader.readuntil(b"hello")
    writer.write(WHOLE[:9])
    assert await is_closed(reader)
    writer.close()


async def test_a_connection_in_use_is_kept_between_requests(port: int) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for _ in range(3):
        writer.write(WHOLE)
        async with asyncio.timeout(PATIENCE):
            assert await reader.readuntil(b"hello")
        silent, other = await asyncio.open_connection("127.0.0.1", port)
        assert await is_closed(silent)  # longer ago than a head may take
        other.close()
    writer.close()


async def test_more_connections_than_telegram_opens_are_refused(
    port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MOST_CONNECTIONS", 2)
    listener = listen("127.0.0.1", 0)
    async with serving(Starlette(routes=[Route("/", hello)]), listener):
        here = "127.0.0.1", listener.getsockname()[1]
        monkeypatch.setattr(module, "HEADERS_WITHIN", PATIENCE)
        held = [await asyncio.open_connection(*here) for _ in range(2)]
        reader, writer = await asyncio.open_connection(*here)
        writer.write(WHOLE)
        async with asyncio.timeout(PATIENCE):
            assert b" 503 " in await reader.readline()
        for _, each in [*held, (reader, writer)]:
            each.close()
