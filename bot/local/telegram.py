"""A stand-in for Telegram's servers, in this process, for one bot and any number of candidates.

The bot's side is `call`, which LocalRequest puts under python-telegram-bot. The candidate's side
is `sends`, `taps`, `messages` and so on, see bot/local/candidate.py. Laws, as at Telegram:
an update is kept and delivered again until a higher offset is asked for; ids only grow; what is
stored survives the process; and what Telegram refuses is refused here in Telegram's words.
"""

from __future__ import annotations

import asyncio
import json
import secrets
import time
from collections import defaultdict, deque
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from bot.local.bubble import bubble
from bot.local.candidate import Candidate
from bot.local.entities import Json
from bot.local.memory import Memory, StoredFile
from bot.local.methods import TAP_LIVES, Methods, Upload
from bot.local.refusal import Refused, error_body

Failure = Exception | tuple[int, bytes]
YEAR = 366 * 24 * 3600  # seconds
PRIVATE_SCOPES = ("all_private_chats", "default")


@dataclass(frozen=True, slots=True)
class Change:
    """Something new for the page of one chat.

    `kind` and `body`: "messages" {bubbles, deleted}, "state" see LocalTelegram.state,
    "typing" {action}, "answer" {message_id, data, text, alert}. `number` is the change to go on
    from after a lost line; only messages have one.
    """

    kind: str
    body: Json
    number: int | None = None


