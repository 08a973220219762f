"""The webhook over real HTTP: 200 only for what is committed, and no storm of redeliveries."""

from __future__ import annotations

import asyncio
import json
import logging
import socket
from collections.abc import AsyncIterator

import pytest

from bot.chat.intake import MOST_STUCK, PATIENCE
from bot.chat.webhook import LARGEST
from bot.running.metrics import Metrics
from tests.chat.delivering import ANA, BEN, until
from tests.chat.hooked import HEADER, PATH, SECRET, Hook, hooked, message
from tests.chat.taking import Front
from tests.store.inside import busy, full_disk, tell


@pytest.fixture
async def hook(house: Front) -> AsyncIterator[Hook]:
    for chat in (ANA, BEN):
        await house.server.sends(chat, "/start")  # so that the stand-in knows them
    async with hooked(house) as hook:
        yield hook


async def seen(hook: Hook, chat: int) -> list[int]:
    return [row["update_id"] for row in (await hook.front.kept(chat))["updates"]]


async def said(hook: Hook, chat: int) -> list[str]:
    await hook.front.house.delivery.drain()
    return hook.front.bubbles(chat)


async def test_a_delivery_is_answered_once_however_often_it_comes(hook: Hook) -> None:
    assert await hook.says(7, ANA, "/help") == 200
    first = await said(hook, ANA)
    assert first
    assert await hook.says(7, ANA, "/help") == 200
    assert await said(hook, ANA) == first
    assert await seen(hook, ANA) == [7]


async def test_200_comes_only_after_the_commit(hook: Hook) -> None:
    async with busy(hook.front.store):  # the one writer of SQLite is busy
        delivering = asyncio.create_task(hook.says(7, ANA, "/help"))
        await until(lambda: hook.front.intake._queues)
        assert not delivering.done()
    assert await delivering == 200
    assert await seen(hook, ANA) == [7]


@pytest.mark.parametrize("secret", [None, "", "wrong", SECRET[:-1], SECRET + "x", "\xe9"])
async def test_without_the_secret_nothing_is_taken(hook: Hook, secret: str | None) -> None:
    assert await hook.posts(message(7, ANA, "/help"), secret) == 403
    assert await seen(hook, ANA) == []


async def test_only_this_path_and_only_post(hook: Hook) -> None:
    assert (await hook.asks("GET", PATH, secret=SECRET))[0] == 405
    assert (await hook.asks("POST", "/", secret=SECRET))[0] == 404


async def test_what_is_too_large_is_refused_before_it_is_read(hook: Hook) -> None:
    host, _, port = hook.root.removeprefix("http://").partition(":")
    with socket.create_connection((host, int(port))) as line:
        line.setblocking(False)
        loop = asyncio.get_running_loop()
        head = f"POST {PATH} HTTP/1.1\r\nHost: x\r\n{HEADER}: {SECRET}\r\n"
        await loop.sock_sendall(line, f"{head}Content-Length: {LARGEST + 1}\r\n\r\n".encode())
        assert (await loop.sock_recv(line, 1000)).startswith(b"HTTP/1.1 413")


async def test_what_turns_out_too_large_is_refused_too(hook: Hook) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(LARGEST // 50_000 + 2):
            yield b" " * 50_000

    assert (await hook.asks("POST", PATH, secret=SECRET, data=pieces()))[0] == 413


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"\xff\xfe",
        b"null",
        b"[]",
        b"7",
        b'"text"',
        b"{}",
        b"[" * 100_000,
        b"9" * 5000,
        b'{"update_id": "7"}',
        b'{"update_id": true}',
        b'{"update_id": -1}',
        b'{"update_id": 1e400}',
        b'{"update_id": 9223372036854775808}',
    ],
)
async def test_what_will_never_be_an_update_is_not_asked_for_again(hook: Hook, body: bytes) -> None:
    assert await hook.posts(body) == 200


