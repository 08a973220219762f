"""Joins the parts; the only file that knows them all."""

from __future__ import annotations

import asyncio
import logging
import os
import socket
import sqlite3
import sys
import webbrowser
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager, nullcontext
from dataclasses import dataclass, field
from typing import Any

from telegram import Bot
from telegram.error import InvalidToken, TelegramError
from telegram.request import BaseRequest

from bot.chat.clock import Clock, SystemClock
from bot.chat.delivery import CALLS_A_SECOND, Delivery, in_flight
from bot.chat.intake import Intake
from bot.chat.introducing import introduce, leave_webhook, set_webhook
from bot.chat.limits import NO_LIMITS, Limits
from bot.chat.polling import poll
from bot.chat.report import Watcher
from bot.chat.upkeep import keep_up
from bot.chat.wire import Counted, QuietBot, telegram_bot
from bot.content import load_content
from bot.content.wording import Wording
from bot.interview.model import Book
from bot.private import make_private_folder
from bot.running.collecting import spare_what_is_loaded
from bot.running.logs import TurnLog
from bot.running.stopping import stop_on_signal
from bot.running.temporary import looks_temporary
from bot.settings import Mistake, Settings
from bot.store import Store

log = logging.getLogger(__name__)

LOCAL_TOKEN = "1:local"
LOOPBACK = "127.0.0.1"
UNKNOWN = "BOT_TOKEN: Telegram does not know this token; if it is right, look at TELEGRAM_API_URL."
LAST_LINES = 2.0  # seconds that stopping waits for what is due to be sent


@dataclass(frozen=True, slots=True)
class House:
    """The running parts, as one value."""

    bot: Bot = field(repr=False)
    store: Store
    intake: Intake
    delivery: Delivery
    wording: Wording
    clock: Clock


Receiving = Callable[[House, asyncio.Event], Coroutine[Any, Any, None]]
"""Takes updates until the event is set."""


@asynccontextmanager
async def open_house(
    bot: Bot,
    database: str,
    book: Book,
    wording: Wording,
    clock: Clock,
    *,
    watchers: Sequence[Watcher] = (),
    calls_a_second: int = CALLS_A_SECOND,
    limits: Limits = NO_LIMITS,
) -> AsyncIterator[House]:
    """Everything ready to run: the store open, Telegram not yet talked to."""
    store = await Store.open(database)
    try:
        intake = Intake(bot, store, book, wording, clock, watchers, limits)
        delivery = Delivery(store, bot, clock, calls_a_second=calls_a_second)
        yield House(bot, store, intake, delivery, wording, clock)
    finally:
        await store.close()


async def run(settings: Settings) -> None:
    """Run until SIGINT or SIGTERM: on Telegram with a token, else on the local page."""
    book, wording = load_content()
    stop = stop_on_signal()
    on = _on_local_page(settings) if settings.bot_token is None else _on_telegram(settings)
    async with on as front:
        watchers: list[Watcher] = [TurnLog(settings.derived("chats in the log")), *front.watchers]
        house_of_front = open_house(
            front.bot,
            settings.database,
            book,
            wording,
            front.clock,
            watchers=watchers,
            calls_a_second=settings.calls_a_second,
            limits=_limits(settings),
        )
        async with house_of_front as house, front.ready(), _on_line(front.bot, stop):
            if settings.bot_token is not None:
                _warn(settings)
            spare_what_is_loaded()
            log.info("ready")
            refused = False
            try:
                await serve(house, stop, front.receive)
            except* InvalidToken:
                refused = True  # what is raised in here would come out in a group
            if refused:
                raise Mistake(UNKNOWN)


def _limits(settings: Settings) -> Limits:
    """How much one candidate may send; on the local page there is nobody to take it from."""
    if settings.bot_token is None:
        return NO_LIMITS
    return Limits(settings.messages_a_minute, settings.bytes_a_day, settings.interviews_a_day)


async def by_polling(house: House, stop: asyncio.Event) -> None:
    """Fetch updates, once no webhook is left on the token: Telegram gives them to one side only."""
    await _unless(stop, leave_webhook(house.bot, house.clock))
    await poll(house.bot, house.intake, house.clock, stop)


async def serve(house: House, stop: asyncio.Event, receive: Receiving = by_polling) -> None:
    """Take updates and deliver answers until `stop`; then finish what is in hand."""
    delivering = asyncio.Event()
    async with asyncio.TaskGroup() as group:
        delivery = group.create_task(house.delivery.run(delivering))
        async with asyncio.TaskGroup() as taking:
            told = introduce(house.bot, house.wording, house.clock)
            taking.create_task(_unless(stop, told))
            taking.create_task(receive(house, stop))
            taking.create_task(keep_up(house.intake, house.store, house.clock, stop))
        await _let_leave(house)
        delivering.set()
        await delivery


async def _let_leave(house: House) -> None:
    """Give what is due a moment to be sent; the rest is sent after the next start."""
    step = 0.05
    for _ in range(round(LAST_LINES / step)):
        try:
            due_at = await house.store.outbox.owed_at(house.clock.now())
        except Exception as error:
            log.debug("the last lines are left: %s", type(error).__name__)
            return
        if due_at is None:
            return
        await house.clock.sleep(step)


