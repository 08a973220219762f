"""Joins the parts; the only file that knows them all."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import sqlite3
import sys
import webbrowser
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import timedelta

from telegram import Bot, BotCommand
from telegram.error import BadRequest, InvalidToken, RetryAfter, TelegramError
from telegram.request import BaseRequest, HTTPXRequest

from bot.chat.clock import Clock, SystemClock
from bot.chat.delivery import Delivery
from bot.chat.intake import Intake
from bot.content import load_content
from bot.content.wording import Wording
from bot.interview.model import Book
from bot.private import make_private_folder
from bot.settings import Mistake, Settings
from bot.store import Store

log = logging.getLogger(__name__)

LOCAL_TOKEN = "1:local"
UNKNOWN = "BOT_TOKEN: Telegram does not know this token; if it is right, look at TELEGRAM_API_URL."
_LONGEST_BACK_OFF = 30.0

Front = tuple[Bot, Callable[[], AbstractAsyncContextManager[None]]]
"""The line to the candidates: the bot, and what to enter once the store is open."""


class QuietBot(Bot):
    """python-telegram-bot's client, whose own repr would tell the token."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "QuietBot()"


@dataclass(frozen=True, slots=True)
class House:
    """The running parts, as one value."""

    bot: Bot = field(repr=False)
    store: Store
    intake: Intake
    delivery: Delivery
    wording: Wording
    clock: Clock


@asynccontextmanager
async def open_house(
    bot: Bot, database: str, book: Book, wording: Wording, clock: Clock
) -> AsyncIterator[House]:
    """Everything ready to run: the store open, Telegram not yet talked to."""
    store = await Store.open(database)
    try:
        intake = Intake(bot, store, book, wording, clock)
        yield House(bot, store, intake, Delivery(store, bot, clock), wording, clock)
    finally:
        await store.close()


async def run(settings: Settings) -> None:
    """Run until SIGINT or SIGTERM: on Telegram with a token, else on the local page."""
    book, wording = load_content()
    stop = _stop_on_signal()
    running = _on_local_page(settings) if settings.bot_token is None else _on_telegram(settings)
    async with (
        running as (bot, ready),
        open_house(bot, settings.database, book, wording, SystemClock()) as house,
        ready(),
        _on_line(bot),
    ):
        log.info("ready")
        refused = False
        try:
            await serve(house, stop)
        except* InvalidToken:
            refused = True  # what is raised in here would come out in a group
        if refused:
            raise Mistake(UNKNOWN)


def telegram_bot(settings: Settings) -> Bot:
    """python-telegram-bot's client for the token and server of the settings."""
    assert settings.bot_token is not None
    root = settings.telegram_api_url
    return QuietBot(
        settings.bot_token.get_secret_value(),
        base_url=f"{root}/bot",
        base_file_url=f"{root}/file/bot",
        request=HTTPXRequest(connection_pool_size=64, media_write_timeout=30.0),
        get_updates_request=HTTPXRequest(connection_pool_size=1),
    )


async def serve(house: House, stop: asyncio.Event) -> None:
    """Take updates and deliver answers until `stop`; then finish what is in hand."""
    delivering = asyncio.Event()
    async with asyncio.TaskGroup() as group:
        delivery = group.create_task(house.delivery.run(delivering))
        async with asyncio.TaskGroup() as taking:
            freed = taking.create_task(_insist(house.clock, "no webhook", house.bot.delete_webhook))
            introduced = taking.create_task(_introduce(house))
            taking.create_task(_poll(house, freed, stop))
            taking.create_task(house.intake.remind(stop))
            await stop.wait()
            freed.cancel()
            introduced.cancel()
        delivering.set()
        await delivery


async def _poll(house: House, freed: asyncio.Task[None], stop: asyncio.Event) -> None:
    """Take updates once no webhook is left on the token: Telegram gives them to one side only."""
    await asyncio.wait({freed})
    await house.intake.poll(stop)


async def _introduce(house: House) -> None:
    """Set the command menu and the bot's descriptions."""
    bot, wording, clock = house.bot, house.wording, house.clock
    commands = [BotCommand(each.id, each.description) for each in wording.commands]
    await _insist(clock, "the command menu", lambda: bot.set_my_commands(commands))
    text = wording.phrase("description")
    await _insist(clock, "the description", lambda: bot.set_my_description(text))
    short = wording.phrase("short_description")
    await _insist(clock, "the short description", lambda: bot.set_my_short_description(short))


async def _insist(clock: Clock, what: str, call: Callable[[], Awaitable[object]]) -> None:
    """Make a call until Telegram takes it. Raises InvalidToken, which no patience helps."""
    failures = 0
    while True:
        try:
            await call()
            return
        except InvalidToken:
            raise
        except BadRequest as error:
            log.warning("Telegram refused %s: %s", what, error.message)
            return
        except RetryAfter as error:
            told = error.retry_after
            pause = told.total_seconds() if isinstance(told, timedelta) else float(told)
        except TelegramError as error:
            failures += 1
            log.debug("Telegram did not take %s yet (%s)", what, type(error).__name__)
            pause = min(2.0**failures / 2, _LONGEST_BACK_OFF)
        await clock.sleep(pause)


@asynccontextmanager
async def _on_telegram(settings: Settings) -> AsyncIterator[Front]:
    """Telegram itself: nothing to make ready but the bot's connections."""
    yield telegram_bot(settings), nullcontext


@asynccontextmanager
async def _on_local_page(settings: Settings) -> AsyncIterator[Front]:
    """The same client, with the stand-in where HTTP would be, and the page that shows it."""
    # Starlette and uvicorn load only where the page is served.
    from bot.local.request import LocalRequest
    from bot.local.serve import PortTaken, serving
    from bot.local.telegram import LocalTelegram

    file = settings.data_dir / "local-telegram.sqlite"
    try:
        make_private_folder(settings.data_dir)
        telegram = LocalTelegram.open(file)
    except (OSError, sqlite3.Error) as error:
        raise Mistake(f"DATA_DIR: {file} cannot be used ({error}).") from None

    @asynccontextmanager
    async def ready() -> AsyncIterator[None]:
        try:
            async with serving(telegram, settings.port) as address:
                print(f"Second Round is at {address}  (Ctrl+C ends it)", flush=True)
                _open_browser(address)
                yield
        except PortTaken as taken:
            raise Mistake(str(taken)) from None

    requests: list[BaseRequest] = [LocalRequest(telegram), LocalRequest(telegram)]
    try:
        yield QuietBot(LOCAL_TOKEN, request=requests[0], get_updates_request=requests[1]), ready
    finally:
        telegram.close()


@asynccontextmanager
async def _on_line(bot: Bot) -> AsyncIterator[None]:
    """The bot's connections open. Raises Mistake when Telegram does not know the token."""
    try:
        await bot.initialize()
    except InvalidToken:
        raise Mistake(UNKNOWN) from None
    except TelegramError as error:
        log.warning("Telegram cannot be reached yet (%s); going on trying", type(error).__name__)
    try:
        yield
    finally:
        await bot.shutdown()


def _stop_on_signal() -> asyncio.Event:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for each in (signal.SIGINT, signal.SIGTERM):
        try:
            loop.add_signal_handler(each, stop.set)
        except NotImplementedError:  # the event loop of Windows
            signal.signal(each, lambda *_: loop.call_soon_threadsafe(stop.set))
    return stop


def _open_browser(address: str) -> None:
    """Open the page where there is a desktop to open it on."""
    has_desktop = sys.platform in {"darwin", "win32"} or any(
        os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY")
    )
    if has_desktop and not os.environ.get("CI"):
        webbrowser.open(address)
