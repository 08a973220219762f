"""The bot as a process of its own that talks to a Bot API server of the test's."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from threading import Event

from tests.process.api_server import ApiServer
from tests.process.running import PATIENCE, ROOT

TOKEN = "123456:secret-token-of-this-test"


def start(api: ApiServer, data: Path, **settings: str) -> subprocess.Popen[str]:
    """Start `python -m bot`; whoever starts it ends it."""
    own = {"BOT_TOKEN": TOKEN, "TELEGRAM_API_URL": api.root, "DATA_DIR": str(data)}
    return subprocess.Popen(
        [sys.executable, "-m", "bot"],
        cwd=ROOT,
        env=own | {"LOG_LEVEL": "DEBUG", "PATH": "/usr/bin:/bin"} | settings,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def bubbles_of(api: ApiServer, wanted: str) -> list[str]:
    """The bot's messages, once one of them says `wanted`."""

    async def texts() -> list[str]:
        return [each.text for each in api.telegram.messages(1) if not each.mine]

    found: list[str] = []

    def said() -> bool:
        found[:] = api.does(texts())
        return any(wanted in text for text in found)

    comes(said, wanted)
    return found


def comes(true: Callable[[], object], what: str) -> None:
    """Wait until it is so."""
    for _ in range(int(PATIENCE / 0.05)):
        if true():
            return
        Event().wait(0.05)
    raise AssertionError(f"never came: {what}")
