"""Telegram out of reach, and clocks that jump: on the whole bot, with time in our hands."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from bot.local.telegram import LocalTelegram
from tests.chaos.away import AWAY, heard, stage, without_telegram
from tests.conversations.stage import Content, TestClock, take_all

CHATS, EACH = 10, 10


async def test_ten_minutes_without_telegram_lose_and_reorder_nothing(
    tmp_path: Path, telegram: LocalTelegram, clock: TestClock, content: Content
) -> None:
    async with stage(tmp_path, telegram, clock, content, CHATS) as on:
        outcome = await without_telegram(on, CHATS, EACH)
    assert outcome.refused
    assert outcome.wrong == 0
    assert outcome.most_bubbles == 2  # the question, and that the answer is listened to


async def test_a_clock_that_jumps_back_and_forward_leaves_nobody_waiting(
    tmp_path: Path, telegram: LocalTelegram, clock: TestClock, content: Content
) -> None:
    said: list[str] = []
    async with stage(tmp_path, telegram, clock, content, 1) as on:
        for jump in (0, -1, +1, +1, -1, 0):
            clock.time += timedelta(hours=jump)
            said.append(f"I rang {len(said)} families in that week and wrote it down.")
            await telegram.sends(1, said[-1])
            await take_all(on.house)
            started = clock.now()
            await on.house.delivery.drain(ahead=timedelta(seconds=10))
            assert clock.now() - started < timedelta(seconds=30)
            assert await on.house.store.outbox.owed_at(clock.now() + AWAY) is None
            shown = [each for each in telegram.messages(1) if not each.mine]
            assert any("my answer" in button.text for row in shown[-1].buttons for button in row)
        assert await heard(on.house, 1) == said
