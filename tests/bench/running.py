"""Starts the server and the bots, each on a core of its own, and asks the server what happened."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from time import monotonic
from typing import Any

from tests.bench.telegram import Json

ROOT = Path(__file__).resolve().parents[2]
BOT_CORE, SERVER_CORE = 0, 1
PATIENCE = 60.0  # seconds until a measurement is given up


class GaveUp(Exception):
    """A bot did not do in time what was measured."""


@dataclass(frozen=True, slots=True)
class Record:
    """What the server saw: calls as (at, method, chat, text, counts), arrivals as (chat, at)."""

    calls: list[tuple[float, str, int, str, bool]]
    arrived: list[tuple[int, float]]
    polls: int

    @property
    def sent(self) -> list[tuple[float, int, str]]:
        """The messages that were sent and count, as (at, chat, text)."""
        sent = (call for call in self.calls if call[1] == "sendMessage" and call[4])
        return [(at, chat, text) for at, _, chat, text, _ in sent]


class Server:
    """The Bot API server in a process of its own; use it as a context manager."""

    def __enter__(self) -> Server:
        self._process = _start(["-m", "tests.bench.server"], SERVER_CORE)
        assert self._process.stdout is not None
        self._line = HTTPConnection("127.0.0.1", int(self._process.stdout.readline()), timeout=120)
        return self

    def __exit__(self, *_: object) -> None:
        self._line.close()
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(10)

    @property
    def root(self) -> str:
        """Where a bot finds the server."""
        return f"http://127.0.0.1:{self._line.port}"

    def reset(self, delay: float = 0.0, marker: str = "") -> None:
        """Begin a new measurement, with so many seconds for each call.

        Only messages with `marker` among the data of their buttons count as sent.
        """
        self._ask("reset", delay=delay, marker=marker)

    def arrive(self, updates: list[Json], rate: float | None = None) -> float:
        """Have updates arrive; returns when, in the server's seconds."""
        return float(self._ask("arrive", updates=updates, rate=rate)["at"])

    def until(self, patience: float = PATIENCE, **wanted: int) -> None:
        """Wait for `sent` messages, or `polls`. Raises GaveUp."""
        if not self._ask("until", patience=patience, **wanted)["done"]:
            raise GaveUp(f"not seen within {patience:.0f} s: {wanted}")

    def record(self) -> Record:
        """All that happened since the last reset."""
        told = self._ask("record")
        return Record(told["calls"], told["arrived"], told["polls"])

    def _ask(self, what: str, **body: Any) -> Json:
        self._line.request("POST", f"/control/{what}", json.dumps(body))
        answer: Json = json.loads(self._line.getresponse().read())
        return answer


class Bot:
    """A bot under test, in a process of its own."""

    def __init__(self, command: list[str], **environment: str) -> None:
        self.started = monotonic()
        self._process = _start(command, BOT_CORE, **environment)

    def end(self, how: signal.Signals = signal.SIGKILL) -> None:
        """End it and wait until it is gone."""
        self._process.send_signal(how)
        self._process.wait(30)
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()

    @property
    def pid(self) -> int:
        """The id of the process."""
        return self._process.pid

    @property
    def resident(self) -> int:
        """Resident memory in bytes."""
        pages = Path(f"/proc/{self.pid}/statm").read_text(encoding="ascii").split()[1]
        return int(pages) * os.sysconf("SC_PAGE_SIZE")

    @property
    def busy(self) -> float:
        """Seconds of processor time used so far."""
        fields = Path(f"/proc/{self.pid}/stat").read_text(encoding="ascii").rsplit(")", 1)[1]
        user, system = fields.split()[11:13]
        return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


def _start(command: list[str], core: int, **environment: str) -> subprocess.Popen[str]:
    keep = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    process = subprocess.Popen(
        [sys.executable, *command],
        cwd=ROOT,
        env=keep | environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    if hasattr(os, "sched_setaffinity") and (os.cpu_count() or 1) > 1:
        os.sched_setaffinity(process.pid, {core})
    return process
