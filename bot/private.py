"""Files that only the bot's own user may read: what is said here is the candidate's business."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path


def make_private_folder(path: Path) -> None:
    """Make a folder for its owner alone; one that is there already stays as it is."""
    path.mkdir(mode=0o700, parents=True, exist_ok=True)


def make_private_database(path: Path) -> None:
    """Make an empty file for its owner alone, or take everybody else's rights from one.

    What SQLite puts beside it gets the same rights, so files from before are changed along.
    """
    path.touch(mode=0o600)
    for each in (path, *(path.with_name(path.name + end) for end in ("-wal", "-shm", "-journal"))):
        # A shared disk may not know of rights, and a file of somebody else's is theirs to close.
        with suppress(FileNotFoundError, PermissionError):
            if each.stat().st_mode & 0o077:
                each.chmod(0o600)
