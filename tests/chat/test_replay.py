"""What failed is answered anew: once, as the update it was, and never half."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from bot.chat.replay import Replay
from bot.replaying import ALL, replayed
from bot.settings import Mistake
from bot.store import Candidate, Store, StoreBusy
from tests.chat.delivering import ANA, BEN, NOON, Clock
from tests.chat.hooked import message
from tests.chat.taking import opened_front
from tests.postgres import postgres, postgres_url  # noqa: F401  (fixtures)

BROKEN_START = "INSERT ON candidates"


async def told(url: str, reference: str = ALL) -> list[str]:
    """What replaying says of each failure, without reference and time."""
    return [line.split(" UTC  ", 1)[1] async for line, _ in replayed(url, reference)]


async def came(url: str, clock: Clock, content: Any, chat: int = ANA) -> list[str]:
    """What the candidate finds once the bot runs again."""
    async with opened_front(url, clock, content) as house:
        await house.server.sends(chat, "on the phone again")  # else there is no chat to write to
        await house.house.delivery.drain()
        return house.bubbles(chat)


@pytest.fixture
async def failed(url: str, clock: Clock, content: Any) -> str:
    """The reference of a /start that could not be stored."""
    async with opened_front(url, clock, content) as house:
        await house.server.sends(ANA, "/start")
        await house.breaks(BROKEN_START)
        await house.intake.take(await house.updates())
        await house.mends()
        (failure,) = await house.store.failures()
        await house.house.delivery.drain()
        (apology,) = house.bubbles(ANA)
        assert failure.reference in apology
    return failure.reference


async def stored(url: str, chat: int = ANA) -> dict[str, Any]:
    store = await Store.open(url)
    async with store.turn(chat, at=NOON) as turn:
        found = await turn.export()
    await store.close()
    return found


async def test_an_update_that_failed_is_answered_and_kept_no_longer(failed, url, clock, content):
    assert await told(url, failed.upper()) == [f"command: {Replay.DONE}"]
    assert (await stored(url))["failures"] == []
    assert [each["stage"] for each in (await stored(url))["candidates"]] == ["asked_work"]
    assert any("what kind of work is it?" in text for text in await came(url, clock, content))


async def test_it_acts_once_however_often_it_is_replayed(failed, url):
    assert await told(url) == [f"command: {Replay.DONE}"]
    before = await stored(url)
    assert await told(url) == []
    with pytest.raises(Mistake, match="nothing is kept under the reference"):
        await told(url, failed)
    assert await stored(url) == before


async def test_what_fails_again_is_still_kept_and_has_changed_nothing(url):
    store = await Store.open(url)
    odd = message(5, ANA, ["no", "text"])
    await store.record_failure(ANA, json.dumps(odd), "trace", NOON)
    await store.record_failure(ANA, '{"reminder": "unheard of", "ref": {}}', "trace", NOON)
    await store.close()
    before = await stored(url)
    lines = await told(url)
    assert len(lines) == 2
    assert all("failed again (" in line and line.endswith("still kept") for line in lines)
    assert await stored(url) == before


async def test_what_was_not_kept_whole_or_is_no_update_is_told_apart(url):
    store = await Store.open(url)
    await store.record_failure(ANA, '{"update_id": 5}', "trace", NOON)
    await store.record_failure(BEN, '{"method": "sendMessage"}', "trace", NOON)
    await store.close()
    assert sorted(await told(url)) == [
        f"line: {Replay.NOT_OURS}",
        f"other: {Replay.NOT_WHOLE}",
    ]


async def test_an_update_that_was_never_seen_is_seen_then(url):
    store = await Store.open(url)
    await store.record_failure(ANA, json.dumps(message(5, ANA, "/start")), "trace", NOON)
    await store.close()
    await told(url)
    assert [each["update_id"] for each in (await stored(url))["updates"]] == [5]


async def test_a_reminder_that_failed_acts_after_all(url):
    store = await Store.open(url)
    async with store.turn(ANA, at=NOON) as turn:
        await turn.save_candidate(Candidate(ANA, "ready", NOON))
    what = {"reminder": "silence", "ref": {"interview": 1, "number": 1, "attempt": 1, "pieces": 1}}
    await store.record_failure(ANA, json.dumps(what), "trace", NOON)
    await store.close()
    assert await told(url) == [f"reminder silence: {Replay.DONE}"]


async def test_on_sqlite_nothing_is_replayed_under_a_running_bot(failed, url):
    store = await Store.open(url)
    with pytest.raises(StoreBusy):
        await told(url)
    await store.close()
    assert len(await told(url)) == 1


async def test_on_postgres_two_at_once_beside_a_running_bot_act_once(postgres_url):  # noqa: F811
    store = await Store.open(postgres_url)
    await store.record_failure(ANA, json.dumps(message(5, ANA, "/start")), "trace", NOON)
    both = await asyncio.gather(told(postgres_url), told(postgres_url))
    outcomes = [line for lines in both for line in lines]
    assert outcomes.count(f"command: {Replay.DONE}") == 1
    async with store.turn(ANA, at=NOON) as turn:
        found = await turn.export()
    assert len(found["outbox"]) == 1
    await store.close()
