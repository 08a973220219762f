"""Updates are delivered until they are acknowledged, whatever happens in between."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from pathlib import Path

import telegram

from bot.local.telegram import LocalTelegram


def texts(updates: tuple[telegram.Update, ...]) -> list[str | None]:
    return [update.effective_message.text for update in updates]


async def test_an_update_comes_again_until_a_higher_offset_is_asked_for(bot, server) -> None:
    await server.sends(1, "one")
    await server.sends(1, "two")
    first = await bot.get_updates()
    assert texts(first) == ["one", "two"]
    assert texts(await bot.get_updates(offset=first[0].update_id)) == ["one", "two"]
    assert texts(await bot.get_updates(offset=first[1].update_id)) == ["two"]
    assert await bot.get_updates(offset=first[1].update_id + 1) == ()
    assert (await bot.get_webhook_info()).pending_update_count == 0


async def test_limit_and_negative_offset_work_as_documented(bot, server) -> None:
    for text in ("one", "two", "three"):
        await server.sends(1, text)
    assert texts(await bot.get_updates(limit=2)) == ["one", "two"]
    assert texts(await bot.get_updates(offset=-1)) == ["three"]
    assert texts(await bot.get_updates()) == ["three"]


async def test_a_long_poll_ends_with_the_message_it_waited_for(bot, server) -> None:
    poll = asyncio.create_task(bot.get_updates(timeout=30))
    await asyncio.sleep(0)
    await server.sends(1, "at last")
    assert texts(await poll) == ["at last"]


async def test_kinds_that_the_bot_does_not_want_are_not_kept(bot, server) -> None:
    await bot.get_updates(allowed_updates=["message"])
    (message_id,) = await server.sends(1, "one")
    await server.edits(1, message_id, "two")
    assert texts(await bot.get_updates()) == ["one"]


async def test_pending_updates_can_be_dropped(bot, server) -> None:
    await server.sends(1, "old")
    await bot.delete_webhook(drop_pending_updates=True)
    assert await bot.get_updates() == ()


async def test_many_candidates_have_their_own_chats(bot, server) -> None:
    for chat_id in (5, 6):
        await server.sends(chat_id, f"I am {chat_id}")
    updates = await bot.get_updates()
    assert [u.effective_user.id for u in updates] == [5, 6]
    await bot.send_message(6, "Hello, six")
    assert [m.text for m in server.messages(5)] == ["I am 5"]
    assert [m.text for m in server.messages(6)] == ["I am 6", "Hello, six"]


async def test_a_group_is_told_apart(bot, server) -> None:
    await server.sends(-7, "/start", kind="group")
    (update,) = await bot.get_updates()
    assert update.effective_chat.type == "group"
    assert update.effective_user.id == 1


async def test_after_a_restart_the_chat_is_there_and_ids_go_on(tmp_path: Path, bot_on) -> None:
    path = tmp_path / "telegram.sqlite"
    before = LocalTelegram.open(path)
    async with bot_on(before) as bot:
        await before.sends(1, "one")
        (update,) = await bot.get_updates()
        await bot.get_updates(offset=update.update_id + 1)
        sent = await bot.send_message(1, "Hello")
        await sent.delete()
        await before.sends(1, "two")
    before.close()

    after = LocalTelegram.open(path)
    async with bot_on(after) as bot:
        (again,) = await bot.get_updates()
        assert again.message.text == "two"
        assert again.update_id > update.update_id
        assert [m.text for m in after.messages(1)] == ["one", "two"]
        assert (await bot.send_message(1, "Hi")).message_id == sent.message_id + 2
    after.close()


def test_nobody_else_on_the_computer_may_read_the_file(tmp_path: Path) -> None:
    path = tmp_path / "telegram.sqlite"
    server = LocalTelegram.open(path)
    assert [file.stat().st_mode & 0o077 for file in tmp_path.iterdir()] == [0, 0, 0]
    server.close()


KILLED = """
import asyncio, os, signal, sys
from bot.local.telegram import LocalTelegram

async def main():
    server = LocalTelegram.open(sys.argv[1])
    for number in range(20):
        await server.sends(1, f"message {number}")
    os.kill(os.getpid(), signal.SIGKILL)

asyncio.run(main())
"""


async def test_nothing_sent_is_lost_when_the_process_is_killed(tmp_path: Path, bot_on) -> None:
    path = tmp_path / "telegram.sqlite"
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", KILLED, str(path), env=environment
    )
    assert await process.wait() == -signal.SIGKILL
    server = LocalTelegram.open(path)
    async with bot_on(server) as bot:
        expected = [f"message {number}" for number in range(20)]
        assert texts(await bot.get_updates()) == expected
        assert [m.text for m in server.messages(1)] == expected
    server.close()
