"""The candidate's side of the stand-in: what a Telegram app on their phone would do."""

from __future__ import annotations

import math
from collections.abc import Callable

from bot.local.bubble import Bubble, bubble
from bot.local.entities import Json, detected, utf16
from bot.local.memory import Memory, StoredFile
from bot.local.methods import BOT_ID, TEXT_LENGTH
from bot.local.pictures import picture_size, picture_type
from bot.local.shapes import document, identity, photo, public

CANDIDATE = 1  # the one on the page, and the sender in groups


class Candidate:
    """What candidates do in their chats. A chat is opened by the first thing done in it."""

    def __init__(
        self, memory: Memory, clock: Callable[[], float], wake: Callable[[], None]
    ) -> None:
        self._memory = memory
        self._clock = clock
        self._wake = wake

    # what they do

    async def sends(self, chat_id: int, text: str, *, kind: str = "private") -> list[int]:
        """Send a text, in several messages if it is too long for one; return the message_ids.

        `kind` is "private" or "group". Raises ValueError for an empty text.
        """
        parts = split(text)
        if not parts:
            raise ValueError("An empty message cannot be sent.")
        return [self._send(chat_id, _text(part), kind) for part in parts]

    async def edits(self, chat_id: int, message_id: int, text: str) -> None:
        """Change an own text. Raises LookupError if it is not theirs, ValueError for its length."""
        body = self._memory.message(chat_id, message_id)
        if body is None or body["from"]["is_bot"] or "text" not in body:
            raise LookupError("Only an own text that is still there can be edited.")
        text = text.strip()
        if not 1 <= utf16(text) <= TEXT_LENGTH:
            raise ValueError(f"A message has 1 to {TEXT_LENGTH} characters.")
        if text == body["text"]:
            return
        body.pop("entities", None)
        body |= _text(text) | {"edit_date": int(self._clock())}
        with self._memory.transaction():
            self._memory.change_message(message_id, body)
            self._add_update("edited_message", body)
        self._wake()

    async def taps(self, chat_id: int, message_id: int, data: str) -> str:
        """Tap an inline button; return the query's id. Raises LookupError if it is gone."""
        body = self._memory.message(chat_id, message_id)
        buttons = [b.data for row in bubble(body).buttons for b in row] if body else []
        if body is None or not data or data not in buttons:
            raise LookupError("That button is not there any more.")
        where: Json = {"chat_id": chat_id, "message_id": message_id, "data": data}
        with self._memory.transaction():
            tap = self._memory.add_tap(chat_id, where | {"at": self._clock(), "answer": None})
            query = {
                "id": str(tap),
                "from": _person(chat_id),
                "message": public(body),
                "chat_instance": str(chat_id),
                "data": data,
            }
            self._add_update("callback_query", query)
        self._wake()
        return str(tap)

    async def sends_document(
        self, chat_id: int, content: bytes, name: str, *, mime_type: str = "", caption: str = ""
    ) -> int:
        """Send a file; return the message_id."""
        file = self._file(name, mime_type or "application/octet-stream", content)
        return self._send(chat_id, {"document": document(file)} | _caption(caption))

    async def sends_photo(self, chat_id: int, content: bytes, *, caption: str = "") -> int:
        """Send a PNG or JPEG as a photo; return the message_id. Raises ValueError for others."""
        size = picture_size(content)
        if size is None:
            raise ValueError("Only PNG and JPEG can be sent as a photo.")
        file = self._file("photo", picture_type(content), content)
        return self._send(chat_id, {"photo": photo(file, size)} | _caption(caption))

    async def sends_voice(
        self, chat_id: int, content: bytes, *, duration: int, mime_type: str = "audio/ogg"
    ) -> int:
        """Send a voice note of `duration` seconds; return the message_id."""
        voice = identity(self._file("voice", mime_type, content))
        return self._send(
            chat_id, {"voice": voice | {"duration": duration, "mime_type": mime_type}}
        )

    async def sends_location(self, chat_id: int, latitude: float, longitude: float) -> int:
        """Share a place; return the message_id. Raises ValueError for a place not on Earth."""
        if not (abs(latitude) <= 90 and abs(longitude) <= 180):
            raise ValueError("That place is not on Earth.")
        return self._send(chat_id, {"location": {"latitude": latitude, "longitude": longitude}})

    async def sends_sticker(self, chat_id: int, emoji: str) -> int:
        """Send a sticker that stands for `emoji`; return the message_id."""
        looks = {"type": "regular", "width": 512, "height": 512, "emoji": emoji}
        kind = {"is_animated": False, "is_video": False}
        file = identity(self._file("sticker", "image/webp", b""))
        return self._send(chat_id, {"sticker": file | looks | kind})

    async def blocks(self, chat_id: int, *, blocked: bool = True) -> None:
        """Block the bot, or let it write again; the bot is told, as Telegram tells it."""
        chat = self._opened(chat_id, "private")
        states = ("kicked", "member") if blocked else ("member", "kicked")
        member = {"id": BOT_ID, "is_bot": True, "first_name": "Second Round"}
        now, before = ({"user": member, "status": state, "until_date": 0} for state in states)
        change = {
            "chat": chat["chat"],
            "from": _person(chat_id),
            "date": int(self._clock()),
            "old_chat_member": before,
            "new_chat_member": now,
        }
        with self._memory.transaction():
            self._memory.keep_chat(chat_id, chat | {"blocked": blocked})
            self._add_update("my_chat_member", change)
        self._wake()

    # what they see

    def messages(self, chat_id: int) -> list[Bubble]:
        """Return what is in the chat, oldest first."""
        return [bubble(m.body) for m in self._memory.messages(chat_id) if m.body is not None]

    def keyboard(self, chat_id: int) -> list[list[str]]:
        """Return the rows of keys above the input, [] for none."""
        markup = (self._memory.chat(chat_id) or {}).get("keyboard") or {}
        return [[key["text"] for key in row] for row in markup.get("keyboard", [])]

    def spinning(self, chat_id: int, *, newest: float = math.inf) -> list[Json]:
        """Return the message_id and data of taps nobody has answered, of the `newest` seconds."""
        since = self._clock() - newest
        waiting = [tap for tap in self._memory.unanswered(chat_id) if tap["at"] >= since]
        return [{"message_id": tap["message_id"], "data": tap["data"]} for tap in waiting]

    def answer(self, query_id: str) -> Json | None:
        """Return how the bot answered a tap, {"text": …, "alert": …}, None if it has not yet."""
        return (self._memory.tap(int(query_id)) or {}).get("answer")

    # how

    def _send(self, chat_id: int, content: Json, kind: str = "private") -> int:
        with self._memory.transaction():
            chat = self._opened(chat_id, kind)
            self._used_keyboard(chat_id, chat)
            sender = _person(chat_id if kind == "private" else CANDIDATE)
            body = {"from": sender, "chat": chat["chat"], "date": int(self._clock())} | content
            body = self._memory.add_message(chat_id, body)
            self._add_update("message", body)
        self._wake()
        return int(body["message_id"])

    def _opened(self, chat_id: int, kind: str) -> Json:
        chat = self._memory.chat(chat_id)
        if chat is None:
            name = {"first_name": "You"} if kind == "private" else {"title": "A group"}
            about = {"id": chat_id, "type": kind} | name
            chat = {"chat": about, "blocked": False, "keyboard": None}
            self._memory.keep_chat(chat_id, chat)
        return chat

    def _used_keyboard(self, chat_id: int, chat: Json) -> None:
        """Put away what is meant to be used once."""
        keyboard = chat["keyboard"] or {}
        if keyboard.get("force_reply"):
            self._memory.keep_chat(chat_id, chat | {"keyboard": None})
        elif keyboard.get("one_time_keyboard"):
            self._memory.keep_chat(chat_id, chat | {"keyboard": keyboard | {"used": True}})

    def _file(self, name: str, mime_type: str, content: bytes) -> StoredFile:
        return self._memory.add_file(name, mime_type, content)

    def _add_update(self, kind: str, body: Json) -> None:
        """Keep an update for the bot, unless it has said that it wants none of the kind."""
        allowed = self._memory.setting("allowed_updates", [])
        if not allowed or kind in allowed:
            self._memory.add_update({kind: public(body)})


def split(text: str) -> list[str]:
    """Cut a long text into messages as Telegram's apps do, if possible where it pauses."""
    parts = []
    rest = text.strip()
    while utf16(rest) > TEXT_LENGTH:
        end = _fitting(rest)
        part = rest[:end]
        pauses = (part.rfind(pause) + len(pause) for pause in ("\n\n", "\n", ". ", " "))
        end = next((cut for cut in pauses if cut > end // 2), end)
        parts.append(rest[:end].strip())
        rest = rest[end:].strip()
    return [*parts, rest] if rest else parts


def _fitting(text: str) -> int:
    """Return how many characters of `text` fit into one message."""
    units = 0
    for index, character in enumerate(text):
        units += utf16(character)
        if units > TEXT_LENGTH:
            return index
    return len(text)


def _person(user_id: int) -> Json:
    return {"id": user_id, "is_bot": False, "first_name": "You", "language_code": "en"}


def _text(text: str) -> Json:
    entities = detected(text, [])
    return {"text": text} | ({"entities": entities} if entities else {})


def _caption(caption: str) -> Json:
    return {"caption": caption} if caption else {}
