"""Intake: commit, then acknowledge, whatever fails; and nobody waits for another's trouble."""

from __future__ import annotations

import asyncio
import json
import logging
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from telegram.error import InvalidToken, NetworkError

from bot.chat.intake import PATIENCE
from bot.chat.report import TurnReport
from bot.chat.spinners import LAST_TAPS
from bot.chat.webhook import HOLD
from bot.interview.events import InterviewOpened, Mode
from bot.local.refusal import error_body
from bot.running.logs import TurnLog
from bot.running.metrics import Metrics
from bot.store import Candidate, StoreAway, StoredAgenda
from bot.store.engine import Run
from bot.store.sqlite import SqliteDatabase
from bot.store.tables import updates as updates_table
from tests.chat.delivering import ANA, BEN, BROKEN, NOON, SECOND, HeldClock, until
from tests.chat.hooked import hooked
from tests.chat.taking import Front
from tests.store.inside import busy, tell

CONFLICT = (409, error_body(409, "Conflict: terminated by other getUpdates request"))
REFUSED = (401, error_body(401, "Unauthorized"))
OF_ANA = f"INSERT ON updates WHEN NEW.candidate_id = {ANA}"
OPENED = InterviewOpened(persona="hiring_manager", mode=Mode.REAL, questions=("x",), seed=1)


