"""Which migration a database stands at, and how it is brought to the newest."""

from __future__ import annotations

import sqlalchemy as sa

from bot.store.records import StoreTooNew

# The newest migration in migrations/versions; a test holds the two together, so that opening a
# database that is up to date costs one query and no import of alembic.
HEAD = "0003"


def bring_up_to_date(connection: sa.Connection, name: str) -> None:
    """Migrate the database when it is behind; `name` is what messages call it.

    Raises StoreTooNew when it is ahead. Replicas that start at the same moment migrate it once:
    the first holds a lock until it is done, the others then find nothing to do.
    """
    version = _version(connection)
    if version is not None and version > HEAD:
        raise StoreTooNew(
            f"{name} is at version {version}, and this bot knows only up to {HEAD}. Run the newer"
            " bot, or restore a backup from before the update."
        )
    if version != HEAD:
        from bot.store.migrations.run import upgrade  # alembic is slow to import

        upgrade(connection)


def _version(connection: sa.Connection) -> str | None:
    if not sa.inspect(connection).has_table("alembic_version"):
        return None
    version = connection.scalar(sa.text("SELECT version_num FROM alembic_version"))
    return None if version is None else str(version)
