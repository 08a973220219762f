"""What `serve` does besides: frees the updates, sets the menu, and keeps the token to itself."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from telegram.error import InvalidToken, NetworkError

from bot.app import House, bot_of, open_house, serve
from bot.chat.clock import LONGEST_BACK_OFF
from bot.chat.doubt import ASK_AGAIN
from bot.chat.wire import QuietBot
from bot.content import load_content
from bot.local.refusal import error_body
from bot.local.request import LocalRequest
from bot.local.telegram import LocalTelegram
from bot.running.stopping import stop_on_signal
from bot.settings import Settings

TOKEN = "123456:AAfoo_bar-BAZ0123456789"


class Clock:
    """A wait only lets the others go first; how long each was asked to be is kept."""

    def __init__(self) -> None:
        self.waits: list[float] = []

    def now(self) -> datetime:
        return datetime(2026, 11, 22, 12, tzinfo=UTC)

    async def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)
        await asyncio.sleep(0)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def telegram(clock: Clock) -> AsyncIterator[LocalTelegram]:
    server = LocalTelegram.open(":memory:", lambda: clock.now().timestamp())
    yield server
    server.close()


@pytest.fixture
async def house(telegram: LocalTelegram, clock: Clock, tmp_path: Path) -> AsyncIterator[House]:
    requests = LocalRequest(telegram), LocalRequest(telegram)
    bot = QuietBot(TOKEN, request=requests[0], get_updates_request=requests[1])
    url = f"sqlite:///{tmp_path}/bot.sqlite"
    async with bot, open_house(bot, url, *load_content(), clock) as house:
        yield house


async def served_until_introduced(house: House, telegram: LocalTelegram) -> None:
    """Serve until the last of the descriptions is set."""
    stop = asyncio.Event()
    serving = asyncio.create_task(serve(house, stop))
    while not telegram._memory.setting("short_description", ""):
        assert not serving.done(), serving
        await asyncio.sleep(0)
    stop.set()
    await serving


async def test_the_menu_is_set_once_telegram_can_be_reached_again(house, telegram, clock) -> None:
    for _ in range(3):
        telegram.fail_next("setMyCommands", NetworkError("down"))
    telegram.fail_next("setMyDescription", (429, error_body(429, "Flood", retry_after=77)))
    await served_until_introduced(house, telegram)
    state = telegram.state(1)
    assert [each["command"] for each in state["commands"]] == [
        each.id for each in house.wording.commands
    ]
    assert state["description"] == house.wording.phrase("description")
    # Reminders wait a second at a time.
    assert [wait for wait in clock.waits if wait > 1] == [2.0, 4.0, 77.0]


async def test_a_telegram_that_is_away_for_days_is_still_asked(house, telegram, clock) -> None:
    for _ in range(1100):
        telegram.fail_next("setMyCommands", NetworkError("down"))
    await served_until_introduced(house, telegram)
    assert telegram.state(1)["commands"]
    assert max(clock.waits) == LONGEST_BACK_OFF


async def test_what_telegram_will_never_take_is_not_asked_again(house, telegram, caplog) -> None:
    telegram.fail_next("setMyCommands", (400, error_body(400, "Bad Request: BOT_COMMAND_INVALID")))
    await served_until_introduced(house, telegram)
    assert telegram.state(1)["commands"] == []
    assert "refused the command menu" in caplog.text


async def test_no_update_is_asked_for_while_a_webhook_may_be_left(house, telegram, monkeypatch):
    calls: list[str] = []
    answer = telegram.call

    async def noting(method: str, *rest: object) -> object:
        calls.append(method)
        return await answer(method, *rest)

    monkeypatch.setattr(telegram, "call", noting)
    telegram.fail_next("deleteWebhook", NetworkError("down"))
    await telegram.sends(1, "/start")
    stop = asyncio.Event()
    serving = asyncio.create_task(serve(house, stop))
    while not any(not each.mine for each in telegram.messages(1)):
        assert not serving.done(), serving
        await asyncio.sleep(0)
    stop.set()
    await serving
    first = calls.index("getUpdates")
    assert calls[:first].count("deleteWebhook") == calls.count("deleteWebhook") == 2


async def test_one_refusal_of_the_token_does_not_end_it(house, telegram) -> None:
    for method in ("deleteWebhook", "setMyCommands", "getMe"):
        telegram.fail_next(method, (404, error_body(404, "Not Found")))
    await served_until_introduced(house, telegram)
    assert telegram.state(1)["commands"]


async def test_a_token_that_is_refused_later_ends_it(house, telegram) -> None:
    telegram.fail_next("deleteWebhook", (401, error_body(401, "Unauthorized")))
    for _ in range(1 + len(ASK_AGAIN)):
        telegram.fail_next("getMe", (401, error_body(401, "Unauthorized")))
    with pytest.raises(ExceptionGroup) as refused:
        await serve(house, asyncio.Event())
    assert refused.value.subgroup(InvalidToken) is not None


async def test_what_is_due_when_it_is_told_to_stop_still_leaves(house, telegram) -> None:
    await telegram.sends(1, "/start")
    async with house.store.turn(1, at=house.clock.now()) as turn:
        for text in ("one", "two", "three"):
            turn.say("sendMessage", {"text": text})
    stop = asyncio.Event()
    stop.set()
    await serve(house, stop)
    assert [each.text for each in telegram.messages(1) if not each.mine] == ["one", "two", "three"]


async def test_it_stops_while_telegram_cannot_be_reached(house, telegram) -> None:
    stop = asyncio.Event()
    for method in ("deleteWebhook", "setMyCommands"):
        for _ in range(1000):
            telegram.fail_next(method, NetworkError("down"))
    serving = asyncio.create_task(serve(house, stop))
    while len(house.clock.waits) < 10:
        assert not serving.done(), serving
        await asyncio.sleep(0)
    stop.set()
    await serving


async def test_nothing_that_can_be_printed_tells_the_token(house) -> None:
    settings = Settings(bot_token=TOKEN, _env_file=None)
    for bot in (house.bot, bot_of(settings)):
        assert bot.token == TOKEN
        for text in (repr(bot), str(bot), f"{bot}", repr([bot])):
            assert "AAfoo" not in text
    for text in (repr(house), str(house), repr(house.intake), repr(house.delivery)):
        assert "AAfoo" not in text


@pytest.mark.parametrize("each", [signal.SIGINT, signal.SIGTERM])
async def test_a_signal_stops_it_where_the_loop_knows_no_signals(each, monkeypatch) -> None:
    def unknown(*_: object) -> None:
        raise NotImplementedError

    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    monkeypatch.setattr(asyncio.get_running_loop(), "add_signal_handler", unknown)
    try:
        stop = stop_on_signal(None)
        signal.raise_signal(each)
        await asyncio.wait_for(stop.wait(), 30)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