async def _unless(stop: asyncio.Event, work: Coroutine[Any, Any, None]) -> None:
    """Do the work, but end it when `stop` is set."""
    doing = asyncio.ensure_future(work)
    stopping = asyncio.ensure_future(stop.wait())
    try:
        await asyncio.wait({doing, stopping}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        stopping.cancel()
        doing.cancel()
        await asyncio.gather(doing, stopping, return_exceptions=True)
    if not doing.cancelled():
        doing.result()


# Where candidates are met


@dataclass(frozen=True, slots=True)
class Front:
    """The line to the candidates; `ready` is entered once the store is open."""

    bot: Bot = field(repr=False)
    clock: Clock = field(default_factory=SystemClock)
    watchers: Sequence[Watcher] = ()
    ready: Callable[[], AbstractAsyncContextManager[None]] = nullcontext
    receive: Receiving = by_polling


@asynccontextmanager
async def _on_telegram(settings: Settings) -> AsyncIterator[Front]:
    """Telegram itself, by webhook or polling."""
    if settings.webhook_url or settings.health_port:
        with _listening(settings) as front:
            yield front
    else:
        yield Front(bot_of(settings))


def bot_of(settings: Settings, counted: Counted | None = None) -> QuietBot:
    """The client for the token and server of the settings."""
    assert settings.bot_token is not None
    return telegram_bot(
        settings.bot_token.get_secret_value(),
        settings.telegram_api_url,
        connections=in_flight(settings.calls_a_second) + 32,  # taps are acknowledged besides
        counted=counted,
    )


@contextmanager
def _listening(settings: Settings) -> Iterator[Front]:
    """A port of our own: for the webhook, if there is one, and for the host's questions."""
    # Starlette, uvicorn and the metrics load only where somebody can ask for them.
    from starlette.applications import Starlette

    from bot.chat.webhook import Webhook
    from bot.running.health import health_routes
    from bot.running.metrics import Metrics
    from bot.running.serving import serving

    metrics = Metrics()
    counting = metrics.watch_log()

    async def receive(house: House, stop: asyncio.Event) -> None:
        routes = health_routes(house.store, metrics, house.clock, stop)
        if not settings.webhook_url:
            async with serving(Starlette(routes=routes), listener):
                await by_polling(house, stop)
            return
        path, secret = settings.webhook_path, settings.webhook_token
        webhook = Webhook(house.bot, house.intake, house.clock, stop, path=path, secret=secret)
        async with serving(Starlette(routes=[webhook.route, *routes]), listener):
            url, most = settings.webhook_url + path, settings.max_connections
            await _unless(stop, set_webhook(house.bot, house.clock, url, secret, most))
            await stop.wait()
        await house.intake.finish()

    with _listener(settings) as listener:
        logging.getLogger("bot").addHandler(counting)
        try:
            bot = bot_of(settings, metrics.count_call)
            yield Front(bot, watchers=[metrics.count_turn], receive=receive)
        finally:
            logging.getLogger("bot").removeHandler(counting)


def _listener(settings: Settings) -> socket.socket:
    """Raises Mistake when the address cannot be had."""
    from bot.running.serving import listen

    name, port = "HEALTH_PORT", settings.health_port
    if settings.webhook_url:
        name, port = "PORT", settings.port
    host = settings.host or ("0.0.0.0" if settings.webhook_url else LOOPBACK)
    try:
        return listen(host, port)
    except OSError as error:
        raise Mistake(f"HOST or {name}: cannot listen on {host}, port {port} ({error}).") from None


def _warn(settings: Settings) -> None:
    """Say what works now and will be regretted."""
    if not settings.database_url and (why := looks_temporary(settings.data_dir, os.environ)):
        log.warning(
            "DATA_DIR: %s lies %s, so what candidates write may be gone after the next start; set"
            " DATA_DIR to a folder that is kept, or DATABASE_URL to a PostgreSQL database",
            settings.data_dir,
            why,
        )
    if not settings.webhook_url and "port" in settings.model_fields_set:
        log.warning(
            "PORT is set, but nothing listens there without WEBHOOK_URL: updates are fetched"
            " instead. If this is the web process of a host, set WEBHOOK_URL to its https address,"
            " or run the worker process in its place"
        )


@asynccontextmanager
async def _on_local_page(settings: Settings) -> AsyncIterator[Front]:
    """The same client, with the stand-in where HTTP would be, and the page that shows it."""
    # Starlette and uvicorn load only where the page is served.
    from bot.local.moving_clock import MovingClock
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
        bot = QuietBot(LOCAL_TOKEN, request=requests[0], get_updates_request=requests[1])
        yield Front(bot, MovingClock(telegram), ready=ready)
    finally:
        telegram.close()


@asynccontextmanager
async def _on_line(bot: Bot, stop: asyncio.Event) -> AsyncIterator[None]:
    """The bot's connections open. Raises Mistake when Telegram does not know the token."""
    try:
        try:
            await _unless(stop, bot.initialize())
        except InvalidToken:
            raise Mistake(UNKNOWN) from None
        except TelegramError as error:
            kind = type(error).__name__
            log.warning("Telegram cannot be reached yet (%s); going on trying", kind)
        yield
    finally:
        await bot.shutdown()


def _open_browser(address: str) -> None:
    """Open the page where there is a desktop to open it on."""
    has_desktop = sys.platform in {"darwin", "win32"} or any(
        os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY")
    )
    if has_desktop and not os.environ.get("CI"):
        webbrowser.open(address)
