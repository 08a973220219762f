"""A stage for conversations: a candidate on the phone, the whole bot behind it, time in our hands.

Everything is real but the line to Telegram, which is the stand-in of bot/local, and the clock.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from telegram import Bot, Update

from bot.app import LOCAL_TOKEN, House, open_house
from bot.content import Wording
from bot.interview.conduct import begin
from bot.interview.events import InterviewOpened, Mode
from bot.interview.model import Book
from bot.local.bubble import Bubble
from bot.local.request import LocalRequest
from bot.local.telegram import LocalTelegram
from bot.store import Candidate as Row

Content = tuple[Book, Wording]

EVENING = datetime(2026, 11, 22, 19, 42, tzinfo=UTC)


class TestClock:
    """A clock that moves only when somebody sleeps on it or sets it on."""

    __test__ = False

    def __init__(self) -> None:
        self.time = EVENING
        self._id = 900_000_000

    def now(self) -> datetime:
        return self.time

    async def sleep(self, seconds: float) -> None:
        self.time += timedelta(seconds=max(0.0, seconds))
        await asyncio.sleep(0)

    def stamp(self) -> float:
        return self.time.timestamp()

    def next_id(self) -> int:
        """An update id that nobody else uses."""
        self._id += 1
        return self._id


@asynccontextmanager
async def running_house(
    folder: Path, telegram: LocalTelegram, clock: TestClock, content: Content
) -> AsyncIterator[House]:
    """The whole bot on the database in `folder`; entered again, it is the bot after a restart."""
    requests = LocalRequest(telegram), LocalRequest(telegram)
    bot = Bot(LOCAL_TOKEN, request=requests[0], get_updates_request=requests[1])
    url = f"sqlite:///{folder / 'bot.sqlite'}"
    async with bot, open_house(bot, url, *content, clock) as house:
        yield house


class Candidate:
    """One person with a phone.

    Whatever the bot writes is looked over as it comes; `careless` lets texts pass that quote what
    a well-made text would not hold.
    """

    def __init__(
        self,
        house: House,
        telegram: LocalTelegram,
        clock: TestClock,
        book: Book,
        chat_id: int = 7,
    ) -> None:
        self.house = house
        self.book = book
        self.telegram = telegram
        self.clock = clock
        self.chat_id = chat_id
        self.toast = ""
        self.new: list[Bubble] = []
        self.careless = False
        self._seen: dict[int, tuple[str, object]] = {}

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

    async def forges(self, data: str, message_id: int = 1) -> None:
        """Tap a button that the bot never gave, as a made-up client could."""
        update = {
            "update_id": self.clock.next_id(),
            "callback_query": {
                "id": "1",
                "from": {"id": self.chat_id, "is_bot": False, "first_name": "You"},
                "chat_instance": "1",
                "data": data,
                "message": {
                    "message_id": message_id,
                    "date": int(self.clock.stamp()),
                    "chat": {"id": self.chat_id, "type": "private", "first_name": "You"},
                },
            },
        }
        await self.delivers(update)

    async def delivers(self, update: dict[str, Any]) -> None:
        """Have the bot take an update as Telegram could send it."""
        await self.house.intake.take([Update.de_json(update, self.house.bot)])
        await self.settle()

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
        self.new = [bubble for bubble in shown.values() if self._is_news(bubble)]
        for bubble in self.new:
            if not self.careless:
                looks_right(bubble.text)
        self._seen = {key: (each.text, each.buttons) for key, each in shown.items()}

    def _is_news(self, bubble: Bubble) -> bool:
        """Whether a bubble is new or says something else; one that only lost its buttons is not."""
        text, buttons = self._seen.get(bubble.message_id, ("", ()))
        return bubble.text != text or bool(bubble.buttons and bubble.buttons != buttons)

    # what they see

    def done_buttons(self) -> list[int]:
        """The ids of the messages that end an answer by a tap."""
        return [
            bubble.message_id
            for bubble in self.screen()
            for row in bubble.buttons
            for button in row
            if button.text.endswith("That's my answer")
        ]

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

    async def sits_before(
        self, persona: str, *questions: str, mode: Mode = Mode.COACHED, seed: int = 3
    ) -> None:
        """Sit in an interview with just these questions, the first one on the table."""
        row = Row(self.chat_id, "ready", self.clock.now(), line_of_work="care")
        opened = InterviewOpened(persona=persona, mode=mode, questions=questions, seed=seed)
        async with self.house.store.turn(self.chat_id, at=self.clock.now()) as turn:
            await turn.save_candidate(await turn.candidate() or row)
            await turn.open_interview(begin(opened, self.book).events)
        await self.sends("/start")

    async def answers(self, text: str) -> None:
        """Give a whole answer: say it and tap that this was it."""
        await self.sends(text)
        await self.taps("That's my answer")

    async def leaves_probes(self) -> int:
        """Let every probe go; returns how many came."""
        probes = 0
        while "Leave it there" in self.labels():
            await self.taps("Leave it there")
            probes += 1
        return probes


async def take_all(house: House, offset: int = 0) -> None:
    """Read everything that Telegram has for the bot, as the polling loop does."""
    while updates := await house.bot.get_updates(offset=offset, timeout=0):
        await house.intake.take(updates)
        offset = updates[-1].update_id + 1
    await house.intake.settled()


def looks_right(text: str) -> None:
    """No bubble is too long, leaks a placeholder or a Python value, or is laid out badly."""
    assert 0 < len(text) <= 4096
    for leak in ("None", "{", "}", "  ", "\n\n\n", "Stage.", "<b>", "&amp;", "“”", " ,", ": :"):
        assert leak not in text, f"{leak!r} in:\n{text}"
    assert text == text.strip()
