"""The calls that a line of the outbox may ask of Telegram.

A message that should be changed but is gone is sent anew; one that is already as it should be, or
already deleted, is done; one too old to be deleted (48 hours) at least loses its buttons.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from telegram import Bot
from telegram.error import BadRequest, TelegramError

from bot.store import Claim

READ_TIMEOUT = 20.0  # seconds; long, because what was not answered in time may be said twice

# Telegram's words, in lower case; it has no error codes finer than 400 and 403.
GONE = (
    "message to edit not found",
    "message can't be edited",
    "message to delete not found",
    "message_id_invalid",
)
UNCHANGED = ("message is not modified",)
TOO_OLD = ("message can't be deleted",)
CLOSED = (
    "bot was blocked by the user",
    "user is deactivated",
    "bot can't initiate conversation",
    "bot can't send messages to",
    "bot was kicked from",
    "bot is not a member of",
    "chat not found",
)


async def call(bot: Bot, claim: Claim) -> int | None:
    """Make the call; returns the id of the message if it put up a new one."""
    target = claim.payload.get("message_id", claim.slot_message)
    match claim.method:
        case "sendMessage":
            return await _send_text(bot, claim)
        case "sendDocument":
            return await _send_document(bot, claim)
        case "editMessageText":
            return await _edit_text(bot, claim, target)
        case "editMessageReplyMarkup" if target is not None:
            await _edit_buttons(bot, claim, target)
        case "deleteMessage" if target is not None:
            await _delete(bot, claim, target)
        case "editMessageReplyMarkup" | "deleteMessage":
            pass  # nothing stands in the slot
        case unknown:
            raise ValueError(f"delivery does not know the method {unknown}")
    return None


async def _send_text(bot: Bot, claim: Claim) -> int:
    message = await bot.send_message(
        claim.chat_id,
        claim.payload["text"],
        api_kwargs=_rest(claim, "text", "message_id"),
        read_timeout=READ_TIMEOUT,
        pool_timeout=READ_TIMEOUT,
    )
    return message.message_id


async def _send_document(bot: Bot, claim: Claim) -> int:
    message = await bot.send_document(
        claim.chat_id,
        claim.payload["text"].encode(),
        filename=claim.payload["filename"],
        api_kwargs=_rest(claim, "text", "filename"),
        read_timeout=READ_TIMEOUT,
        pool_timeout=READ_TIMEOUT,
    )
    return message.message_id


async def _edit_text(bot: Bot, claim: Claim, target: int | None) -> int | None:
    if target is None:
        return await _send_text(bot, claim)
    try:
        await bot.edit_message_text(
            claim.payload["text"],
            claim.chat_id,
            target,
            api_kwargs=_rest(claim, "text", "message_id"),
            read_timeout=READ_TIMEOUT,
            pool_timeout=READ_TIMEOUT,
        )
    except BadRequest as error:
        if says(error, GONE):
            return await _send_text(bot, claim)
        if not says(error, UNCHANGED):
            raise
    return None


async def _edit_buttons(bot: Bot, claim: Claim, target: int) -> None:
    try:
        await bot.edit_message_reply_markup(
            claim.chat_id,
            target,
            api_kwargs=_rest(claim, "message_id"),
            read_timeout=READ_TIMEOUT,
            pool_timeout=READ_TIMEOUT,
        )
    except BadRequest as error:
        if not says(error, GONE + UNCHANGED):
            raise


async def _delete(bot: Bot, claim: Claim, target: int) -> None:
    try:
        await bot.delete_message(
            claim.chat_id, target, read_timeout=READ_TIMEOUT, pool_timeout=READ_TIMEOUT
        )
    except BadRequest as error:
        if says(error, TOO_OLD):
            await _edit_buttons(bot, claim, target)
        elif not says(error, GONE):
            raise


def says(error: TelegramError, phrases: Iterable[str]) -> str:
    """The first of these that Telegram's own words hold; "" for none."""
    said = error.message.lower()
    return next((phrase for phrase in phrases if phrase in said), "")


def _rest(claim: Claim, *used: str) -> dict[str, Any]:
    """The payload without what is passed by name."""
    return {key: value for key, value in claim.payload.items() if key not in used}
