"""A deleted chat: nothing of it can be read in any file, and the stand-in goes on as before."""

from __future__ import annotations

import sqlite3
import stat
from pathlib import Path

import pytest
from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.local.telegram import LocalTelegram

SECRET = "Mrs Quillfeather of bed nine"
LATER = 60  # seconds


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "chat.sqlite"


def told(folder: Path) -> list[str]:
    """The files below `folder` that hold the secret."""
    return [file.name for file in folder.iterdir() if SECRET.encode() in file.read_bytes()]


async def test_no_file_holds_a_word_of_a_deleted_chat(path, bot_on) -> None:
    server = LocalTelegram.open(path)
    bot = bot_on(server)
    ids = await server.sends(1, f"{SECRET} " + "and more " * 2000)
    await server.edits(1, ids[-1], f"{SECRET}, at last")
    await server.sends_document(1, f"a,{SECRET}".encode(), f"{SECRET}.csv", caption=SECRET)
    rows = InlineKeyboardMarkup([[InlineKeyboardButton(SECRET, callback_data=SECRET)]])
    sent = await bot.send_message(1, SECRET, reply_markup=rows)
    await server.taps(1, sent.message_id, SECRET)
    assert told(path.parent) != []
    server.delete_chat(1)
    assert told(path.parent) == []
    assert (server.messages(1), server.spinning(1), await bot.get_updates()) == ([], [], ())
    server.close()


async def test_a_wipe_that_was_cut_short_is_made_good_at_the_next_start(path) -> None:
    server = LocalTelegram.open(path)
    await server.sends(1, SECRET)
    server.close()
    # As a process leaves it that ends after the commit: the rows are gone, their traces are not.
    with sqlite3.connect(path) as left:
        left.execute("PRAGMA secure_delete = OFF")
        for table in ("message", "pending_update"):
            left.execute(f"DELETE FROM {table}")
        left.execute("PRAGMA user_version = 1")
    left.close()
    assert told(path.parent) == [path.name]
    server = LocalTelegram.open(path)
    assert told(path.parent) == []
    server.close()


async def test_other_chats_keep_their_messages_files_and_updates(server, bot, clock) -> None:
    await server.sends_document(1, b"one", "one.csv")
    await server.sends_document(2, b"two", "two.csv")
    server.delete_chat(1)
    (kept,) = server.messages(2)
    assert b"".join(server.chunks(kept.file.file_id)) == b"two"
    (update,) = await bot.get_updates()
    assert update.message.document.file_name == "two.csv"


async def test_ids_go_on_and_the_bot_can_write_again(server, bot, chat) -> None:
    (before,) = await server.sends(chat, "one")
    (update,) = await bot.get_updates()
    server.delete_chat(chat)
    (after,) = await server.sends(chat, "two")
    (later,) = await bot.get_updates()
    assert after > before
    assert later.update_id > update.update_id
    await bot.send_message(chat, "Welcome back")
    assert [each.text for each in server.messages(chat)] == ["two", "Welcome back"]


async def test_a_download_that_rests_does_not_keep_the_chat_from_being_deleted(server, chat):
    await server.sends_document(chat, b"x" * 200_000, "long.csv")
    chunks = server.chunks(server.messages(chat)[-1].file.file_id)
    assert len(next(chunks)) < 200_000
    server.delete_chat(chat)
    assert server.messages(chat) == []


async def test_a_new_file_has_ids_that_the_one_before_it_never_used(path, clock, bot_on) -> None:
    seen: list[tuple[int, int]] = []
    for _ in range(2):
        server = LocalTelegram.open(path, clock)
        (message_id,) = await server.sends(1, "Hi")
        (update,) = await bot_on(server).get_updates()
        seen.append((message_id, update.update_id))
        server.close()
        path.unlink()
        clock.now += LATER
    (message, update_id), (later_message, later_update_id) = seen
    assert later_message > message
    assert later_update_id > update_id


def test_only_its_owner_may_read_the_file_even_one_from_before(path) -> None:
    path.touch(mode=0o644)
    server = LocalTelegram.open(path)
    modes = {stat.S_IMODE(file.stat().st_mode) for file in path.parent.iterdir()}
    server.close()
    assert modes == {0o600}
