"""The line to Telegram over real HTTP: what arrives, and what each kind of failure becomes."""

from __future__ import annotations

import asyncio
import json
import socket
import traceback
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
from telegram.error import BadRequest, NetworkError, RetryAfter, TimedOut

from bot.chat.delivery import Delivery
from bot.chat.wire import QuietBot, telegram_bot
from bot.local.refusal import error_body
from bot.store import Store
from tests.chat.delivering import NOON, Clock, until

TOKEN = "123456:AAfoo_bar-BAZ0123456789"
MESSAGE = {"message_id": 5, "date": 1, "chat": {"id": 1, "type": "private"}, "text": "x"}
Behaviour = Callable[[asyncio.StreamWriter], Awaitable[None]]


class Server:
    """Reads requests whole and answers each as the test has it."""

    def __init__(self) -> None:
        self.requests: list[tuple[str, dict[str, str], bytes]] = []
        self.connections = 0
        self.counted: list[tuple[str, str]] = []
        self.meetings: set[asyncio.Task[None]] = set()
        self.behaves: Behaviour = self.fine
        self.root = ""
        self.bot: QuietBot

    def meets(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Keeps the task, which asyncio lets go at a hang-up though it may wait for ever."""
        self.connections += 1
        self.meetings.add(asyncio.create_task(self.serves(reader, writer)))

    async def serves(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                line, *fields = head.decode().strip().split("\r\n")
                headers = {k.lower(): v for k, _, v in (each.partition(": ") for each in fields)}
                body = await reader.readexactly(int(headers.get("content-length", "0")))
                self.requests.append((line, headers, body))
                await self.behaves(writer)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    async def ends(self) -> None:
        for each in self.meetings:
            each.cancel()
        await asyncio.gather(*self.meetings, return_exceptions=True)

    async def fine(self, writer: asyncio.StreamWriter) -> None:
        await self.answers(writer, 200, {"ok": True, "result": MESSAGE})

    async def answers(self, writer: asyncio.StreamWriter, status: int, body: object) -> None:
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        writer.write(f"HTTP/1.1 {status} X\r\nContent-Length: {len(data)}\r\n\r\n".encode() + data)
        await writer.drain()

    def count(self, method: str, outcome: str) -> None:
        self.counted.append((method, outcome))

    async def says(self, **how: Any) -> int:
        return (await self.bot.send_message(1, "Größe & <b>", **how)).message_id


@pytest.fixture
async def server(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Server]:
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    server = Server()
    listening = await asyncio.start_server(server.meets, "127.0.0.1", 0)
    server.root = f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}"
    server.bot = telegram_bot(TOKEN, server.root, connections=4, counted=server.count)
    lines = server.bot._request
    for line in lines:
        await line.initialize()
    yield server
    for line in lines:
        await line.shutdown()
    listening.close()
    await server.ends()


async def test_a_call_arrives_as_a_form(server: Server) -> None:
    assert await server.says() == 5
    ((line, headers, body),) = server.requests
    assert line == f"POST /bot{TOKEN}/sendMessage HTTP/1.1"
    assert headers["content-type"] == "application/x-www-form-urlencoded"
    assert body == b"chat_id=1&text=Gr%C3%B6%C3%9Fe+%26+%3Cb%3E"
    assert server.counted == [("sendMessage", "200")]


async def test_calls_share_their_connections_and_no_more_are_opened(server: Server) -> None:
    await asyncio.gather(*(server.says(pool_timeout=30) for _ in range(40)))
    assert len(server.requests) == 40
    assert server.connections <= 4


async def test_a_file_arrives_whole_under_its_name(server: Server) -> None:
    await server.bot.send_document(1, "Größe".encode(), filename="second round.json", caption="ü")
    ((_, headers, body),) = server.requests
    assert headers["content-type"].startswith("multipart/form-data; boundary=")
    assert b'filename="second round.json"' in body
    assert "Größe".encode() in body
    assert "ü".encode() in body


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        (429, error_body(429, "Too Many Requests", retry_after=7), RetryAfter),
        (400, error_body(400, "Bad Request: nonsense"), BadRequest),
        (502, b"<html>Bad Gateway</html>", NetworkError),
        (500, b"", NetworkError),
    ],
)
async def test_what_telegram_refuses_comes_as_its_error(
    server: Server, status: int, body: Any, error: type[Exception]
) -> None:
    server.behaves = lambda writer: server.answers(writer, status, body)
    with pytest.raises(error):
        await server.says()
    assert server.counted == [("sendMessage", str(status))]


@pytest.mark.parametrize("status", [302, 400, 401, 403, 404, 409, 429])
@pytest.mark.parametrize(
    "body", [b"<html>no</html>", b"", b"\xff", {"error": "no"}, ["no"], {"description": None}]
)
async def test_a_refusal_that_is_not_telegrams_is_a_broken_line(
    server: Server, status: int, body: object
) -> None:
    server.behaves = lambda writer: server.answers(writer, status, body)
    with pytest.raises(NetworkError) as refused:
        await server.says()
    assert type(refused.value) is NetworkError
    assert server.counted == [("sendMessage", str(status))]


@pytest.mark.parametrize("status", [400, 401, 403, 404])
async def test_what_a_proxy_refuses_is_sent_once_it_no_longer_does(
    server: Server, url: str, clock: Clock, status: int
) -> None:
    async def refuses(writer: asyncio.StreamWriter) -> None:
        server.behaves = server.fine
        await server.answers(writer, status, b"<html>Not through here</html>")

    server.behaves = refuses
    store = await Store.open(url)
    async with store.turn(1, at=NOON) as turn:
        turn.say("sendMessage", {"text": "one"})
    await Delivery(store, server.bot, clock).drain()
    assert server.counted == [("sendMessage", str(status)), ("sendMessage", "200")]
    async with store.turn(1, at=NOON) as turn:
        kept = await turn.export()
    assert kept["outbox"] == kept["failures"] == []
    await store.close()


async def hangs(_: asyncio.StreamWriter) -> None:
    await asyncio.Event().wait()


async def hangs_in_the_middle(writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{")
    await hangs(writer)


async def hangs_up(writer: asyncio.StreamWriter) -> None:
    writer.close()


async def hangs_up_in_the_middle(writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{")
    writer.close()


async def says_no_http(writer: asyncio.StreamWriter) -> None:
    writer.write(b"220 mail.example.org ESMTP\r\n\r\n")


def tells_no_token(error: Exception) -> bool:
    """Not in its words, nor in those of what is behind it: all of that is kept with a failure."""
    return TOKEN not in f"{error!r} {''.join(traceback.format_exception(error))}"


@pytest.mark.parametrize("behaviour", [hangs, hangs_in_the_middle])
async def test_no_answer_in_time_is_a_timeout(server: Server, behaviour: Behaviour) -> None:
    server.behaves = behaviour
    with pytest.raises(TimedOut):
        await server.says(read_timeout=0.05)
    assert server.counted == [("sendMessage", "timeout")]
    server.behaves = server.fine
    assert await server.says() == 5


@pytest.mark.parametrize("behaviour", [hangs_up, hangs_up_in_the_middle, says_no_http])
async def test_a_broken_connection_is_no_timeout_and_tells_no_token(
    server: Server, behaviour: Behaviour
) -> None:
    server.behaves = behaviour
    with pytest.raises(NetworkError) as broken:
        await server.says()
    assert not isinstance(broken.value, TimedOut)
    assert tells_no_token(broken.value)
    assert server.counted == [("sendMessage", "broken")]
    server.behaves = server.fine
    assert await server.says() == 5


async def test_where_nobody_listens_it_is_no_timeout_either(server: Server) -> None:
    bot = telegram_bot(TOKEN, "http://127.0.0.1:9", connections=1)
    async with bot.request:
        with pytest.raises(NetworkError) as broken:
            await bot.send_message(1, "x")
    assert not isinstance(broken.value, TimedOut)


async def test_a_connection_that_never_opens_is_a_timeout_that_tells_no_token() -> None:
    with socket.create_server(("127.0.0.1", 0), backlog=0) as deaf:
        waiting = [socket.socket() for _ in range(3)]
        for each in waiting:
            each.setblocking(False)
            each.connect_ex(deaf.getsockname())
        bot = telegram_bot(TOKEN, f"http://127.0.0.1:{deaf.getsockname()[1]}", connections=1)
        async with bot.request:
            with pytest.raises(TimedOut) as late:
                await bot.send_message(1, "x", connect_timeout=0.02)
        for each in waiting:
            each.close()
    assert tells_no_token(late.value)


async def test_a_full_pool_is_a_timeout(server: Server) -> None:
    server.behaves = hangs
    waiting = [asyncio.create_task(server.says(read_timeout=5)) for _ in range(4)]
    await until(lambda: len(server.requests) == 4)
    with pytest.raises(TimedOut):
        await server.says(pool_timeout=0.02, connect_timeout=0.02)
    for task in waiting:
        task.cancel()
    await asyncio.gather(*waiting, return_exceptions=True)


async def test_a_proxy_of_the_environment_is_used(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", server.root)
    bot = telegram_bot(TOKEN, "http://telegram.invalid", connections=1)
    async with bot.request:
        await bot.send_message(1, "x")
    assert server.requests[0][0].startswith("POST http://telegram.invalid/bot")
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    bot = telegram_bot(TOKEN, server.root, connections=1)
    async with bot.request:
        await bot.send_message(1, "x")
    assert server.requests[1][0].startswith("POST /bot")
