"""The phone-like page: one chat with the bot, in a browser on the same computer."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import quote

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response, StreamingResponse
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from bot.local.candidate import CANDIDATE
from bot.local.entities import Json
from bot.local.guard import Guard
from bot.local.telegram import Change, LocalTelegram

STATIC = Path(__file__).parent / "static"
TEXT_BYTES = 1024 * 1024
FILE_BYTES = 20 * 1024 * 1024
HEARTBEAT = 15  # seconds of silence; then a word, so that a broken line is noticed
SHOWN_IN_PLACE = {"image/png", "image/jpeg", "audio/ogg", "audio/webm", "audio/mp4"}


class TooBig(ValueError):
    """A request's body is over the limit."""


def page(telegram: LocalTelegram) -> Starlette:
    """Return the web app of the candidate's one chat with the bot behind `telegram`."""
    chat = Chat(telegram)
    routes = [
        Route("/", index),
        Route("/events", chat.events),
        Route("/send", chat.send, methods=["POST"]),
        Route("/edit", chat.edit, methods=["POST"]),
        Route("/tap", chat.tap, methods=["POST"]),
        Route("/upload", chat.upload, methods=["POST"]),
        Route("/delete", chat.delete, methods=["POST"]),
        Route("/location", chat.location, methods=["POST"]),
        Route("/clock", chat.clock, methods=["POST"]),
        Route("/files/{file_id}", chat.file),
        Mount("/static", FreshFiles(directory=STATIC)),
    ]
    return Starlette(
        routes=routes,
        middleware=[Middleware(Guard)],
        exception_handlers={LookupError: refused, ValueError: refused},
    )


async def index(_: Request) -> Response:
    """Answer with the page itself."""
    return FileResponse(STATIC / "index.html", headers={"Cache-Control": "no-cache"})


async def refused(_: Request, error: Exception) -> Response:
    """Answer a mistake with its sentence, for the page to show."""
    return JSONResponse({"error": str(error)}, status_code=413 if type(error) is TooBig else 400)


class FreshFiles(StaticFiles):
    """Static files that a browser asks for again after an upgrade."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Return a file that is checked for changes each time."""
        response = await super().get_response(path, scope)
        response.headers["Cache-Control"] = "no-cache"
        return response


class Chat:
    """The endpoints of the candidate's chat."""

    def __init__(self, telegram: LocalTelegram) -> None:
        self._telegram = telegram

    async def events(self, request: Request) -> Response:
        """Stream what has changed since the last event the page has seen, and then all news."""
        since = request.headers.get("last-event-id") or request.query_params.get("since") or "0"
        changes = self._telegram.changes(CANDIDATE, int(since))
        return StreamingResponse(
            event_stream(changes),
            media_type="text/event-stream",
            headers={"Cache-Control": "no-store"},
        )

    async def send(self, request: Request) -> Response:
        """Send a text."""
        asked = await body_of(request)
        return JSONResponse(await self._telegram.sends(CANDIDATE, str(asked.get("text", ""))))

    async def edit(self, request: Request) -> Response:
        """Change an own text."""
        asked = await body_of(request)
        text = str(asked.get("text", ""))
        await self._telegram.edits(CANDIDATE, int(asked.get("message_id", 0)), text)
        return JSONResponse({})

    async def tap(self, request: Request) -> Response:
        """Tap an inline button."""
        asked = await body_of(request)
        data = str(asked.get("data", ""))
        await self._telegram.taps(CANDIDATE, int(asked.get("message_id", 0)), data)
        return JSONResponse({})

    async def upload(self, request: Request) -> Response:
        """Send the body as a file: kind=photo, voice (with duration, in seconds) or document."""
        asked = request.query_params
        content = await content_of(request, FILE_BYTES)
        mime_type = request.headers.get("content-type", "")
        if not content:
            raise ValueError("That file is empty.")
        match asked.get("kind"):
            case "photo":
                await self._telegram.sends_photo(CANDIDATE, content)
            case "voice":
                duration = int(asked.get("duration", 0))
                await self._telegram.sends_voice(
                    CANDIDATE, content, duration=duration, mime_type=mime_type
                )
            case _:
                name = asked.get("name") or "file"
                await self._telegram.sends_document(CANDIDATE, content, name, mime_type=mime_type)
        return JSONResponse({})

    async def delete(self, _: Request) -> Response:
        """Delete the chat."""
        self._telegram.delete_chat(CANDIDATE)
        return JSONResponse({})

    async def location(self, request: Request) -> Response:
        """Share a place."""
        asked = await body_of(request)
        place = float(asked.get("latitude", 999)), float(asked.get("longitude", 999))
        await self._telegram.sends_location(CANDIDATE, *place)
        return JSONResponse({})

    async def clock(self, request: Request) -> Response:
        """Set the clock forward by so many seconds."""
        asked = await body_of(request)
        self._telegram.set_forward(float(asked.get("seconds", 0)))
        return JSONResponse({})

    async def file(self, request: Request) -> Response:
        """Download a file. Only pictures and sound are shown in place, the rest is saved."""
        file = self._telegram.file(request.path_params["file_id"])
        if file is None:
            return JSONResponse({"error": "That file is not here."}, status_code=404)
        chunks = self._telegram.chunks(file.id)

        async def content() -> AsyncIterator[bytes]:
            for chunk in chunks:
                yield chunk

        mime_type = file.mime_type.partition(";")[0]
        shown = mime_type in SHOWN_IN_PLACE
        place = "inline" if shown else f"attachment; filename*=utf-8''{quote(file.name)}"
        return StreamingResponse(
            content(),
            media_type=mime_type if shown else "application/octet-stream",
            headers={"Content-Disposition": place, "Content-Length": str(file.size)},
        )


async def event_stream(changes: AsyncIterator[Change]) -> AsyncIterator[str]:
    """Yield changes as Server-Sent Events, and a comment whenever there was nothing for long."""
    yield "retry: 1000\n\n"
    following = asyncio.ensure_future(next_of(changes))
    try:
        while True:
            done, _ = await asyncio.wait({following}, timeout=HEARTBEAT)
            if not done:
                yield ":\n\n"
                continue
            if (change := following.result()) is None:
                return
            number = "" if change.number is None else f"id: {change.number}\n"
            yield f"{number}event: {change.kind}\ndata: {json.dumps(change.body)}\n\n"
            following = asyncio.ensure_future(next_of(changes))
    finally:
        following.cancel()
        await asyncio.gather(following, return_exceptions=True)


async def next_of(changes: AsyncIterator[Change]) -> Change | None:
    """Return the next change, None after the last."""
    return await anext(changes, None)


async def body_of(request: Request) -> Json:
    """Return the JSON object that was posted. Raises ValueError for anything else."""
    body = json.loads(await content_of(request, TEXT_BYTES))
    if not isinstance(body, dict):
        raise ValueError("An object was expected.")
    return body


async def content_of(request: Request, limit: int) -> bytes:
    """Return the body of a request. Raises TooBig as soon as it passes `limit` bytes."""
    content = bytearray()
    async for chunk in request.stream():
        content += chunk
        if len(content) > limit:
            raise TooBig(f"That is more than {limit // 1024 // 1024} MB.")
    return bytes(content)
