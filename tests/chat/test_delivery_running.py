"""Delivery as it runs: waking, stopping, and taking up what a lost process left."""

from __future__ import annotations

import asyncio
import json
from datetime import timedelta
from typing import Any

import pytest

from bot.chat.delivery import LAST_CALLS, LEASE, LONGEST_BACKOFF, SETTLING_FIRST, STORE_BACKOFF
from bot.local.telegram import LocalTelegram
from bot.store import Store, StoreAway
from bot.store.outbox import Outbox
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


async def test_stopping_waits_for_a_call_that_hangs_but_not_for_long(held):
    stop = asyncio.Event()
    held.line.open.clear()
    await held.says(ANA, "hangs")
    running = asyncio.create_task(held.delivery.run(stop))
    await until(lambda: held.line.busy)
    stop.set()
    await until(lambda: held.clock.asleep == 1)
    await held.clock.passes(LAST_CALLS / 2)
    assert not running.done()
    await held.clock.passes(LAST_CALLS / 2)
    await running
    assert not held.line.busy
    (row,) = (await held.kept(ANA))["outbox"]
    assert row["tries"] == 1
    assert await held.store.outbox.owed_at(NOON) <= NOON + LONGEST_BACKOFF, "nobody holds it"


class Away(Outbox):
    """An outbox whose database cannot be reached as often as `away` says."""

    away = 0

    async def claim(self, *args: Any, **how: Any) -> Any:
        self._may_be_away()
        return await super().claim(*args, **how)

    async def done(self, *args: Any, **how: Any) -> Any:
        self._may_be_away()
        return await super().done(*args, **how)

    def _may_be_away(self) -> None:
        if self.away:
            self.away -= 1
            raise StoreAway("the database restarts")


async def test_what_was_sent_while_the_store_went_away_is_not_sent_again(held):
    held.store.outbox.__class__ = Away
    stop = asyncio.Event()
    await held.says(ANA, "once")
    held.line.open.clear()
    running = asyncio.create_task(held.delivery.run(stop))
    await until(lambda: held.line.busy)
    held.store.outbox.away = 6
    held.line.open.set()
    for left in (5, 4, 3, 2, 1, 0):
        await until(lambda left=left: held.store.outbox.away <= left)
        await until(lambda: held.clock.asleep)
        await held.clock.passes(STORE_BACKOFF)
    await until(lambda: not held.delivery._flying)
    assert (await held.kept(ANA))["outbox"] == []
    await held.clock.passes(120)
    stop.set()
    await running
    assert held.bubbles(ANA) == ["once"]


async def test_once_the_store_is_back_others_may_settle_before_anything_is_claimed(held):
    held.store.outbox.__class__ = Away
    held.store.outbox.away = 1
    await held.says(ANA, "late")
    stop = asyncio.Event()
    running = asyncio.create_task(held.delivery.run(stop))
    await until(lambda: not held.store.outbox.away)
    await until(lambda: held.clock.asleep)
    await held.clock.passes(STORE_BACKOFF)
    await until(lambda: held.delivery._quiet_until == held.clock.now() + SETTLING_FIRST)
    await until(lambda: held.clock.asleep)
    assert held.bubbles(ANA) == []
    await held.clock.passes(SETTLING_FIRST.total_seconds())
    await until(lambda: held.bubbles(ANA) == ["late"])
    stop.set()
    await running


async def test_delivery_goes_on_when_the_store_is_back(stage):
    stage.store.outbox.__class__ = Away
    stage.store.outbox.away = 3
    await stage.says(ANA, "late")
    stop = asyncio.Event()
    running = asyncio.create_task(stage.delivery.run(stop))
    await until(lambda: stage.bubbles(ANA) == ["late"])
    stop.set()
    await running


@pytest.mark.parametrize("jump", [timedelta(hours=1), -timedelta(hours=1), timedelta(minutes=2)])
async def test_a_call_that_is_out_when_the_clock_jumps_is_not_made_again(stage, jump):
    stage.line.open.clear()
    await stage.says(ANA, "one", "two")
    await stage.delivery._start_due()
    await until(lambda: stage.line.busy)
    for _ in range(3):
        stage.clock.time += jump
        await stage.delivery._start_due()
    assert len(stage.delivery._flying) == 1
    stage.line.open.set()
    await asyncio.wait(stage.delivery._flying)
    await stage.delivery.drain()
    assert stage.bubbles(ANA) == ["one", "two"]
    assert len(stage.line.calls) == 2


async def test_a_call_that_could_not_be_settled_is_made_again_after_its_lease(stage, monkeypatch):
    async def breaks(*_: object) -> None:
        raise RuntimeError

    await stage.says(ANA, "one")
    with monkeypatch.context() as broken:
        broken.setattr(stage.store.outbox, "done", breaks)
        await stage.delivery._start_due()
        await asyncio.wait(stage.delivery._flying)
    await stage.delivery.drain(ahead=timedelta(minutes=1))
    assert [at for at, _, _ in stage.line.calls] == [NOON, NOON + LEASE]


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
    assert (await stage.store.outbox.claim(NOON, 5))[0] == []
    stage.store.outbox.lapse(lost)
    later = NOON + timedelta(minutes=2)
    ((again,), _) = await stage.store.outbox.claim(later, 5)
    assert (again.position, again.epoch) == (lost.position, lost.epoch + 1)
    await stage.store.outbox.done(lost, later, later, 5)
    assert (await stage.store.outbox.claim(later, 5))[0] == []
    await stage.store.outbox.done(again, later, later, 6)
    ((two,), _) = await stage.store.outbox.claim(later, 5)
    assert json.dumps(two.payload) == '{"text": "two"}'
