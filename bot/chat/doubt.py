"""A refused token is not taken at its word: a proxy or a server in trouble says 401 and 404, too.

A bot that believed it once would end, for good, over a single odd answer.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable
from typing import TypeVar

from telegram import Bot
from telegram.error import InvalidToken, NetworkError, TelegramError

from bot.chat.clock import Clock

log = logging.getLogger(__name__)

T = TypeVar("T")

ASK_AGAIN = (5.0, 10.0, 20.0, 30.0)  # seconds between one question and the next


async def make_sure(bot: Bot, clock: Clock) -> None:
    """Return unless Telegram says for about a minute that it does not know the bot.

    No answer, or one of another kind, says nothing against the token. Raises InvalidToken, which no
    patience helps.
    """
    log.warning("Telegram refused a call as if it did not know the bot; asking it to be sure")
    for wait in (*ASK_AGAIN, None):
        try:
            await bot.get_me()
        except InvalidToken:
            if wait is None:
                raise
            await clock.sleep(wait)
        except TelegramError:
            return
        else:
            return


async def surely(bot: Bot, clock: Clock, call: Awaitable[T]) -> T:
    """What a call returns.

    Raises InvalidToken once that is sure; till then a refusal is a NetworkError, as any fault of
    the server's is.
    """
    try:
        return await call
    except InvalidToken as refusal:
        await make_sure(bot, clock)
        raise NetworkError("refused as if the bot were not known") from refusal
