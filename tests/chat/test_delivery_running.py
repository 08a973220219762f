"""Delivery as it runs: waking, stopping, and taking up what a lost process left."""

from __future__ import annotations

import asyncio
import json
from datetime import timedelta

from bot.local.telegram import LocalTelegram
from bot.store import Store
from tests.chat.delivering import (
    ANA,
    NOON,
    Line,
    Stage,
    until,
)


async def test_a_running_delivery_wakes_for_commits_and_for_what_comes_due(held):
    stop = asyncio.Event()
    running = asyncio.create_task(held.delivery.run(stop))
    await held.says(ANA, "at once")
    await until(lambda: held.bubbles(ANA) == ["at once"])
    await held.says(ANA, "in an hour", not_before=NOON + timedelta(hours=1))
    await held.clock.passes(3599)
    await held.kept(ANA)
    assert held.bubbles(ANA) == ["at once"]
    await held.clock.passes(1)
    await until(lambda: held.bubbles(ANA) == ["at once", "in an hour"])
    stop.set()
    await running


async def test_stopping_finishes_the_call_in_hand_and_begins_no_other(held):
    stop = asyncio.Event()
    held.line.open.clear()
    await held.says(ANA, "in hand", "waiting")
    running = asyncio.create_task(held.delivery.run(stop))
    await until(lambda: held.line.busy)
    stop.set()
    await held.kept(ANA)
    assert not running.done()
    held.line.open.set()
    await running
    assert held.bubbles(ANA) == ["in hand"]
    assert [row["payload"]["text"] for row in (await held.kept(ANA))["outbox"]] == ["waiting"]


async def test_the_unsent_rest_is_sent_after_a_restart(url, clock):
    server = LocalTelegram.open(":memory:", lambda: clock.now().timestamp())
    await server.sends(ANA, "/start")
    store = await Store.open(url)
    await Stage(store, server, Line(server, clock), clock).says(ANA, "one", "two")
    await store.outbox.claim(NOON, 5)  # and then the power goes: the claim is never settled
    await store.close()
    store = await Store.open(url)
    stage = Stage(store, server, Line(server, clock), clock)
    async with stage.bot:
        await stage.delivery.drain()
    assert stage.bubbles(ANA) == ["one", "two"]
    assert clock.now() == NOON
    await store.close()
    server.close()


async def test_a_claim_whose_holder_is_lost_comes_back_and_the_late_one_cannot_spoil_it(stage):
    await stage.says(ANA, "one", "two")
    ((lost,), _) = await stage.store.outbox.claim(NOON, 5)
    assert await stage.store.outbox.claim(NOON, 5) == ([], NOON + timedelta(minutes=2))
    later = NOON + timedelta(minutes=2)
    ((again,), _) = await stage.store.outbox.claim(later, 5)
    assert (again.position, again.epoch) == (lost.position, lost.epoch + 1)
    await stage.store.outbox.done(lost, later, later, 5)
    assert await stage.store.outbox.claim(later, 5) == ([], later + timedelta(minutes=2))
    await stage.store.outbox.done(again, later, later, 6)
    ((two,), _) = await stage.store.outbox.claim(later, 5)
    assert json.dumps(two.payload) == '{"text": "two"}'
