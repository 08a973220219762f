"""Stopping, tried on a process that would never end by itself."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator

import pytest

from tests.process.running import PATIENCE

ENDLESS = """
import asyncio
from bot.running.stopping import stop_on_signal

async def main():
    stop = stop_on_signal({give_up})
    print("running", flush=True)
    await stop.wait()
    print("asked", flush=True)
    await asyncio.Event().wait()

asyncio.run(main())
"""


def endless(give_up: float) -> subprocess.Popen[str]:
    program = ENDLESS.format(give_up=give_up)
    return subprocess.Popen(
        [sys.executable, "-c", program],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )


@pytest.fixture
def ended() -> Iterator[list[subprocess.Popen[str]]]:
    processes: list[subprocess.Popen[str]] = []
    yield processes
    for process in processes:
        process.kill()
        process.communicate()


def said(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


@pytest.mark.parametrize("first", [signal.SIGTERM, signal.SIGINT])
def test_what_hangs_is_left_behind_in_time(
    first: signal.Signals, ended: list[subprocess.Popen[str]]
) -> None:
    process = endless(0.1)
    ended.append(process)
    assert said(process) == "running"
    process.send_signal(first)
    assert said(process) == "asked"
    assert process.wait(PATIENCE) == 1


@pytest.mark.parametrize("second", [signal.SIGTERM, signal.SIGINT])
def test_the_second_signal_ends_it_at_once(
    second: signal.Signals, ended: list[subprocess.Popen[str]]
) -> None:
    process = endless(1000)
    ended.append(process)
    assert said(process) == "running"
    process.send_signal(signal.SIGTERM)
    assert said(process) == "asked"
    process.send_signal(second)
    assert process.wait(PATIENCE) == -second
