"""Tables, migrations, one unit of work per turn, the outbox."""

from bot.store.records import (
    Attempt,
    Candidate,
    Claim,
    InterviewSummary,
    Priority,
    Reminder,
    Slot,
    StillOpen,
    StoreBusy,
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
    "InterviewSummary",
    "Priority",
    "Reminder",
    "Slot",
    "StillOpen",
    "Store",
    "StoreBusy",
    "StoreError",
    "StoreTooNew",
    "StoredInterview",
    "Turn",
]
