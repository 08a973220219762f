"""Opening a PostgreSQL database: the URLs that hosts give, and what is said when it fails."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import bot
from bot.store import Store, StoreAway, StoreError
from bot.store.postgres import dsn

LOADED = """
import asyncio, sys
from bot.store import Store

async def main():
    store = await Store.open(sys.argv[1])
    await store.close()

asyncio.run(main())
print("alembic" in sys.modules, "asyncpg" in sys.modules)
"""


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+asyncpg"])
async def test_any_common_scheme_and_the_options_of_hosts_are_taken(postgres_url, scheme, noon):
    url = f"{scheme}{postgres_url.removeprefix('postgresql')}"
    options = "sslmode=prefer&channel_binding=require&connect_timeout=5&pgbouncer=true"
    store = await Store.open(f"{url}&{options}")
    async with store.turn(1, at=noon) as turn:
        assert await turn.candidate() is None
    await store.close()


def test_what_asyncpg_knows_of_a_url_is_left_as_it_is():
    url = "postgres://me:p%40ss@db.example:6432/bot?sslmode=require&keepalives=1"
    assert dsn(url) == "postgresql://me:p%40ss@db.example:6432/bot?sslmode=require"


@pytest.mark.parametrize(
    ("url", "may_pass"),
    [
        ("postgresql://me:secret@localhost:1/bot", True),
        ("postgresql://me:secret@[nowhere/bot", False),
        ("postgresql://me:secret@/bot?host=/no/such/folder", True),
        ("postgresql://me:secret@localhost/bot?sslmode=perhaps", False),
    ],
)
async def test_a_server_that_cannot_be_used_is_named_without_its_password(url, may_pass):
    with pytest.raises(StoreError, match=r"database at .* cannot be used") as refused:
        await Store.open(url)
    assert "secret" not in str(refused.value)
    assert isinstance(refused.value, StoreAway) == may_pass


async def test_a_database_that_is_missing_is_named(postgres):
    with pytest.raises(StoreError, match="nowhere") as refused:
        await Store.open(postgres.url("nowhere"))
    assert not isinstance(refused.value, StoreAway)


@pytest.mark.parametrize(("kind", "loaded"), [("sqlite", "False"), ("postgres", "True")])
def test_only_what_a_database_needs_is_loaded(request, kind, loaded):
    url = request.getfixturevalue(f"{kind}_url")
    program = [sys.executable, "-c", LOADED, url]
    environment = os.environ | {"PYTHONPATH": str(Path(bot.__file__).parents[1])}
    said = subprocess.run(program, env=environment, capture_output=True, text=True, check=True)
    assert said.stdout.strip() == f"False {loaded}"
