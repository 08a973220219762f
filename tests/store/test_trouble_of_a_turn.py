"""Whose trouble it is: what a turn raises is its own, what the database does is StoreAway."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from bot.store import Candidate, StoreAway
from tests.store.conftest import engine_of

ERRORS = [FileNotFoundError("a template"), TimeoutError("mine"), ConnectionError("mine")]
END_TURNS = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE state = 'idle in transaction'"
)


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: type(error).__name__)
async def test_what_a_turn_itself_raises_comes_out_as_it_is(store, chat, noon, error):
    async def take() -> None:
        async with store.turn(chat, at=noon, update_id=1) as turn:
            await turn.save_candidate(Candidate(chat, "ready", noon))
            raise error

    with pytest.raises(type(error)) as raised:
        await take()
    assert raised.value is error
    async with store.turn(chat, at=noon, update_id=1) as turn:
        assert not turn.seen
        assert await turn.candidate() is None


@pytest.mark.parametrize("url", ["postgres"], indirect=True)
async def test_a_connection_lost_in_a_turn_is_trouble_of_the_database(store, postgres, chat, noon):
    async def take(*, breaking: bool) -> None:
        async with store.turn(chat, at=noon, update_id=1) as turn:
            assert not turn.seen
            if breaking:
                postgres.sql(END_TURNS)
            await turn.export()

    with pytest.raises(StoreAway):
        await take(breaking=True)
    await take(breaking=False)


@pytest.mark.parametrize("url", ["postgres"], indirect=True)
async def test_a_connection_lost_at_the_commit_is_trouble_of_the_database(store, chat, noon):
    def lose(connection: sa.Connection) -> None:
        raise ConnectionResetError("gone")

    async def take() -> None:
        async with store.turn(chat, at=noon, update_id=1) as turn:
            assert not turn.seen
            await turn.save_candidate(Candidate(chat, "ready", noon))

    sa.event.listen(engine_of(store), "commit", lose)
    with pytest.raises(StoreAway):
        await take()
    sa.event.remove(engine_of(store), "commit", lose)
    await take()
