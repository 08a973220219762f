"""A candidate who asks to be forgotten is: no row, and no byte of what they wrote."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from random import Random

import pytest

from bot.interview.events import InterviewOpened, Mode, PieceHeard
from bot.store import Attempt, Candidate, Store, Turn, engine

OPENED = InterviewOpened(persona="vp", mode=Mode.REAL, questions=("why-us",), seed=1)


async def writes(turn: Turn, words: str, *, go: int = 1) -> None:
    """Have the candidate leave `words` in every table that takes words."""
    await turn.save_candidate(
        Candidate(turn.chat_id, "ready", turn.at, words, words, {"note": words})
    )
    interview = await turn.current_interview()
    number = interview.id if interview else await turn.open_interview([OPENED])
    await turn.append(number, [PieceHeard(text=words, message=1)])
    await turn.save_attempt(
        Attempt(number, 1, go, "why-us", "c", words, 0, 2.0, words, {"quote": words}, turn.at)
    )
    await turn.remind("note", turn.at, {"who": words})
    turn.say("sendMessage", {"text": words}, slot="note")


def found_in_files(folder: Path, words: str) -> list[str]:
    files = [path for path in folder.iterdir() if path.is_file()]
    return [path.name for path in files if words.encode() in path.read_bytes()]


async def test_forgetting_leaves_no_row_but_the_update_just_handled(store, chat, noon):
    async with store.turn(chat, at=noon, update_id=1) as turn:
        await writes(turn, "my story")
    await store.record_failure(chat, "{}", "my story", noon)
    async with store.turn(chat, at=noon, update_id=2) as turn:
        await turn.forget()
    async with store.turn(chat, at=noon) as turn:
        left = {table: rows for table, rows in (await turn.export()).items() if rows}
    assert left == {"updates": [{"update_id": 2, "at": noon.isoformat()}]}


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
    assert await store.outbox.claim(noon, 5) == ([], noon + timedelta(minutes=2))
    await store.outbox.done(on_its_way, noon, noon, 77)
    claims, _ = await store.outbox.claim(noon, 5)
    assert [claim.payload["text"] for claim in claims] == ["Goodbye."] * goodbye
    for claim in claims:
        await store.outbox.done(claim, noon, noon, 78)
    async with store.turn(chat, at=noon) as turn:
        left = {table: rows for table, rows in (await turn.export()).items() if rows}
    assert set(left) == {"updates"}


async def test_the_text_of_a_sent_message_does_not_stay_in_the_file(url, chat, noon, tmp_path):
    store = await Store.open(url)
    async with store.turn(chat, at=noon) as turn:
        turn.say("sendMessage", {"text": "You said: my story"})
    ((claim,), _) = await store.outbox.claim(noon, 5)
    await store.outbox.done(claim, noon, noon, 77)
    await store.close()
    assert found_in_files(tmp_path, "my story") == []


async def test_who_comes_back_starts_anew(store, chat, noon):
    for update_id in (1, 3):
        async with store.turn(chat, at=noon, update_id=update_id) as turn:
            assert await turn.candidate() is None
            await writes(turn, "my story")
            assert (await turn.current_interview()).id == 1
        async with store.turn(chat, at=noon, update_id=update_id + 1) as turn:
            await turn.forget()


async def a_history(store: Store, seed: int, noon: datetime) -> list[int]:
    """Let twelve candidates write, close together and over each other; returns who they are."""
    chance = Random(seed)
    people = [chance.randrange(1, 10**9) for _ in range(12)]
    for number in range(120):
        who = chance.choice(people)
        words = f"SECRET{who:010d} " * chance.choice([1, 5, 20, 80, 300])
        async with store.turn(who, at=noon, update_id=number) as turn:
            await writes(turn, words, go=chance.randrange(3))
        if chance.random() < 0.3:
            for claim in (await store.outbox.claim(noon, 5))[0]:
                await store.outbox.done(claim, noon, noon, number)
    return people


async def test_no_byte_of_what_was_written_is_left_in_any_file(store, tmp_path, noon):
    # In this history secure_delete alone leaves words of two of them behind.
    for who in await a_history(store, 8, noon):
        mark = f"SECRET{who:010d}"
        assert found_in_files(tmp_path, mark)
        async with store.turn(who, at=noon) as turn:
            await turn.forget()
            turn.say("sendMessage", {"text": "Goodbye."})
        await store.wipe()
        assert found_in_files(tmp_path, mark) == []


async def forgotten_but_readable(store: Store, noon: datetime, folder: Path) -> str:
    """Let people write and be forgotten until the file itself still holds words of one."""
    for who in await a_history(store, 8, noon):
        async with store.turn(who, at=noon) as turn:
            await turn.forget()
        reader = engine.sqlite3.connect(folder / "bot.db")
        reader.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        reader.close()
        if found_in_files(folder, mark := f"SECRET{who:010d}"):
            return mark
    pytest.fail("secure_delete alone was enough in this history")


async def test_closing_wipes_what_was_forgotten_since_the_last_tick(url, noon, tmp_path):
    store = await Store.open(url)
    mark = await forgotten_but_readable(store, noon, tmp_path)
    await store.close()
    assert found_in_files(tmp_path, mark) == []


async def test_a_wipe_that_a_crash_prevented_is_made_good_at_the_next_start(
    url, noon, tmp_path, monkeypatch
):
    async def crashes(_: object) -> None:
        raise KeyboardInterrupt

    store = await Store.open(url)
    mark = await forgotten_but_readable(store, noon, tmp_path)
    with monkeypatch.context() as patched:
        patched.setattr(engine, "rebuild", crashes)
        with pytest.raises(KeyboardInterrupt):
            await store.close()
    assert found_in_files(tmp_path, mark)
    store = await Store.open(url)
    assert found_in_files(tmp_path, mark) == []
    async with store._work() as connection:
        assert not await engine.needs_wiping(connection)
    await store.close()


async def test_a_reader_in_the_way_only_delays_the_wipe(store, chat, noon, tmp_path):
    async with store.turn(chat, at=noon) as turn:
        await writes(turn, "my story")
    async with store._work() as connection:
        await connection.exec_driver_sql("PRAGMA busy_timeout=0")
    reader = engine.sqlite3.connect(tmp_path / "bot.db", isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM events").fetchone()
    async with store.turn(chat, at=noon) as turn:
        await turn.forget()
    await store.wipe()
    assert found_in_files(tmp_path, "my story")
    reader.close()
    await store.wipe()
    assert found_in_files(tmp_path, "my story") == []


async def test_a_wipe_that_fails_keeps_nobody_waiting_and_is_tried_again(
    store, chat, noon, tmp_path, monkeypatch
):
    async def disk_is_full(_: object) -> None:
        raise engine.sqlite3.OperationalError("database or disk is full")

    async with store.turn(chat, at=noon) as turn:
        await writes(turn, "my story")
    with monkeypatch.context() as patched:
        patched.setattr(engine, "rebuild", disk_is_full)
        async with store.turn(chat, at=noon) as turn:
            await turn.forget()
        await store.wipe()
        async with store.turn(chat + 1, at=noon) as turn:
            await writes(turn, "another")
    await store.wipe()
    assert found_in_files(tmp_path, "my story") == []
