"""On SQLite no byte of what a candidate wrote is left in any file once they are forgotten."""

from __future__ import annotations

import sqlite3
from datetime import datetime
from pathlib import Path
from random import Random

import pytest

from bot.store import Store, sqlite
from tests.store.writing import writes


@pytest.fixture
def url(sqlite_url: str) -> str:
    return sqlite_url


def found_in_files(folder: Path, words: str) -> list[str]:
    files = [path for path in folder.iterdir() if path.is_file()]
    return [path.name for path in files if words.encode() in path.read_bytes()]


async def test_the_text_of_a_sent_message_does_not_stay_in_the_file(url, chat, noon, tmp_path):
    store = await Store.open(url)
    async with store.turn(chat, at=noon) as turn:
        turn.say("sendMessage", {"text": "You said: my story"})
    ((claim,), _) = await store.outbox.claim(noon, 5)
    await store.outbox.done(claim, noon, noon, 77)
    await store.close()
    assert found_in_files(tmp_path, "my story") == []


async def a_history(store: Store, seed: int, noon: datetime) -> list[int]:
    """Let twelve candidates write, close together and over each other; returns who they are."""
    chance = Random(seed)
    people = [chance.randrange(1, 10**9) for _ in range(12)]
    for number in range(120):
        who = chance.choice(people)
        words = f"SECRET{who:010d} " * chance.choice([1, 5, 20, 80, 300])
        async with store.turn(who, at=noon, update_id=number) as turn:
            await writes(turn, words, go=chance.randrange(3))
        if chance.random() < 0.3:
            for claim in (await store.outbox.claim(noon, 5))[0]:
                await store.outbox.done(claim, noon, noon, number)
    return people


async def test_no_byte_of_what_was_written_is_left_in_any_file(store, tmp_path, noon):
    # In this history secure_delete alone leaves words of two of them behind.
    for who in await a_history(store, 8, noon):
        mark = f"SECRET{who:010d}"
        assert found_in_files(tmp_path, mark)
        async with store.turn(who, at=noon) as turn:
            await turn.forget()
            turn.say("sendMessage", {"text": "Goodbye."})
        await store.wipe(now=True)
        assert found_in_files(tmp_path, mark) == []


async def forgotten_but_readable(store: Store, noon: datetime, folder: Path) -> str:
    """Let people write and be forgotten until the file itself still holds words of one."""
    for who in await a_history(store, 8, noon):
        async with store.turn(who, at=noon) as turn:
            await turn.forget()
        reader = sqlite3.connect(folder / "bot.db")
        reader.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        reader.close()
        if found_in_files(folder, mark := f"SECRET{who:010d}"):
            return mark
    pytest.fail("secure_delete alone was enough in this history")


async def test_closing_wipes_what_was_forgotten_since_the_last_tick(url, noon, tmp_path):
    store = await Store.open(url)
    mark = await forgotten_but_readable(store, noon, tmp_path)
    await store.close()
    assert found_in_files(tmp_path, mark) == []


async def test_a_wipe_that_a_crash_prevented_is_made_good_at_the_next_start(
    url, noon, tmp_path, monkeypatch
):
    def crashes(_: object) -> None:
        raise RuntimeError

    store = await Store.open(url)
    mark = await forgotten_but_readable(store, noon, tmp_path)
    with monkeypatch.context() as patched:
        patched.setattr(sqlite, "rebuild", crashes)
        with pytest.raises(RuntimeError):
            await store.close()
    assert found_in_files(tmp_path, mark)
    store = await Store.open(url)
    assert found_in_files(tmp_path, mark) == []
    assert not await store._database.run(sqlite.needs_wiping)
    await store.close()


async def test_a_reader_in_the_way_only_delays_the_wipe(store, chat, noon, tmp_path):
    async with store.turn(chat, at=noon) as turn:
        await writes(turn, "my story")
    await store._database.run(lambda c: c.exec_driver_sql("PRAGMA busy_timeout=0"))
    reader = sqlite3.connect(tmp_path / "bot.db", isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM events").fetchone()
    async with store.turn(chat, at=noon) as turn:
        await turn.forget()
    await store.wipe(now=True)
    assert found_in_files(tmp_path, "my story")
    reader.close()
    await store.wipe(now=True)
    assert found_in_files(tmp_path, "my story") == []


async def test_a_wipe_that_fails_keeps_nobody_waiting_and_is_tried_again(
    store, chat, noon, tmp_path, monkeypatch
):
    def disk_is_full(_: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    async with store.turn(chat, at=noon) as turn:
        await writes(turn, "my story")
    with monkeypatch.context() as patched:
        patched.setattr(sqlite, "rebuild", disk_is_full)
        async with store.turn(chat, at=noon) as turn:
            await turn.forget()
        await store.wipe(now=True)
        async with store.turn(chat + 1, at=noon) as turn:
            await writes(turn, "another")
    await store.wipe(now=True)
    assert found_in_files(tmp_path, "my story") == []
