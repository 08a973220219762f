"""Whether a folder looks as if it were wiped at the next deployment or restart."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path

# Hosts that give each deployment a fresh disk, by a variable that each of them sets. A volume that
# is mounted there is kept.
HOSTS = {
    "DYNO": "Heroku",
    "RENDER": "Render",
    "RAILWAY_ENVIRONMENT_ID": "Railway",
    "FLY_APP_NAME": "Fly.io",
    "KOYEB_APP_NAME": "Koyeb",
    "K_SERVICE": "Cloud Run",
    "CONTAINER_VERSION": "Scalingo",
}
_IN_MEMORY = {"tmpfs", "ramfs"}
_OF_CONTAINER = {"overlay", "aufs"}
_MOUNTS = Path("/proc/self/mountinfo")


def looks_temporary(
    folder: Path, environment: Mapping[str, str], mounts: str | None = None
) -> str | None:
    """Why the folder may be wiped, to follow "lies "; None if it looks safe.

    `mounts` is in the form of Linux' mountinfo, by default this system's.
    """
    folder = folder.resolve()
    if folder.is_relative_to(Path(tempfile.gettempdir()).resolve()):
        return "in the folder for temporary files"
    mount, kind = _mount_of(folder, _own_mounts() if mounts is None else mounts)
    if kind in _IN_MEMORY:
        return "in memory"
    if kind in _OF_CONTAINER:
        return "inside a container"
    host = next((host for name, host in HOSTS.items() if environment.get(name)), None)
    if host and mount in {Path("/"), None}:
        return f"on a disk that {host} wipes at each deployment"
    return None


def _own_mounts() -> str:
    try:
        return _MOUNTS.read_text(encoding="utf-8", errors="replace")
    except OSError:  # not Linux
        return ""


def _mount_of(folder: Path, mounts: str) -> tuple[Path | None, str]:
    """Where the file system that holds the folder is mounted, and what kind it is."""
    found: tuple[Path | None, str] = None, ""
    for line in mounts.splitlines():
        before, _, after = line.partition(" - ")
        fields = before.split()
        if len(fields) < 5 or not after:
            continue
        mount = Path(fields[4].replace("\\040", " "))
        # Of two at the same place the later one covers the other.
        nearer = found[0] is None or len(mount.parts) >= len(found[0].parts)
        if folder.is_relative_to(mount) and nearer:
            found = mount, after.split()[0]
    return found
