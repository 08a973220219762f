"""The clock of the local page: the computer's own, which the page can set forward."""

from __future__ import annotations

from datetime import UTC, datetime

from bot.local.telegram import LocalTelegram


class MovingClock:
    """The time as the stand-in for Telegram has it; what sleeps wakes when it is set forward."""

    def __init__(self, telegram: LocalTelegram) -> None:
        self._telegram = telegram

    def now(self) -> datetime:
        """The time, aware, in UTC."""
        return datetime.fromtimestamp(self._telegram.now(), UTC)

    async def sleep(self, seconds: float) -> None:
        """Wait; zero or less returns at once."""
        until = self._telegram.now() + seconds
        while (left := until - self._telegram.now()) > 0:
            await self._telegram.arrival(left)
