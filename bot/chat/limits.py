"""How much one candidate may send, so that nobody takes from the others or fills the disk.

What is over a limit is not stored and counts as dealt with; the candidate is told so in a sentence,
once a minute at most. Nobody who types or dictates comes near the limits.

Nothing is stored for this, and an ordinary turn asks the store nothing for it:

- Messages a minute are counted in memory, by the time that Telegram gives them: what was written
  over ten minutes while the bot was away is not too fast when it comes all at once. What Telegram
  delivers a second time is not counted twice. Taps, which bring no time, are counted apart.
- Bytes a day are what the candidate's events of the last 24 hours take in the store, which is
  asked when an eighth of them may have been added since it was last. So a restart, or one replica
  more, lets through an eighth at most. Commands and taps add nothing and need no room: who has
  written too much may still leave, or take along what there is.
- Interviews a day are counted in the store when one is opened.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from bot.chat.received import Received

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
CHATS = 10_000  # that are remembered; of more, those who have been quiet for longest are forgotten

TOO_FAST, TOO_MUCH = "too_fast", "too_much"  # what is said to those over a limit
WrittenSince = Callable[[int, datetime], Awaitable[int]]


@dataclass(frozen=True, slots=True)
class Limits:
    """What one candidate may send or begin; 0 for no limit."""

    messages_a_minute: int = 0
    bytes_a_day: int = 0
    interviews_a_day: int = 0


NO_LIMITS = Limits()


@dataclass(slots=True)
class _Minute:
    """The last updates of a chat that were let in, as (update_id, when it was sent)."""

    let_in: list[tuple[int, datetime]] = field(default_factory=list)


@dataclass(slots=True)
class _Day:
    """How many more bytes a chat may send before the store is asked, or until when none."""

    left: int
    full_until: datetime | None = None


class Gate:
    """Lets updates in, or not."""

    def __init__(self, limits: Limits, written_since: WrittenSince) -> None:
        self._limits = limits
        self._written_since = written_since
        self._minutes: OrderedDict[tuple[int, bool], _Minute] = OrderedDict()
        self._days: OrderedDict[int, _Day] = OrderedDict()
        self._told: OrderedDict[int, datetime] = OrderedDict()

    def lets_in(self, chat_id: int, update: Received, now: datetime) -> bool:
        """Whether an update that has just arrived is not too fast."""
        most = self._limits.messages_a_minute
        if not most:
            return True
        sent = update.sent_at or now
        minute = self._minutes.setdefault((chat_id, update.sent_at is None), _Minute())
        self._minutes.move_to_end((chat_id, update.sent_at is None))
        _forget(self._minutes)
        known = minute.let_in
        if any(update.update_id == update_id for update_id, _ in known):
            return True
        if known and sent < known[-1][1]:
            return True  # its time was before: it comes for the second time
        if len(known) >= most and sent - known[-most][1] < MINUTE:
            return False
        known.append((update.update_id, sent))
        del known[:-most]
        return True

    async def has_room(self, chat_id: int, update: Received, now: datetime) -> bool:
        """Whether the day has room for what an update brings, if that is kept.

        Ask in the chat's own order.
        """
        most = self._limits.bytes_a_day
        if not most or not update.size:
            return True
        day = self._days.setdefault(chat_id, _Day(most // 8))
        self._days.move_to_end(chat_id)
        _forget(self._days)
        if day.full_until is not None and now < day.full_until <= now + MINUTE:
            return False
        if update.size > day.left:
            left = most - await self._written_since(chat_id, now - DAY)
            if update.size > left:
                day.full_until = now + MINUTE
                return False
            day.left, day.full_until = min(left, most // 8 + update.size), None
        day.left -= update.size
        return True

    def may_tell(self, chat_id: int, now: datetime) -> bool:
        """Whether it is time to tell a chat that it is over a limit; then it counts as told."""
        if chat_id < 0:
            return False  # a group, where nobody is answered
        told = self._told.get(chat_id)
        if told is not None and abs(now - told) < MINUTE:
            return False
        self._told[chat_id] = now
        self._told.move_to_end(chat_id)
        _forget(self._told)
        return True


def _forget(remembered: OrderedDict[Any, Any]) -> None:
    while len(remembered) > CHATS:
        remembered.popitem(last=False)
