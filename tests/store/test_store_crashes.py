"""SIGKILL at any moment: what was committed is there, what was half done is not, and it goes on."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

import pytest

import bot
from bot.interview.events import PieceHeard
from bot.store import Store
from tests.store.dying import CHATS, EACH, NOON, one_turn


def killed_after(lines: int, url: str, part: str) -> list[str]:
    """Run a part of the dying bot, kill it after so many lines; returns all that it printed."""
    process = subprocess.Popen(
        [sys.executable, str(Path(__file__).with_name("dying.py")), url, part],
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": str(Path(bot.__file__).parents[1])},
    )
    assert process.stdout is not None
    printed = [process.stdout.readline() for _ in range(lines)]
    process.send_signal(signal.SIGKILL)
    with process.stdout as rest:  # what readline has read ahead is lost to `communicate`
        printed += rest.readlines()
    process.wait(60)
    return [line.strip() for line in printed if line]


async def numbers_of(store: Store, chat: int) -> tuple[list[int], list[int], list[int]]:
    """The updates handled, the pieces heard and the lines waiting, as update numbers."""
    async with store.turn(chat, at=NOON) as turn:
        kept = await turn.export()
        interview = await turn.current_interview()
    heard = [x.message for x in interview.events if isinstance(x, PieceHeard)] if interview else []
    waiting = [int(row["payload"]["text"]) for row in kept["outbox"]]
    return [row["update_id"] for row in kept["updates"]], heard, waiting


@pytest.mark.parametrize("lines", [1, 7, 23])
async def test_a_turn_is_whole_or_absent_and_none_that_was_reported_is_lost(url, lines):
    reported = {int(line) for line in killed_after(lines, url, "turns")}
    store = await Store.open(url)
    stored: set[int] = set()
    for chat in range(1, CHATS + 1):
        updates, heard, waiting = await numbers_of(store, chat)
        assert updates == heard == waiting
        stored |= set(updates)
    assert reported <= stored
    assert len(stored - reported) <= 1
    for number in range(CHATS * EACH):  # Telegram delivers again whatever was not acknowledged
        await one_turn(store, number)
    for chat in range(1, CHATS + 1):
        everything = list(range(chat - 1, CHATS * EACH, CHATS))
        assert await numbers_of(store, chat) == (everything, everything, everything)
    await store.close()


async def test_after_kills_nothing_is_lost_or_out_of_order_and_only_calls_in_hand_repeat(url):
    store = await Store.open(url)
    for number in range(CHATS * EACH):
        await one_turn(store, number)
    await store.close()
    runs = [killed_after(lines, url, "delivery") for lines in (3, 20, CHATS * EACH)]
    arrived: dict[int, list[int]] = defaultdict(list)
    for chat, number in (map(int, line.split()) for run in runs for line in run):
        arrived[chat].append(number)
    for chat in range(1, CHATS + 1):
        once = list(dict.fromkeys(arrived[chat]))
        assert once == sorted(once) == list(range(chat - 1, CHATS * EACH, CHATS))
        assert len(arrived[chat]) - len(once) <= 2  # at most one for each kill
        assert arrived[chat] == sorted(arrived[chat])
    store = await Store.open(url)
    assert await store.outbox.owed_at(NOON) is None
    await store.close()
