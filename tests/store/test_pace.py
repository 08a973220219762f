"""One pace for the bot: so many calls in any second, fewer of them nudges, and silence if told."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from bot.store import Pace, Priority, Store
from bot.store.pace import FEW

SECOND = timedelta(seconds=1)
PACE = Pace(calls=4, nudges=3)


async def says(store: Store, chats: range, at: datetime, priority: Priority) -> None:
    for chat in chats:
        async with store.turn(chat, at=at) as turn:
            turn.say("sendMessage", {"text": "hello"}, priority=priority)


async def claimed(store: Store, at: datetime) -> tuple[list[int], datetime | None]:
    """The chats that are claimed at the pace, and when to look again."""
    claims, again_at = await store.outbox.claim(at, 30, pace=PACE)
    for claim in claims:
        await store.outbox.done(claim, at, at)
    return sorted(claim.chat_id for claim in claims), again_at


async def test_no_second_holds_more_calls_than_the_pace(store, noon):
    await says(store, range(1, 8), noon, Priority.REPLY)
    first, again_at = await claimed(store, noon)
    assert len(first) == 4
    assert again_at == noon + SECOND
    assert (await claimed(store, noon + SECOND - timedelta(milliseconds=1)))[0] == []
    second, _ = await claimed(store, noon + SECOND)
    assert sorted(first + second) == list(range(1, 8))


async def test_room_comes_back_call_by_call(store, noon):
    await says(store, range(1, 4), noon, Priority.REPLY)
    await claimed(store, noon)
    await says(store, range(5, 20), noon, Priority.REPLY)
    half = noon + SECOND / 2
    assert len((await claimed(store, half))[0]) == 1
    chats, again_at = await claimed(store, noon + SECOND)
    assert len(chats) == 3
    assert again_at == half + SECOND


async def test_a_backlog_leaves_evenly(store, noon):
    await says(store, range(1, 70), noon, Priority.REPLY)
    at, left = noon, []
    while len(left) < 69:
        claims, again_at = await store.outbox.claim(at, 30, pace=Pace())
        left += [at] * len(claims)
        at = max(again_at, at + timedelta(milliseconds=1))
    assert left[-1] - noon <= 2.5 * SECOND
    for moment in left:
        assert sum(moment <= each < moment + SECOND / 10 for each in left) <= FEW
        assert sum(moment <= each < moment + SECOND for each in left) <= 30


async def test_nudges_leave_room_for_replies(store, noon):
    await says(store, range(1, 10), noon, Priority.NUDGE)
    nudged, again_at = await claimed(store, noon)
    assert len(nudged) == 3
    assert again_at == noon + SECOND
    await says(store, range(11, 20), noon, Priority.REPLY)
    assert len((await claimed(store, noon))[0]) == 1


async def test_replies_go_first(store, noon):
    await says(store, range(1, 10), noon, Priority.NUDGE)
    await says(store, range(11, 14), noon, Priority.REPLY)
    chats, _ = await claimed(store, noon)
    assert chats[1:] == [11, 12, 13]


@pytest.mark.parametrize("jump", [-timedelta(hours=1), timedelta(hours=1)])
async def test_a_clock_that_is_put_right_does_not_stop_the_bot(store, noon, jump):
    await says(store, range(1, 5), noon - timedelta(hours=2), Priority.REPLY)
    assert len((await claimed(store, noon))[0]) == 4
    await says(store, range(11, 15), noon - timedelta(hours=2), Priority.REPLY)
    assert len((await claimed(store, noon + jump))[0]) == 4


async def test_a_clock_that_is_set_back_keeps_no_chat_waiting(store, noon):
    ahead = noon + timedelta(hours=1)
    await says(store, range(1, 2), ahead, Priority.REPLY)
    async with store.turn(2, at=ahead) as turn:
        turn.say("sendMessage", {"text": "in a moment"}, not_before=ahead + SECOND)
        turn.say("sendMessage", {"text": "much later"}, not_before=ahead + timedelta(hours=1))
    ((claim,), _) = await store.outbox.claim(ahead, 5)
    await store.outbox.done(claim, ahead, ahead + 3 * SECOND)
    await says(store, range(1, 2), ahead, Priority.REPLY)
    claims, _ = await store.outbox.claim(noon, 5)
    assert [(each.chat_id, each.payload["text"]) for each in claims] == [
        (1, "hello"),
        (2, "in a moment"),
    ]
    for each in claims:
        await store.outbox.done(each, noon, noon)
    assert (await store.outbox.claim(noon + SECOND, 5))[0] == []


async def test_a_chat_that_was_answered_before_the_clock_was_set_back_is_answered_now(store, noon):
    ahead = noon + timedelta(hours=1)
    await says(store, range(1, 2), ahead, Priority.REPLY)
    ((claim,), _) = await store.outbox.claim(ahead, 5)
    await store.outbox.done(claim, ahead, ahead + 3 * SECOND)
    await says(store, range(1, 2), noon, Priority.REPLY)
    ((claim,), _) = await store.outbox.claim(noon, 5)
    assert claim.not_until <= noon


async def test_when_telegram_wants_silence_nobody_claims_until_then(store, noon):
    await says(store, range(1, 3), noon, Priority.REPLY)
    await store.outbox.keep_quiet(noon + 5 * SECOND)
    await store.outbox.keep_quiet(noon + 3 * SECOND)  # a shorter wait takes nothing back
    chats, again_at = await claimed(store, noon + 4 * SECOND)
    assert chats == []
    assert again_at == noon + 5 * SECOND
    assert (await claimed(store, noon + 5 * SECOND))[0] == [1, 2]


async def test_without_a_pace_all_that_is_due_is_claimed(store, noon):
    await says(store, range(1, 25), noon, Priority.NUDGE)
    await store.outbox.keep_quiet(noon + 5 * SECOND)
    assert len((await store.outbox.claim(noon, 30))[0]) == 24
