"""Opening a database: made, migrated, guarded; and every migration goes up, down and up."""

from __future__ import annotations

import os
import signal
import sqlite3
import stat
import subprocess
import sys
from pathlib import Path

import alembic.autogenerate
import pytest
import sqlalchemy as sa
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

import bot
from bot.settings import read_settings
from bot.store import Candidate, Store, StoreBusy, StoreError, StoreTooNew, engine
from bot.store.migrations.run import config, downgrade, upgrade
from bot.store.tables import metadata

URLS_OF_NO_FILE = [
    "sqlite:///x.db",
    "postgresql://host/db",
    "sqlite+aiosqlite://",
    "sqlite+aiosqlite:///:memory:",
    "sqlite+aiosqlite:///file:x.db?mode=memory&uri=true",
    "sqlite+aiosqlite:///x.db?timeout=1",
]

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


async def test_the_folder_and_the_file_are_made(tmp_path, noon):
    store = await Store.open(f"sqlite+aiosqlite:///{tmp_path}/data/deep/bot.db")
    async with store.turn(1, at=noon) as turn:
        assert await turn.candidate() is None
    await store.close()
    assert (tmp_path / "data" / "deep" / "bot.db").exists()


async def test_only_their_owner_may_read_the_folder_and_the_files(tmp_path, noon):
    folder = tmp_path / "data"
    store = await Store.open(f"sqlite+aiosqlite:///{folder}/bot.db")
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


async def test_what_was_stored_is_there_after_opening_again(url, chat, noon):
    for expected in (None, Candidate(chat, "ready", noon)):
        store = await Store.open(url)
        async with store.turn(chat, at=noon) as turn:
            assert await turn.candidate() == expected
            await turn.save_candidate(Candidate(chat, "ready", noon))
        await store.close()


@pytest.mark.parametrize("url", URLS_OF_NO_FILE)
async def test_a_url_that_is_no_sqlite_file_is_refused_with_an_example(url):
    with pytest.raises(StoreError, match="sqlite\\+aiosqlite:///"):
        await Store.open(url)


async def test_a_place_that_cannot_hold_a_database_is_named(tmp_path):
    (tmp_path / "notes").write_text("Not a database, but long enough to be read as one. " * 99)
    for place in ("notes", "notes/bot.db"):
        with pytest.raises(StoreError, match=r"notes.* cannot be"):
            await Store.open(f"sqlite+aiosqlite:///{tmp_path}/{place}")


async def test_a_second_store_on_the_same_file_is_refused(store, url):
    with pytest.raises(StoreBusy, match="Stop that one first"):
        await Store.open(url)


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


async def test_a_database_from_a_newer_bot_is_left_alone(url, tmp_path):
    await (await Store.open(url)).close()
    with sqlite3.connect(tmp_path / "bot.db") as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    for _ in range(2):  # the second time shows that the first let go of the file
        with pytest.raises(StoreTooNew, match="9999"):
            await Store.open(url)


async def test_answers_are_on_the_disk_before_telegram_hears_that_they_arrived(store):
    async with store._work() as connection:
        for pragma, value in (("journal_mode", "wal"), ("synchronous", 2), ("foreign_keys", 1)):
            found = await connection.exec_driver_sql(f"PRAGMA {pragma}")
            assert found.scalar() == value


def test_the_code_knows_which_migration_is_the_newest():
    assert ScriptDirectory.from_config(config()).get_heads() == [engine.HEAD]


async def test_migrations_go_up_and_down_and_up_with_data_in_them(url, store, known, noon):
    await store.close()
    database = engine.create_engine(url, foreign_keys=False)
    steps = [step.revision for step in ScriptDirectory.from_config(config()).walk_revisions()]
    for step in steps:
        down = ScriptDirectory.from_config(config()).get_revision(step).down_revision or "base"
        await downgrade(database, down)
        await upgrade(database, step)
        await downgrade(database, down)
    async with database.connect() as connection:
        left = await connection.run_sync(lambda sync: sa.inspect(sync).get_table_names())
    assert left == ["alembic_version"]
    await upgrade(database)
    await database.dispose()
    await (await Store.open(url)).close()


async def test_the_migrated_database_is_what_the_code_describes(url, store):
    def differences(connection: sa.Connection) -> list[object]:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return alembic.autogenerate.compare_metadata(context, metadata)

    async with store._work() as connection:
        assert await connection.run_sync(differences) == []


async def test_indexes_and_constraints_are_what_the_code_describes(store):
    """compare_metadata overlooks partial indexes and what a foreign key does on delete."""

    def shapes(connection: sa.Connection) -> dict[str, str]:
        rows = connection.exec_driver_sql(
            "SELECT name, sql FROM sqlite_master WHERE sql <> '' AND tbl_name NOT LIKE 'alem%'"
        )
        return {name: " ".join(str(sql).split()) for name, sql in rows}

    async with store._work() as connection:
        migrated = await connection.run_sync(shapes)
    described = sa.create_engine("sqlite://")
    with described.begin() as connection:
        metadata.create_all(connection)
        assert migrated == shapes(connection)
    described.dispose()


def test_every_table_is_keyed_by_the_candidate_first():
    for table in metadata.tables.values():
        assert next(iter(table.primary_key.columns)).name == "candidate_id"
