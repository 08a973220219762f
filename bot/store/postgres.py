"""PostgreSQL: a server that any number of replicas share.

Law 1: turns of one chat run one after the other, whichever replica takes them. A turn, and
whatever else changes what a chat has waiting, first locks the chat's row in `lanes` (see lane.py).
A row lock rather than an advisory lock: a sharded PostgreSQL takes it on the shard where the
candidate lives, and there it holds for every node, while advisory locks are known only to the node
that was asked.
Law 2: nothing deadlocks. Whoever locks several lanes takes them in ascending order, and before
anything else of these chats; the pace comes after all lanes, and whoever holds it waits for no
more. Claims of many rows never wait but skip what is locked.
Law 3: nothing hangs. A statement ends within seconds, on the server and, should the server be out
of reach, here; then it raises, its connection is dropped, and whoever tries again gets a new one.

What a candidate asks us to forget is deleted; autovacuum frees the space in its own time. The
server's files, log and backups are in the hands of whoever runs it.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import asyncpg  # type: ignore[import-untyped]
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from bot.store.engine import Job, Run, T
from bot.store.records import StoreAway, StoreError
from bot.store.version import bring_up_to_date

CONNECTIONS = 10  # of one replica; a server takes 100 by default
WAIT_FOR_CONNECTION = 10.0  # seconds, while all of them are in use
CONNECT = 3.0  # seconds
STATEMENT = 5  # seconds that the server works on a statement, or waits for a lock
UNREACHABLE = 6.0  # seconds without an answer after which a connection is given up

# SQLSTATEs of trouble that passes: connection lost, too many of them, disk full, shut down, a
# deadlock, a lock or a statement that took too long, a standby that is not yet the primary.
PASSING = ("08", "53", "57", "58", "40", "55P03", "25006")

TROUBLE = (OSError, sa.exc.SQLAlchemyError, asyncpg.PostgresError)

# The options of a URL that asyncpg knows. Others, which hosts like to add, are for other drivers,
# and asyncpg would send them on to the server, which refuses the connection.
OPTIONS = frozenset(
    {"host", "port", "dbname", "user", "password", "passfile", "target_session_attrs"}
    | {"application_name", "options", "search_path", "ssl_min_protocol_version"}
    | {"sslmode", "sslcert", "sslkey", "sslrootcert", "sslcrl", "sslpassword", "sslnegotiation"}
)


class PostgresDatabase:
    """A pool of connections to one database."""

    shared = True

    def __init__(self, engine: AsyncEngine) -> None:
        self.engine = engine

    @classmethod
    async def open(cls, url: str) -> PostgresDatabase:
        """Connect to `url` and migrate as needed.

        Raises StoreTooNew, StoreAway when the server cannot be reached, or StoreError.
        """
        name = f"the database at {_host(url)}"
        try:
            await _migrate(url, name)
        except (*TROUBLE, ValueError) as error:
            unusable = StoreAway if _will_pass(error) else StoreError
            raise unusable(f"{name} cannot be used: {_reason(error)}") from error
        return cls(create_engine(url))

    async def run(self, job: Job[T]) -> T:
        """Run a job as a transaction of its own: kept once this returns, undone if it raises."""
        async with self._transaction() as run:
            return await run(job)

    @asynccontextmanager
    async def turn(self, chat_id: int) -> AsyncIterator[Run]:
        """One transaction for all jobs of a turn. Its first job locks the chat's lane."""
        async with self._transaction() as run:
            yield run

    @asynccontextmanager
    async def _transaction(self) -> AsyncIterator[Run]:
        """Raises StoreAway for what fails here; what the block raises comes out as it is."""
        of_block: BaseException | None = None
        try:
            async with self.engine.connect() as connection, connection.begin():
                try:
                    yield partial(_do, connection)
                except BaseException as error:
                    of_block = error  # a file that is missing, say, is no trouble of the server's
                    raise
        except TROUBLE as error:
            if error is of_block or not _will_pass(error):
                raise
            raise _away(error) from error

    def mark_for_wiping(self, connection: sa.Connection) -> None:
        """Nothing to note: what is deleted is autovacuum's."""

    async def wipe(self, *, now: bool = False) -> None:
        """Nothing to do, see above."""

    async def close(self) -> None:
        """Give the connections back."""
        await self.engine.dispose()


def create_engine(url: str, *, patient: bool = False) -> AsyncEngine:
    """An engine for `url`, whose statements end in time unless it is `patient`."""
    limits: dict[str, Any] = {
        "command_timeout": UNREACHABLE,
        "server_settings": {
            "statement_timeout": f"{STATEMENT}s",
            "idle_in_transaction_session_timeout": "60s",
        },
    }
    return create_async_engine(
        "postgresql+asyncpg://",
        connect_args={"dsn": dsn(url), "timeout": CONNECT} | ({} if patient else limits),
        isolation_level="READ COMMITTED",
        pool_size=CONNECTIONS,
        max_overflow=0,
        pool_timeout=WAIT_FOR_CONNECTION,
        pool_pre_ping=True,  # after a restart of the server no turn meets a dead connection
        hide_parameters=True,  # errors end up in logs, and parameters are a candidate's words
        json_serializer=partial(json.dumps, ensure_ascii=False, separators=(",", ":")),
    )


def dsn(url: str) -> str:
    """`url` as asyncpg understands it: postgres:// and postgresql://, and only OPTIONS."""
    parts = urlsplit(url)
    kept = [(key, value) for key, value in parse_qsl(parts.query) if key in OPTIONS]
    return urlunsplit(parts._replace(scheme="postgresql", query=urlencode(kept)))


async def _migrate(url: str, name: str) -> None:
    engine = create_engine(url, patient=True)
    try:
        async with engine.begin() as connection:
            await connection.run_sync(bring_up_to_date, name)
    finally:
        await engine.dispose()


async def _do(connection: AsyncConnection, job: Job[T]) -> T:
    """Run a job within a transaction."""
    try:
        return await connection.run_sync(job)
    except TROUBLE as error:
        if isinstance(error, TimeoutError):
            await connection.invalidate()  # who knows what the server still does with it
        if not _will_pass(error):
            raise
        raise _away(error) from error


def _host(url: str) -> str:
    """Where the server is, for a message; never the user or the password."""
    try:
        return urlsplit(url).hostname or "this computer"
    except ValueError:
        return "an address that cannot be read"


def _will_pass(error: Exception) -> bool:
    """Whether the server, not the statement, is what failed, so that trying again helps."""
    if isinstance(error, OSError | sa.exc.TimeoutError):
        return True
    if isinstance(error, sa.exc.DBAPIError) and error.connection_invalidated:
        return True
    cause = getattr(error, "orig", None) or error
    state = str(getattr(cause, "sqlstate", None) or "")
    return state.startswith(PASSING)


def _away(error: Exception) -> StoreAway:
    return StoreAway(f"the database gives no answer: {_reason(error)}")


def _reason(error: Exception) -> str:
    cause = getattr(error, "orig", None) or error
    return str(cause).splitlines()[0] if str(cause) else type(cause).__name__
