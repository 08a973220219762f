"""The line from python-telegram-bot to the stand-in, where HTTP would be."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlsplit

from telegram.request import BaseRequest, RequestData

from bot.local.methods import Upload
from bot.local.telegram import LocalTelegram


class LocalRequest(BaseRequest):
    """Give one to `telegram.Bot` as `request` and another as `get_updates_request`."""

    def __init__(self, server: LocalTelegram) -> None:
        self._server = server

    @property
    def read_timeout(self) -> float | None:
        """Return the seconds that python-telegram-bot adds to a long poll: nothing is read here."""
        return None

    async def initialize(self) -> None:
        """Do nothing: there is no line to open."""

    async def shutdown(self) -> None:
        """Do nothing: the stand-in belongs to whoever opened it."""

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = BaseRequest.DEFAULT_NONE,
        write_timeout: Any = BaseRequest.DEFAULT_NONE,
        connect_timeout: Any = BaseRequest.DEFAULT_NONE,
        pool_timeout: Any = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """Answer a call, or the download of a file, with its status and body."""
        last = urlsplit(url).path.rpartition("/")[2]
        if method == "GET":
            return self._download(last)
        if request_data is None:
            return await self._server.call(last, {})
        # through JSON, as over the wire: what cannot be sent to Telegram must not pass here
        parameters = json.loads(json.dumps(request_data.parameters))
        uploads = {
            name: Upload(field[0], _content(field[1]), field[2])
            for name, field in request_data.multipart_data.items()
        }
        return await self._server.call(last, parameters, uploads)

    def _download(self, file_id: str) -> tuple[int, bytes]:
        if self._server.file(file_id) is None:
            return 404, b"Not Found"
        return 200, b"".join(self._server.chunks(file_id))


def _content(content: Any) -> bytes:
    """Return the bytes of a file, which python-telegram-bot may pass as an open handle."""
    found: bytes = content if isinstance(content, bytes) else content.read()
    return found
