"""A Bot API server for measuring and breaking: fast, with Telegram's manners, recording every call.

As at Telegram, an update waits until a higher offset is asked for, or until the webhook answers
200; a webhook gets the messages of one chat one after the other, and taps in a line of their own,
so that a tap may overtake a message; of two who poll at once the older is turned away. Unlike
bot/local it takes any text: what it is for is load, and faults on the line.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from itertools import islice
from time import monotonic, time
from typing import Any

from aiohttp import web

from tests.bench.webhook import Webhook, line_of

Json = dict[str, Any]
TOKEN = "123456:token-of-the-bench"
BOT = {"id": 123456, "is_bot": True, "first_name": "Bot", "username": "bench_bot"}
FIRST_MESSAGE = 1_000_000  # lower ids are from before this server's time, and taken to be there


@dataclass(frozen=True, slots=True)
class Call:
    """A call that was acted on; `at` is in seconds of `time.monotonic`."""

    at: float
    method: str
    chat_id: int
    message_id: int
    text: str
    markup: str

    @property
    def buttons(self) -> list[tuple[str, str]]:
        """The buttons under the message as (text, data)."""
        rows = json.loads(self.markup or "{}").get("inline_keyboard", [])
        return [(each["text"], each["callback_data"]) for row in rows for each in row]


@dataclass(frozen=True, slots=True)
class Fault:
    """What goes wrong with one call, before or after it was acted on.

    `status` and `body` are answered; without a status the connection is dropped, after `hangs`
    seconds without an answer.
    """

    status: int | None = None
    body: bytes = b""
    acts: bool = False
    hangs: float = 0.0


class Refused(Exception):
    """The call is answered with an error."""

    def __init__(self, status: int, description: str) -> None:
        super().__init__(description)
        self.status = status
        self.body = {"ok": False, "error_code": status, "description": description}


class Telegram:
    """The server of one bot. Use it within one event loop; `app` is what to serve."""

    def __init__(self, token: str = TOKEN) -> None:
        self.calls: list[Call] = []
        self.arrived: list[tuple[int, float]] = []  # (chat, when) of every update
        self.history: list[Json] = []
        self.delay = 0.0
        self.fault: Callable[[str, Json], Fault | None] | None = None
        self.heard: Callable[[Call], None] | None = None
        self.spread: Callable[[str], str] = lambda url: url  # see Webhook
        self.polls = 0
        self.sent = 0  # messages with `marker` among the data of their buttons
        self.marker = ""
        self._token = token
        self._waiting: dict[int, Json] = {}
        self._next_update = 1
        self._next_message = FIRST_MESSAGE
        self._standing: dict[tuple[int, int], tuple[str, str]] = {}
        self._bell = asyncio.Event()
        self._changed = asyncio.Event()
        self._webhook: Webhook | None = None
        self._methods: dict[str, Callable[[Json], Awaitable[Any] | Any]] = {
            "getme": lambda _: BOT,
            "getupdates": self._get_updates,
            "setwebhook": self._set_webhook,
            "deletewebhook": self._delete_webhook,
            "getwebhookinfo": lambda _: {
                "url": self._webhook.url if self._webhook else "",
                "has_custom_certificate": False,
                "pending_update_count": self.waiting,
            },
            "sendmessage": self._send,
            "senddocument": self._send,
            "editmessagetext": self._edit,
            "editmessagereplymarkup": self._edit,
            "deletemessage": self._delete,
        }
        self.app = web.Application(client_max_size=60 * 2**20)
        self.app.router.add_route("*", "/bot{token}/{method}", self._handle)

    # the candidates' side

    def arrive(self, update: Json) -> int:
        """Take an update for the bot; returns its id."""
        number = update.get("update_id") or self._next_update
        self._next_update = max(self._next_update, number) + 1
        self.history.append({"update_id": number, **update})
        self.arrived.append((line_of(update)[1], monotonic()))
        self._deliver(self.history[-1])
        return number

    def everything_again(self) -> None:
        """Deliver every update that ever arrived once more."""
        for update in self.history:
            self._deliver(update)

    def _deliver(self, update: Json) -> None:
        self._waiting[update["update_id"]] = update
        self._bell.set()
        if self._webhook is not None:
            self._webhook.push(update)

    def message_id(self) -> int:
        """An id for a message of a candidate's."""
        self._next_message += 1
        return self._next_message

    @property
    def waiting(self) -> int:
        """How many updates the bot has not acknowledged."""
        return len(self._waiting)

    def waits(self, number: int) -> bool:
        """Whether the bot has not acknowledged this update."""
        return number in self._waiting

    async def until(self, done: Callable[[], bool], patience: float) -> bool:
        """Wait until `done` says so, asked after each call; False when patience ran out."""
        end = monotonic() + patience
        while not done():
            self._changed.clear()
            try:
                await asyncio.wait_for(self._changed.wait(), min(0.2, max(0.0, end - monotonic())))
            except TimeoutError:
                if monotonic() >= end:
                    return done()
        return True

    async def close(self) -> None:
        """End long polls and the pushing of updates."""
        self._bell.set()
        await self._delete_webhook({})

    # the bot's side

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"].lower()
        asked: Json = dict(await request.post())
        fault = self.fault(method, asked) if self.fault is not None else None
        if fault is not None and not fault.acts:
            return await _fail(request, fault)
        try:
            if request.match_info["token"] != self._token:
                raise Refused(401, "Unauthorized")
            act = self._methods.get(method)
            result = act(asked) if act is not None else True
            if asyncio.iscoroutine(result):
                result = await result
            status, body = 200, {"ok": True, "result": result}
        except Refused as refused:
            status, body = refused.status, refused.body
        if self.delay:
            await asyncio.sleep(self.delay)
        if fault is not None:
            return await _fail(request, fault)
        answer = json.dumps(body).encode()
        return web.Response(body=answer, status=status, content_type="application/json")

    async def _get_updates(self, asked: Json) -> list[Json]:
        if self._webhook is not None:
            raise Refused(409, "Conflict: can't use getUpdates method while webhook is active")
        self.polls += 1
        self._bell.set()  # an older poll ends now
        self._bell = bell = asyncio.Event()
        self._changed.set()
        for number in [each for each in self._waiting if each < int(asked.get("offset", 0))]:
            del self._waiting[number]
        if not self._waiting and (patience := float(asked.get("timeout", 0))):
            try:
                await asyncio.wait_for(bell.wait(), patience)
            except TimeoutError:
                return []
        if self._bell is not bell:
            raise Refused(409, "Conflict: terminated by other getUpdates request")
        return list(islice(self._waiting.values(), int(asked.get("limit", 100))))

    async def _set_webhook(self, asked: Json) -> bool:
        await self._delete_webhook({})
        if asked.get("url"):
            self._webhook = Webhook(
                asked["url"],
                asked.get("secret_token", ""),
                int(asked.get("max_connections", 40)),
                self._delivered,
                lambda url: self.spread(url),
            )
            for update in self._waiting.values():
                self._webhook.push(update)
        self._changed.set()
        return True

    async def _delete_webhook(self, _: Json) -> bool:
        if self._webhook is not None:
            webhook, self._webhook = self._webhook, None
            await webhook.close()
        return True

    @property
    def has_webhook(self) -> bool:
        """Whether updates are pushed rather than polled for."""
        return self._webhook is not None

    def _delivered(self, number: int) -> None:
        self._waiting.pop(number, None)
        self._changed.set()

    def _send(self, asked: Json) -> Json:
        self.sent += self.marker in str(asked.get("reply_markup", ""))
        return self._put("sendMessage", asked, self.message_id())

    def _edit(self, asked: Json) -> Json:
        here = int(asked["chat_id"]), int(asked["message_id"])
        if here not in self._standing and here[1] >= FIRST_MESSAGE:
            raise Refused(400, "Bad Request: message to edit not found")
        before = self._standing.get(here, ("", "unknown"))
        after = str(asked.get("text", before[0])), str(asked.get("reply_markup", ""))
        if before == after:
            raise Refused(400, "Bad Request: message is not modified")
        method = "editMessageText" if "text" in asked else "editMessageReplyMarkup"
        return self._put(method, {**asked, "text": after[0]}, here[1])

    def _delete(self, asked: Json) -> bool:
        here = int(asked["chat_id"]), int(asked["message_id"])
        if self._standing.pop(here, None) is None and here[1] >= FIRST_MESSAGE:
            raise Refused(400, "Bad Request: message to delete not found")
        self._note(Call(monotonic(), "deleteMessage", *here, "", ""))
        return True

    def _put(self, method: str, asked: Json, message_id: int) -> Json:
        chat_id = int(asked["chat_id"])
        text, markup = str(asked.get("text", "")), str(asked.get("reply_markup", ""))
        self._standing[chat_id, message_id] = text, markup
        self._note(Call(monotonic(), method, chat_id, message_id, text, markup))
        return {
            "message_id": message_id,
            "date": int(time()),
            "chat": {"id": chat_id, "type": "private", "first_name": "You"},
            "text": text,
        }

    def _note(self, call: Call) -> None:
        self.calls.append(call)
        self._changed.set()
        if self.heard is not None:
            self.heard(call)


