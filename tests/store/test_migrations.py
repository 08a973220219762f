"""Migrations on both databases: up, down and up with data in them, once, and never backwards."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import TypeVar

import alembic.autogenerate
import pytest
import sqlalchemy as sa
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from bot.store import Candidate, Store, StoreTooNew, postgres, sqlite, version
from bot.store.migrations.run import config, downgrade, upgrade
from bot.store.tables import metadata
from tests.postgres import Server
from tests.store.writing import writes

LATER = {"pace", "agendas", "taken_until"}  # tables and columns that 0001 does not have
T = TypeVar("T")


async def work(url: str, job: Callable[[sa.Connection], T]) -> T:
    """Do a job as migrations are done: without foreign keys, and in no hurry."""
    if url.startswith("sqlite"):
        engine = sqlite.create_engine(sqlite.database_file(url), foreign_keys=False)
        with engine.connect() as connection, sqlite.begun(connection):
            done = job(connection)
        engine.dispose()
        return done
    patient = postgres.create_engine(url, patient=True)
    async with patient.begin() as begun:
        done = await begun.run_sync(job)
    await patient.dispose()
    return done


async def filled(url: str, noon: datetime) -> None:
    """Put a row into every table: two people, one of whom is being written to."""
    store = await Store.open(url)
    for who in (7, 8):
        async with store.turn(who, at=noon, update_id=1) as turn:
            await writes(turn, f"my story, “{who}” 🙂")
        await store.record_failure(who, "{}", "a trace", noon)
        ((claim,), _) = await store.outbox.claim(noon, 1)
        await store.outbox.done(claim, noon, noon, 3)
        async with store.turn(who, at=noon + timedelta(seconds=1)) as turn:
            turn.say("sendMessage", {"text": "more"})
    await store.close()


def rows(connection: sa.Connection) -> dict[str, list[dict[str, object]]]:
    """All rows of all tables but those that came later, as 0001 could have held them."""
    found = {}
    for table in metadata.sorted_tables:
        if table.name not in LATER:
            columns = [column for column in table.c if column.name not in LATER]
            held = connection.execute(sa.select(*columns).order_by(*table.primary_key))
            found[table.name] = [dict(row) for row in held.mappings()]
    return found


def test_the_code_knows_which_migration_is_the_newest():
    assert ScriptDirectory.from_config(config()).get_heads() == [version.HEAD]


async def test_data_survives_going_down_to_the_first_tables_and_up_again(url, noon):
    await filled(url, noon)
    before = await work(url, rows)
    assert all(before.values())
    steps = [step.revision for step in ScriptDirectory.from_config(config()).walk_revisions()]
    for step in steps[:-1]:
        down = ScriptDirectory.from_config(config()).get_revision(step).down_revision
        await work(url, partial(downgrade, revision=down))
        await work(url, partial(upgrade, revision=step))
        assert await work(url, rows) == before
        await work(url, partial(downgrade, revision=down))
        assert await work(url, rows) == before
    await work(url, upgrade)
    assert await work(url, rows) == before
    store = await Store.open(url)
    assert len((await store.outbox.claim(noon + timedelta(seconds=1), 9))[0]) == 2
    await store.close()


async def test_the_first_migration_goes_down_to_nothing_and_up_again(url, noon):
    await filled(url, noon)
    await work(url, partial(downgrade, revision="base"))
    left = await work(url, lambda connection: sa.inspect(connection).get_table_names())
    assert left == ["alembic_version"]
    await work(url, upgrade)
    await (await Store.open(url)).close()


async def test_a_database_from_a_newer_bot_is_left_alone(url):
    await (await Store.open(url)).close()
    newer = sa.text("UPDATE alembic_version SET version_num = '9999'")
    await work(url, lambda connection: connection.execute(newer).rowcount)
    for _ in range(2):  # the second time shows that the first let go
        with pytest.raises(StoreTooNew, match="9999"):
            await Store.open(url)


async def test_replicas_that_start_together_migrate_once(postgres: Server, chat, noon):
    url = postgres.blank_database()
    stores = await asyncio.gather(*(Store.open(url) for _ in range(4)))
    for number, store in enumerate(stores):
        async with store.turn(chat, at=noon) as turn:
            assert (await turn.candidate() is None) == (number == 0)
            await turn.save_candidate(Candidate(chat, "ready", noon))
        await store.close()
    postgres.drop(url)


async def test_what_was_stored_is_there_after_opening_again(url, chat, noon):
    for expected in (None, Candidate(chat, "ready", noon)):
        store = await Store.open(url)
        async with store.turn(chat, at=noon) as turn:
            assert await turn.candidate() == expected
            await turn.save_candidate(Candidate(chat, "ready", noon))
        await store.close()


async def test_the_migrated_database_is_what_the_code_describes(store):
    def differences(connection: sa.Connection) -> list[object]:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return alembic.autogenerate.compare_metadata(context, metadata)

    assert await store._database.run(differences) == []


async def test_indexes_and_constraints_are_what_the_code_describes_on_sqlite(sqlite_url):
    """compare_metadata overlooks partial indexes and what a foreign key does on delete."""

    def shapes(connection: sa.Connection) -> dict[str, str]:
        rows = connection.exec_driver_sql(
            "SELECT name, sql FROM sqlite_master WHERE sql <> '' AND tbl_name NOT LIKE 'alem%'"
        )
        return {name: " ".join(str(sql).split()).replace(" ,", ",") for name, sql in rows}

    store = await Store.open(sqlite_url)
    migrated = await store._database.run(shapes)
    await store.close()
    described = sa.create_engine("sqlite://")
    with described.begin() as connection:
        metadata.create_all(connection)
        expected = shapes(connection)
    described.dispose()
    assert set(migrated) == set(expected)
    for name in migrated:
        assert sorted(migrated[name].split(", ")) == sorted(expected[name].split(", ")), name


def test_every_table_but_the_pace_is_keyed_by_the_candidate_first():
    for table in metadata.tables.values():
        first = next(iter(table.primary_key.columns)).name
        assert first == ("name" if table.name == "pace" else "candidate_id")
