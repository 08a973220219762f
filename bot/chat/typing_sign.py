"""The word "typing" at the top of a chat, before a message that waits a moment for effect.

It is not stored, not tried twice, and taken back as soon as the message itself is to go.
"""

from __future__ import annotations

import asyncio
import logging

from telegram import Bot
from telegram.constants import ChatAction

from bot.chat.errors import kind_and_place

log = logging.getLogger(__name__)

TIMEOUT = 2.0  # seconds


class TypingSign:
    """Shows chats that something is being written. Nothing here waits or raises."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot
        self._calls: dict[int, asyncio.Task[None]] = {}

    def show(self, chat_id: int) -> None:
        """Begin the call; Telegram takes the sign away after 5 seconds or at the next message."""
        self.hide(chat_id)
        self._calls[chat_id] = call = asyncio.create_task(self._call(chat_id))
        call.add_done_callback(lambda ended: self._forget(chat_id, ended))

    def hide(self, chat_id: int) -> None:
        """Let go of a call still under way: arriving after the message it would show for long."""
        if (call := self._calls.pop(chat_id, None)) is not None:
            call.cancel()

    def hide_all(self) -> None:
        """Let go of every call; for stopping."""
        for chat_id in list(self._calls):
            self.hide(chat_id)

    def _forget(self, chat_id: int, ended: asyncio.Task[None]) -> None:
        if self._calls.get(chat_id) is ended:
            del self._calls[chat_id]

    async def _call(self, chat_id: int) -> None:
        try:
            await self._bot.send_chat_action(
                chat_id,
                ChatAction.TYPING,
                read_timeout=TIMEOUT,
                connect_timeout=TIMEOUT,
                pool_timeout=0.0,  # a connection that is free now, or none
            )
        except Exception as error:
            log.debug("a chat does not show typing: %s", kind_and_place(error))
