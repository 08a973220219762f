"""The Bot API methods that the stand-in answers, and what Telegram would refuse of them."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bot.local import markup as markups
from bot.local.entities import CannotParse, Json, detected, parse_html, utf16
from bot.local.memory import Memory, StoredFile
from bot.local.pictures import picture_size, picture_type
from bot.local.refusal import Refused, bad_request
from bot.local.shapes import document, identity, photo, public

TEXT_LENGTH = 4096  # UTF-16 code units, after parsing; so is the next
CAPTION_LENGTH = 1024
ENTITIES = 100  # Telegram forgets the rest without a word
TOAST_LENGTH = 200
COMMANDS = 100
COMMAND = re.compile(r"[a-z0-9_]{1,32}")
UPLOAD_BYTES = 50 * 1024 * 1024
DOWNLOAD_BYTES = 20 * 1024 * 1024
TAP_LIVES = 150  # seconds
DELETABLE = 48 * 3600  # seconds
BOT_ID = 1_000_000_001  # not the candidate's 1, whatever the token says
USERNAME = "second_round_local_bot"
CHAT_ACTIONS = {
    "typing",
    "upload_photo",
    "record_voice",
    "upload_voice",
    "upload_document",
    "choose_sticker",
}
NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the "
    "same as a current content and reply markup of the message"
)
Tell = Callable[[int, str, Json], None]


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that came with a call."""

    name: str
    content: bytes
    mime_type: str


