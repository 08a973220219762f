"""What the stand-in for Telegram remembers, in one SQLite file.

Ids of updates and messages are never used twice, not even after a restart or, as they start at
the seconds of the clock, by a new file after this one was deleted. Every change to a
message gets the next change number, so a page that lost its line asks for what came after.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.local.entities import Json
from bot.private import make_private_database

SCHEMA = """
CREATE TABLE IF NOT EXISTS chat (id INTEGER PRIMARY KEY, body TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS message (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    chat_id INTEGER NOT NULL,
    change INTEGER NOT NULL UNIQUE,
    body TEXT  -- NULL once deleted
);
CREATE INDEX IF NOT EXISTS message_by_chat ON message (chat_id, change);
CREATE TABLE IF NOT EXISTS pending_update (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    body TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS tap (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    chat_id INTEGER NOT NULL,
    body TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS tap_by_chat ON tap (chat_id);
CREATE TABLE IF NOT EXISTS file (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL,
    mime_type TEXT NOT NULL,
    content BLOB NOT NULL
);
CREATE TABLE IF NOT EXISTS setting (name TEXT PRIMARY KEY, value TEXT NOT NULL);
"""
NEXT_CHANGE = "(SELECT coalesce(max(change), 0) + 1 FROM message)"
# Their bodies are JSON, so what a candidate wrote cannot look like this: its quotes are escaped.
UNUSED_FILES = """
SELECT id FROM file WHERE NOT EXISTS (
    SELECT 1 FROM message WHERE instr(body, '"file_id": "file-' || file.id || '"')
)
"""
WITH_IDS = ("message", "pending_update", "tap", "file")
CHUNK = 64 * 1024


@dataclass(frozen=True, slots=True)
class StoredMessage:
    """A row of the transcript. `body` is a Bot API Message, or None once deleted."""

    id: int
    change: int
    body: Json | None


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file without its content. `size` is in bytes."""

    id: str
    name: str
    mime_type: str
    size: int


class Memory:
    """The tables, and nothing that knows Telegram's rules."""

    def __init__(self, path: str | Path) -> None:
        if str(path) != ":memory:":
            make_private_database(Path(path))
        self._db = sqlite3.connect(path, isolation_level=None)
        self._db.execute("PRAGMA journal_mode = WAL")
        self._db.execute("PRAGMA synchronous = NORMAL")
        self._db.execute("PRAGMA secure_delete = ON")
        self._db.executescript(SCHEMA)
        if self._db.execute("PRAGMA user_version").fetchone()[0]:
            self._wipe()

    def start_ids(self, first: int) -> None:
        """Let the ids of a new file start after `first`."""
        rows = [(table, first) for table in WITH_IDS]
        self._db.executemany("INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)", rows)

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Do everything inside, or nothing of it."""
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")

    # chats

    def chat(self, chat_id: int) -> Json | None:
        """Return what is known of a chat, or None."""
        return self._body("SELECT body FROM chat WHERE id = ?", chat_id)

    def keep_chat(self, chat_id: int, body: Json) -> None:
        """Write a chat."""
        self._db.execute("REPLACE INTO chat (id, body) VALUES (?, ?)", (chat_id, json.dumps(body)))

    def empty_chat(self, chat_id: int) -> None:
        """Forget what was said in a chat and leave no trace of it in the file; ids go on growing.

        Of a message only its id and the number of this change are left, for pages to hear of it.
        """
        with self.transaction():
            for message in self.messages(chat_id):
                if message.body is not None:
                    self.change_message(message.id, None)
            no_keyboard = "UPDATE chat SET body = json_set(body, '$.keyboard', NULL) WHERE id = ?"
            self._db.execute(no_keyboard, (chat_id,))
            self._db.execute("DELETE FROM tap WHERE chat_id = ?", (chat_id,))
            self._db.execute(f"DELETE FROM file WHERE id IN ({UNUSED_FILES})")
            waiting = self._db.execute("SELECT id, body FROM pending_update").fetchall()
            own = [(number,) for number, body in waiting if _chat_of(json.loads(body)) == chat_id]
            self._db.executemany("DELETE FROM pending_update WHERE id = ?", own)
            # Kept in the file, so that a crash before the wiping is made good at the next start.
            self._db.execute("PRAGMA user_version = 1")
        self._wipe()

    def _wipe(self) -> None:
        """Write the file anew without what was deleted, and empty the log of old pages."""
        self._db.execute("VACUUM")
        (busy, *_) = self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        if not busy:
            self._db.execute("PRAGMA user_version = 0")

    # messages

    def add_message(self, chat_id: int, body: Json) -> Json:
        """Write a new message; return it with its message_id."""
        cursor = self._db.execute(
            f"INSERT INTO message (chat_id, change, body) VALUES (?, {NEXT_CHANGE}, '{{}}')",
            (chat_id,),
        )
        body = {"message_id": cursor.lastrowid, **body}
        self._db.execute(
            "UPDATE message SET body = ? WHERE id = ?", (json.dumps(body), cursor.lastrowid)
        )
        return body

    def message(self, chat_id: int, message_id: int) -> Json | None:
        """Return a message that is still there, or None."""
        return self._body(
            "SELECT body FROM message WHERE chat_id = ? AND id = ?", chat_id, message_id
        )

    def change_message(self, message_id: int, body: Json | None) -> None:
        """Replace a message; None deletes it."""
        self._db.execute(
            f"UPDATE message SET change = {NEXT_CHANGE}, body = ? WHERE id = ?",
            (None if body is None else json.dumps(body), message_id),
        )

    def messages(self, chat_id: int, since: int = 0) -> list[StoredMessage]:
        """Return the messages of a chat changed after change number `since`, by message_id."""
        rows = self._db.execute(
            "SELECT id, change, body FROM message WHERE chat_id = ? AND change > ? ORDER BY id",
            (chat_id, since),
        )
        return [StoredMessage(i, change, json.loads(body or "null")) for i, change, body in rows]

    # updates

    def add_update(self, body: Json) -> None:
        """Keep an update until it is acknowledged."""
        self._db.execute("INSERT INTO pending_update (body) VALUES (?)", (json.dumps(body),))

    def updates(self, limit: int) -> list[Json]:
        """Return the oldest unacknowledged updates."""
        rows = self._db.execute("SELECT id, body FROM pending_update ORDER BY id LIMIT ?", (limit,))
        return [{"update_id": update_id, **json.loads(body)} for update_id, body in rows]

    def acknowledge(self, offset: int) -> None:
        """Forget the updates below `offset`; a negative one keeps that many of the newest."""
        if offset < 0:
            newest = "SELECT id FROM pending_update ORDER BY id DESC LIMIT ?"
            self._db.execute(f"DELETE FROM pending_update WHERE id NOT IN ({newest})", (-offset,))
        else:
            self._db.execute("DELETE FROM pending_update WHERE id < ?", (offset,))

    def pending(self) -> int:
        """Return how many updates nobody has acknowledged."""
        count: int = self._db.execute("SELECT count(*) FROM pending_update").fetchone()[0]
        return count

    # taps on inline buttons

    def add_tap(self, chat_id: int, body: Json) -> int:
        """Write a tap; return its id."""
        row = (chat_id, json.dumps(body))
        cursor = self._db.execute("INSERT INTO tap (chat_id, body) VALUES (?, ?)", row)
        assert cursor.lastrowid is not None
        return cursor.lastrowid

    def tap(self, tap_id: int) -> Json | None:
        """Return a tap, or None."""
        return self._body("SELECT body FROM tap WHERE id = ?", tap_id)

    def change_tap(self, tap_id: int, body: Json) -> None:
        """Replace a tap."""
        self._db.execute("UPDATE tap SET body = ? WHERE id = ?", (json.dumps(body), tap_id))

    def unanswered(self, chat_id: int) -> list[Json]:
        """Return the taps of a chat that wait for an answer, oldest first."""
        rows = self._db.execute(
            "SELECT body FROM tap WHERE chat_id = ? AND json_extract(body, '$.answer') IS NULL "
            "ORDER BY id",
            (chat_id,),
        )
        return [json.loads(body) for (body,) in rows]

    # files

    def add_file(self, name: str, mime_type: str, content: bytes) -> StoredFile:
        """Write a file."""
        cursor = self._db.execute(
            "INSERT INTO file (name, mime_type, content) VALUES (?, ?, ?)",
            (name, mime_type, content),
        )
        return StoredFile(f"file-{cursor.lastrowid}", name, mime_type, len(content))

    def file(self, file_id: str) -> StoredFile | None:
        """Return what is known of a file, or None."""
        row = self._db.execute(
            "SELECT name, mime_type, length(content) FROM file WHERE id = ?", (_row(file_id),)
        ).fetchone()
        return StoredFile(file_id, *row) if row else None

    def chunks(self, file_id: str) -> Iterator[bytes]:
        """Yield the content of a file, piece by piece."""
        start = 0
        while True:
            # Opened anew each time: a download that rests must not keep a chat from being emptied.
            with self._db.blobopen("file", "content", _row(file_id), readonly=True) as blob:
                blob.seek(start)
                chunk = blob.read(CHUNK)
            if not chunk:
                return
            yield chunk
            start += len(chunk)

    # settings

    def setting(self, name: str, default: Any) -> Any:
        """Return a JSON value kept under `name`."""
        row = self._db.execute("SELECT value FROM setting WHERE name = ?", (name,)).fetchone()
        return json.loads(row[0]) if row else default

    def keep_setting(self, name: str, value: Any) -> None:
        """Keep a JSON value under `name`."""
        self._db.execute(
            "REPLACE INTO setting (name, value) VALUES (?, ?)", (name, json.dumps(value))
        )

    def _body(self, query: str, *arguments: int) -> Json | None:
        row = self._db.execute(query, arguments).fetchone()
        body: Json | None = json.loads(row[0] or "null") if row else None
        return body


def _chat_of(update: Json) -> int:
    """Return the chat that an update is about."""
    (about,) = update.values()
    chat: Json = about.get("chat") or about["message"]["chat"]
    return int(chat["id"])


def _row(file_id: str) -> int:
    """Return the row that a file id names; 0, which no file has, if it names none."""
    number = file_id.removeprefix("file-")
    return int(number) if number.isascii() and number.isdigit() else 0
