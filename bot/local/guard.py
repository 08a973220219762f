"""Keeps every other page and machine away from the local page.

The server listens on the loopback address only, but a browser reaches it on behalf of any page:
a foreign name that resolves to 127.0.0.1 (DNS rebinding) is caught by its Host header, a foreign
page that posts here by its Origin header.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

OUR_NAMES = {"localhost", "127.0.0.1", "::1"}
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; object-src 'none'; base-uri 'none'; "
        "form-action 'self'; frame-ancestors 'none'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


class Guard:
    """Middleware: refuses foreign hosts and origins, and adds the headers above."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or answer it with 403."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        reason = _refusal(scope["method"], Headers(scope=scope))
        app = PlainTextResponse(reason, status_code=403) if reason else self._app
        await app(scope, receive, send_guarded)


def _refusal(method: str, headers: Headers) -> str:
    """Return why a request is refused, "" if it is not."""
    host = headers.get("host", "")
    try:
        name = urlsplit(f"//{host}").hostname
    except ValueError:
        name = None
    if name not in OUR_NAMES:
        return "This page answers only on this computer, as localhost."
    if method not in ("GET", "HEAD") and headers.get("origin") != f"http://{host}":
        return "Only this page itself may post here."
    return ""
