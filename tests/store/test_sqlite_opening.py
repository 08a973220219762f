"""Opening a SQLite file: made, migrated, and guarded against a second process."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest

import bot
from bot.settings import read_settings
from bot.store import Candidate, Store, StoreAway, StoreBusy, StoreError

FOREIGN = ["mysql://me:secret@host/db", "nonsense", ""]
URLS_OF_NO_FILE = [
    "sqlite://",
    "sqlite:///:memory:",
    "sqlite:///file:x.db?mode=memory&uri=true",
    "sqlite:///x.db?timeout=1",
]


@pytest.fixture
def url(sqlite_url: str) -> str:
    return sqlite_url


OPEN_AND_WAIT = """
import asyncio, sys
from bot.store import Store, StoreBusy

async def main():
    try:
        store = await Store.open(sys.argv[1])
    except StoreBusy as error:
        print("busy", error, flush=True)
        return
    print("open", "alembic" in sys.modules, flush=True)
    sys.stdin.readline()
    await store.close()

asyncio.run(main())
"""


def another_process(url: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", OPEN_AND_WAIT, url],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": str(Path(bot.__file__).parents[1])},
    )


async def told(store: Store, statement: str) -> object:
    """The first value that the database answers."""
    return await store._database.run(lambda c: c.exec_driver_sql(statement).scalar())


async def test_the_folder_and_the_file_are_made(tmp_path, noon):
    store = await Store.open(f"sqlite:///{tmp_path}/data/deep/bot.db")
    async with store.turn(1, at=noon) as turn:
        assert await turn.candidate() is None
    await store.close()
    assert (tmp_path / "data" / "deep" / "bot.db").exists()


async def test_only_their_owner_may_read_the_folder_and_the_files(tmp_path, noon):
    folder = tmp_path / "data"
    store = await Store.open(f"sqlite:///{folder}/bot.db")
    async with store.turn(1, at=noon) as turn:
        await turn.save_candidate(Candidate(1, "ready", noon))
    modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in folder.iterdir()}
    await store.close()
    assert modes == dict.fromkeys(("bot.db", "bot.db-wal", "bot.db-shm", "bot.db.lock"), 0o600)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


async def test_files_from_before_are_closed_to_others_and_their_folder_is_left_alone(url, tmp_path):
    await (await Store.open(url)).close()
    tmp_path.chmod(0o755)
    for file in tmp_path.iterdir():
        file.chmod(0o644)
    await (await Store.open(url)).close()
    assert {stat.S_IMODE(file.stat().st_mode) for file in tmp_path.iterdir()} == {0o600}
    assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o755


@pytest.mark.parametrize("name", ["what?", "a#b", "50%", "%3F", "two words", "é & co."])
async def test_a_folder_of_any_name_holds_the_database(name, tmp_path, monkeypatch):
    folder = tmp_path / name
    monkeypatch.setenv("DATA_DIR", str(folder))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    store = await Store.open(read_settings().database)
    held = sorted(file.name for file in folder.iterdir())
    await store.close()
    assert [each.name for each in tmp_path.iterdir()] == [name]
    assert {"second-round.sqlite", "second-round.sqlite-wal"} < set(held)


@pytest.mark.parametrize("url", URLS_OF_NO_FILE)
async def test_a_url_that_is_no_sqlite_file_is_refused_with_an_example(url):
    with pytest.raises(StoreError, match="sqlite:///"):
        await Store.open(url)


@pytest.mark.parametrize("url", FOREIGN)
async def test_a_database_of_another_kind_is_refused_without_telling_its_password(url):
    with pytest.raises(StoreError, match=r"sqlite:///.* or postgresql://") as refused:
        await Store.open(url)
    assert "secret" not in str(refused.value)


async def test_a_place_that_cannot_hold_a_database_is_named(tmp_path):
    (tmp_path / "notes").write_text("Not a database, but long enough to be read as one. " * 99)
    (tmp_path / "notebook").mkdir()
    for place in ("notes", "notes/bot.db", "notebook"):
        with pytest.raises(StoreError, match=r"note.* cannot be") as refused:
            await Store.open(f"sqlite:///{tmp_path}/{place}")
        assert not isinstance(refused.value, StoreAway), "it will be no better later"


async def test_a_second_store_on_the_same_file_is_refused(store, url):
    with pytest.raises(StoreBusy, match="Stop that one first"):
        await Store.open(url)


@pytest.mark.parametrize("linked", ["file", "folder"])
async def test_a_second_store_is_refused_by_whatever_link_it_comes(store, tmp_path, linked):
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    (folder / "link.db").symlink_to(tmp_path / "bot.db")
    (folder / "link").symlink_to(tmp_path)
    name = {"file": "link.db", "folder": "link/bot.db"}[linked]
    with pytest.raises(StoreBusy, match=rf"{name} is in use"):
        await Store.open(f"sqlite:///{folder}/{name}")
    assert not (folder / "link.db.lock").exists()


async def test_a_second_process_is_refused_until_the_first_is_gone(url):
    store = await Store.open(url)
    second = another_process(url)
    assert second.stdout.readline().startswith("busy")
    second.communicate()
    await store.close()

    third = another_process(url)
    assert third.stdout.readline().startswith("open")
    with pytest.raises(StoreBusy):
        await Store.open(url)
    third.send_signal(signal.SIGKILL)
    third.communicate()
    await (await Store.open(url)).close()


async def test_a_database_that_is_up_to_date_opens_without_alembic(url):
    await (await Store.open(url)).close()
    process = another_process(url)
    assert process.stdout.readline().split() == ["open", "False"]
    process.communicate("\n")


async def test_answers_are_on_the_disk_before_telegram_hears_that_they_arrived(store):
    for pragma, value in (("journal_mode", "wal"), ("synchronous", 2), ("foreign_keys", 1)):
        assert await told(store, f"PRAGMA {pragma}") == value


async def test_a_disk_that_is_full_is_trouble_that_passes(store, noon):
    await told(store, "PRAGMA max_page_count=1")
    with pytest.raises(StoreAway, match="full"):
        async with store.turn(1, at=noon) as turn:
            turn.say("sendMessage", {"text": "x" * 99_999})
    await told(store, "PRAGMA max_page_count=99999")
    async with store.turn(1, at=noon) as turn:
        turn.say("sendMessage", {"text": "x" * 99_999})
