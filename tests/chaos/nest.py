"""Bots that start at once and can be killed: a process that has imported everything, and forks.

Each bot is `python -m bot` in a process of its own with an environment of its own. Only the imports
are shared, so that a kill every second does not mean two seconds of importing after each.
"""

from __future__ import annotations

import json
import os
import pkgutil
import signal
import subprocess
import sys
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from time import monotonic, sleep
from typing import IO

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 10.0  # seconds to wait for a bot to be gone


class Nest:
    """Use it as a context manager; all that it started is gone at the end. They log to `log`."""

    def __init__(self, log: Path) -> None:
        self._log = log
        self._living: set[int] = set()

    def __enter__(self) -> Nest:
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.chaos.nest"],
                cwd=ROOT,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )
        self._tell, self._told = _pipes(self._process)
        self._told.readline()
        return self

    def __exit__(self, *_: object) -> None:
        self.empty()
        with suppress(BrokenPipeError):
            self._tell.close()
        self._told.close()
        self._process.wait(PATIENCE)

    def start(self, environment: dict[str, str]) -> int:
        """Start a bot; returns its process id."""
        self._tell.write(json.dumps(environment) + "\n")
        self._tell.flush()
        pid = int(self._told.readline())
        self._living.add(pid)
        return pid

    def kill(self, pid: int, how: signal.Signals = signal.SIGKILL) -> None:
        """End a bot and wait until it is gone. Raises TimeoutError when it does not go."""
        with suppress(ProcessLookupError):
            os.kill(pid, how)
        end = monotonic() + PATIENCE
        while _runs(pid):
            if monotonic() > end:
                raise TimeoutError(f"process {pid} goes on after {how.name}")
            sleep(0.005)
        self._living.discard(pid)

    def empty(self) -> None:
        """Kill every bot that still runs."""
        for pid in list(self._living):
            self.kill(pid)

    def runs(self, pid: int) -> bool:
        """Whether a bot has not ended."""
        return _runs(pid)


def _pipes(process: subprocess.Popen[str]) -> tuple[IO[str], IO[str]]:
    assert process.stdin is not None
    assert process.stdout is not None
    return process.stdin, process.stdout


def _runs(pid: int) -> bool:
    """A process that has ended and is not yet buried by the nest counts as gone."""
    try:
        status = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8")
    except (FileNotFoundError, ProcessLookupError):
        return False
    return status.rpartition(")")[2].split()[0] != "Z"


def main() -> None:
    """Fork a bot for each line on standard input."""
    import bot
    from bot.__main__ import main as run

    for module in pkgutil.walk_packages(bot.__path__, "bot."):
        if ".migrations." not in module.name:
            import_module(module.name)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the dead are buried by the system
    print("ready", flush=True)
    while line := sys.stdin.readline():
        pid = os.fork()
        if pid == 0:
            os.environ.update(json.loads(line))
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            nothing = os.open(os.devnull, os.O_RDWR)
            os.dup2(nothing, 0)
            os.dup2(nothing, 1)
            os._exit(run([]))
        print(pid, flush=True)


if __name__ == "__main__":
    main()