class LocalTelegram(Candidate):
    """The Bot API server of one bot. Open it with `open`; use it within one event loop."""

    def __init__(self, memory: Memory, clock: Callable[[], float] = time.time) -> None:
        self._real_clock = clock
        self._ahead = float(memory.setting("ahead", 0))
        super().__init__(memory, self.now, self._woken)
        self._methods = Methods(memory, self.now, self._tell)
        self._failures: dict[str, deque[tuple[Failure, bool]]] = defaultdict(deque)
        self._waiters: set[asyncio.Future[None]] = set()
        self._polls = 0
        self._feeds: dict[asyncio.Queue[Change | None], int] = {}
        if not memory.setting("born", ""):
            # The bot may know ids of a file that was deleted, and takes what it knows for old.
            memory.start_ids(int(self.now()))
            memory.keep_setting("born", secrets.token_hex(8))

    @classmethod
    def open(cls, path: str | Path, clock: Callable[[], float] = time.time) -> LocalTelegram:
        """Open the file at `path`, which is made if need be; ":memory:" forgets all on closing.

        `clock` returns seconds since 1970.
        """
        return cls(Memory(path), clock)

    def close(self) -> None:
        """End all feeds and close the file."""
        self.end_feeds()
        self._memory.close()

    # the bot's side

    async def call(
        self, method: str, parameters: Json, uploads: dict[str, Upload] | None = None
    ) -> tuple[int, bytes]:
        """Answer one Bot API call with its HTTP status and JSON body."""
        waiting = self._failures[method.lower()]
        failure, after = waiting.popleft() if waiting else (None, False)
        if failure is not None and not after:
            return _failed(failure)
        try:
            if method.lower() == "getupdates":
                result = await self._get_updates(parameters)
            else:
                with self._memory.transaction():
                    result = self._methods.call(method, parameters, uploads or {})
                self._woken()
        except Refused as refused:
            return refused.code, error_body(refused.code, str(refused))
        if failure is not None:
            return _failed(failure)
        return 200, json.dumps({"ok": True, "result": result}).encode()

    def fail_next(self, method: str, error: Failure, *, after: bool = False) -> None:
        """Let the next call of `method` fail: raise an exception, or answer (status, body).

        With `after`, the call does its work first and only the answer is lost. Failures queue up.
        """
        self._failures[method.lower()].append((error, after))

    async def _get_updates(self, parameters: Json) -> list[Json]:
        """Wait for updates up to `timeout` seconds; a second caller ends the first one's wait."""
        self._polls += 1
        poll = self._polls
        self._woken()
        if "allowed_updates" in parameters:
            self._memory.keep_setting("allowed_updates", parameters["allowed_updates"])
        self._memory.acknowledge(int(parameters.get("offset") or 0))
        limit = min(max(int(parameters.get("limit") or 100), 1), 100)
        loop = asyncio.get_running_loop()
        deadline = loop.time() + float(parameters.get("timeout") or 0)
        while not (updates := self._memory.updates(limit)):
            left = deadline - loop.time()
            if left <= 0:
                return []
            await self.arrival(left)
            if poll != self._polls:
                reason = "terminated by other getUpdates request"
                advice = "make sure that only one bot instance is running"
                raise Refused(409, f"Conflict: {reason}; {advice}")
        return updates

    async def arrival(self, seconds: float) -> None:
        """Wait until something has happened, at most `seconds`."""
        waiter: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiters.add(waiter)
        try:
            # Not wait_for: in Python 3.11 it loses a cancellation that comes with the waking.
            with suppress(TimeoutError):
                async with asyncio.timeout(seconds):
                    await waiter
        finally:
            self._waiters.discard(waiter)

    # time

    def now(self) -> float:
        """Return the time of this Telegram, in seconds since 1970."""
        return self._real_clock() + self._ahead

    def set_forward(self, seconds: float) -> None:
        """Set the clock forward for good. Raises ValueError for less than 0 or over a year."""
        if not 0 <= seconds <= YEAR:
            raise ValueError("The clock can be set forward, by up to a year.")
        self._ahead += seconds
        self._memory.keep_setting("ahead", self._ahead)
        self._tell(0, "state", {})
        self._woken()

    # the page's side

    def state(self, chat_id: int) -> Json:
        """Return what the page shows around the messages.

        name, description: of the bot. commands: [{command, description}]. keyboard: the reply
        markup in force, or None. spinning: unanswered taps. born: changes if the file is new.
        now: the time here, in seconds since 1970.
        """
        setting = self._memory.setting
        every = setting("commands", {})
        scopes = (f"{kind}:{lang}" for kind in PRIVATE_SCOPES for lang in ("en", ""))
        return {
            "name": setting("name", "") or "Second Round",
            "description": setting("description", ""),
            "commands": next((every[scope] for scope in scopes if every.get(scope)), []),
            "keyboard": (self._memory.chat(chat_id) or {}).get("keyboard"),
            "spinning": self.spinning(chat_id, newest=TAP_LIVES),
            "born": setting("born", ""),
            "now": self.now(),
        }

    def delete_chat(self, chat_id: int) -> None:
        """Do as "Delete chat" in Telegram's app: for the candidate it is as if it had never been.

        What the bot keeps of its own is the bot's; it can write again.
        """
        self._memory.empty_chat(chat_id)
        self._tell(chat_id, "state", {})
        self._woken()

    async def changes(self, chat_id: int, since: int = 0) -> AsyncIterator[Change]:
        """Yield the state, the messages changed after change number `since`, then all news.

        Ends when the feeds are ended.
        """
        queue: asyncio.Queue[Change | None] = asyncio.Queue()
        self._feeds[queue] = chat_id
        try:
            yield Change("state", self.state(chat_id))
            news = self._news(chat_id, since)
            yield news  # even of nothing: now the page knows that the chat is empty
            while True:
                change = await queue.get()
                if queue not in self._feeds:
                    return
                if change is not None:
                    yield change
                since = news.number or 0
                if (later := self._news(chat_id, since)).number != since:
                    news = later
                    yield news
        finally:
            self._feeds.pop(queue, None)

    def _news(self, chat_id: int, since: int) -> Change:
        stored = self._memory.messages(chat_id, since)
        bubbles = [asdict(bubble(message.body)) for message in stored if message.body is not None]
        deleted = [message.id for message in stored if message.body is None]
        number = max([since, *(message.change for message in stored)])
        return Change("messages", {"bubbles": bubbles, "deleted": deleted}, number)

    def end_feeds(self) -> None:
        """Let every `changes` come to its end."""
        queues = list(self._feeds)
        self._feeds.clear()
        for queue in queues:
            queue.put_nowait(None)

    def file(self, file_id: str) -> StoredFile | None:
        """Return what is known of a file, or None."""
        return self._memory.file(file_id)

    def chunks(self, file_id: str) -> Iterator[bytes]:
        """Yield the content of a file, piece by piece."""
        return self._memory.chunks(file_id)

    def _tell(self, chat_id: int, kind: str, body: Json) -> None:
        """Queue a change for the pages of a chat, 0 for all; messages need none, see _woken."""
        for queue, watched in self._feeds.items():
            if chat_id in (0, watched):
                body = self.state(watched) if kind == "state" else body
                queue.put_nowait(Change(kind, body))

    def _woken(self) -> None:
        """Let everyone who waits look at the tables again."""
        for waiter in self._waiters:
            if not waiter.done():
                waiter.set_result(None)
        for queue in self._feeds:
            queue.put_nowait(None)


def _failed(failure: Failure) -> tuple[int, bytes]:
    if isinstance(failure, Exception):
        raise failure
    return failure