def errors(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [each.getMessage() for each in caplog.records if each.levelno >= logging.ERROR]


def warnings(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [each.getMessage() for each in caplog.records if each.levelno >= logging.WARNING]


async def seen(house: Front, chat: int) -> int:
    return len((await house.kept(chat))["updates"])


async def test_what_one_chat_cannot_take_does_not_leave_another_half_done(house):
    await house.server.sends(ANA, "/start")
    for number in range(8):
        await house.server.sends(BEN, f"message {number}")
    await house.breaks(OF_ANA)
    with pytest.raises(sa.exc.IntegrityError):
        await house.intake.take(await house.updates())
    assert await seen(house, BEN) == 8


async def test_an_update_that_cannot_even_be_apologised_for_is_kept_and_passed_over(house, caplog):
    await house.server.sends(ANA, "My story, which no table takes")
    await house.server.sends(BEN, "/start")
    await house.breaks(OF_ANA)
    updates = await house.updates()
    for _ in range(PATIENCE - 1):
        with pytest.raises(sa.exc.IntegrityError):
            await house.intake.take(updates)
    await house.intake.take(updates)
    (failure,) = (await house.kept(ANA))["failures"]
    assert failure["update"]["message"]["text"] == "My story, which no table takes"
    passed_over = errors(caplog)[-1]
    assert str(updates[0].update_id) in passed_over
    assert failure["reference"] in passed_over
    assert "story" not in caplog.text


async def test_what_is_too_much_for_the_disk_is_kept_by_its_id_alone(house):
    await house.server.sends(ANA, "a long story " * 50)
    await house.breaks(OF_ANA)
    await house.breaks('INSERT ON failures WHEN length(NEW."update") > 100')
    updates = await house.updates()
    for _ in range(PATIENCE - 1):
        with pytest.raises(sa.exc.IntegrityError):
            await house.intake.take(updates)
    await house.intake.take(updates)
    (failure,) = (await house.kept(ANA))["failures"]
    assert failure["update"] == {"update_id": updates[0].update_id}


async def test_while_the_store_takes_nothing_at_all_no_update_is_lost(house):
    await house.server.sends(ANA, "/start")
    await house.breaks("INSERT ON updates")
    await house.breaks("INSERT ON failures")
    updates = await house.updates()
    for _ in range(PATIENCE + 3):
        with pytest.raises(sa.exc.IntegrityError):
            await house.intake.take(updates)
    await house.mends()
    await house.intake.take(updates)
    await house.house.delivery.drain()
    assert house.bubbles(ANA)


async def test_polling_goes_past_what_it_passed_over(house):
    await house.server.sends(ANA, "/start")
    await house.server.sends(BEN, "/start")
    await house.breaks(OF_ANA)
    stop = asyncio.Event()
    polling = asyncio.create_task(house.polls(stop))
    await until(lambda: not house.pending())
    stop.set()
    await polling
    assert await seen(house, BEN) == 1
    assert (await house.kept(ANA))["failures"]


async def test_a_token_that_is_refused_once_is_asked_about(house):
    house.line.failures = {"getUpdates": deque([REFUSED]), "getMe": deque([REFUSED] * 2)}
    await house.server.sends(ANA, "/start")
    stop = asyncio.Event()
    polling = asyncio.create_task(house.polls(stop))
    await until(lambda: not house.pending())
    stop.set()
    await polling
    assert await seen(house, ANA) == 1


async def test_a_token_that_telegram_goes_on_refusing_ends_polling(house):
    house.line.failures = {"getUpdates": deque([REFUSED]), "getMe": deque([REFUSED] * 99)}
    polling = asyncio.create_task(house.polls(asyncio.Event()))
    await until(polling.done)
    with pytest.raises(InvalidToken):
        await polling


async def test_a_second_poller_is_named_once_and_waited_for(house, caplog):
    house.line.failures["getUpdates"] = deque([BROKEN, *[CONFLICT] * 4])
    await house.server.sends(ANA, "/start")
    stop = asyncio.Event()
    polling = asyncio.create_task(house.polls(stop))
    await until(lambda: not house.pending())
    stop.set()
    await polling
    (told,) = warnings(caplog)
    assert "same token" in told
    assert "webhook" in told
    assert house.clock.now() >= NOON + (1 + 2 + 4 + 8 + 16) * SECOND


async def test_one_update_that_cannot_be_read_holds_up_no_other(house, caplog):
    for chat in (ANA, BEN):
        await house.server.sends(chat, "/start")
    found = [update.to_dict() for update in await house.updates()]
    found[0]["message"]["date"] = "a word of Ana's"
    answer = (200, json.dumps({"ok": True, "result": found}).encode())
    house.line.failures["getUpdates"] = deque([answer])
    house.line.failures["GetUpdates"] = deque([answer])
    stop = asyncio.Event()
    polling = asyncio.create_task(house.polls(stop))
    await until(lambda: not house.pending())
    stop.set()
    await polling
    await house.house.delivery.drain()
    (failure,) = (await house.kept(ANA))["failures"]
    assert failure["update"] == found[0]
    assert failure["reference"] in house.bubbles(ANA)[0]
    assert house.bubbles(BEN)
    ours = [each for each in caplog.records if each.name.startswith("bot")]
    assert not any("a word" in each.getMessage() for each in ours)


async def test_updates_without_an_id_are_not_asked_for_again_at_once(house):
    answer = (200, json.dumps({"ok": True, "result": [{"message": {}}]}).encode())
    house.line.failures["getUpdates"] = deque([answer] * 3)
    house.line.failures["GetUpdates"] = deque([answer] * 3)
    await house.server.sends(ANA, "/start")
    stop = asyncio.Event()
    polling = asyncio.create_task(house.polls(stop))
    await until(lambda: not house.pending())
    stop.set()
    await polling
    assert house.clock.now() >= NOON + (1 + 2 + 4) * SECOND


async def test_a_reminder_that_fails_lets_the_candidate_go_on(house):
    await owes(house, ANA, {"interview": 99})
    await house.breaks("DELETE ON reminders")
    await house.server.sends(ANA, "/help")
    updates = await house.updates()
    async with busy(house.store):
        reminding = asyncio.create_task(house.intake.take_due())
        taking = asyncio.create_task(house.intake.take(updates))
        await until(lambda: house.intake._queues)
    await asyncio.gather(taking, reminding)
    assert await seen(house, ANA) == 1


# A store that is away for a while


class Away(SqliteDatabase):
    """A database that cannot be reached as often as `away` says."""

    away = 0

    @asynccontextmanager
    async def turn(self, chat_id: int) -> AsyncIterator[Run]:
        if self.away:
            self.away -= 1
            raise StoreAway("the database restarts")
        async with super().turn(chat_id) as run:
            yield run


@pytest.fixture
async def away(house) -> Away:
    house.store._database.__class__ = Away
    return house.store._database


AWAY_AND_BACK = [
    "the store is away, and is tried until it is back: the database restarts",
    "the store is back",
]


async def test_polling_waits_for_the_store_and_tells_so_once(house, away, caplog):
    away.away = 4
    await house.server.sends(ANA, "/start")
    stop = asyncio.Event()
    polling = asyncio.create_task(house.polls(stop))
    await until(lambda: not house.pending())
    stop.set()
    await polling
    assert (await house.kept(ANA))["failures"] == []
    assert await seen(house, ANA) == 1
    assert warnings(caplog) == AWAY_AND_BACK
    assert house.clock.now() <= NOON + 10 * SECOND


async def test_a_delivery_waits_for_the_store_and_those_behind_it_wait_too(house, away, caplog):
    away.away = 3
    metrics = Metrics()
    house.intake._watchers = (metrics.count_turn, TurnLog("00" * 32))
    async with hooked(house) as hook:
        first = asyncio.create_task(hook.says(7, ANA, "one"))
        await until(lambda: house.intake._queues)
        second = asyncio.create_task(hook.says(8, ANA, "two"))
        assert await asyncio.gather(first, second) == [200, 200]
    rows = (await house.kept(ANA))["updates"]
    assert [row["update_id"] for row in rows] == [7, 8]
    assert (await house.kept(ANA))["failures"] == []
    assert warnings(caplog) == AWAY_AND_BACK
    numbers = metrics.exposed(None, house.clock.now()).decode()
    assert 'second_round_turns_total{kind="message",outcome="again"} 3.0' in numbers
    assert 'outcome="over"' not in numbers


async def test_a_delivery_does_not_wait_for_ever(house, away):
    away.away = 10**6
    async with hooked(house) as hook:
        assert await hook.says(7, ANA, "one") == 503
        away.away = 0
        assert await hook.says(7, ANA, "one") == 200
    assert house.clock.now() >= NOON + HOLD


# Taps


async def taps_a_button(house: Front) -> None:
    """Have Ana tap the first button that the bot shows her."""
    await house.server.sends(ANA, "/start")
    await house.intake.take(first := await house.updates())
    await house.house.bot.get_updates(offset=first[-1].update_id + 1, timeout=0)
    await house.house.delivery.drain()
    bubble = next(bubble for bubble in house.server.messages(ANA) if bubble.buttons)
    await house.server.taps(ANA, bubble.message_id, bubble.buttons[0][0].data)


async def test_a_tap_that_comes_again_is_acknowledged_again(house):
    await taps_a_button(house)
    house.line.failures["answerCallbackQuery"] = deque([NetworkError("no route")])
    updates = await house.updates()
    await house.intake.take(updates)
    await house.intake.settled()
    assert house.server.spinning(ANA)
    await house.intake.take(updates)
    await house.intake.settled()
    assert house.server.spinning(ANA) == []


async def test_a_slow_acknowledgement_keeps_nobody_waiting(house):
    await taps_a_button(house)
    house.line.shut["answerCallbackQuery"] = gate = asyncio.Event()
    taking = asyncio.create_task(house.intake.take(await house.updates()))
    await until(taking.done)
    assert house.server.spinning(ANA)
    gate.set()
    await house.intake.settled()
    assert house.server.spinning(ANA) == []


@pytest.mark.parametrize("arrives", [True, False])
async def test_stopping_waits_for_the_last_taps_but_not_for_ever(held_house, arrives):
    clock = held_house.clock
    assert isinstance(clock, HeldClock)
    await taps_a_button(held_house)
    held_house.line.shut["answerCallbackQuery"] = gate = asyncio.Event()
    stop = asyncio.Event()
    polling = asyncio.create_task(held_house.polls(stop))
    await until(lambda: held_house.intake._spinners._ending)
    stop.set()
    await until(lambda: clock.asleep)
    await clock.passes(LAST_TAPS / 2)
    assert not polling.done()
    if arrives:
        gate.set()
    else:
        await clock.passes(LAST_TAPS / 2)
    await polling
    assert bool(held_house.server.spinning(ANA)) is not arrives


# Reminders, and what is too old


async def owes(house: Front, chat: int, ref: dict[str, int]) -> None:
    """Have a candidate sit in an interview, and be owed a word about their silence."""
    async with house.store.turn(chat, at=NOON) as turn:
        await turn.save_candidate(Candidate(chat, "ready", NOON))
        await turn.open_interview([OPENED])
        await turn.remind("silence", NOON, ref)


async def test_reminders_that_fail_are_kept_and_never_hold_up_the_others(house, caplog):
    for chat in range(1, 101):
        await owes(house, chat, {})
    await owes(house, 101, {"interview": 99})
    async with house.store.turn(101, at=NOON) as turn:
        await turn.remind("silence", NOON + SECOND, {"interview": 99})
    await house.clock.sleep(2)
    await house.intake.take_due()
    await house.intake.take_due()
    assert await house.store.due_reminders(house.clock.now(), 200) == []
    assert len(errors(caplog)) == 100
    assert "Traceback" not in caplog.text
    (failure,) = (await house.kept(1))["failures"]
    assert failure["update"]["reminder"] == "silence"
    traces = await tell(house.store, "SELECT traceback FROM failures")
    assert all("KeyError" in trace for (trace,) in traces)


async def test_an_agenda_that_cannot_be_read_is_kept_as_a_failure_and_looked_at_again(house):
    async with house.store.turn(ANA, at=NOON) as turn:
        await turn.save_candidate(Candidate(ANA, "ready", NOON))
        await turn.save_agenda(StoredAgenda("no plan", {}))
        await turn.remind("agenda", NOON, {})
    await house.intake.take_due()
    (failure,) = (await house.kept(ANA))["failures"]
    assert failure["update"]["reminder"] == "agenda"
    now = house.clock.now()
    assert await house.store.due_reminders(now + timedelta(minutes=59), 9) == []
    (again,) = await house.store.due_reminders(now + timedelta(minutes=60), 9)
    assert (again.chat_id, again.kind) == (ANA, "agenda")


async def test_a_reminder_that_cannot_be_cancelled_lets_the_others_be_taken(house, caplog):
    for chat in (ANA, BEN):
        await owes(house, chat, {"interview": 99})
    await house.breaks(f"DELETE ON reminders WHEN OLD.candidate_id = {ANA}")
    await house.intake.take_due()
    left = await house.store.due_reminders(house.clock.now(), 9)
    assert [each.chat_id for each in left] == [ANA]
    assert caplog.text.count("neither taken nor cancelled") == 1


async def test_a_reminder_that_cannot_be_cancelled_is_left_alone_longer_each_time(house):
    await owes(house, ANA, {"interview": 99})
    await house.breaks(f"DELETE ON reminders WHEN OLD.candidate_id = {ANA}")
    looks: list[TurnReport] = []
    house.intake._watchers = [looks.append]
    for _ in range(1800):
        await house.intake.take_due(most=1)
        house.clock.time += SECOND
    assert 8 <= len(looks) <= 12
    assert len((await house.kept(ANA))["failures"]) == 1
    await owes(house, BEN, {"interview": 99})
    await house.intake.take_due(most=1)  # it takes nobody's place
    assert [each.chat_id for each in await house.store.due_reminders(house.clock.now(), 9)] == [ANA]


async def ticks(house: Front) -> None:
    """Let one round of reminders and tidying pass."""
    stop = asyncio.Event()
    reminding = asyncio.create_task(house.keeps_up(stop))
    await until(lambda: house.clock.asleep)
    stop.set()
    await reminding


async def test_what_is_too_old_goes_however_much_it_is(held_house):
    old = NOON - timedelta(days=8)
    rows = [{"candidate_id": ANA, "update_id": number, "at": old} for number in range(1201)]
    await tell(held_house.store, sa.insert(updates_table), *rows)
    await ticks(held_house)
    assert await seen(held_house, ANA) == 0


def in_files(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.iterdir() if path.is_file())


async def test_what_was_forgotten_is_wiped_by_the_next_tick(held_house, tmp_path: Path):
    secrets = [f"SECRET{chat} " * 200 for chat in (ANA, BEN)]
    for chat, secret in zip((ANA, BEN), secrets, strict=True):
        async with held_house.store.turn(chat, at=NOON, update_id=1) as turn:
            await turn.save_candidate(Candidate(chat, "ready", NOON, secret))
    async with held_house.store.turn(ANA, at=NOON, update_id=2) as turn:
        await turn.forget()
    await ticks(held_house)
    files = in_files(tmp_path)
    assert [secret.encode() in files for secret in secrets] == [False, True]


# What the log may hold

SECRET = "the-word-of-a-candidate"


async def test_whatever_fails_no_word_of_a_candidate_reaches_the_log(house, caplog):
    caplog.set_level(logging.DEBUG, logger="bot")
    await taps_a_button(house)
    tap = await house.updates()
    house.line.failures["answerCallbackQuery"] = deque([RuntimeError(SECRET)])
    await house.intake.take(tap)
    await house.intake.settled()
    # what is stored cannot be read: the error quotes it
    await owes(house, BEN, {"interview": 1})
    broken = f'{{"kind": "{SECRET}"}}'
    await tell(house.store, f"UPDATE events SET body = '{broken}' WHERE candidate_id = {BEN}")
    await house.server.sends(BEN, SECRET)
    await house.intake.take(await house.updates())
    await house.intake.take_due()
    # Telegram refuses, and the line breaks
    house.line.failures[ANA] = deque(
        [(400, error_body(400, f"Bad Request: {SECRET}")), RuntimeError(SECRET)]
    )
    async with house.store.turn(ANA, at=house.clock.now()) as turn:
        turn.say("sendMessage", {"text": SECRET})
        turn.say("sendMessage", {"text": SECRET})
        turn.say("sendMessage", {"caption": SECRET})
    await house.house.delivery.drain()
    # the store refuses, at every place
    for when in ("INSERT ON updates", "DELETE ON reminders", "DELETE ON outbox"):
        await house.breaks(when, SECRET)
    async with house.store.turn(ANA, at=house.clock.now()) as turn:
        await turn.remind("silence", NOON, {})
        turn.say("sendMessage", {"text": SECRET})
    await house.house.delivery._start_due()
    await asyncio.wait(house.house.delivery._flying)
    await house.server.sends(ANA, SECRET)
    stop = asyncio.Event()
    running = asyncio.gather(house.polls(stop), house.keeps_up(stop))
    said = (
        "a tap was not acknowledged",
        "a turn failed",
        "a reminder failed",
        "would not take a sendMessage",
        "could not be settled",
        "updates could not be taken",
        "was passed over",
        "neither taken nor cancelled",
    )
    await until(lambda: all(words in caplog.text for words in said))
    stop.set()
    await running
    assert SECRET not in caplog.text
    assert not any(record.exc_info for record in caplog.records if record.name.startswith("bot"))
