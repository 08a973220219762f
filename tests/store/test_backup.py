"""A copy of the database while it is in use, and the way back."""

from __future__ import annotations

import os
import shutil
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.store import Candidate, Store, StoreBusy, StoreError, StoreTooNew
from bot.store.backup import back_up, restore
from bot.store.dumping import instead_of

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.fixture
def place(sqlite_url: str) -> Path:
    return Path(sqlite_url.removeprefix("sqlite:///"))


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return tmp_path / "kept" / "copy.db"


@pytest.fixture(autouse=True)
def nothing_else_is_left(tmp_path: Path) -> Iterator[None]:
    """Whatever happens, no half-made file stays."""
    yield
    assert [each.name for each in tmp_path.rglob("*.new*")] == []


async def says(store: Store, stage: str) -> None:
    async with store.turn(7, at=NOON) as turn:
        await turn.save_candidate(Candidate(7, stage, NOON))


async def stage_in(url: str) -> str | None:
    store = await Store.open(url)
    async with store.turn(7, at=NOON) as turn:
        candidate = await turn.candidate()
    await store.close()
    return candidate and candidate.stage


def url_of(path: Path) -> str:
    return f"sqlite:///{path}"


async def test_a_copy_made_while_the_bot_works_holds_all_that_was_committed(sqlite_url, copy):
    store = await Store.open(sqlite_url)
    await says(store, "before")
    size = back_up(sqlite_url, copy)
    await says(store, "after")
    await store.close()
    assert size == copy.stat().st_size
    assert await stage_in(url_of(copy)) == "before"
    assert await stage_in(sqlite_url) == "after"


async def test_a_copy_made_in_the_middle_of_a_turn_holds_nothing_of_it(sqlite_url, copy):
    store = await Store.open(sqlite_url)
    await says(store, "before")
    async with store.turn(7, at=NOON) as turn:
        await turn.save_candidate(Candidate(7, "half", NOON))
        back_up(sqlite_url, copy)
    await store.close()
    assert await stage_in(url_of(copy)) == "before"


def test_a_copy_is_one_private_file(sqlite_url, copy):
    old = os.umask(0)
    try:
        back_up(sqlite_url, copy)
    finally:
        os.umask(old)
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    assert [each.name for each in copy.parent.iterdir()] == [copy.name]


def test_an_older_copy_is_replaced_only_by_a_whole_one(sqlite_url, copy, place):
    back_up(sqlite_url, copy)
    before = copy.read_bytes()
    shutil.copy(place, place.with_name("sound.db"))
    damage(place)
    with pytest.raises(StoreError, match=r"damaged|malformed"):
        back_up(sqlite_url, copy)
    assert copy.read_bytes() == before
    place.with_name("sound.db").rename(place)
    back_up(sqlite_url, copy)


def test_a_copy_is_not_put_where_something_else_is(sqlite_url, tmp_path, place):
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(StoreError, match=r"notes\.txt is there and is no backup"):
        back_up(sqlite_url, tmp_path / "notes.txt")
    assert (tmp_path / "notes.txt").read_text() == "mine"
    with pytest.raises(StoreError, match="is the database itself"):
        back_up(sqlite_url, place)
    with pytest.raises(StoreError, match="is a folder"):
        back_up(sqlite_url, tmp_path)
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="cannot be written"):
        back_up(sqlite_url, tmp_path / "file" / "copy.db")


def test_without_a_database_there_is_nothing_to_copy(tmp_path, copy):
    with pytest.raises(StoreError, match="nothing to back up"):
        back_up(url_of(tmp_path / "none.db"), copy)
    assert not copy.exists()
    assert not (tmp_path / "none.db").exists()


def test_a_database_of_something_else_is_not_copied(tmp_path, copy):
    other = tmp_path / "other.db"
    with closing(sqlite3.connect(other)) as connection:
        connection.execute("CREATE TABLE notes (text)")
    with pytest.raises(StoreError, match="no data of this bot"):
        back_up(url_of(other), copy)
    assert not copy.exists()


