"""The warning about a data folder that may be wiped."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest

from bot.running.temporary import HOSTS, looks_temporary

VPS = """\
22 1 254:1 / / rw,relatime shared:1 - ext4 /dev/vda1 rw
23 22 0:21 / /run rw,nosuid shared:5 - tmpfs tmpfs rw,mode=755
"""
VOLUME = VPS + "24 22 254:16 / /srv/my\\040volume rw - ext4 /dev/vdb rw\n"
CONTAINER = "500 1 0:80 / / rw,relatime - overlay overlay rw,lowerdir=/a\n"


@pytest.mark.parametrize(
    ("folder", "environment", "mounts", "why"),
    [
        ("/srv/bot", {}, VPS, None),
        ("/run/bot", {}, VPS, "memory"),
        ("/runners/bot", {}, VPS, None),
        ("/app/data", {}, CONTAINER, "container"),
        ("/app/data", {"DYNO": "web.1"}, VPS, "Heroku"),
        ("/app/data", {"DYNO": ""}, VPS, None),
        ("/app/data", {"RENDER": "true"}, VOLUME, "Render"),
        ("/srv/my volume/data", {"FLY_APP_NAME": "x"}, VOLUME, None),
        ("/srv/bot", {}, "", None),
        ("/srv/bot", {"K_SERVICE": "x"}, "nonsense\n\n - \n", "Cloud Run"),
    ],
)
def test_a_folder_is_judged_by_where_it_lies(
    folder: str, environment: dict[str, str], mounts: str, why: str | None
) -> None:
    found = looks_temporary(Path(folder), environment, mounts)
    assert (found is None) == (why is None)
    assert why is None or why in (found or "")


def test_the_folder_for_temporary_files_is_one() -> None:
    assert looks_temporary(Path(tempfile.gettempdir()) / "bot", {}, VPS) is not None


def test_each_host_is_known_by_its_own_variable() -> None:
    assert len(set(HOSTS.values())) == len(HOSTS)
