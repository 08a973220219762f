"""What the bot tells Telegram at its start, as often as it takes."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from datetime import timedelta

from telegram import Bot, BotCommand
from telegram.error import BadRequest, InvalidToken, RetryAfter, TelegramError

from bot.chat.clock import LONGEST_BACK_OFF, Clock, back_off
from bot.chat.doubt import surely
from bot.chat.polling import ALLOWED
from bot.content.wording import Wording

log = logging.getLogger(__name__)


async def introduce(bot: Bot, wording: Wording, clock: Clock) -> None:
    """Set the command menu and the bot's descriptions."""
    commands = [BotCommand(each.id, each.description) for each in wording.commands]
    await insist(bot, clock, "the command menu", lambda: bot.set_my_commands(commands))
    text = wording.phrase("description")
    await insist(bot, clock, "the description", lambda: bot.set_my_description(text))
    short = wording.phrase("short_description")
    await insist(bot, clock, "the short description", lambda: bot.set_my_short_description(short))


async def leave_webhook(bot: Bot, clock: Clock) -> None:
    """Have Telegram keep updates for us to fetch: it gives them to one side only."""
    await insist(bot, clock, "no webhook", bot.delete_webhook)


async def set_webhook(bot: Bot, clock: Clock, url: str, secret: str, connections: int) -> None:
    """Have Telegram deliver to `url`. Replicas may do so all at once: they say the same."""

    def call() -> Awaitable[object]:
        return bot.set_webhook(
            url,
            max_connections=connections,
            allowed_updates=ALLOWED,
            drop_pending_updates=False,
            secret_token=secret,
        )

    # A name that is new may not be known to Telegram yet; that is a refusal too.
    while not await insist(bot, clock, "the webhook", call):
        log.error("no updates come without a webhook: look at WEBHOOK_URL; trying again")
        await clock.sleep(LONGEST_BACK_OFF)


async def insist(bot: Bot, clock: Clock, what: str, call: Callable[[], Awaitable[object]]) -> bool:
    """Make a call until Telegram takes it; false if it never will.

    Raises InvalidToken, which no patience helps.
    """
    failures = 0
    while True:
        try:
            await surely(bot, clock, call())
            return True
        except InvalidToken:
            raise
        except BadRequest as error:
            log.warning("Telegram refused %s: %s", what, error.message)
            return False
        except RetryAfter as error:
            told = error.retry_after
            pause = told.total_seconds() if isinstance(told, timedelta) else float(told)
        except TelegramError as error:
            failures += 1
            log.debug("Telegram did not take %s yet (%s)", what, type(error).__name__)
            pause = back_off(failures)
        await clock.sleep(pause)
