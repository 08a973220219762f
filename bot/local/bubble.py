"""A message as the candidate sees it, for the page and for conversation tests."""

from __future__ import annotations

from dataclasses import dataclass

from bot.local.entities import Json


@dataclass(frozen=True, slots=True)
class Button:
    """An inline button. One of `data`, `url` and `copy` says what it does; the others are ""."""

    text: str
    data: str
    url: str
    copy: str


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file in a message. `size` in bytes, `width` and `height` in pixels, `duration` in seconds.

    `kind` is "photo", "document", "voice" or "sticker"; what does not apply is 0 or "".
    """

    kind: str
    file_id: str
    name: str = ""
    mime_type: str = ""
    size: int = 0
    width: int = 0
    height: int = 0
    duration: int = 0
    emoji: str = ""


@dataclass(frozen=True, slots=True)
class Bubble:
    """One visible message.

    `mine`: the candidate wrote it. `text`: of a file, its caption. `entities`: as in the Bot API.
    `keyboard`: the rows of a reply keyboard sent with it, () for one taken away, None for neither.
    `quoted`: the text of the message it replies to. `sent`: seconds since 1970.
    """

    message_id: int
    mine: bool
    text: str
    entities: list[Json]
    buttons: tuple[tuple[Button, ...], ...]
    keyboard: tuple[tuple[str, ...], ...] | None
    file: Attachment | None
    quoted: str
    edited: bool
    sent: int


def bubble(body: Json) -> Bubble:
    """Return the bubble of a stored message."""
    quoted = body.get("reply_to_message", {})
    rows = body.get("reply_markup", {}).get("inline_keyboard", [])
    return Bubble(
        message_id=body["message_id"],
        mine=not body["from"]["is_bot"],
        text=body.get("text") or body.get("caption") or _place(body),
        entities=body.get("entities") or body.get("caption_entities", []),
        buttons=tuple(tuple(_button(button) for button in row) for row in rows),
        keyboard=_keyboard(body.get("keyboard")),
        file=_attachment(body),
        quoted=quoted.get("text") or quoted.get("caption", ""),
        edited="edit_date" in body,
        sent=body["date"],
    )


def _place(body: Json) -> str:
    """A shared location in words; the page has no map."""
    place = body.get("location")
    return f"📍 {place['latitude']:.2f}, {place['longitude']:.2f}" if place else ""


def _button(button: Json) -> Button:
    return Button(
        text=button["text"],
        data=button.get("callback_data") or "",
        url=button.get("url") or "",
        copy=(button.get("copy_text") or {}).get("text", ""),
    )


def _keyboard(markup: Json | None) -> tuple[tuple[str, ...], ...] | None:
    if markup is None or "force_reply" in markup:
        return None
    return tuple(tuple(key["text"] for key in row) for row in markup.get("keyboard", []))


def _attachment(body: Json) -> Attachment | None:
    for kind in ("photo", "document", "voice", "sticker"):
        if kind in body:
            file: Json = body[kind][-1] if kind == "photo" else body[kind]
            return Attachment(
                kind=kind,
                file_id=file["file_id"],
                name=file.get("file_name", ""),
                mime_type=file.get("mime_type", ""),
                size=file["file_size"],
                width=file.get("width", 0),
                height=file.get("height", 0),
                duration=file.get("duration", 0),
                emoji=file.get("emoji", ""),
            )
    return None
