"""Runs migrations without an alembic.ini: the configuration is built here."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config

LOCK = 5_274_061_126  # any number that nobody else uses on the same database server


def config() -> Config:
    """The configuration that alembic needs to find the steps."""
    settings = Config()
    settings.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    settings.set_main_option("path_separator", "os")
    return settings


def upgrade(connection: sa.Connection, revision: str = "head") -> None:
    """Go up to `revision` within this transaction."""
    _run(connection, revision, up=True)


def downgrade(connection: sa.Connection, revision: str) -> None:
    """Go down to `revision` within this transaction; "base" is the empty database."""
    _run(connection, revision, up=False)


def _run(connection: sa.Connection, revision: str, *, up: bool) -> None:
    if connection.dialect.name == "postgresql":
        # Held until the commit: a replica that starts meanwhile waits, and finds the work done.
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(LOCK)))
    settings = config()
    settings.attributes["connection"] = connection
    (command.upgrade if up else command.downgrade)(settings, revision)
    if connection.dialect.name == "sqlite":
        # Foreign keys are off while tables are rebuilt, so they are checked before the commit.
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
        if broken:
            raise RuntimeError(f"the migration to {revision} left dangling rows: {broken[:5]}")
