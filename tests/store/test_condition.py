"""Whether the store is away: a full disk still answers, and nobody is to be told twice."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager

import pytest

from bot.store import Store, StoreAway
from tests.store.inside import full_disk, tell

END_ALL = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"


@pytest.fixture
def full(request: pytest.FixtureRequest, url: str) -> AbstractContextManager[None]:
    """While it lasts, the database can be read and takes nothing."""
    if url.startswith("sqlite"):
        return full_disk()
    return read_only(request.getfixturevalue("postgres"), url)


@contextmanager
def read_only(postgres, url: str) -> Iterator[None]:
    name = url.partition("?")[0].rpartition("/")[2]
    for setting in (
        "SET default_transaction_read_only = on",
        "RESET default_transaction_read_only",
    ):
        postgres.sql(f"ALTER DATABASE {name} {setting}")
        postgres.sql(END_ALL.format(name=name))
        if setting.startswith("SET"):
            yield


def told(caplog: pytest.LogCaptureFixture) -> list[str]:
    """How the store's warnings begin."""
    said = [each.getMessage() for each in caplog.records if each.levelno >= logging.WARNING]
    return [each.partition(",")[0] for each in said]


async def fails(store: Store, chat: int, noon) -> None:
    with pytest.raises(StoreAway):
        async with store.turn(chat, at=noon, update_id=1) as turn:
            turn.say("sendMessage", {"text": "hello"})


async def test_a_store_that_only_answers_is_away_until_it_takes_something(
    store, full, chat, noon, caplog
):
    with full:
        await store.ping()  # nobody has noticed yet
        for _ in range(2):
            await fails(store, chat, noon)
            with pytest.raises(StoreAway):
                await store.ping()
        assert await tell(store, "SELECT * FROM updates") == []
        assert told(caplog) == ["the store is away"]
    for _ in range(2):
        await store.ping()
    assert told(caplog) == ["the store is away", "the store is back"]
    assert await tell(store, "SELECT * FROM updates") == []


async def test_that_it_is_back_is_noticed_by_looking_for_what_is_due(
    store, full, chat, noon, caplog
):
    with full:
        await fails(store, chat, noon)
        with pytest.raises(StoreAway):
            await store.due_reminders(noon, 1)
    assert await store.due_reminders(noon, 1) == []
    assert told(caplog) == ["the store is away", "the store is back"]


async def test_that_it_is_back_is_noticed_by_a_turn(store, full, chat, noon, caplog):
    with full:
        await fails(store, chat, noon)
    async with store.turn(chat, at=noon, update_id=1) as turn:
        assert not turn.seen
    assert told(caplog) == ["the store is away", "the store is back"]


async def test_what_only_reads_does_not_bring_it_back(store, full, chat, noon, caplog):
    with full:
        await fails(store, chat, noon)
        await store.pulse(noon)
        await store.failures()
    assert told(caplog) == ["the store is away"]
