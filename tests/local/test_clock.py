"""The page's clock: it is set forward, never back, and what waits for a time notices."""

from __future__ import annotations

import asyncio
from pathlib import Path

import httpx
import pytest
from telegram import KeyboardButton, ReplyKeyboardMarkup

from bot.local.moving_clock import MovingClock
from bot.local.page import page
from bot.local.telegram import LocalTelegram
from tests.local.conftest import CHAT, Clock

DAY = 24 * 3600


async def test_what_sleeps_wakes_when_the_clock_is_set_past_its_time(
    server: LocalTelegram, clock: Clock
) -> None:
    moving = MovingClock(server)
    before = moving.now()
    sleeping = asyncio.ensure_future(moving.sleep(DAY))
    await asyncio.sleep(0)
    server.set_forward(DAY / 2)
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert not sleeping.done()
    server.set_forward(DAY / 2)
    await asyncio.wait_for(sleeping, 5)
    assert (moving.now() - before).total_seconds() == DAY


async def test_a_message_sent_later_bears_the_later_date(server, clock: Clock, bot) -> None:
    await server.sends(CHAT, "/start")
    server.set_forward(DAY)
    sent = await bot.send_message(CHAT, "Good morning.")
    assert sent.date.timestamp() == int(clock.now + DAY)


def test_the_clock_stays_ahead_after_a_restart(tmp_path: Path, clock: Clock) -> None:
    path = tmp_path / "telegram.sqlite"
    first = LocalTelegram.open(path, clock)
    first.set_forward(DAY)
    first.close()
    second = LocalTelegram.open(path, clock)
    assert second.now() == clock.now + DAY
    second.close()


@pytest.mark.parametrize("seconds", ["-1", "1e99", '"soon"', "NaN"])
async def test_the_clock_is_never_set_back(server, clock: Clock, seconds: str) -> None:
    line = httpx.ASGITransport(page(server))
    ours = {"origin": "http://localhost", "content-type": "application/json"}
    async with httpx.AsyncClient(transport=line, base_url="http://localhost", headers=ours) as http:
        answer = await http.post("/clock", content=f'{{"seconds": {seconds}}}')
        assert answer.status_code == 400
        assert server.now() == clock.now
        assert (await http.post("/clock", content='{"seconds": 60}')).status_code == 200
        assert server.now() == clock.now + 60


async def test_a_place_can_be_shared_where_the_bot_asks_for_it(server, bot) -> None:
    key = KeyboardButton("Share where I am", request_location=True)
    await server.sends(CHAT, "/start")
    await bot.send_message(CHAT, "Where?", reply_markup=ReplyKeyboardMarkup([[key]]))
    assert server.state(CHAT)["keyboard"]["keyboard"] == [
        [{"text": "Share where I am", "request_location": True}]
    ]
    await server.sends_location(CHAT, 6.45, 3.39)
    update = (await bot.get_updates())[-1]
    assert (update.message.location.latitude, update.message.location.longitude) == (6.45, 3.39)
    assert server.messages(CHAT)[-1].text == "📍 6.45, 3.39"
    with pytest.raises(ValueError, match="not on Earth"):
        await server.sends_location(CHAT, 91, 0)
