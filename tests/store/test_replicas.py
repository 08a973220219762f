"""Several replicas on one PostgreSQL: nothing twice, nothing out of order, one pace."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime, timedelta

import pytest

from bot.chat.delivery import CLOCKS_APART, LEASE
from bot.interview.events import InterviewOpened, Mode, PieceHeard
from bot.store import Candidate, Claim, Pace, Priority, Store, StoreAway
from tests.postgres import Server

SECOND = timedelta(seconds=1)
OPENED = InterviewOpened(persona="vp", mode=Mode.REAL, questions=("why-us",), seed=1)

# Ends as soon as somebody waits for a lock.
UNTIL_ONE_WAITS = """
DO $$ BEGIN
    FOR n IN 1..400 LOOP
        EXIT WHEN EXISTS (SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock');
        PERFORM pg_sleep(0.01), pg_stat_clear_snapshot();
    END LOOP;
END $$
"""


@pytest.fixture
def url(postgres_url: str) -> str:
    return postgres_url


@pytest.fixture
async def replicas(url: str) -> AsyncIterator[list[Store]]:
    stores = [await Store.open(url) for _ in range(2)]
    yield stores
    for store in stores:
        await store.close()


async def says(store: Store, chat: int, at: datetime, *texts: str, **how: Priority) -> None:
    async with store.turn(chat, at=at) as turn:
        for text in texts:
            turn.say("sendMessage", {"text": text}, **how)


async def claimed(replicas: list[Store], at: datetime, **how: object) -> list[list[Claim]]:
    """What the replicas claim side by side."""
    found = await asyncio.gather(*(each.outbox.claim(at, 30, **how) for each in replicas))
    return [claims for claims, _ in found]


async def test_one_update_taken_by_both_is_answered_once(replicas, chat, noon):
    async def take(store: Store) -> None:
        async with store.turn(chat, at=noon, update_id=41) as turn:
            if turn.seen:
                return
            turn.say("sendMessage", {"text": "hello"})

    await asyncio.gather(*(take(store) for store in replicas * 10))
    ((claim,), _) = await replicas[0].outbox.claim(noon, 9)
    await replicas[0].outbox.done(claim, noon, noon, 5)
    assert (await replicas[1].outbox.claim(noon, 9))[0] == []


async def test_turns_of_one_chat_never_overlap_not_even_the_first(replicas, chat, noon):
    async def take(store: Store, number: int) -> None:
        async with store.turn(chat, at=noon, update_id=number) as turn:
            if await turn.candidate() is None:
                await asyncio.sleep(0)
                await turn.save_candidate(Candidate(chat, "ready", noon))
                await turn.open_interview([OPENED])
            interview = await turn.current_interview()
            assert interview is not None
            heard = PieceHeard(text=f"{len(interview.events)}", message=number)
            await turn.append(interview.id, [heard])
            turn.say("sendMessage", {"text": f"{len(interview.events)}"})

    await asyncio.gather(*(take(replicas[n % 2], n) for n in range(16)))
    async with replicas[0].turn(chat, at=noon) as turn:
        interview = await turn.current_interview()
        assert [x.text for x in interview.events[1:]] == [str(n) for n in range(1, 17)]
    arrived = []
    for number in range(16):
        ((claim,), _) = await replicas[number % 2].outbox.claim(noon, 9)
        arrived.append(claim.payload["text"])
        await replicas[number % 2].outbox.done(claim, noon, noon, number)
    assert arrived == [str(n) for n in range(1, 17)]


async def test_a_turn_of_one_chat_keeps_no_other_waiting(replicas, chat, noon):
    async with replicas[0].turn(chat, at=noon) as turn:
        await turn.save_candidate(Candidate(chat, "ready", noon))
        async with replicas[1].turn(chat + 1, at=noon) as other:
            await other.save_candidate(Candidate(chat + 1, "ready", noon))


async def test_a_chat_whose_turn_is_in_hand_is_passed_over_and_looked_at_soon(replicas, chat, noon):
    await says(replicas[0], chat, noon, "one")
    await says(replicas[0], chat + 1, noon, "two")
    async with replicas[0].turn(chat, at=noon):
        (claim,), again_at = await replicas[1].outbox.claim(noon, 9)
        assert claim.chat_id == chat + 1
        assert noon < again_at < noon + SECOND / 10
    ((claim,), _) = await replicas[1].outbox.claim(noon, 9)
    assert claim.chat_id == chat


async def test_no_line_is_claimed_twice(replicas, noon):
    for chat in range(1, 41):
        await says(replicas[chat % 2], chat, noon, "first", "second")
    rounds = [await claimed(replicas, noon) for _ in range(3)]
    claims = [claim for both in rounds for each in both for claim in each]
    assert sorted(claim.chat_id for claim in claims) == list(range(1, 41))
    assert {claim.payload["text"] for claim in claims} == {"first"}


async def test_a_reminder_is_owed_to_one_replica_and_acted_on_once(replicas, noon):
    for chat in range(1, 21):
        async with replicas[0].turn(chat, at=noon) as turn:
            await turn.remind("drill", noon, {})
    both = await asyncio.gather(*(each.due_reminders(noon, 9) for each in replicas))
    told = [reminder.chat_id for due in both for reminder in due]
    assert len(set(told)) == len(told) == 18
    assert all(len(due) == 9 for due in both)

    async def act(store: Store) -> bool:
        async with store.turn(told[0], at=noon) as turn:
            return await turn.take_reminder("drill") is not None

    assert sorted(await asyncio.gather(*map(act, replicas))) == [False, True]


async def test_a_reminder_whose_replica_died_comes_back_after_its_lease(replicas, chat, noon):
    async with replicas[0].turn(chat, at=noon) as turn:
        await turn.remind("drill", noon, {})
    assert len(await replicas[0].due_reminders(noon, 9)) == 1
    assert await replicas[1].due_reminders(noon + 29 * SECOND, 9) == []
    assert len(await replicas[1].due_reminders(noon + 30 * SECOND, 9)) == 1


async def test_a_claim_whose_replica_died_comes_back_and_cannot_be_settled_late(
    replicas, chat, noon
):
    dead, alive = replicas
    await says(dead, chat, noon, "one", "two")
    lease = {"lease": 30 * SECOND}
    ((lost,), _) = await dead.outbox.claim(noon, 9, **lease)
    assert (await alive.outbox.claim(noon + 29 * SECOND, 9, **lease))[0] == []
    later = noon + 30 * SECOND
    ((again,), _) = await alive.outbox.claim(later, 9, **lease)
    assert (again.position, again.epoch) == (lost.position, lost.epoch + 1)
    await dead.outbox.postpone(lost, later, later, tried=True)
    assert (await dead.outbox.claim(later, 9, **lease))[0] == []
    await alive.outbox.done(again, later, later, 5)
    ((two,), _) = await dead.outbox.claim(later, 9, **lease)
    assert two.payload == {"text": "two"}


async def test_a_claim_that_is_out_for_long_stays_with_its_replica_while_it_lives(
    replicas, chat, noon
):
    at_work, other = replicas
    await says(at_work, chat, noon, "a call that takes long")
    lease = {"lease": 6 * SECOND}
    ((claim,), _) = await at_work.outbox.claim(noon, 9, **lease)
    for second in range(2, 25, 2):
        _, again_at = await at_work.outbox.claim(noon + second * SECOND, 0, **lease)
        assert again_at <= noon + (second + 2) * SECOND
        assert (await other.outbox.claim(noon + (second + 1) * SECOND, 9, **lease))[0] == []
    assert len((await other.outbox.claim(noon + 30 * SECOND, 9, **lease))[0]) == 1
    await at_work.outbox.done(claim, noon + 31 * SECOND, noon, 5)
    async with other.turn(chat, at=noon) as turn:
        assert (await turn.export())["outbox"] == []


@pytest.mark.parametrize("apart", [CLOCKS_APART, -CLOCKS_APART], ids=["ahead", "behind"])
async def test_a_claim_stays_with_its_replica_however_far_apart_the_clocks_may_be(
    replicas, chat, noon, apart
):
    at_work, other = replicas
    await says(at_work, chat, noon - CLOCKS_APART, "a call that takes long")
    assert len((await at_work.outbox.claim(noon, 9, lease=LEASE))[0]) == 1
    for second in range(1, 25):
        at = noon + second * SECOND
        assert (await other.outbox.claim(at + apart, 9, lease=LEASE))[0] == []
        if second % 3 == 0:  # a little late
            await at_work.outbox.claim(at, 0, lease=LEASE)
    comes_back = at + LEASE + CLOCKS_APART
    assert len((await other.outbox.claim(comes_back + apart, 9, lease=LEASE))[0]) == 1


@pytest.mark.parametrize("seconds", [2, -3600], ids=["renewing", "clock set back"])
async def test_whoever_locks_several_lanes_waits_with_none_that_comes_later(
    replicas, postgres: Server, noon, seconds
):
    at_work, other = replicas
    low, high = 3, 5
    for chat in (high, low):
        await says(other, chat, noon, "hello")
        ((claim,), _) = await at_work.outbox.claim(noon, 9)
        if seconds < 0:
            await at_work.outbox.postpone(claim, noon, noon + (9 - chat) * SECOND, tried=False)
    async with other.turn(low, at=noon):
        claiming = asyncio.create_task(at_work.outbox.claim(noon + seconds * SECOND, 9))
        await asyncio.to_thread(postgres.sql, UNTIL_ONE_WAITS)
        async with other.turn(high, at=noon):
            assert not claiming.done()
    await claiming


async def test_a_replica_that_starts_leaves_the_claims_of_others_alone(replicas, url, chat, noon):
    await says(replicas[0], chat, noon, "one")
    assert len((await replicas[0].outbox.claim(noon, 9))[0]) == 1
    late = await Store.open(url)
    assert (await late.outbox.claim(noon, 9))[0] == []
    await late.close()


async def test_what_others_write_is_looked_for_every_few_seconds(replicas, chat, noon):
    _, again_at = await replicas[0].outbox.claim(noon, 9)
    assert noon < again_at <= noon + 2 * SECOND


async def test_all_replicas_together_keep_the_pace(replicas, noon):
    for chat in range(1, 61):
        await says(replicas[0], chat, noon, "hello")
    made: list[datetime] = []
    for tenth in range(31):
        at = noon + tenth * SECOND / 10
        made += [at for each in await claimed(replicas, at, pace=Pace(20, 20)) for _ in each]
    assert len(made) == 60
    for moment in made:
        assert sum(moment <= other < moment + SECOND for other in made) <= 20


async def test_pruning_side_by_side_deletes_each_row_once(replicas, chat, noon):
    for number in range(20):
        async with replicas[0].turn(chat, at=noon, update_id=number):
            pass
    later = noon + timedelta(days=8)
    gone = [0, 0]
    while sum(gone) < 20:
        found = await asyncio.gather(*(each.prune(later, 3) for each in replicas))
        assert sum(found) > 0
        gone = [before + now for before, now in zip(gone, found, strict=True)]
    assert sum(gone) == 20


async def test_after_a_restart_of_the_server_the_next_turn_succeeds(
    replicas, postgres: Server, chat, noon
):
    for store in replicas:
        await says(store, chat, noon, "before")
    postgres.restart()
    for store in replicas:
        await says(store, chat, noon, "after")


async def test_a_turn_in_hand_when_the_server_dies_is_undone_and_succeeds_the_next_time(
    replicas, postgres: Server, chat, noon
):
    async def take(*, breaking: bool) -> bool:
        async with replicas[0].turn(chat, at=noon, update_id=1) as turn:
            await turn.save_candidate(Candidate(chat, "ready", noon))
            if breaking:
                postgres.restart()
            return turn.seen

    with pytest.raises(StoreAway):
        await take(breaking=True)
    assert await take(breaking=False) is False
    assert await take(breaking=False) is True


async def test_while_the_server_is_away_work_fails_and_goes_on_when_it_is_back(
    replicas, postgres: Server, chat, noon
):
    await says(replicas[0], chat, noon, "before")
    postgres.stop()
    try:
        for _ in range(2):
            with pytest.raises(StoreAway):
                await says(replicas[0], chat, noon, "lost")
            with pytest.raises(StoreAway):
                await replicas[0].outbox.claim(noon, 9)
    finally:
        postgres.start()
    ((claim,), _) = await replicas[0].outbox.claim(noon, 9)
    assert claim.payload == {"text": "before"}
