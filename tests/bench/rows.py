"""What is measured, each as a function of a contestant that returns figures by their names."""

from __future__ import annotations

import signal
from collections import defaultdict, deque
from collections.abc import Callable
from statistics import median, quantiles
from time import monotonic, sleep

from tests.bench.contestants import Contestant, Echo
from tests.bench.running import Bot, Record, Server
from tests.bench.telegram import Json, text_from

WARMING = 100  # updates before those that are measured
SLOW = 0.04  # seconds that each API call takes where it does not answer at once
RATE, SECONDS = 50, 10  # updates a second, for so long
FLOODER, FLOOD = 500, 4  # a chat, and how many messages it sends while the others send one
WAITING = 200  # updates when the bot is killed
MIB = 2**20

Figures = dict[str, float]
Measure = Callable[[Contestant, Server], Figures]


def throughput(one: Contestant, server: Server, count: int) -> Figures:
    """Updates a second when all are there at once, and processor time for each."""
    one.prepare(count + WARMING)
    return _throughput(one, server, count)


def slow(one: Contestant, server: Server, count: int) -> Figures:
    """The same when the API takes its time."""
    one.prepare(count + WARMING)
    return _throughput(one, server, count, delay=SLOW)


def among(one: Contestant, server: Server, count: int, first: int) -> Figures:
    """The same on a database that is there already, and resident memory after it."""
    return _throughput(one, server, count, first=first)


def _throughput(
    one: Contestant, server: Server, count: int, *, first: int = 0, delay: float = 0.0
) -> Figures:
    bot = one.start(server)
    try:
        _warm_up(one, server, first)
        server.reset(delay, one.marker)
        busy = bot.busy
        began = server.arrive(one.updates(first + WARMING, count))
        wanted = count // one.updates_a_message
        server.until(sent=wanted, patience=240)
        record = server.record()
        sleep(0.3)  # what is tidied up after the last message counts as work too
        busy, resident = bot.busy - busy, bot.resident
    finally:
        bot.end()
    took = record.sent[wanted - 1][0] - began
    figures = {"updates a second": count / took, "processor ms an update": 1000 * busy / count}
    figures["resident MB"] = resident / MIB
    if isinstance(one, Echo):
        figures["out of order in their chat, %"] = 100 * _out_of_order(record)
    return figures


def latency(one: Contestant, server: Server, flood: int = 0) -> Figures:
    """From an update's arrival to its message's, at a rate that all should bear, in ms.

    Before each of these updates come `flood` messages from one other chat.
    """
    count = RATE * SECONDS
    one.prepare(count + WARMING)
    bot = one.start(server)
    try:
        _warm_up(one, server)
        server.reset(marker=one.marker)
        server.arrive(_flooded(one.updates(WARMING, count), flood), rate=RATE * (1 + flood))
        server.until(sent=count // one.updates_a_message, patience=4 * SECONDS)
        record = server.record()
    finally:
        bot.end()
    took = _waits(record)
    return {"median ms": 1000 * median(took), "p99 ms": 1000 * quantiles(took, n=100)[98]}


def _flooded(updates: list[Json], flood: int) -> list[Json]:
    """Each update with so many messages of the flooding chat before it."""
    return [
        each
        for number, update in enumerate(updates)
        for each in (
            *(text_from(FLOODER, "a word " * 20, flood * number + n + 1) for n in range(flood)),
            update,
        )
    ]


def starting(one: Contestant, server: Server) -> Figures:
    """Seconds from the start of the process to its first poll, on files that exist."""
    one.prepare(1)
    one.start(server).end(signal.SIGTERM)
    server.reset()
    bot = one.launch(server)
    try:
        server.until(polls=1)
        return {"seconds to first poll": monotonic() - bot.started}
    finally:
        bot.end()


def memory(one: Contestant, server: Server, turns: int) -> Figures:
    """Resident memory after so many turns, in MB."""
    one.prepare(turns)
    bot = one.start(server)
    try:
        server.reset(marker=one.marker)
        server.arrive(one.updates(0, turns))
        server.until(sent=turns // one.updates_a_message, patience=1200)
        return {"MB": bot.resident / MIB}
    finally:
        bot.end()


def killed(one: Contestant, server: Server) -> Figures:
    """SIGKILL with updates waiting, then a start: which were never answered, which twice."""
    before = WAITING
    one.prepare(before + WAITING)
    bot = one.start(server)
    try:
        server.reset(marker=one.marker)
        server.arrive(one.updates(0, before))
        server.until(sent=before)
        server.arrive(one.updates(before, WAITING))
        server.until(sent=before + 5)
    finally:
        bot.end()
    again = _again(one, server)
    try:
        _quiet(server)
        answered = len(server.record().sent)
    finally:
        again.end()
    kept = one.kept()
    figures = {"never answered": float(max(0, before + WAITING - answered))}
    if kept is not None:
        figures["answers lost"] = float(before + WAITING - kept)
    figures["answered twice"] = float(max(0, answered - before - WAITING))
    return figures


def _again(one: Contestant, server: Server) -> Bot:
    """Start a bot anew without forgetting what was recorded."""
    polls = server.record().polls
    bot = one.launch(server)
    server.until(polls=polls + 1)
    return bot


def _quiet(server: Server) -> None:
    """Wait until nothing was sent for a second and a half."""
    before = -1
    while (now := len(server.record().calls)) != before:
        before = now
        sleep(1.5)


def _warm_up(one: Contestant, server: Server, first: int = 0) -> None:
    server.reset(marker=one.marker)
    server.arrive(one.updates(first, WARMING))
    server.until(sent=WARMING // one.updates_a_message)
    sleep(0.3)


def _waits(record: Record) -> list[float]:
    """Seconds from each update to its message; in a chat the first answers the first."""
    arrived: dict[int, deque[float]] = defaultdict(deque)
    for chat, at in record.arrived:
        arrived[chat].append(at)
    return [at - arrived[chat].popleft() for at, chat, _ in record.sent if arrived[chat]]


def _out_of_order(record: Record) -> float:
    """The share of messages, whose texts are numbers, that came after a later one of their chat."""
    latest: dict[int, int] = {}
    late = 0
    for _, chat, text in record.sent:
        late += int(text) < latest.get(chat, -1)
        latest[chat] = max(latest.get(chat, -1), int(text))
    return late / len(record.sent)