async def test_an_update_without_a_chat_is_passed_over(hook: Hook) -> None:
    assert await hook.posts({"update_id": 7, "poll_answer": {"poll_id": "1"}}) == 200
    assert await hook.posts({"update_id": 8}) == 200


async def test_one_chat_is_answered_in_order_of_arrival(hook: Hook) -> None:
    async with busy(hook.front.store):
        queues = hook.front.intake._queues
        deliveries = []
        for number in range(5):
            deliveries.append(asyncio.create_task(hook.says(90 - number, ANA, f"/help {number}")))
            await until(lambda n=number: ANA in queues and queues[ANA].waiting == n + 1)
    assert await asyncio.gather(*deliveries) == [200] * 5
    rows = await tell(hook.front.store, "SELECT update_id FROM updates ORDER BY rowid")
    assert [row[0] for row in rows] == [90, 89, 88, 87, 86]
    assert hook.front.intake._queues == {}


async def test_a_turn_that_fails_is_kept_apologised_for_and_never_asked_for_again(
    hook: Hook, caplog: pytest.LogCaptureFixture
) -> None:
    odd = message(7, ANA, {"a": "secret word"})
    assert await hook.posts(odd) == 200
    assert await hook.posts(odd) == 200
    (failure,) = (await hook.front.kept(ANA))["failures"]
    assert failure["update"] == odd
    (apology,) = await said(hook, ANA)
    assert failure["reference"] in apology
    assert await hook.says(8, ANA, "/help") == 200
    assert len(await said(hook, ANA)) > 1
    assert "secret word" not in caplog.text


async def test_an_update_that_cannot_be_read_is_apologised_for_in_its_chat(hook: Hook) -> None:
    unreadable = message(7, ANA, "hello")
    unreadable["message"]["date"] = "today"
    assert await hook.posts(unreadable) == 200
    (failure,) = (await hook.front.kept(ANA))["failures"]
    assert failure["update"] == unreadable
    assert len(await said(hook, ANA)) == 1


async def test_while_nothing_can_be_stored_it_is_asked_for_later(hook: Hook) -> None:
    await hook.front.breaks("INSERT ON updates")
    await hook.front.breaks("INSERT ON failures")
    body = json.dumps(message(7, ANA, "/help")).encode()
    for _ in range(PATIENCE + 2):
        status, headers, _ = await hook.asks("POST", PATH, secret=SECRET, data=body)
        assert status == 503
        assert int(headers["retry-after"]) > 0
    await hook.front.mends()
    assert await hook.says(7, ANA, "/help") == 200
    assert await seen(hook, ANA) == [7]
    assert hook.front.intake._stuck == {}


async def test_the_count_of_failed_tries_stays_small(hook: Hook) -> None:
    await hook.front.breaks("INSERT ON updates")
    await hook.front.breaks("INSERT ON failures")
    hook.front.intake._stuck.update(dict.fromkeys(range(10_000, 10_000 + MOST_STUCK)))
    assert await hook.says(7, ANA, "/help") == 503
    assert len(hook.front.intake._stuck) == MOST_STUCK
    assert 7 in hook.front.intake._stuck


async def test_what_comes_behind_a_failure_in_its_chat_does_not_get_ahead_of_it(hook: Hook) -> None:
    await hook.front.breaks("INSERT ON updates WHEN NEW.update_id = 7")
    async with busy(hook.front.store):
        first = asyncio.create_task(hook.says(7, ANA, "one"))
        await until(lambda: hook.front.intake._queues)
        second = asyncio.create_task(hook.says(8, ANA, "two"))
        await until(lambda: hook.front.intake._queues[ANA].waiting == 2)
        other = asyncio.create_task(hook.says(9, BEN, "/help"))
        await until(lambda: BEN in hook.front.intake._queues)
    assert await asyncio.gather(first, second, other) == [503, 503, 200]
    assert hook.front.intake._queues == {}


