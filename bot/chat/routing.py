"""From an update to the handler that answers it: a table of commands, taps and kinds of message.

This is our own table, and not python-telegram-bot's Application: there a handler that raises is
swallowed, and an update must not be acknowledged before its turn is committed.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable

from telegram import CallbackQuery, Message, Update
from telegram.constants import ChatType

from bot.chat import choosing, onboarding, practising, preferences, records
from bot.chat.visit import Visit

Command = Callable[[Visit], Awaitable[None]]
Tap = Callable[[Visit, list[str]], Awaitable[None]]

COMMANDS: dict[str, Command] = {
    "start": onboarding.on_start,
    "practice": choosing.on_practice,
    "cancel": practising.on_cancel,
    "history": records.on_history,
    "export": records.on_export,
    "forget": records.on_forget,
    "settings": preferences.on_settings,
    "help": preferences.on_help,
}
TAPS: dict[str, Tap] = {
    "w": onboarding.on_work_tap,
    "h": onboarding.on_when_tap,
    "p": choosing.on_menu_tap,
    "i": practising.on_interview_tap,
    "y": records.on_history_tap,
    "f": records.on_forget_tap,
    "s": preferences.on_settings_tap,
}
_COMMAND = re.compile(r"/([A-Za-z0-9_]{1,32})(?:@\w+)?(?=\s|$)")


async def answer(visit: Visit, update: Update) -> None:
    """Answer one update within its turn."""
    await _dispatch(visit, update)
    await practising.keep_at_bottom(visit)


async def _dispatch(visit: Visit, update: Update) -> None:
    if update.callback_query is not None:
        await _on_tap(visit, update.callback_query)
    elif (message := update.effective_message) is None:
        return
    elif message.chat.type != ChatType.PRIVATE:
        if message.text and message.text.startswith("/"):
            visit.phrase("group")
    elif update.edited_message is not None:
        if message.text:
            await practising.on_edited(visit, _whole(message.text), message.message_id)
    else:
        await _on_message(visit, message)


async def _on_tap(visit: Visit, query: CallbackQuery) -> None:
    visit.tapped = query.message.message_id if query.message else None
    area, *parts = (query.data or "").split(":")
    if area in TAPS and parts:
        await TAPS[area](visit, parts)
    else:
        visit.toast = visit.wording.phrase("toast_old")


async def _on_message(visit: Visit, message: Message) -> None:
    text = message.text
    if text is None:
        if message.effective_attachment is not None:
            visit.phrase("caption_lost" if message.caption else _kind_of(message))
        return
    text = _whole(text)
    command = _COMMAND.match(text)
    handler = COMMANDS.get(command[1].lower()) if command else None
    if handler is not None:
        await handler(visit)
    elif command and command.end() == len(text.rstrip()):
        visit.phrase("unknown_command")
    elif not await practising.on_text(visit, text, message.message_id):
        await onboarding.on_text(visit, text)


def _whole(text: str) -> str:
    """Text without halves of characters, which no database would take."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _kind_of(message: Message) -> str:
    """The phrase that answers an attachment."""
    if message.photo or message.video or message.animation:
        return "photo"
    if message.sticker or message.dice:
        return "sticker"
    if message.voice or message.audio or message.video_note:
        return "voice"
    return "file" if message.document else "other_kind"
