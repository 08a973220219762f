"""A candidate who asks to be forgotten leaves no row; test_sqlite_wiping.py is about the bytes."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.store.writing import writes


async def test_forgetting_leaves_no_row_but_the_ids_of_updates(store, chat, noon):
    async with store.turn(chat, at=noon, update_id=1) as turn:
        await writes(turn, "my story")
    await store.record_failure(chat, "{}", "my story", noon)
    async with store.turn(chat, at=noon, update_id=2) as turn:
        await turn.forget()
    async with store.turn(chat, at=noon) as turn:
        left = {table: rows for table, rows in (await turn.export()).items() if rows}
    assert left == {"updates": [{"update_id": n, "at": noon.isoformat()} for n in (1, 2)]}


async def test_what_came_before_the_wish_is_not_news_when_it_comes_again(store, chat, noon):
    async with store.turn(chat, at=noon, update_id=1) as turn:
        await writes(turn, "my story")
    async with store.turn(chat, at=noon, update_id=2) as turn:
        await turn.forget()
    async with store.turn(chat, at=noon, update_id=1) as turn:
        assert turn.seen


async def test_the_wish_delivered_twice_does_not_greet_a_stranger(store, chat, noon):
    async with store.turn(chat, at=noon, update_id=2) as turn:
        await turn.forget()
    async with store.turn(chat, at=noon, update_id=2) as turn:
        assert turn.seen


async def test_others_keep_everything(store, chat, noon):
    for who in (chat, chat + 1):
        async with store.turn(who, at=noon, update_id=1) as turn:
            await writes(turn, f"story of {who}")
    async with store.turn(chat + 1, at=noon) as turn:
        before = await turn.export()
    async with store.turn(chat, at=noon) as turn:
        await turn.forget()
    async with store.turn(chat + 1, at=noon) as turn:
        assert await turn.export() == before


async def test_the_goodbye_is_sent_and_then_even_it_is_gone(store, chat, noon):
    async with store.turn(chat, at=noon, update_id=1) as turn:
        await writes(turn, "my story")
    async with store.turn(chat, at=noon, update_id=2) as turn:
        turn.say("sendMessage", {"text": "said before"})
        await turn.forget()
        turn.say("sendMessage", {"text": "Goodbye."}, slot="goodbye")
    ((claim,), _) = await store.outbox.claim(noon, 5)
    assert claim.payload == {"text": "Goodbye."}
    await store.outbox.done(claim, noon, noon, 77)
    async with store.turn(chat, at=noon) as turn:
        left = {table: rows for table, rows in (await turn.export()).items() if rows}
    assert set(left) == {"updates"}


@pytest.mark.parametrize("goodbye", [True, False])
async def test_a_message_on_its_way_while_its_candidate_is_forgotten_leaves_no_trace(
    store, chat, noon, goodbye
):
    async with store.turn(chat, at=noon, update_id=1) as turn:
        await writes(turn, "my story")
    ((on_its_way,), _) = await store.outbox.claim(noon, 5)
    async with store.turn(chat, at=noon, update_id=2) as turn:
        await turn.forget()
        if goodbye:
            turn.say("sendMessage", {"text": "Goodbye."})
    assert (await store.outbox.claim(noon + timedelta(seconds=9), 5))[0] == []
    await store.outbox.done(on_its_way, noon, noon, 77)
    claims, _ = await store.outbox.claim(noon, 5)
    assert [claim.payload["text"] for claim in claims] == ["Goodbye."] * goodbye
    for claim in claims:
        await store.outbox.done(claim, noon, noon, 78)
    async with store.turn(chat, at=noon) as turn:
        left = {table: rows for table, rows in (await turn.export()).items() if rows}
    assert set(left) == {"updates"}


async def test_who_comes_back_starts_anew(store, chat, noon):
    for update_id in (1, 3):
        async with store.turn(chat, at=noon, update_id=update_id) as turn:
            assert await turn.candidate() is None
            await writes(turn, "my story")
            assert (await turn.current_interview()).id == 1
        async with store.turn(chat, at=noon, update_id=update_id + 1) as turn:
            await turn.forget()
