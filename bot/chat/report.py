"""What is told about a turn once it is over: for the log and the numbers, never what was said."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum


class Outcome(StrEnum):
    """How a turn ended."""

    DONE = "done"
    SEEN = "seen"  # it was done before, and came again
    FAILED = "failed"  # kept for replay, and apologised for
    OVER = "over"  # more than one candidate may send, see limits.py
    PASSED_OVER = "passed_over"  # nothing to answer, or past hope
    AGAIN = "again"  # nothing could be stored; it will come again


@dataclass(slots=True)
class TurnReport:
    """One turn of one chat; `error` is the kind of what went wrong, "" if nothing did.

    Stages are those of the interview while one runs, else of the candidate; "" if unknown.
    """

    chat_id: int | None
    kind: str
    outcome: Outcome = Outcome.DONE
    before: str = ""
    after: str = ""
    seconds: float = 0.0
    error: str = ""


Watcher = Callable[[TurnReport], None]
