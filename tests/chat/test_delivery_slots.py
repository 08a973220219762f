"""Delivery: a slot holds one message at a time."""

from __future__ import annotations

import asyncio
from collections import deque
from random import Random

import pytest

from bot.store import Slot
from tests.chat.delivering import (
    ANA,
    BEN,
    BROKEN,
    NOON,
    TOO_MANY,
    Stage,
    until,
)


async def test_saying_again_under_a_slot_moves_the_message_to_the_bottom(stage):
    await stage.says(ANA, "menu 1", slot="menu")
    await stage.delivery.drain()
    await stage.says(ANA, "question")
    await stage.says(ANA, "menu 2", slot="menu")
    await stage.delivery.drain()
    assert stage.bubbles(ANA) == ["question", "menu 2"]


async def test_what_still_waits_under_a_slot_is_never_sent(stage):
    await stage.says(ANA, "menu 1", slot="menu")
    await stage.says(ANA, "menu 2", "menu 3", slot="menu")
    await stage.says(BEN, "menu of another", slot="menu")
    await stage.delivery.drain()
    assert stage.bubbles(ANA) == ["menu 3"]
    assert stage.bubbles(BEN) == ["menu of another"]
    assert len(stage.line.calls) == 2


async def test_clearing_a_slot_takes_back_what_stands_or_waits_there(stage):
    await stage.says(ANA, "stands", slot="a")
    await stage.delivery.drain()
    await stage.says(ANA, "waits", slot="b")
    async with stage.store.turn(ANA, at=NOON) as turn:
        for slot in "abc":
            turn.clear(slot)
    await stage.delivery.drain()
    assert stage.bubbles(ANA) == []
    assert [method for _, method, _ in stage.line.calls] == ["sendMessage", "deleteMessage"]
    await stage.says(ANA, "again", slot="a")
    await stage.delivery.drain()
    assert stage.bubbles(ANA) == ["again"]


@pytest.mark.parametrize("then", ["clear", "say"])
async def test_a_message_on_its_way_still_gives_up_its_slot(stage, then):
    stage.line.open.clear()
    await stage.says(ANA, "first", slot="menu")
    draining = asyncio.create_task(stage.delivery.drain())
    await until(lambda: stage.line.busy)
    async with stage.store.turn(ANA, at=NOON) as turn:
        if then == "clear":
            turn.clear("menu")
        else:
            turn.say("sendMessage", {"text": "second"}, slot="menu")
    stage.line.open.set()
    await draining
    await stage.delivery.drain()
    assert stage.bubbles(ANA) == ([] if then == "clear" else ["second"])


async def test_a_message_taken_back_while_its_sending_failed_is_not_tried_again(stage):
    stage.line.open.clear()
    stage.line.failures[ANA] = deque([BROKEN])
    await stage.says(ANA, "first", slot="menu")
    draining = asyncio.create_task(stage.delivery.drain())
    await until(lambda: stage.line.busy)
    await stage.says(ANA, "second", slot="menu")
    stage.line.open.set()
    await draining
    assert stage.bubbles(ANA) == ["second"]


async def test_an_edit_under_a_slot_changes_the_message_in_place(stage):
    await stage.says(ANA, "1 of 3", slot="progress")
    await stage.delivery.drain()
    await stage.says(ANA, "question")
    await stage.calls(ANA, "editMessageText", {"text": "2 of 3"}, slot="progress")
    await stage.delivery.drain()
    assert stage.bubbles(ANA) == ["2 of 3", "question"]


async def test_an_edit_under_a_slot_where_nothing_stands_is_a_new_message_there(stage):
    await stage.calls(ANA, "editMessageText", {"text": "1 of 3"}, slot="progress")
    await stage.calls(ANA, "editMessageReplyMarkup", {}, slot="nothing")
    await stage.delivery.drain()
    await stage.says(ANA, "2 of 3", slot="progress")
    await stage.delivery.drain()
    assert stage.bubbles(ANA) == ["2 of 3"]


async def test_whatever_is_said_cleared_and_lost_a_slot_shows_at_most_its_last_message(stage):
    chance = Random(7)
    last: dict[str, str] = {}
    for number in range(60):
        slot = chance.choice("ab")
        async with stage.store.turn(ANA, at=stage.clock.now()) as turn:
            if chance.random() < 0.3:
                turn.clear(slot)
                last.pop(slot, None)
            else:
                last[slot] = f"{slot}{number}"
                turn.say("sendMessage", {"text": last[slot]}, slot=slot)
        if chance.random() < 0.3:
            stage.line.failures[ANA] = deque([chance.choice([BROKEN, TOO_MANY])])
        if chance.random() < 0.5:
            await stage.delivery.drain()
    await stage.delivery.drain()
    assert sorted(stage.bubbles(ANA)) == sorted(last.values())


KEYS = {"inline_keyboard": [[{"text": "Skip", "callback_data": "s"}]]}


async def asks(stage: Stage, text: str) -> None:
    await stage.calls(ANA, "sendMessage", {"text": text, "reply_markup": KEYS}, slot=Slot.TABLE)


async def test_on_the_table_the_message_before_stays_and_only_loses_its_buttons(stage):
    await asks(stage, "question 1")
    await stage.delivery.drain()
    await asks(stage, "question 2")
    await stage.delivery.drain()
    assert stage.bubbles(ANA) == ["question 1", "question 2"]
    shown = [bubble for bubble in stage.server.messages(ANA) if not bubble.mine]
    assert [bool(bubble.buttons) for bubble in shown] == [False, True]


async def test_what_still_waits_for_the_table_is_sent(stage):
    await asks(stage, "question 1")
    await asks(stage, "question 2")
    await stage.delivery.drain()
    assert stage.bubbles(ANA) == ["question 1", "question 2"]
    shown = [bubble for bubble in stage.server.messages(ANA) if not bubble.mine]
    assert [bool(bubble.buttons) for bubble in shown] == [False, True]


async def test_the_table_is_cleared_of_buttons_without_a_new_message(stage):
    await asks(stage, "question 1")
    await stage.calls(ANA, "editMessageReplyMarkup", {}, slot=Slot.TABLE)
    await stage.delivery.drain()
    assert stage.bubbles(ANA) == ["question 1"]
    assert stage.server.messages(ANA)[-1].buttons == ()
