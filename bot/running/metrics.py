"""The numbers for Prometheus. No label ever holds anything of a candidate's.

Counting a turn costs a few microseconds; what has to be asked of the store is asked when somebody
comes to read the numbers.
"""

from __future__ import annotations

import logging
from datetime import datetime
from math import nan

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest

from bot.chat.report import Outcome, TurnReport
from bot.store import Pulse

CONTENT_TYPE = CONTENT_TYPE_LATEST
_SECONDS = (0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 20.0)


class Metrics:
    """All that is counted, in a registry of its own."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        ProcessCollector(registry=self._registry)
        self._turns = Counter(
            "second_round_turns",
            "Turns by kind of update and how they ended.",
            ["kind", "outcome"],
            registry=self._registry,
        )
        self._latency = Histogram(
            "second_round_turn_seconds",
            "How long a turn took, from its update to its commit.",
            ["kind"],
            buckets=_SECONDS,
            registry=self._registry,
        )
        self._errors = Counter(
            "second_round_errors",
            "Errors by where they were noticed and their kind.",
            ["where", "kind"],
            registry=self._registry,
        )
        self._calls = Counter(
            "second_round_telegram_calls",
            "Calls to Telegram by method and outcome: a status, timeout or broken.",
            ["method", "outcome"],
            registry=self._registry,
        )
        self._waiting = Gauge(
            "second_round_outbox_lines",
            "Lines that wait to be sent; counted up to 10,000.",
            registry=self._registry,
        )
        self._overdue = Gauge(
            "second_round_outbox_oldest_due_seconds",
            "For how long the longest overdue line has been due.",
            registry=self._registry,
        )

    def count_turn(self, report: TurnReport) -> None:
        """Count a turn, and its error if it had one."""
        self._turns.labels(report.kind, report.outcome.value).inc()
        if report.outcome is not Outcome.PASSED_OVER:
            self._latency.labels(report.kind).observe(report.seconds)
        if report.error:
            self._errors.labels("turn", report.error).inc()

    def count_call(self, method: str, outcome: str) -> None:
        """Count a call to Telegram."""
        self._calls.labels(method, outcome).inc()

    def watch_log(self) -> logging.Handler:
        """A handler that counts the errors that are logged elsewhere than in a turn."""
        return _Errors(self._errors)

    def exposed(self, pulse: Pulse | None, now: datetime) -> bytes:
        """The numbers in Prometheus' text format; without a pulse the outbox is NaN."""
        due = pulse.due_since if pulse else None
        overdue = (now - due).total_seconds() if due else 0.0
        self._waiting.set(pulse.waiting if pulse else nan)
        self._overdue.set(max(0.0, overdue) if pulse else nan)
        return generate_latest(self._registry)


class _Errors(logging.Handler):
    def __init__(self, errors: Counter) -> None:
        super().__init__(logging.ERROR)
        self._errors = errors

    def emit(self, record: logging.LogRecord) -> None:
        """Count one record."""
        self._errors.labels(record.name.removeprefix("bot."), "logged").inc()