class Methods:
    """The methods, each a function of its parameters; `tell` says what a page should hear of."""

    def __init__(self, memory: Memory, clock: Callable[[], float], tell: Tell) -> None:
        self._memory = memory
        self._clock = clock
        self._tell = tell
        self._uploads: dict[str, Upload] = {}
        self._methods: dict[str, Callable[[Json], Any]] = {
            "getme": self._get_me,
            "sendmessage": self._send_message,
            "senddocument": self._send_document,
            "sendphoto": self._send_photo,
            "sendchataction": self._send_chat_action,
            "editmessagetext": self._edit_message_text,
            "editmessagereplymarkup": self._edit_message_reply_markup,
            "deletemessage": self._delete_message,
            "answercallbackquery": self._answer_callback_query,
            "getfile": self._get_file,
            "setmycommands": self._set_my_commands,
            "getmycommands": self._get_my_commands,
            "deletemycommands": self._delete_my_commands,
            "setmyname": self._setter("name", "name", 64),
            "setmydescription": self._setter("description", "description", 512),
            "setmyshortdescription": self._setter("short_description", "short_description", 120),
            "setchatmenubutton": lambda _: True,
            "deletewebhook": self._delete_webhook,
            "getwebhookinfo": self._get_webhook_info,
        }

    def call(self, method: str, parameters: Json, uploads: dict[str, Upload]) -> Any:
        """Return the result of one call; raises Refused."""
        function = self._methods.get(method.lower())
        if function is None:
            raise Refused(404, "Not Found: method not found")
        self._uploads = uploads
        return function(parameters)

    # messages

    def _get_me(self, _: Json) -> Json:
        return self._bot() | {
            "can_join_groups": True,
            "can_read_all_group_messages": False,
            "supports_inline_queries": False,
        }

    def _send_message(self, parameters: Json) -> Json:
        chat = self._reachable(parameters)
        text, entities = self._formatted(parameters, "text")
        if not parameters.get("text"):
            raise bad_request("message text is empty")
        if not text:
            raise bad_request("text must be non-empty")
        if utf16(text) > TEXT_LENGTH:
            raise bad_request("message is too long")
        return self._sent(chat, parameters, {"text": text} | _some(entities=entities))

    def _send_document(self, parameters: Json) -> Json:
        chat = self._reachable(parameters)
        file = self._file(parameters, "document")
        return self._sent(
            chat, parameters, {"document": document(file)} | self._caption(parameters)
        )

    def _send_photo(self, parameters: Json) -> Json:
        chat = self._reachable(parameters)
        file = self._file(parameters, "photo")
        content = b"".join(self._memory.chunks(file.id))
        size = picture_size(content)
        if size is None:
            raise bad_request("IMAGE_PROCESS_FAILED")
        return self._sent(
            chat, parameters, {"photo": photo(file, size)} | self._caption(parameters)
        )

    def _sent(self, chat: Json, parameters: Json, content: Json) -> Json:
        """Write a message of the bot and return it as the answer to the call."""
        keys = markups.checked(parameters.get("reply_markup"))
        body = {"from": self._bot(), "chat": chat["chat"], "date": int(self._clock())} | content
        body |= self._reply(chat["chat"]["id"], parameters)
        if keys and "inline_keyboard" in keys:
            body["reply_markup"] = keys
        elif keys:
            body["keyboard"] = keys
            kept = None if keys.get("remove_keyboard") else keys
            self._memory.keep_chat(chat["chat"]["id"], chat | {"keyboard": kept})
        body = self._memory.add_message(chat["chat"]["id"], body)
        if "keyboard" in body:
            self._tell(chat["chat"]["id"], "state", {})
        return public(body)

    def _reply(self, chat_id: int, parameters: Json) -> Json:
        replied = (parameters.get("reply_parameters") or {}).get("message_id")
        if not replied:
            return {}
        body = self._memory.message(chat_id, replied)
        if body is not None:
            body.pop("reply_to_message", None)
            return {"reply_to_message": public(body)}
        if parameters["reply_parameters"].get("allow_sending_without_reply"):
            return {}
        raise bad_request("message to be replied not found")

    def _edit_message_text(self, parameters: Json) -> Json:
        body = self._editable(parameters)
        if "text" not in body:
            raise bad_request("there is no text in the message to edit")
        text, entities = self._formatted(parameters, "text")
        if not text:
            raise bad_request("message text is empty")
        if utf16(text) > TEXT_LENGTH:
            raise bad_request("MESSAGE_TOO_LONG")
        kept = {k: v for k, v in body.items() if k not in ("entities", "reply_markup")}
        keys = markups.inline(parameters.get("reply_markup"))
        after = kept | {"text": text} | _some(entities=entities, reply_markup=keys)
        return self._edited(body, after | {"edit_date": int(self._clock())})

    def _edit_message_reply_markup(self, parameters: Json) -> Json:
        body = self._editable(parameters)
        kept = {k: v for k, v in body.items() if k != "reply_markup"}
        keys = markups.inline(parameters.get("reply_markup"))
        return self._edited(body, kept | _some(reply_markup=keys))

    def _edited(self, before: Json, after: Json) -> Json:
        parts = ("text", "entities", "reply_markup")
        if all(before.get(part) == after.get(part) for part in parts):
            raise bad_request(NOT_MODIFIED)
        self._memory.change_message(after["message_id"], after)
        return public(after)

    def _delete_message(self, parameters: Json) -> bool:
        chat_id = self._reachable(parameters)["chat"]["id"]
        body = self._memory.message(chat_id, int(parameters["message_id"]))
        if body is None:
            raise bad_request("message to delete not found")
        if self._clock() - body["date"] > DELETABLE:
            raise bad_request("message can't be deleted for everyone")
        self._memory.change_message(body["message_id"], None)
        return True

    def _send_chat_action(self, parameters: Json) -> bool:
        chat = self._reachable(parameters)
        if parameters.get("action") not in CHAT_ACTIONS:
            raise bad_request("wrong parameter action in request")
        self._tell(chat["chat"]["id"], "typing", {"action": parameters["action"]})
        return True

    def _answer_callback_query(self, parameters: Json) -> bool:
        number = str(parameters.get("callback_query_id", ""))
        tap = self._memory.tap(int(number)) if number.isdecimal() else None
        if tap is None or tap["answer"] is not None or self._clock() - tap["at"] > TAP_LIVES:
            raise bad_request(
                "query is too old and response timeout expired or query ID is invalid"
            )
        text = parameters.get("text") or ""
        if len(text) > TOAST_LENGTH:
            raise bad_request("MESSAGE_TOO_LONG")
        answer = {"text": text, "alert": bool(parameters.get("show_alert"))}
        self._memory.change_tap(int(number), tap | {"answer": answer})
        where = {"message_id": tap["message_id"], "data": tap["data"]}
        self._tell(tap["chat_id"], "answer", where | answer)
        return True

    # files and settings

    def _get_file(self, parameters: Json) -> Json:
        file = self._memory.file(str(parameters.get("file_id", "")))
        if file is None:
            raise bad_request("wrong file_id or the file is temporarily unavailable")
        if file.size > DOWNLOAD_BYTES:
            raise bad_request("file is too big")
        return identity(file) | {"file_path": f"files/{file.id}"}

    def _set_my_commands(self, parameters: Json) -> bool:
        commands = parameters.get("commands") or []
        if len(commands) > COMMANDS:
            raise bad_request("BOT_COMMANDS_TOO_MUCH")
        for command in commands:
            if not COMMAND.fullmatch(command["command"]):
                raise bad_request("BOT_COMMAND_INVALID")
            if not 1 <= len(command["description"]) <= 256:
                raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
        every = self._memory.setting("commands", {})
        self._memory.keep_setting("commands", every | {_scope(parameters): commands})
        self._tell(0, "state", {})
        return True

    def _get_my_commands(self, parameters: Json) -> list[Json]:
        commands: list[Json] = self._memory.setting("commands", {}).get(_scope(parameters), [])
        return commands

    def _delete_my_commands(self, parameters: Json) -> bool:
        return self._set_my_commands({**parameters, "commands": []})

    def _setter(self, setting: str, field: str, limit: int) -> Callable[[Json], bool]:
        def keep(parameters: Json) -> bool:
            value = parameters.get(field) or ""
            if len(value) > limit:
                raise bad_request(f"{field.replace('_', ' ')} is too long")
            if not parameters.get("language_code"):
                self._memory.keep_setting(setting, value)
                self._tell(0, "state", {})
            return True

        return keep

    def _delete_webhook(self, parameters: Json) -> bool:
        if parameters.get("drop_pending_updates"):
            self._memory.acknowledge(2**62)
        return True

    def _get_webhook_info(self, _: Json) -> Json:
        return {
            "url": "",
            "has_custom_certificate": False,
            "pending_update_count": self._memory.pending(),
        }

    # what several methods need

    def _bot(self) -> Json:
        name = self._memory.setting("name", "") or "Second Round"
        return {"id": BOT_ID, "is_bot": True, "first_name": name, "username": USERNAME}

    def _reachable(self, parameters: Json) -> Json:
        """Return the chat that the call is about; raises Refused if the bot cannot write there."""
        number = str(parameters.get("chat_id", ""))
        chat = self._memory.chat(int(number)) if number.lstrip("-").isdecimal() else None
        if chat is None:
            raise bad_request("chat not found" if number else "chat_id is empty")
        if chat["blocked"]:
            raise Refused(403, "Forbidden: bot was blocked by the user")
        return chat

    def _editable(self, parameters: Json) -> Json:
        chat_id = self._reachable(parameters)["chat"]["id"]
        body = self._memory.message(chat_id, int(parameters.get("message_id") or 0))
        if body is None:
            raise bad_request("message to edit not found")
        if not body["from"]["is_bot"]:
            raise bad_request("message can't be edited")
        return body

    def _formatted(self, parameters: Json, field: str) -> tuple[str, list[Json]]:
        text = str(parameters.get(field) or "")
        mode = (parameters.get("parse_mode") or "").lower()
        if mode not in ("", "html"):
            raise bad_request("unsupported parse_mode")
        given = parameters.get("entities" if field == "text" else "caption_entities") or []
        try:
            plain, entities = parse_html(text) if mode else (text.strip(), given)
        except CannotParse as error:
            raise bad_request(f"can't parse entities: {error}") from error
        return plain, detected(plain, entities)[:ENTITIES]

    def _caption(self, parameters: Json) -> Json:
        caption, entities = self._formatted(parameters, "caption")
        if utf16(caption) > CAPTION_LENGTH:
            raise bad_request("message caption is too long")
        return _some(caption=caption, caption_entities=entities)

    def _file(self, parameters: Json, field: str) -> StoredFile:
        """Return the file of a call: one that came with it, or one that is already here."""
        upload = self._uploads.get(field)
        if upload is None:
            known = self._memory.file(str(parameters.get(field) or ""))
            if known is None:
                raise bad_request("wrong file identifier/HTTP URL specified")
            return known
        if not upload.content:
            raise bad_request("file must be non-empty")
        if len(upload.content) > UPLOAD_BYTES:
            raise Refused(413, "Request Entity Too Large")
        mime = picture_type(upload.content) if field == "photo" else upload.mime_type
        return self._memory.add_file(upload.name, mime, upload.content)


def _some(**fields: Any) -> Json:
    """Return the fields that are not empty; Telegram leaves the others out."""
    return {name: value for name, value in fields.items() if value}


def _scope(parameters: Json) -> str:
    kind = (parameters.get("scope") or {}).get("type", "default")
    return f"{kind}:{parameters.get('language_code') or ''}"