async def test_a_restored_copy_is_what_the_bot_finds_and_what_was_there_is_kept(
    sqlite_url, copy, place
):
    store = await Store.open(sqlite_url)
    await says(store, "in the copy")
    back_up(sqlite_url, copy)
    await says(store, "since then")
    await store.close()
    kept = restore(sqlite_url, copy, NOON)
    assert kept == place.with_name(f"{place.name}.before-20261122-120000")
    assert stat.S_IMODE(place.stat().st_mode) == stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert await stage_in(sqlite_url) == "in the copy"
    assert await stage_in(url_of(kept)) == "since then"
    assert copy.exists()


async def test_what_a_killed_bot_left_in_its_log_is_kept_too(sqlite_url, copy, place, tmp_path):
    back_up(sqlite_url, copy)
    store = await Store.open(sqlite_url)
    await says(store, "only in the log")
    killed = tmp_path / "killed" / "bot.db"
    killed.parent.mkdir()
    for end in ("", "-wal", "-shm"):
        shutil.copy(place.with_name(place.name + end), killed.with_name(killed.name + end))
    await store.close()
    kept = restore(url_of(killed), copy, NOON)
    assert kept is not None
    assert await stage_in(url_of(killed)) is None
    assert await stage_in(url_of(kept)) == "only in the log"


async def test_a_damaged_database_gives_way_to_its_copy(sqlite_url, copy, place):
    store = await Store.open(sqlite_url)
    await says(store, "in the copy")
    await store.close()
    back_up(sqlite_url, copy)
    place.write_bytes(b"nonsense" * 1000)
    kept = restore(sqlite_url, copy, NOON)
    assert kept is not None
    assert kept.read_bytes() == b"nonsense" * 1000
    assert await stage_in(sqlite_url) == "in the copy"


async def test_a_copy_is_restored_where_nothing_was(sqlite_url, copy, tmp_path):
    back_up(sqlite_url, copy)
    elsewhere = url_of(tmp_path / "new" / "bot.db")
    assert restore(elsewhere, copy, NOON) is None
    assert await stage_in(elsewhere) is None


async def test_nothing_is_restored_under_a_running_bot(sqlite_url, copy, place):
    store = await Store.open(sqlite_url)
    back_up(sqlite_url, copy)
    before = place.read_bytes()
    with pytest.raises(StoreBusy, match="in use by another running bot"):
        restore(sqlite_url, copy, NOON)
    assert place.read_bytes() == before
    await store.close()


def test_what_is_no_sound_copy_of_this_version_is_refused_and_changes_nothing(
    sqlite_url, copy, place, tmp_path
):
    back_up(sqlite_url, copy)
    before = place.read_bytes()
    newer = tmp_path / "newer.db"
    shutil.copy(copy, newer)
    with closing(sqlite3.connect(newer)) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    damaged = tmp_path / "damaged.db"
    shutil.copy(copy, damaged)
    damage(damaged)
    text = tmp_path / "text.db"
    text.write_text("not a database, and long enough to be taken for one " * 100)
    with pytest.raises(StoreTooNew, match="version 9999"):
        restore(sqlite_url, newer, NOON)
    for source, why in (
        (damaged, "damaged|malformed"),
        (text, "cannot be copied|no data"),
        (tmp_path / "none.db", "is not there"),
        (place, "is the database itself"),
    ):
        with pytest.raises(StoreError, match=why):
            restore(sqlite_url, source, NOON)
    assert place.read_bytes() == before


@pytest.mark.parametrize("command", ["backup", "restore"])
def test_for_postgres_the_command_is_told_and_no_password(command):
    url = "postgresql://bob:s3cret@db.example.org:5432/bot?sslmode=require&password=s3cret&x=1"
    told = instead_of(command, url, "my copy.dump")
    assert "s3cret" not in told
    assert "'postgresql://bob@db.example.org:5432/bot?sslmode=require'" in told
    assert "'my copy.dump'" in told
    assert {"backup": "pg_dump ", "restore": "pg_restore "}[command] in told


def damage(path: Path) -> None:
    """Overwrite a page in the middle, as a failing disk does."""
    with path.open("r+b") as file:
        page = 4096
        file.seek(page * (path.stat().st_size // page // 2))
        file.write(b"\xff" * page)
