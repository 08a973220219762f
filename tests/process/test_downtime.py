"""The bot was down for a while: what was due meanwhile is let go, or comes once; no backlog."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.app import House
from bot.content import load_content
from bot.local.telegram import LocalTelegram
from bot.practice import appointments, drills, follow_up
from bot.practice.model import Plan
from tests.bench.appointments import EVERY_DAY, INTERVIEW, PEOPLE, seat
from tests.conversations.stage import Content, TestClock, running_house

ZONE = "Europe/Berlin"
HALF_PAST_TWELVE = 12 * 60 + 30
STEP = timedelta(minutes=10)

SORTS = {"d": "drill", "n": "thank-you", "e": "debrief", "c": "check-in"}

Came = dict[int, list[str]]
"""By chat, when something came and what it was: "Fri 12:30 drill"."""


def berlin(day: int, hour: int, minute: int = 0) -> datetime:
    """A moment of November 2026; the 23rd is a Monday."""
    there = datetime(2026, 11, day, hour, minute, tzinfo=ZoneInfo(ZONE))
    return there.astimezone(UTC)


@pytest.fixture(scope="module")
def content() -> Content:
    return load_content()


@pytest.fixture
def clock() -> TestClock:
    return TestClock()


@pytest.fixture
def telegram(clock: TestClock, caplog: pytest.LogCaptureFixture) -> Iterator[LocalTelegram]:
    telegram = LocalTelegram.open(":memory:", clock.stamp)
    yield telegram
    telegram.close()
    assert [each.getMessage() for each in caplog.records if each.levelno >= logging.ERROR] == []


def daily(plan: Plan, now: datetime) -> Plan:
    return drills.choose_drills(plan, now, HALF_PAST_TWELVE, EVERY_DAY)


def met(day: int, hour: int) -> Plan:
    """A plan with an interview of one hour at that time, told of a week before."""
    told = berlin(day, hour) - timedelta(days=7)
    return appointments.enter(Plan(ZONE), INTERVIEW, date(2026, 11, day), hour * 60, told)


def told(plan: Plan, decision_on: date | None = None) -> Plan:
    return follow_up.debriefed(plan, INTERVIEW, tuple(PEOPLE), decision_on)


def thanked(plan: Plan) -> Plan:
    for person in PEOPLE:
        plan = follow_up.thank_you_sent(plan, INTERVIEW, person)
    return plan


async def seat_all(
    house: House, telegram: LocalTelegram, plans: dict[int, Plan], now: datetime
) -> None:
    """Candidates with these plans, who have written to the bot: else it may not write to them."""
    for chat, plan in plans.items():
        await telegram.sends(chat, "/start")
        await seat(house.store, chat, plan, now)


async def lives(house: House, telegram: LocalTelegram, clock: TestClock, until: datetime) -> Came:
    """Let time pass and the bot do what is due, ten minutes at a time; returns what came."""
    chats = range(1, 10)
    seen = {chat: len(telegram.messages(chat)) for chat in chats}
    came: Came = defaultdict(list)
    while True:
        await house.intake.take_due()
        await house.delivery.drain()
        for chat in chats:
            for bubble in telegram.messages(chat)[seen[chat] :]:
                seen[chat] += 1
                data = bubble.buttons[0][0].data
                when = clock.time.astimezone(ZoneInfo(ZONE))
                came[chat].append(f"{when:%a %H:%M} {SORTS[data.partition(':')[0]]}")
        if clock.time >= until:
            return came
        clock.time = min(until, clock.time + STEP)


async def test_two_days_without_the_bot_leave_no_backlog(
    tmp_path: Path, telegram: LocalTelegram, clock: TestClock, content: Content
) -> None:
    clock.time = berlin(24, 22)
    plans = {
        1: daily(Plan(ZONE), clock.time),
        2: told(met(24, 14)),
        3: daily(thanked(told(met(20, 14), date(2026, 11, 24))), clock.time),
        4: daily(met(25, 15), clock.time),
    }
    async with running_house(tmp_path, telegram, clock, content) as house:
        await seat_all(house, telegram, plans, clock.time)
        assert await lives(house, telegram, clock, clock.time) == {}
    clock.time = berlin(26, 22, 40)
    async with running_house(tmp_path, telegram, clock, content) as house:
        came = await lives(house, telegram, clock, berlin(28, 20))
    assert came == {
        # Wednesday's and Thursday's are let go.
        1: ["Fri 12:30 drill", "Sat 12:30 drill"],
        # The nudge to write to people met on Tuesday would come on Friday: too late, so never (2).
        # The check-in was due on Wednesday: it comes on the next working day, in the drill's place.
        3: ["Fri 10:00 check-in", "Sat 12:30 drill"],
        # How Wednesday's interview went is asked when the quiet hours end.
        4: ["Fri 08:00 debrief", "Sat 12:30 drill"],
    }


async def test_after_four_hours_without_the_bot_a_drill_is_let_go_and_the_nudge_still_comes(
    tmp_path: Path, telegram: LocalTelegram, clock: TestClock, content: Content
) -> None:
    clock.time = berlin(25, 12)
    plans = {1: daily(Plan(ZONE), clock.time), 2: told(met(24, 15))}
    async with running_house(tmp_path, telegram, clock, content) as house:
        await seat_all(house, telegram, plans, clock.time)
    clock.time = berlin(25, 15, 50)
    async with running_house(tmp_path, telegram, clock, content) as house:
        came = await lives(house, telegram, clock, berlin(25, 21))
    assert came == {2: ["Wed 15:50 thank-you"]}
