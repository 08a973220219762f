"""Buttons under a message and above the keyboard: what Telegram accepts of them."""

from __future__ import annotations

from bot.local.entities import Json
from bot.local.refusal import bad_request

CALLBACK_DATA_BYTES = 64
COPY_TEXT_LENGTH = 256
PLACEHOLDER_LENGTH = 64
BUTTONS_IN_ALL = 100
ACTIONS = ("callback_data", "url", "copy_text")


def checked(markup: Json | None) -> Json | None:
    """Return `markup` as Telegram would take it, None for none; raises Refused otherwise."""
    if not markup:
        return None
    if "inline_keyboard" in markup:
        rows = [row for row in markup["inline_keyboard"] if row]
        _check_count(rows)
        for button in (button for row in rows for button in row):
            _check_inline(button)
        return {"inline_keyboard": rows} if rows else None
    if len(markup.get("input_field_placeholder") or "") > PLACEHOLDER_LENGTH:
        raise bad_request("input field placeholder is too long")
    if "keyboard" in markup:
        rows = [[_key(key) for key in row] for row in markup["keyboard"] if row]
        _check_count(rows)
        return markup | {"keyboard": rows}
    if markup.get("remove_keyboard") or markup.get("force_reply"):
        return markup
    raise bad_request("object expected as reply markup")


def inline(markup: Json | None) -> Json | None:
    """Return `markup` for a message that is edited: only inline buttons can be there."""
    taken = checked(markup)
    if taken and "inline_keyboard" not in taken:
        raise bad_request("inline keyboard expected")
    return taken


def _check_count(rows: list[list[Json]]) -> None:
    if sum(len(row) for row in rows) > BUTTONS_IN_ALL:
        raise bad_request("reply markup is too long")


def _check_inline(button: Json) -> None:
    prefix = "can't parse inline keyboard button"
    if not button.get("text"):
        raise bad_request(f'{prefix}: Can\'t find field "text"')
    if not any(button.get(action) for action in ACTIONS):
        raise bad_request(f"{prefix}: Text buttons are unallowed in the inline keyboard")
    if len((button.get("callback_data") or "").encode()) > CALLBACK_DATA_BYTES:
        raise bad_request("BUTTON_DATA_INVALID")
    if len((button.get("copy_text") or {}).get("text", "")) > COPY_TEXT_LENGTH:
        raise bad_request("BUTTON_COPY_TEXT_INVALID")
    url = button.get("url") or "https://"
    if not url.startswith(("http://", "https://", "tg://")):
        raise bad_request("BUTTON_URL_INVALID")


def _key(key: Json | str) -> Json:
    key = {"text": key} if isinstance(key, str) else key
    if not key.get("text"):
        raise bad_request("can't parse keyboard button: Can't find field \"text\"")
    return key
