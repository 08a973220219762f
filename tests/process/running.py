"""The bot as a process of its own on the local page, and a candidate who talks to it over HTTP."""

from __future__ import annotations

import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path
from threading import Event
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 30.0  # seconds until a test gives up


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class BotProcess:
    """`python -m bot` with its data in a folder of the test's; start, kill and start it again."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self.port = free_port()
        self._process: subprocess.Popen[str] | None = None

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}/"

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def start(self) -> None:
        """Start and wait until the page can be opened."""
        keep = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        own = {"DATA_DIR": str(self.data), "PORT": str(self.port), "CI": "1"}
        self._process = subprocess.Popen(
            [sys.executable, "-m", "bot"],
            cwd=ROOT,
            env=keep | own,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._process.stdout is not None
        assert self.address in self._process.stdout.readline()

    def settles(self) -> None:
        """Wait until everything said has been sent and noted as sent."""
        with closing(sqlite3.connect(self.data / "second-round.sqlite")) as database:
            for _ in range(int(PATIENCE / 0.02)):
                if database.execute("SELECT count(*) FROM outbox").fetchone() == (0,):
                    return
                Event().wait(0.02)
        raise AssertionError("something is never sent")

    def kill(self) -> None:
        """SIGKILL, as when the power goes."""
        self._end(signal.SIGKILL)

    def stop(self) -> int:
        """SIGTERM; returns the exit code."""
        return self._end(signal.SIGTERM)

    def _end(self, how: signal.Signals) -> int:
        if self._process is None:
            return 0
        process, self._process = self._process, None
        process.send_signal(how)
        code = process.wait(PATIENCE)
        assert process.stdout is not None
        process.stdout.close()
        return code


class Phone:
    """The page's side of the chat, without a browser."""

    def __init__(self, bot: BotProcess) -> None:
        self._bot = bot

    def posts(self, path: str, **body: object) -> None:
        connection = HTTPConnection("127.0.0.1", self._bot.port, timeout=PATIENCE)
        origin = {"Origin": self._bot.address.rstrip("/")}
        connection.request("POST", path, json.dumps(body), origin)
        assert connection.getresponse().status == 200
        connection.close()

    def sends(self, text: str) -> None:
        self.posts("/send", text=text)

    def taps(self, label: str) -> None:
        """Wait for a button with this label and tap the newest such."""
        chat = self.waits_for(lambda chat: _button(chat, label) is not None)
        button = _button(chat, label)
        assert button is not None
        self.posts("/tap", message_id=button[0], data=button[1])

    def waits_for(self, seen: Callable[[list[dict[str, Any]]], bool]) -> list[dict[str, Any]]:
        """Read the chat from its beginning until `seen` says yes; returns it, oldest first."""
        connection = HTTPConnection("127.0.0.1", self._bot.port, timeout=PATIENCE)
        connection.request("GET", "/events?since=0")
        stream = connection.getresponse()
        chat: dict[int, dict[str, Any]] = {}
        kind = ""
        try:
            for raw in stream:
                name, _, value = raw.decode().rstrip("\n").partition(": ")
                # The page's heartbeat: nothing has happened for a long while.
                assert name != ":", f"never seen; last: {list(chat.values())[-3:]}"
                if name == "event":
                    kind = value
                elif name == "data" and kind == "messages":
                    body = json.loads(value)
                    chat |= {each["message_id"]: each for each in body["bubbles"]}
                    for gone in body["deleted"]:
                        chat.pop(gone, None)
                    if seen(found := [chat[key] for key in sorted(chat)]):
                        return found
        finally:
            connection.close()
        raise AssertionError("the stream of the page ended")


def _button(chat: list[dict[str, Any]], label: str) -> tuple[int, str] | None:
    for bubble in reversed(chat):
        for row in bubble["buttons"]:
            for button in row:
                if label in button["text"]:
                    return bubble["message_id"], button["data"]
    return None
