"""Time as an argument: the real clock here, one of their own in tests."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import Protocol

LONGEST_BACK_OFF = 30.0  # seconds


class Clock(Protocol):
    """What time it is, and waiting."""

    def now(self) -> datetime:
        """The time, aware, in UTC."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Wait; zero or less returns at once."""
        ...


class SystemClock:
    """The clock of this computer."""

    def now(self) -> datetime:
        """The time, aware, in UTC."""
        return datetime.now(UTC)

    async def sleep(self, seconds: float) -> None:
        """Wait; zero or less returns at once."""
        await asyncio.sleep(max(0.0, seconds))


def back_off(failures: int, longest: float = LONGEST_BACK_OFF) -> float:
    """Seconds to wait after so many failures in a row: doubling, up to `longest`."""
    return min(2.0 ** min(failures, 20) / 2, longest)


async def pause(clock: Clock, seconds: float, stop: asyncio.Event) -> None:
    """Wait so long, or until `stop` is set."""
    stopping = asyncio.ensure_future(stop.wait())
    pausing = asyncio.ensure_future(clock.sleep(seconds))
    await asyncio.wait({stopping, pausing}, return_when=asyncio.FIRST_COMPLETED)
    stopping.cancel()
    pausing.cancel()
