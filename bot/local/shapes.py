"""The Bot API's JSON for files and messages."""

from __future__ import annotations

from bot.local.entities import Json
from bot.local.memory import StoredFile


def public(body: Json) -> Json:
    """Return a message as the Bot API shows it: a reply keyboard is not part of it."""
    return {key: value for key, value in body.items() if key != "keyboard"}


def identity(file: StoredFile) -> Json:
    """Return the fields that every kind of file has."""
    unique = file.id.replace("file-", "u")
    return {"file_id": file.id, "file_unique_id": unique, "file_size": file.size}


def document(file: StoredFile) -> Json:
    """Return a Bot API Document."""
    return identity(file) | {"file_name": file.name, "mime_type": file.mime_type}


def photo(file: StoredFile, size: tuple[int, int]) -> list[Json]:
    """Return a Bot API photo: here in its one size, (width, height) in pixels."""
    return [identity(file) | {"width": size[0], "height": size[1]}]
