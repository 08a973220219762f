"""What is done as time passes: due reminders, and tidying the store."""

from __future__ import annotations

import asyncio
import logging
from datetime import timedelta

from bot.chat.clock import Clock, back_off, pause
from bot.chat.errors import kind_and_place
from bot.chat.intake import Intake
from bot.store import Store, StoreAway

log = logging.getLogger(__name__)

_TIDY_EVERY = timedelta(minutes=1)
_PRUNED_AT_ONCE = 500
_LOOKS_EVERY = timedelta(seconds=1)
# What is due at the same minute is written about as fast as it may leave, not faster: what a
# candidate does is then answered in between, and no drill stands in the outbox for minutes in which
# its candidate may have begun an interview.
_WRITTEN_A_LOOK = 30
_STORE_BACK_OFF = 2.0  # seconds at most until a store that is away is tried again


async def keep_up(intake: Intake, store: Store, clock: Clock, stop: asyncio.Event) -> None:
    """Act on due reminders until `stop` is set, and tidy the store now and then."""
    tidy_at, failures = clock.now(), 0
    while not stop.is_set():
        began = clock.now()
        try:
            await intake.take_due(_WRITTEN_A_LOOK)
            if (now := clock.now()) >= tidy_at:
                tidy_at = now + _TIDY_EVERY
                await _tidy(store, clock, stop)
            failures = 0
            wait = _until_the_next(clock.now() - began)
        except StoreAway:
            wait = _STORE_BACK_OFF
        except Exception as error:
            failures += 1
            wait = max(1.0, back_off(failures))
            log.error("reminders could not be taken: %s", kind_and_place(error))
        await pause(clock, wait, stop)


def _until_the_next(took: timedelta) -> float:
    """The seconds until the next look; one that took long is followed by the next at once."""
    left = min(max(_LOOKS_EVERY - took, timedelta(0)), _LOOKS_EVERY)  # clocks may be set back
    return left.total_seconds()


async def _tidy(store: Store, clock: Clock, stop: asyncio.Event) -> None:
    """Wipe what candidates asked to forget, and throw out what is too old to matter.

    In small steps, so that turns get their chance in between.
    """
    await store.wipe()
    now = clock.now()
    while await store.prune(now, _PRUNED_AT_ONCE) == _PRUNED_AT_ONCE:
        if stop.is_set():
            return
        await asyncio.sleep(0)