async def test_once_it_stops_nothing_more_is_taken(hook: Hook) -> None:
    hook.stop.set()
    status, headers, _ = await hook.asks(
        "POST", PATH, secret=SECRET, data=json.dumps(message(7, ANA, "/help"))
    )
    assert (status, headers["connection"]) == (503, "close")
    assert await seen(hook, ANA) == []


async def test_a_turn_that_is_broken_off_by_stopping_comes_again_and_is_no_error(
    hook: Hook, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.running.serving.LAST_REQUESTS", 0.01)
    async with busy(hook.front.store):
        async with hooked(hook.front) as stopping:
            telegram = Hook(hook.front, stopping.root, hook._session)  # which outlives it
            delivering = asyncio.create_task(telegram.says(7, ANA, "/help"))
            await until(lambda: hook.front.intake._queues)
            stopping.stop.set()
        assert await delivering == 503
    assert not [each for each in caplog.records if each.exc_info]
    assert await hook.says(7, ANA, "/help") == 200
    assert await seen(hook, ANA) == [7]


# What a host asks


async def test_it_is_well_while_the_store_answers_and_it_does_not_stop(hook: Hook) -> None:
    status, _, body = await hook.asks("GET", "/healthz")
    assert (status, json.loads(body)) == (200, {"status": "ok"})
    hook.stop.set()
    status, _, body = await hook.asks("GET", "/healthz")
    assert (status, json.loads(body)["why"]) == (503, "stopping")


async def test_it_is_not_well_without_its_store(hook: Hook) -> None:
    await hook.front.store.close()
    status, _, body = await hook.asks("GET", "/healthz")
    assert status == 503
    assert "store" in json.loads(body)["why"]
    assert (await hook.asks("GET", "/metrics"))[0] == 200


async def test_it_is_not_well_while_its_store_takes_nothing_and_gets_well_by_itself(
    hook: Hook,
) -> None:
    with full_disk():
        assert await hook.says(7, ANA, "/help") == 503
        for _ in range(2):
            status, _, body = await hook.asks("GET", "/healthz")
            assert (status, json.loads(body)["why"]) == (503, "the store cannot be used")
    assert (await hook.asks("GET", "/healthz"))[0] == 200


async def test_the_numbers_tell_turns_lines_and_errors_and_no_candidate(
    house: Front,
) -> None:
    metrics = Metrics()
    house.intake._watchers = (metrics.count_turn,)
    counting = metrics.watch_log()
    logging.getLogger("bot").addHandler(counting)
    try:
        async with hooked(house, metrics) as hook:
            await hook.says(7, 987_654_321, "/help")
            await hook.says(7, 987_654_321, "/help")
            await hook.says(8, 987_654_321, "a secret word")
            await hook.posts(message(9, 987_654_321, 5))
            metrics.count_call("sendMessage", "200")
            await house.clock.sleep(60)
            _, headers, text = await hook.asks("GET", "/metrics")
    finally:
        logging.getLogger("bot").removeHandler(counting)
    assert headers["content-type"].startswith("text/plain")
    lines = text.splitlines()
    assert 'second_round_turns_total{kind="command",outcome="done"} 1.0' in lines
    assert 'second_round_turns_total{kind="command",outcome="seen"} 1.0' in lines
    assert 'second_round_turns_total{kind="message",outcome="failed"} 1.0' in lines
    assert 'second_round_turn_seconds_count{kind="command"} 2.0' in lines
    assert 'second_round_errors_total{kind="AttributeError",where="turn"} 1.0' in lines
    assert 'second_round_errors_total{kind="logged",where="chat.intake"} 1.0' in lines
    assert 'second_round_telegram_calls_total{method="sendMessage",outcome="200"} 1.0' in lines
    assert "second_round_outbox_oldest_due_seconds 60.0" in lines
    (waiting,) = [line for line in lines if line.startswith("second_round_outbox_lines ")]
    assert float(waiting.split()[1]) >= 3
    assert "987654321" not in text
    assert "secret" not in text
