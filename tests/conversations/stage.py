"""A stage for conversations: a candidate on the phone, the whole bot behind it, time in our hands.

Everything is real but the line to Telegram, which is the stand-in of bot/local, and the clock.
"""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

from bot.app import House
from bot.local.bubble import Bubble
from bot.local.telegram import LocalTelegram

EVENING = datetime(2026, 11, 22, 19, 42, tzinfo=UTC)


class TestClock:
    """A clock that moves only when somebody sleeps on it or sets it on."""

    __test__ = False

    def __init__(self) -> None:
        self.time = EVENING

    def now(self) -> datetime:
        return self.time

    async def sleep(self, seconds: float) -> None:
        self.time += timedelta(seconds=max(0.0, seconds))
        await asyncio.sleep(0)

    def stamp(self) -> float:
        return self.time.timestamp()


class Candidate:
    """One person with a phone. What they have seen is checked off with `sees`."""

    def __init__(
        self, house: House, telegram: LocalTelegram, clock: TestClock, chat_id: int = 7
    ) -> None:
        self.house = house
        self.telegram = telegram
        self.clock = clock
        self.chat_id = chat_id
        self.toast = ""
        self.new: list[Bubble] = []
        self._seen: dict[int, str] = {}

    # what they do

    async def sends(self, text: str) -> int:
        """Send a message; Telegram's app cuts a long one. Returns the id of the last piece."""
        ids = await self.telegram.sends(self.chat_id, text)
        await self.settle()
        return ids[-1]

    async def sends_quickly(self, *texts: str) -> None:
        """Several messages before the bot has read the first."""
        for text in texts:
            await self.telegram.sends(self.chat_id, text)
        await self.settle()

    async def edits(self, message_id: int, text: str) -> None:
        await self.telegram.edits(self.chat_id, message_id, text)
        await self.settle()

    async def taps(self, label: str) -> None:
        """Tap the newest button whose text holds `label`."""
        bubble, data = self.find_button(label)
        await self.taps_data(bubble.message_id, data)

    async def taps_data(self, message_id: int, data: str) -> None:
        """Tap a button that may no longer be shown, as a slow phone does."""
        query = await self.telegram.taps(self.chat_id, message_id, data)
        await self.settle()
        answer = self.telegram.answer(query)
        assert answer is not None, f"the button {data} keeps spinning"
        self.toast = answer["text"]

    async def waits(self, seconds: float) -> None:
        """Do nothing for a while."""
        self.clock.time += timedelta(seconds=seconds)
        await self.house.intake.take_due()
        await self.settle()

    async def settle(self) -> None:
        """Let the bot read and answer everything."""
        await take_all(self.house)
        await self.house.delivery.drain(ahead=timedelta(seconds=10))
        shown = {bubble.message_id: bubble for bubble in self.screen() if not bubble.mine}
        self.new = [
            bubble
            for bubble in shown.values()
            if self._seen.get(bubble.message_id) != repr((bubble.text, bubble.buttons))
        ]
        self._seen = {key: repr((each.text, each.buttons)) for key, each in shown.items()}

    # what they see

    def screen(self) -> list[Bubble]:
        return self.telegram.messages(self.chat_id)

    @property
    def last(self) -> Bubble:
        """The newest bubble of the bot."""
        return [bubble for bubble in self.screen() if not bubble.mine][-1]

    def sees(self, *texts: str) -> None:
        """What has just come says each of these."""
        shown = "\n---\n".join(bubble.text for bubble in self.new)
        for text in texts:
            assert text in shown, f"not seen: {text!r}\nbut:\n{shown}"

    def sees_not(self, *texts: str) -> None:
        """What has just come says none of these."""
        shown = "\n---\n".join(bubble.text for bubble in self.new)
        for text in texts:
            assert text not in shown, f"seen: {text!r}\nin:\n{shown}"

    def find_button(self, label: str) -> tuple[Bubble, str]:
        for bubble in reversed(self.screen()):
            for row in bubble.buttons:
                for button in row:
                    if label in button.text:
                        return bubble, button.data
        raise AssertionError(f"no button {label!r} on the screen")

    def labels(self) -> list[str]:
        """The texts of all buttons under the newest bubble."""
        return [button.text for row in self.last.buttons for button in row]

    # what they do often

    async def arrives(self) -> None:
        """Go through the first minute."""
        await self.sends("/start")
        await self.taps("Health & care")
        await self.taps("Within a week")
        await self.sends("A good shift is when handover is calm and the bay is settled by eight.")

    async def begins(self, persona: str, length: int, mode: str) -> None:
        """Start an interview with /practice."""
        await self.sends("/practice")
        await self.taps(persona)
        await self.taps(str(length))
        await self.taps(mode)

    async def answers(self, text: str) -> None:
        """Give a whole answer: say it and tap that this was it."""
        await self.sends(text)
        await self.taps("That's my answer")


async def take_all(house: House, offset: int = 0) -> None:
    """Read everything that Telegram has for the bot, as the polling loop does."""
    while updates := await house.bot.get_updates(offset=offset, timeout=0):
        await house.intake.take(updates)
        offset = updates[-1].update_id + 1
