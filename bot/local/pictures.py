"""The size of a picture, read from its first bytes; no picture is decoded here."""

from __future__ import annotations

import struct

PNG = b"\x89PNG\r\n\x1a\n"
JPEG = b"\xff\xd8"
JPEG_FRAMES = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}


def picture_size(content: bytes) -> tuple[int, int] | None:
    """Return (width, height) in pixels of a PNG or a JPEG, None for anything else."""
    try:
        if content.startswith(PNG):
            width, height = struct.unpack(">II", content[16:24])
            return width, height
        return _jpeg_size(content) if content.startswith(JPEG) else None
    except struct.error:
        return None


def picture_type(content: bytes) -> str:
    """Return the MIME type of what `picture_size` understands."""
    return "image/png" if content.startswith(PNG) else "image/jpeg"


def _jpeg_size(content: bytes) -> tuple[int, int] | None:
    """Walk from marker to marker until a frame header, which holds the size."""
    position = len(JPEG)
    while content[position : position + 1] == b"\xff":
        marker = content[position + 1]
        if marker in JPEG_FRAMES:
            height, width = struct.unpack(">HH", content[position + 5 : position + 9])
            return width, height
        position += 2 + int(struct.unpack(">H", content[position + 2 : position + 4])[0])
    return None
