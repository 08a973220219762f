"""Tables, migrations, one unit of work per turn, the outbox."""

from bot.store.pulse import Pulse
from bot.store.records import (
    Attempt,
    Candidate,
    Claim,
    Failure,
    InterviewSummary,
    Pace,
    Priority,
    Reminder,
    Slot,
    StillOpen,
    StoreAway,
    StoreBusy,
    StoredAgenda,
    StoredInterview,
    StoreError,
    StoreTooNew,
)
from bot.store.store import Store
from bot.store.turn import Turn

__all__ = [
    "Attempt",
    "Candidate",
    "Claim",
    "Failure",
    "InterviewSummary",
    "Pace",
    "Priority",
    "Pulse",
    "Reminder",
    "Slot",
    "StillOpen",
    "Store",
    "StoreAway",
    "StoreBusy",
    "StoreError",
    "StoreTooNew",
    "StoredAgenda",
    "StoredInterview",
    "Turn",
]
