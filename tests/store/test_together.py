"""Work that is done together: what fails fails alone, and nobody waits for ever."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from bot.store import Candidate, Store, StoreAway
from bot.store.together import Raised, Together
from tests.store.inside import tell


@pytest.fixture
async def sqlite_store(sqlite_url: str) -> AsyncIterator[Store]:
    store = await Store.open(sqlite_url)
    yield store
    await store.close()


async def test_no_kind_of_error_leaves_the_others_waiting():
    async def do(given):
        return [Raised(StopIteration()) if each == 0 else each for each in given]

    together = Together(do, 9)
    work = asyncio.gather(*(together.add(n) for n in range(3)), return_exceptions=True)
    outcomes = await asyncio.wait_for(work, 5)
    assert isinstance(outcomes[0], RuntimeError)
    assert outcomes[1:] == [1, 2]


async def test_a_full_disk_is_trouble_that_passes_wherever_it_is_met(sqlite_store: Store, noon):
    ((pages,),) = await tell(sqlite_store, "PRAGMA page_count")
    await tell(sqlite_store, f"PRAGMA max_page_count={pages}")
    big = {"x": "y" * 200_000}

    async def take(chat: int) -> None:
        async with sqlite_store.turn(chat, at=noon, update_id=1) as turn:
            mine = big if chat == 3 else {}
            await turn.save_candidate(Candidate(chat, "ready", noon, preferences=mine))
            await turn.past_interviews(1)

    outcomes = await asyncio.gather(*map(take, range(1, 6)), return_exceptions=True)
    assert {type(each) for each in outcomes} <= {StoreAway, type(None)}
    assert StoreAway in {type(each) for each in outcomes}