async def _fail(request: web.Request, fault: Fault) -> web.StreamResponse:
    if fault.hangs:
        await asyncio.sleep(fault.hangs)
    if fault.status is None:
        if request.transport is not None:
            request.transport.abort()
        return web.Response()
    return web.Response(body=fault.body, status=fault.status)


def text_from(chat_id: int, text: str, message_id: int) -> Json:
    """An update: somebody sent a text in their private chat."""
    message = _message(chat_id, message_id, _person(chat_id)) | {"text": text}
    if text.startswith("/"):
        command = {"type": "bot_command", "offset": 0, "length": len(text.split()[0])}
        message["entities"] = [command]
    return {"message": message}


def tap_on(chat_id: int, data: str, message_id: int, query: int) -> Json:
    """An update: somebody tapped a button of the bot's."""
    return {
        "callback_query": {
            "id": str(query),
            "from": _person(chat_id),
            "chat_instance": "1",
            "data": data,
            "message": _message(chat_id, message_id, BOT),
        }
    }


def _person(chat_id: int) -> Json:
    return {"id": chat_id, "is_bot": False, "first_name": "You", "language_code": "en"}


def _message(chat_id: int, message_id: int, sender: Json) -> Json:
    chat = {"id": chat_id, "type": "private", "first_name": "You"}
    return {"message_id": message_id, "from": sender, "chat": chat, "date": int(time())}
