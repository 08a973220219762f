"""A stand-in in memory, the real python-telegram-bot on top of it, and a clock that tests own."""

from __future__ import annotations

import struct
import zlib
from collections.abc import AsyncIterator, Callable, Iterator

import pytest
import telegram

from bot.local.request import LocalRequest
from bot.local.telegram import LocalTelegram

CHAT = 1


class Clock:
    """Seconds since 1970 that pass only when a test says so."""

    def __init__(self) -> None:
        self.now = 1_795_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def bot_on() -> Callable[[LocalTelegram], telegram.Bot]:
    return real_bot


def real_bot(server: LocalTelegram) -> telegram.Bot:
    """Return a real bot whose line ends at `server`."""
    return telegram.Bot(
        "1:local", request=LocalRequest(server), get_updates_request=LocalRequest(server)
    )


@pytest.fixture
def picture() -> bytes:
    """Return a grey PNG, 3 pixels wide and 2 high."""
    width, height = 3, 2

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = zlib.compress((b"\0" + b"\x80" * width) * height)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
    )


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def server(clock: Clock) -> Iterator[LocalTelegram]:
    server = LocalTelegram.open(":memory:", clock)
    yield server
    server.close()


@pytest.fixture
async def bot(server: LocalTelegram) -> AsyncIterator[telegram.Bot]:
    async with real_bot(server) as bot:
        yield bot


@pytest.fixture
async def chat(server: LocalTelegram, bot: telegram.Bot) -> int:
    """Return a chat that the candidate has opened; the bot has seen /start."""
    await server.sends(CHAT, "/start")
    (update,) = await bot.get_updates()
    await bot.get_updates(offset=update.update_id + 1)
    return CHAT
