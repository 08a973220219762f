"""How Telegram says no."""

from __future__ import annotations

import json
from http import HTTPStatus

from bot.local.entities import Json


class Refused(Exception):
    """A Bot API error: `code` is its HTTP status, the message is Telegram's description."""

    def __init__(self, code: int, description: str) -> None:
        super().__init__(description)
        self.code = code


def bad_request(reason: str) -> Refused:
    """Return the commonest refusal."""
    return Refused(HTTPStatus.BAD_REQUEST, f"Bad Request: {reason}")


def error_body(code: int, description: str, **parameters: int) -> bytes:
    """Return the JSON body of an error; `parameters` such as retry_after=7, in seconds."""
    body: Json = {"ok": False, "error_code": code, "description": description}
    if parameters:
        body["parameters"] = parameters
    return json.dumps(body).encode()
