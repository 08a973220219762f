"""What disturbs a bot under load. Each is a function of the storm; none leaves the bot dead."""

from __future__ import annotations

import asyncio
import json
import resource
import signal
from itertools import count
from pathlib import Path
from time import monotonic

from tests.bench.telegram import Fault, Json
from tests.chaos.storm import Disturbance, Storm
from tests.chaos.verdict import everything
from tests.postgres import Server

# What the dead bot still has the server do is ended first: it may hold lanes, and in another order.
LAPSE = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
    " WHERE datname = current_database() AND pid <> pg_backend_pid();"
    " UPDATE lanes SET at = at - interval '1 hour' WHERE owner IS NOT NULL"
)
FLOOD = {
    "ok": False,
    "error_code": 429,
    "description": "Too Many Requests: retry after 1",
    "parameters": {"retry_after": 1},
}
BROKEN = {"ok": False, "error_code": 500, "description": "Internal Server Error"}
UNKNOWN = {"ok": False, "error_code": 404, "description": "Not Found"}
FAULTS = {
    "429": Fault(429, json.dumps(FLOOD).encode()),
    "500": Fault(500, json.dumps(BROKEN).encode()),
    "502 with HTML": Fault(502, b"<html><h1>502 Bad Gateway</h1></html>"),
    "403 with HTML": Fault(403, b"<html><h1>403 Forbidden</h1></html>"),
    "404": Fault(404, json.dumps(UNKNOWN).encode()),
    "garbage": Fault(200, b"\x00\xff not JSON"),
    "garbage after acting": Fault(200, b'{"ok": tru', acts=True),
    "hangs": Fault(hangs=2.0),
    "drops before acting": Fault(),
    "drops after acting": Fault(acts=True),
}


def kills(
    often: int, between: tuple[float, float] = (0.05, 1.0), *, lapse: Server | None = None
) -> Disturbance:
    """SIGKILL at random moments, and a new start each time.

    With `lapse` what the dead bot had claimed on that server is free at once, and not
    seconds later.
    """

    async def disturb(storm: Storm) -> None:
        for _ in range(often):
            await asyncio.sleep(storm.chance.uniform(*between))
            await storm.kill(storm.living[0])
            if lapse is not None:
                await asyncio.to_thread(lapse.sql, LAPSE, storm.place.database)
            await storm.start()

    return disturb


def replicas_killed(often: int, between: tuple[float, float]) -> Disturbance:
    """Two bots on one database; one after the other is killed and started again."""

    async def disturb(storm: Storm) -> None:
        first = storm.living[0]
        replicas = [first, await storm.start(1)]
        for number in range(often):
            await asyncio.sleep(storm.chance.uniform(*between))
            which = number % 2
            await storm.kill(replicas[which])
            replicas[which] = await storm.start(which)

    return disturb


def with_two(disturb: Disturbance) -> Disturbance:
    """The same with a second bot on the database."""

    async def disturb_two(storm: Storm) -> None:
        await storm.start(1)
        await disturb(storm)

    return disturb_two


def bad_line(seconds: float, every: int = 3) -> Disturbance:
    """Each kind of fault on the line to Telegram in turn, one in so many calls."""

    async def disturb(storm: Storm) -> None:
        names = list(FAULTS)
        storm.chance.shuffle(names)
        calls = count(1)

        def fault(method: str, _: Json) -> Fault | None:
            turn, rest = divmod(next(calls), every)
            if rest:
                return None
            name = names[turn % len(names)]
            storm.notes[name] = storm.notes.get(name, 0) + 1
            # As after a kill, a message may come twice when the answer to it was lost.
            storm.kills += FAULTS[name].acts and method == "sendmessage"
            return FAULTS[name]

        storm.telegram.fault = fault
        await asyncio.sleep(seconds)
        for _ in range(300):  # a busy computer makes few calls
            if storm.notes.keys() >= FAULTS.keys():
                break
            await asyncio.sleep(0.1)
        storm.telegram.fault = None

    return disturb


def disk_full(seconds: float) -> Disturbance:
    """No file can grow for a while: the disk is full."""

    async def disturb(storm: Storm) -> None:
        await asyncio.sleep(1.0)
        assert isinstance(storm.place.stored, Path)
        files = storm.place.stored.parent.glob("second-round.sqlite*")
        largest = max(file.stat().st_size for file in files)
        endless = resource.RLIM_INFINITY
        full, roomy = (largest // 2, endless), (endless, endless)
        resource.prlimit(storm.living[0], resource.RLIMIT_FSIZE, full)
        calls = len(storm.telegram.calls)
        await asyncio.sleep(seconds)
        storm.notes["calls while full"] = len(storm.telegram.calls) - calls
        resource.prlimit(storm.living[0], resource.RLIMIT_FSIZE, roomy)
        storm.notes["seconds to recover"] = await _recovered(storm)

    return disturb


def database_restarted(server: Server) -> Disturbance:
    """The database crashes and comes back at once."""

    async def disturb(storm: Storm) -> None:
        await asyncio.sleep(2.0)
        await asyncio.to_thread(server.restart)
        storm.notes["seconds to recover"] = await _recovered(storm)

    return disturb


def database_away(server: Server, seconds: float) -> Disturbance:
    """The database cannot be reached for a while."""

    async def disturb(storm: Storm) -> None:
        await asyncio.sleep(2.0)
        await asyncio.to_thread(server.stop)
        await asyncio.sleep(seconds)
        await asyncio.to_thread(server.start)
        storm.notes["seconds to recover"] = await _recovered(storm)

    return disturb


def everything_again(storm_seconds: float) -> Disturbance:
    """Everything that ever arrived arrives once more."""

    async def disturb(storm: Storm) -> None:
        await asyncio.sleep(storm_seconds)
        storm.to_the_last_line = True
        await storm.rest()
        calls, before = len(storm.telegram.calls), await everything(storm.place.stored)
        await storm.kill(storm.living[0], signal.SIGTERM)
        storm.telegram.everything_again()
        await storm.start()
        await storm.telegram.until(lambda: not storm.telegram.waiting, 60.0)
        await storm.rest()
        after = await everything(storm.place.stored)
        storm.notes["rows changed by the replay"] = len(before ^ after)
        storm.notes["calls after the replay"] = len(storm.telegram.calls) - calls

    return disturb


async def _recovered(storm: Storm) -> float:
    """Seconds until the bot says something again."""
    calls, start = len(storm.telegram.calls), monotonic()
    await storm.telegram.until(lambda: len(storm.telegram.calls) > calls, 60.0)
    return monotonic() - start
