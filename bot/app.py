"""Joins the parts; the only file that knows them all."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import sys
import webbrowser
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from dataclasses import dataclass

from telegram import Bot, BotCommand
from telegram.error import InvalidToken, NetworkError, TelegramError
from telegram.request import BaseRequest, HTTPXRequest

from bot.chat.clock import Clock, SystemClock
from bot.chat.delivery import Delivery
from bot.chat.intake import Intake
from bot.content import load_content
from bot.content.wording import Wording
from bot.interview.model import Book
from bot.settings import Mistake, Settings
from bot.store import Store

log = logging.getLogger(__name__)

LOCAL_TOKEN = "1:local"

Front = tuple[Bot, Callable[[], AbstractAsyncContextManager[None]]]
"""The line to the candidates: the bot, and what to enter once the store is open."""


@dataclass(frozen=True, slots=True)
class House:
    """The running parts, as one value."""

    bot: Bot
    store: Store
    intake: Intake
    delivery: Delivery
    wording: Wording


@asynccontextmanager
async def open_house(
    bot: Bot, database: str, book: Book, wording: Wording, clock: Clock
) -> AsyncIterator[House]:
    """Everything ready to run: the store open, Telegram not yet talked to."""
    store = await Store.open(database)
    try:
        intake = Intake(bot, store, book, wording, clock)
        yield House(bot, store, intake, Delivery(store, bot, clock), wording)
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
        await _introduce(house)
        log.info("ready")
        try:
            await serve(house, stop)
        except* InvalidToken:
            raise Mistake("BOT_TOKEN: Telegram does not know this token any more.") from None


def telegram_bot(settings: Settings) -> Bot:
    """python-telegram-bot's client for the token and server of the settings."""
    assert settings.bot_token is not None
    root = settings.telegram_api_url
    return Bot(
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
            taking.create_task(house.intake.poll(stop))
            taking.create_task(house.intake.remind(stop))
        delivering.set()
        await delivery


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

    try:
        settings.data_dir.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Mistake(f"DATA_DIR: this folder cannot be used ({error.strerror}).") from None
    telegram = LocalTelegram.open(settings.data_dir / "local-telegram.sqlite")

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
        yield Bot(LOCAL_TOKEN, request=requests[0], get_updates_request=requests[1]), ready
    finally:
        telegram.close()


@asynccontextmanager
async def _on_line(bot: Bot) -> AsyncIterator[None]:
    """The bot's connections open. Raises Mistake when Telegram does not know the token."""
    try:
        await bot.initialize()
    except InvalidToken:
        raise Mistake("BOT_TOKEN: Telegram does not know this token.") from None
    except NetworkError as error:
        log.warning("Telegram cannot be reached yet (%s); going on trying", type(error).__name__)
    try:
        yield
    finally:
        await bot.shutdown()


async def _introduce(house: House) -> None:
    """Set the command menu and its descriptions."""
    commands = [BotCommand(each.id, each.description) for each in house.wording.commands]
    try:
        await house.bot.set_my_commands(commands)
        await house.bot.set_my_description(house.wording.phrase("description"))
        await house.bot.set_my_short_description(house.wording.phrase("short_description"))
    except TelegramError as error:
        log.warning("the command menu could not be set: %s", type(error).__name__)


def _stop_on_signal() -> asyncio.Event:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for each in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(each, stop.set)
    return stop


def _open_browser(address: str) -> None:
    """Open the page where there is a desktop to open it on."""
    has_desktop = sys.platform in {"darwin", "win32"} or any(
        os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY")
    )
    if has_desktop and not os.environ.get("CI"):
        webbrowser.open(address)
