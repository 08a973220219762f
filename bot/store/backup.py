"""A copy of the SQLite file while the bot runs, and the way back.

A copy is one file for its owner alone, whole or not there at all: it is made beside its place
under another name, checked, and only then put there.

What a candidate asked to forget is still in the copies from before, and is back after a restore:
keep copies no longer than you must (docs/deploy.md).
"""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from datetime import datetime
from pathlib import Path

from bot.private import make_private_folder
from bot.store.records import StoreError, StoreTooNew
from bot.store.sqlite import database_file, guard
from bot.store.version import HEAD

_SIGNATURE = b"SQLite format 3\0"
_BESIDE = ("-wal", "-shm")


def back_up(url: str, target: Path) -> int:
    """Copy the database at `url` to `target`, running bot or not; returns the size in bytes.

    The copy is as the database stood at one instant; turns go on meanwhile. An older copy at
    `target` is replaced. Raises StoreError with a sentence when something is not as it should be.
    """
    source = database_file(url)
    if not source.is_file() or not source.stat().st_size:
        raise StoreError(f"{source} is not there yet, so there is nothing to back up.")
    _refuse_target(source, target)
    with _new_file(target) as copy:
        _copy(source, copy)
        _check(copy, source)
    return target.stat().st_size


def restore(url: str, source: Path, now: datetime) -> Path | None:
    """Put the copy `source` in place of the database at `url`.

    The database that was there is kept beside it; returns where, or None if there was none.
    Raises StoreBusy while a bot runs on it, StoreTooNew for a copy that a newer bot made, and
    StoreError for what is no copy; then nothing has changed.
    """
    place = database_file(url)
    if not source.is_file():
        raise StoreError(f"{source} is not there.")
    if place.exists() and source.samefile(place):
        raise StoreError(f"{source} is the database itself.")
    lock = guard(place)
    try:
        with _new_file(place) as copy:
            _copy(source, copy)
            _check(copy, source)
            return _set_aside(place, now)
    except OSError as error:
        raise StoreError(f"{source} cannot be put in place: {error}") from error
    finally:
        lock.close()


def _refuse_target(source: Path, target: Path) -> None:
    if target.is_dir():
        raise StoreError(f"{target} is a folder; name a file in it.")
    if not target.exists():
        return
    if target.samefile(source):
        raise StoreError(f"{target} is the database itself; choose another name.")
    with target.open("rb") as file:
        if file.read(len(_SIGNATURE)) != _SIGNATURE:
            raise StoreError(f"{target} is there and is no backup; choose another name.")


@contextmanager
def _new_file(place: Path) -> Iterator[Path]:
    """A new private file, put at `place` when the block ends and removed when it raises."""
    new = place.with_name(f".{place.name}.{os.getpid()}.new")
    try:
        make_private_folder(place.parent)
        new.unlink(missing_ok=True)
        os.close(os.open(new, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        yield new
        _flush(new)
        new.replace(place)
        _flush(place.parent)
    except (OSError, sqlite3.Error) as error:
        raise StoreError(f"{place} cannot be written: {error}") from error
    finally:
        for each in (new, *(_beside(new))):
            with suppress(OSError):
                each.unlink(missing_ok=True)


def _copy(source: Path, copy: Path) -> None:
    """All of one database into another, in one step: a single read holds up no writer."""
    try:
        with closing(_opened(source)) as read, closing(_opened(copy)) as write:
            read.backup(write)
            write.execute("PRAGMA journal_mode=DELETE")  # one file, nothing beside it
    except sqlite3.DatabaseError as error:
        raise StoreError(f"{source} cannot be copied: {error}") from error


def _check(copy: Path, source: Path) -> None:
    """Raises StoreError unless the copy is sound and this bot's, and no newer than this bot."""
    try:
        with closing(_opened(copy)) as connection:
            (sound,) = connection.execute("PRAGMA integrity_check(1)").fetchone()
            if sound != "ok":
                raise StoreError(f"{source} is damaged: {sound}")
            row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    except sqlite3.DatabaseError:
        row = None
    if row is None:
        raise StoreError(f"{source} holds no data of this bot.")
    if row[0] > HEAD:
        raise StoreTooNew(
            f"{source} is at version {row[0]}, and this bot knows only up to {HEAD}. Use the newer"
            " bot."
        )


def _set_aside(place: Path, now: datetime) -> Path | None:
    """Keep the database that is in the way beside its place, where it stays until replaced."""
    if not place.exists() or not place.stat().st_size:
        return None
    kept = place.with_name(f"{place.name}.before-{now:%Y%m%d-%H%M%S}")
    try:  # what is still in the log goes into the file, unless it is broken: then it goes along
        with closing(_opened(place)) as old:
            old.execute("PRAGMA journal_mode=DELETE")
    except sqlite3.DatabaseError:
        pass
    shutil.copyfile(place, kept)
    kept.chmod(0o600)
    for end, each in zip(_BESIDE, _beside(place), strict=True):
        if each.exists():
            each.rename(kept.with_name(kept.name + end))
    _flush(kept)
    return kept


def _beside(path: Path) -> list[Path]:
    return [path.with_name(path.name + end) for end in _BESIDE]


def _opened(path: Path) -> sqlite3.Connection:
    """A connection to a file that is there already."""
    uri = f"{path.absolute().as_uri()}?mode=rw"
    return sqlite3.connect(uri, uri=True, timeout=5.0, isolation_level=None)


def _flush(path: Path) -> None:
    """Have a file, or the names in a folder, written to the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    except OSError:
        if path.is_file():  # some systems cannot do it for a folder
            raise
    finally:
        os.close(descriptor)
