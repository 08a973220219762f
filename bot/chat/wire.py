"""The wire to Telegram: python-telegram-bot's calls over aiohttp.

Its own client, httpx, looks through its whole pool for each call: with 256 calls at once each cost
8 ms of computing time on one core, and costs 0.7 ms here, as with one at a time.

A refusal that is not Telegram's, such as a proxy's page, is a broken line: it says nothing about
our call, our token or the chat. python-telegram-bot would go by its status alone.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode, urlsplit
from urllib.request import getproxies, proxy_bypass

import aiohttp
import httpx
from telegram import Bot
from telegram.error import NetworkError, TimedOut
from telegram.request import BaseRequest, RequestData

Counted = Callable[[str, str], None]
"""Told of each call: its method and its outcome, a status or what went wrong."""

_WAIT = 5.0  # seconds for a connection, and for an answer where the call does not say
_UPLOAD = 30.0  # seconds for an answer to a file
_FORM = {"Content-Type": "application/x-www-form-urlencoded"}


class QuietBot(Bot):
    """python-telegram-bot's client, whose own repr would tell the token."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "QuietBot()"


def telegram_bot(
    token: str, root: str, *, connections: int, counted: Counted | None = None
) -> QuietBot:
    """The client for the Bot API server at `root`, with so many calls at once at most."""
    return QuietBot(
        token,
        base_url=f"{root}/bot",
        base_file_url=f"{root}/file/bot",
        request=Wire(connections, counted),
        get_updates_request=Wire(1, counted),
    )


class Wire(BaseRequest):
    """HTTP to a Bot API server; a proxy named in the environment is used."""

    def __init__(self, connections: int, counted: Counted | None = None) -> None:
        self._connections = connections
        self._counted = counted
        self._session: aiohttp.ClientSession | None = None
        self._proxies: dict[str, str] = {}

    @property
    def read_timeout(self) -> float | None:
        """Seconds for an answer, which python-telegram-bot adds to those of a long poll."""
        return _WAIT

    async def initialize(self) -> None:
        """Get ready to connect; the first call connects."""
        if self._session is None or self._session.closed:
            # The certificates that come with httpx: not every Python finds those of its system.
            connector = aiohttp.TCPConnector(
                limit=self._connections, ssl=httpx.create_ssl_context(), keepalive_timeout=60
            )
            self._session = aiohttp.ClientSession(connector=connector)
            self._proxies = getproxies()  # once: aiohttp itself would look for each call

    async def shutdown(self) -> None:
        """Close all connections."""
        if self._session is not None:
            await self._session.close()

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
        """Make a call; returns status and body.

        Raises TimedOut when no answer came in time: the call may have been carried out all the
        same. Raises NetworkError when the connection failed, or somebody else answered.
        """
        files = request_data.multipart_data if request_data else None
        limits = aiohttp.ClientTimeout(
            total=None,
            connect=_seconds(pool_timeout, _WAIT) + _seconds(connect_timeout, _WAIT),
            sock_connect=_seconds(connect_timeout, _WAIT),
            sock_read=_seconds(read_timeout, _UPLOAD if files else _WAIT),
        )
        outcome = "broken"
        try:
            status, body = await self._exchange(url, method, request_data, limits)
            outcome = str(status)
        # Neither the errors' own words nor the errors themselves: they may hold the address, and
        # with it the token, and a line that is given up is kept with the whole of its error.
        except TimeoutError:
            outcome = "timeout"
            raise TimedOut from None
        except (aiohttp.ClientError, OSError) as error:
            raise NetworkError(type(error).__name__) from None
        finally:
            if self._counted is not None:
                # The address of a download ends in the name of a file.
                self._counted(url.rpartition("/")[2] if method == "POST" else "download", outcome)
        if status >= 300 and not _is_telegrams(body):
            raise NetworkError(f"{status}, and not from Telegram")
        return status, body

    async def _exchange(
        self, url: str, method: str, data: RequestData | None, limits: aiohttp.ClientTimeout
    ) -> tuple[int, bytes]:
        if self._session is None:
            raise RuntimeError("the wire is not open")
        content: aiohttp.FormData | str | None = None
        headers = {"User-Agent": self.USER_AGENT}
        if data and data.multipart_data:
            content = _form(data)
        elif data and data.json_parameters:
            content = urlencode(data.json_parameters)
            headers |= _FORM
        async with self._session.request(
            method,
            url,
            data=content,
            headers=headers,
            timeout=limits,
            proxy=self._proxy(url) if self._proxies else None,
            allow_redirects=False,
        ) as response:
            return response.status, await response.read()

    def _proxy(self, url: str) -> str | None:
        parts = urlsplit(url)
        if proxy_bypass(parts.hostname or ""):
            return None
        return self._proxies.get(parts.scheme) or self._proxies.get("all")


def _form(data: RequestData) -> aiohttp.FormData:
    """Parameters and files as one multipart form."""
    form = aiohttp.FormData(quote_fields=False)
    for name, value in data.json_parameters.items():
        form.add_field(name, value)
    for name, (filename, content, kind) in (data.multipart_data or {}).items():
        form.add_field(name, content, filename=filename, content_type=kind)
    return form


def _is_telegrams(refusal: bytes) -> bool:
    """Whether the body of an answer is how Telegram says no."""
    try:
        said = json.loads(refusal)
    except ValueError:
        return False
    return isinstance(said, dict) and isinstance(said.get("description"), str)


def _seconds(asked: Any, otherwise: float) -> float:
    """A timeout as python-telegram-bot passes it: seconds, nothing, or "as you like"."""
    return float(asked) if isinstance(asked, int | float) else otherwise
