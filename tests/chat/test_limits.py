"""More than one candidate may send: told once, not kept, and no burden on anybody else."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import telegram

from bot.app import House, open_house
from bot.chat import limits
from bot.chat.limits import Gate, Limits
from bot.chat.received import read
from bot.chat.report import Outcome, TurnReport
from bot.interview.conduct import begin
from bot.interview.events import InterviewOpened, Mode, PieceHeard
from bot.local.request import LocalRequest
from bot.local.telegram import LocalTelegram
from bot.store import Candidate
from tests.chat.delivering import ANA, BEN, NOON, Clock
from tests.chat.hooked import message

LIMITS = Limits(messages_a_minute=30, bytes_a_day=400_000, interviews_a_day=3)
SECOND = timedelta(seconds=1)


class Guarded:
    """The whole bot with limits, and what was told of its turns."""

    def __init__(self, house: House, server: LocalTelegram, reports: list[TurnReport]) -> None:
        self.house, self.server, self.reports = house, server, reports
        self._id = 0

    def update(self, chat: int, text: str, sent: datetime = NOON) -> dict[str, Any]:
        self._id += 1
        found = message(self._id, chat, text)
        found["message"]["date"] = int(sent.timestamp())
        return found

    def tap(self, chat: int, data: object) -> dict[str, Any]:
        self._id += 1
        under = message(self._id, chat, "x")["message"]
        query = {"id": str(self._id), "from": under["from"], "chat_instance": "1", "data": data}
        return {"update_id": self._id, "callback_query": query | {"message": under}}

    async def takes(self, *updates: dict[str, Any]) -> None:
        found = [read(update, self.house.bot) for update in updates]
        await self.house.intake.take_received([each for each in found if each is not None])
        await self.house.intake.settled()

    def outcomes(self, chat: int) -> Counter[Outcome]:
        return Counter(each.outcome for each in self.reports if each.chat_id == chat)

    async def kept(self, chat: int) -> dict[str, list[dict[str, Any]]]:
        async with self.house.store.turn(chat, at=self.house.clock.now()) as turn:
            return await turn.export()

    async def said(self, chat: int) -> list[str]:
        return [each["payload"].get("text", "") for each in (await self.kept(chat))["outbox"]]


@asynccontextmanager
async def guarded(url: str, clock: Clock, content: Any, limits: Limits) -> AsyncIterator[Guarded]:
    server = LocalTelegram.open(":memory:", lambda: clock.now().timestamp())
    reports: list[TurnReport] = []
    line = LocalRequest(server)
    bot = telegram.Bot("1:local", request=line, get_updates_request=line)
    house = open_house(bot, url, *content, clock, watchers=[reports.append], limits=limits)
    async with bot, house as opened:
        yield Guarded(opened, server, reports)
    server.close()


@pytest.fixture
async def bot(url: str, clock: Clock, content: Any) -> AsyncIterator[Guarded]:
    async with guarded(url, clock, content, LIMITS) as found:
        yield found


# Messages a minute


async def test_what_is_too_fast_is_told_once_and_nothing_of_it_is_kept(bot: Guarded) -> None:
    await bot.takes(*(bot.update(ANA, f"message {number}") for number in range(200)))
    assert bot.outcomes(ANA) == {Outcome.DONE: 30, Outcome.OVER: 170}
    said = await bot.said(ANA)
    assert sum("Too fast for me" in text for text in said) == 1
    assert len((await bot.kept(ANA))["updates"]) == 31
    assert (await bot.kept(ANA))["failures"] == []


async def test_a_minute_later_there_is_room_again(bot: Guarded) -> None:
    await bot.takes(*(bot.update(ANA, "x") for _ in range(40)))
    later = NOON + 61 * SECOND
    await bot.takes(*(bot.update(ANA, "y", later) for _ in range(5)))
    assert bot.outcomes(ANA)[Outcome.DONE] == 35


async def test_it_is_told_again_only_after_a_minute(bot: Guarded, clock: Clock) -> None:
    for seconds in range(0, 150, 2):
        clock.time = NOON + seconds * SECOND
        await bot.takes(*(bot.update(ANA, "x", clock.time) for _ in range(3)))
    said = await bot.said(ANA)
    assert 2 <= sum("Too fast for me" in text for text in said) <= 3


async def test_what_was_written_while_the_bot_was_away_is_not_too_fast(bot: Guarded) -> None:
    moments = [NOON - timedelta(minutes=10) + number * 5 * SECOND for number in range(100)]
    backlog = [bot.update(ANA, "x", sent) for sent in moments]
    await bot.takes(*backlog)
    await bot.takes(*backlog)
    assert bot.outcomes(ANA) == {Outcome.DONE: 100, Outcome.SEEN: 100}


async def test_what_telegram_delivers_again_is_not_counted_again(bot: Guarded) -> None:
    updates = [bot.update(ANA, "x") for _ in range(30)]
    for _ in range(3):
        await bot.takes(*updates)
    assert bot.outcomes(ANA) == {Outcome.DONE: 30, Outcome.SEEN: 60}


async def test_the_button_that_ends_an_answer_works_after_too_many_messages(bot: Guarded) -> None:
    await bot.takes(*(bot.update(ANA, "x") for _ in range(40)))
    await bot.takes(bot.tap(ANA, "p:menu"))
    assert bot.reports[-1].kind == "tap"
    assert bot.reports[-1].outcome is Outcome.DONE


async def test_taps_have_a_limit_of_their_own_and_never_keep_spinning(bot: Guarded) -> None:
    answered: list[tuple[str, str]] = []

    async def answer(query_id: str, text: str | None = None, **_: object) -> None:
        answered.append((query_id, text or ""))

    object.__setattr__(bot.house.bot, "answer_callback_query", answer)
    await bot.takes(*(bot.tap(ANA, "zz:1") for _ in range(50)))
    assert bot.outcomes(ANA) == {Outcome.DONE: 30, Outcome.OVER: 20}
    assert len(answered) == 50
    assert sum("Too fast for me" in text for _, text in answered) == 1
    assert await bot.said(ANA) == []


async def test_in_a_group_nobody_is_told(bot: Guarded) -> None:
    updates = [bot.update(-5, "x") for _ in range(50)]
    for each in updates:
        each["message"]["chat"] = {"id": -5, "type": "group", "title": "Us"}
    await bot.takes(*updates)
    assert await bot.said(-5) == []


async def test_a_flood_from_one_chat_does_not_slow_another(bot: Guarded) -> None:
    flood = [bot.update(ANA, f"message {number}") for number in range(500)]
    other = [bot.update(BEN, "/start"), bot.update(BEN, "nursing")]
    tasks = [asyncio.create_task(bot.takes(each)) for each in (*flood, *other)]
    await asyncio.gather(*tasks)
    order = [each.chat_id for each in bot.reports if each.outcome is not Outcome.OVER]
    # Chats take turns: before Ben's second answer Ana had two, or one or two more.
    before = order[: len(order) - order[::-1].index(BEN)]
    assert before.count(ANA) <= 5
    assert bot.outcomes(ANA)[Outcome.OVER] == 470


async def test_without_a_limit_nobody_is_too_fast(url: str, clock: Clock, content: Any) -> None:
    async with guarded(url, clock, content, Limits()) as bot:
        await bot.takes(*(bot.update(ANA, "x") for _ in range(100)))
        assert bot.outcomes(ANA) == {Outcome.DONE: 100}


# Bytes a day


async def writes(house: House, clock: Clock, size: int) -> None:
    """Have the candidate leave so many bytes in the store, and a little more."""
    book = house.intake._book
    question = next(iter(book.banks["hiring_manager"])).id
    asked = {"persona": "hiring_manager", "questions": (question,)}
    opened = InterviewOpened(**asked, mode=Mode.COACHED, seed=3)
    async with house.store.turn(ANA, at=clock.now()) as turn:
        await turn.save_candidate(Candidate(ANA, "ready", NOON))
        known = await turn.current_interview()
        number = known.id if known else await turn.open_interview(begin(opened, book).events)
        await turn.append(number, [PieceHeard(text="w" * size, message=1)])


async def test_a_full_day_is_told_once_a_minute_and_survives_a_restart(
    url: str, clock: Clock, content: Any
) -> None:
    few = Limits(bytes_a_day=40_000)
    for run in (1, 2):  # the second time the bot remembers nothing
        async with guarded(url, clock, content, few) as bot:
            bot._id = 1000 * run
            if not await bot.house.store.written_since(ANA, NOON - timedelta(days=1)):
                await writes(bot.house, clock, 40_000)
            before = len((await bot.kept(ANA))["events"])
            for _ in range(20):
                await bot.takes(bot.update(ANA, "z" * 4000))
            assert len((await bot.kept(ANA))["events"]) - before <= 1  # an eighth of the day
            assert bot.outcomes(ANA)[Outcome.OVER] >= 19
            told = [text for text in await bot.said(ANA) if "one person in a day" in text]
            assert len(told) >= 1
    assert len(told) == 2


@pytest.mark.parametrize("told", [False, True])
async def test_on_a_full_day_commands_and_taps_still_work(
    url: str, clock: Clock, content: Any, told: bool
) -> None:
    async with guarded(url, clock, content, Limits(bytes_a_day=2_000)) as bot:
        await writes(bot.house, clock, 2_000)
        if told:
            await bot.takes(bot.update(ANA, "z" * 500))
        await bot.takes(bot.update(ANA, "/export"), bot.update(ANA, "/help me " + "z" * 3000))
        assert sum(row["method"] == "sendDocument" for row in (await bot.kept(ANA))["outbox"]) == 1
        await bot.takes(bot.update(ANA, "/forget"), bot.tap(ANA, "f:yes"))
        assert bot.outcomes(ANA) == Counter({Outcome.DONE: 4, Outcome.OVER: int(told)})
        assert (await bot.kept(ANA))["events"] == []


@pytest.mark.parametrize("start", ["/word", "/forgetting", " /forget"])
async def test_what_is_kept_as_text_is_no_command_whatever_it_begins_with(
    url: str, clock: Clock, content: Any, start: str
) -> None:
    async with guarded(url, clock, content, Limits(bytes_a_day=2_000)) as bot:
        await writes(bot.house, clock, 2_000)
        await bot.takes(bot.update(ANA, start + " z" * 300))
        assert bot.outcomes(ANA) == {Outcome.OVER: 1}


async def test_commands_are_held_to_the_messages_a_minute(bot: Guarded) -> None:
    await bot.takes(*(bot.update(ANA, "/help") for _ in range(50)))
    assert bot.outcomes(ANA) == {Outcome.DONE: 30, Outcome.OVER: 20}


async def test_the_next_day_there_is_room_again(url: str, clock: Clock, content: Any) -> None:
    async with guarded(url, clock, content, Limits(bytes_a_day=2_000)) as bot:
        await writes(bot.house, clock, 2_000)
        await bot.takes(bot.update(ANA, "z" * 500))
        assert bot.outcomes(ANA)[Outcome.OVER] == 1
        clock.time = NOON + timedelta(days=1, seconds=1)
        await bot.takes(bot.update(ANA, "z" * 500, clock.time))
        assert bot.outcomes(ANA)[Outcome.DONE] == 1


async def test_an_ordinary_day_asks_the_store_nothing() -> None:
    asked: list[int] = []

    async def written_since(chat_id: int, since: datetime) -> int:
        asked.append(chat_id)
        return 0

    gate = Gate(Limits(bytes_a_day=400_000), written_since)
    for number in range(60):
        update = read(message(number, ANA, "a good long answer " * 40), None)
        assert update is not None
        assert await gate.has_room(ANA, update, NOON)
    assert asked == []


async def test_the_gate_forgets_who_was_quiet_for_longest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "CHATS", 20)

    async def written_since(chat_id: int, since: datetime) -> int:
        return 0

    gate = Gate(LIMITS, written_since)
    for chat in range(50):
        update = read(message(chat, chat, "x"), None)
        assert update is not None
        assert gate.lets_in(chat, update, NOON)
        assert await gate.has_room(chat, update, NOON)
        assert gate.may_tell(chat, NOON)
    assert len(gate._minutes) == len(gate._days) == len(gate._told) == 20


# Interviews a day


async def test_more_interviews_than_a_day_may_hold_are_told_kindly(bot: Guarded) -> None:
    await bot.takes(bot.update(ANA, "/settings"))
    for number in range(5):
        await bot.takes(bot.tap(ANA, "p:go:hiring_manager:3:real"))
        if number < 3:
            await bot.takes(bot.tap(ANA, f"i:end:{number + 1}:1:1"))
    assert len((await bot.kept(ANA))["interviews"]) == 3
    assert sum("3 interviews in a day" in text for text in await bot.said(ANA)) == 2


# What arrives is material from outside


HOSTILE = (
    "999999999",
    "9999999999999999999999",
    "-1",
    "+1",
    "0",
    "٣",
    "1e3",
    " 1",
    "",
    "None",
    "<b>",
    "'; DROP TABLE events; --",
    "x" * 55,
)


async def test_no_button_of_any_area_breaks_on_what_nobody_gave_it(
    url: str, clock: Clock, content: Any
) -> None:
    from bot.chat.routing import TAPS

    async with guarded(url, clock, content, Limits()) as bot:
        await writes(bot.house, clock, 10)
        before = await bot.kept(BEN)
        for area in TAPS:
            for verb in ("", *VERBS.get(area, ("yes", "show"))):
                for odd in HOSTILE:
                    for data in (f"{area}:{verb}:{odd}", f"{area}:{verb}:{odd}:1:1"):
                        await bot.takes(bot.tap(BEN, data))
        assert (await bot.kept(BEN))["failures"] == []
        assert bot.outcomes(BEN).keys() == {Outcome.DONE}
        assert before["interviews"] == (await bot.kept(BEN))["interviews"] == []


VERBS: dict[str, tuple[str, ...]] = {
    "i": ("done", "next", "end", "stay", "stop", "keep", "retry", "add", "skip", "mean"),
    "p": ("who", "long", "go", "menu"),
    "s": ("work", "when", "depth", "show"),
    "y": ("list", "older", "interview", "answer"),
    "d": ("offer", "answer", "hint", "later", "skip", "less"),
    "a": ("m", "d", "t", "ok", "zone"),
}


@pytest.mark.parametrize("data", ["i:next:1:1:1", "i:end:1:1:1", "y:interview:1", "y:answer:1:1:1"])
async def test_the_interview_of_another_is_not_found_by_its_number(
    bot: Guarded, clock: Clock, data: str
) -> None:
    await writes(bot.house, clock, 10)
    before = await bot.kept(ANA)
    await bot.takes(bot.tap(BEN, data))
    assert await bot.kept(ANA) == before
    assert not any(await bot.said(BEN))


async def test_a_text_longer_than_telegrams_is_cut(bot: Guarded, clock: Clock) -> None:
    await writes(bot.house, clock, 10)
    await bot.takes(bot.update(ANA, "/start"), bot.update(ANA, "long " * 20_000))
    assert all(len(each["body"]["text"]) <= 4096 for each in await heard(bot, ANA))


async def heard(bot: Guarded, chat: int) -> list[dict[str, Any]]:
    return [each for each in (await bot.kept(chat))["events"] if each["kind"] == "PieceHeard"]


def test_when_a_message_was_sent_is_what_telegram_says() -> None:
    update = message(1, ANA, "x")
    found = read(update, None)
    assert found is not None
    assert found.sent_at == datetime.fromtimestamp(update["message"]["date"], UTC)
    edited = {"update_id": 2, "edited_message": update["message"] | {"edit_date": 1_795_000_100}}
    found = read(edited, None)
    assert found is not None
    assert found.sent_at == datetime.fromtimestamp(1_795_000_100, UTC)
