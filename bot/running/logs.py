"""The log: one line an event, and never a word of a candidate's.

What others log of errors is cut down to their kind and place, because their words may quote what
was being read, stored or sent; python-telegram-bot, which logs whole updates, is not heard at all.
"""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime
from hashlib import blake2b

from bot.chat.errors import kind_and_place
from bot.chat.report import Outcome, TurnReport
from bot.store import StoreAway

turns = logging.getLogger("bot.turns")

_NOISY = ("httpx", "httpcore", "aiohttp", "asyncio", "asyncpg", "alembic", "uvicorn")


def set_up_logging(level: int, form: str) -> None:
    """Write to standard error; `form` is text or json."""
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLines() if form == "json" else PlainLines())
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for noisy in _NOISY:
        logging.getLogger(noisy).setLevel(max(logging.WARNING, level))
    # Its debug lines tell calls with their words, its errors whole updates.
    logging.getLogger("telegram").setLevel(logging.CRITICAL + 1)


class PlainLines(logging.Formatter):
    """Time, level and place, then what is said, then `key=value` for each field."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")

    def format(self, record: logging.LogRecord) -> str:
        """One line."""
        fields = getattr(record, "fields", {})
        said = [self._of(record), *(f"{name}={value}" for name, value in fields.items())]
        return " ".join(said).replace("\n", "\\n")

    def _of(self, record: logging.LogRecord) -> str:
        record.asctime = self.formatTime(record)
        record.message = record.getMessage()
        return self.formatMessage(record) + _error_of(record)


class JsonLines(logging.Formatter):
    """The same as one JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        """One line."""
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "from": record.name,
            "said": record.getMessage() + _error_of(record),
        }
        return json.dumps(line | getattr(record, "fields", {}), ensure_ascii=False)


def _error_of(record: logging.LogRecord) -> str:
    error = record.exc_info[1] if record.exc_info else None
    return f" ({kind_and_place(error)})" if error is not None else ""


class TurnLog:
    """Logs each turn; chats are told apart by a hash that needs `key` to be made."""

    def __init__(self, key: str) -> None:
        self._key = bytes.fromhex(key)

    def __call__(self, report: TurnReport) -> None:
        """Write one line, as a warning if the turn failed."""
        fine = report.outcome in {Outcome.DONE, Outcome.SEEN}
        level = logging.INFO if fine or not report.error else logging.WARNING
        # A flood must not be one in the log, too; nor must a store that is away, which says so.
        away = report.outcome is Outcome.AGAIN and report.error == StoreAway.__name__
        if report.outcome is Outcome.OVER or away:
            level = logging.DEBUG
        if not turns.isEnabledFor(level):
            return
        fields: dict[str, str | float] = {
            "chat": "none" if report.chat_id is None else self.hashed(report.chat_id),
            "kind": report.kind,
            "ms": round(report.seconds * 1000, 1),
            "outcome": report.outcome.value,
        }
        if report.before:
            fields["stage"] = f"{report.before}>{report.after}"
        if report.error:
            fields["error"] = report.error
        turns.log(level, "turn", extra={"fields": fields})

    def hashed(self, chat_id: int) -> str:
        """The name of a chat in the log, the same as long as the token is."""
        return blake2b(str(chat_id).encode(), key=self._key, digest_size=6).hexdigest()
