"""The environment, read once and checked; each mistake is one sentence that names the variable."""

from __future__ import annotations

import hmac
import logging
import re
from pathlib import Path
from typing import Annotated, Literal, Self
from urllib.parse import quote

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    SecretStr,
    ValidationError,
    model_validator,
)
from pydantic_settings import BaseSettings, SettingsConfigDict

_SQLITE = "sqlite:///"
_POSTGRES = "postgresql://"
_LOOPBACK = ("localhost", "127.0.0.1", "[::1]")


class Mistake(Exception):
    """A setting is wrong; the message is a sentence for whoever started the bot."""


def _is_token(token: SecretStr | None) -> SecretStr | None:
    # A pasted token may bring a blank along that nobody sees.
    text = token.get_secret_value().strip() if token else ""
    if text and not re.fullmatch(r"\d+:[A-Za-z0-9_-]{3,}", text):
        raise ValueError("does not look like a bot token (digits, a colon, letters)")
    return SecretStr(text) if text else None


def _is_root(url: str) -> str:
    if not re.fullmatch(r"https?://[^/\s?#]+(?:/[^\s?#]*)?", url):
        raise ValueError("must be the root of a Bot API server, such as https://api.telegram.org")
    return url.rstrip("/")


def _is_database(url: str) -> str:
    if not url:
        return url
    # How some hosts still write it, and how SQLAlchemy does.
    url = re.sub(r"^postgres(?:ql\+asyncpg)?://", _POSTGRES, url)
    url = re.sub(r"^sqlite\+aiosqlite:///", _SQLITE, url)
    if url.startswith(_POSTGRES):
        if not re.fullmatch(r"[^/?#\s]*/[^/?#\s]+(?:\?\S*)?", url.removeprefix(_POSTGRES)):
            raise ValueError(f"must name a database, as {_POSTGRES}user:password@host/name does")
        if not _has_good_ports(url):
            raise ValueError("must have a whole number from 1 to 65535 as its port, or none")
        return url
    if not url.startswith(_SQLITE):
        raise ValueError(f"must be empty or begin with {_POSTGRES} or {_SQLITE}")
    name = url.removeprefix(_SQLITE)
    if not name or name.startswith((":memory:", "file:")) or "?" in name:
        raise ValueError(f"must name a file and nothing more, as {_SQLITE}data/bot.sqlite does")
    return url


def _has_good_ports(url: str) -> bool:
    """Whether each host of a PostgreSQL URL, which may name several, has a port or none."""
    hosts = url.removeprefix(_POSTGRES).partition("/")[0].rpartition("@")[2]
    found = (re.fullmatch(r"(?:\[.*\]|[^:]*)(?::([0-9]{1,5}))?", host) for host in hosts.split(","))
    return all(each and 0 < int(each[1] or 1) < 65536 for each in found)


def _is_public(url: str) -> str:
    if not url:
        return url
    match = re.fullmatch(r"(https?)://([^/\s?#@:]+|\[[0-9a-fA-F:]+\])(?::\d+)?/?", url)
    if match is None:
        raise ValueError(
            "must be an https:// address without a path, as https://bot.example.org is"
        )
    if match[1] == "http" and match[2] not in _LOOPBACK:
        raise ValueError("must begin with https://: Telegram delivers to nothing else")
    return url.rstrip("/")


def _is_secret(secret: SecretStr | None) -> SecretStr | None:
    text = secret.get_secret_value() if secret else ""
    if text and not re.fullmatch(r"[A-Za-z0-9_-]{16,256}", text):
        raise ValueError("must be 16 to 256 letters, digits, - or _")
    return SecretStr(text) if text else None


def _at_home(path: Path) -> Path:
    try:
        return path.expanduser()
    except RuntimeError:
        raise ValueError("names the home folder of somebody who is not known here") from None


def _upper(level: object) -> object:
    return level.upper() if isinstance(level, str) else level


def _lower(name: object) -> object:
    return name.lower() if isinstance(name, str) else name


# What pydantic would say of these in words of its own.
_EXPECTED = {
    "PORT": "must be a whole number from 1 to 65535",
    "HEALTH_PORT": "must be a whole number from 1 to 65535, or 0 for none",
    "MAX_CONNECTIONS": "must be a whole number from 1 to 100",
    "CALLS_A_SECOND": "must be a whole number from 1 to 10000",
    "MESSAGES_A_MINUTE": "must be a whole number from 1 to 10000, or 0 for no limit",
    "BYTES_A_DAY": "must be a whole number from 1 to 1000000000, or 0 for no limit",
    "INTERVIEWS_A_DAY": "must be a whole number from 1 to 10000, or 0 for no limit",
    "LOG_LEVEL": "must be DEBUG, INFO, WARNING or ERROR",
    "LOG_FORMAT": "must be text or json",
}


class Settings(BaseSettings):
    """Everything that can be set from outside, by environment variable or in a file `.env`."""

    model_config = SettingsConfigDict(
        env_file=".env", env_ignore_empty=True, extra="ignore", hide_input_in_errors=True
    )

    bot_token: Annotated[SecretStr | None, AfterValidator(_is_token)] = Field(
        None, description="The bot's token from @BotFather. Without it the local page is served."
    )
    telegram_api_url: Annotated[str, AfterValidator(_is_root)] = Field(
        "https://api.telegram.org", description="Root of the Bot API server to talk to."
    )
    database_url: Annotated[str, AfterValidator(_is_database)] = Field(
        "",
        repr=False,
        description="Where interviews are kept: a PostgreSQL database, as `postgresql://user:"
        "password@host/name`, or a SQLite file. By default a SQLite file in DATA_DIR.",
    )
    data_dir: Annotated[Path, AfterValidator(_at_home)] = Field(
        Path("data"), description="Folder for the files that the bot keeps."
    )
    webhook_url: Annotated[str, AfterValidator(_is_public)] = Field(
        "",
        description="Where this bot is on the web, as `https://bot.example.org`, for Telegram to "
        "deliver to. Without it the bot asks Telegram for updates itself.",
    )
    webhook_secret: Annotated[SecretStr | None, AfterValidator(_is_secret)] = Field(
        None,
        description="What Telegram shows with each delivery. By default it is made from the "
        "token, so that all replicas agree.",
    )
    max_connections: Annotated[int, Field(ge=1, le=100)] = Field(
        40, description="How many updates Telegram may deliver at once to the webhook."
    )
    host: str = Field(
        "",
        description="Address to listen on. By default every address with WEBHOOK_URL, and "
        "127.0.0.1 with HEALTH_PORT. The local page is always on 127.0.0.1.",
    )
    port: Annotated[int, Field(ge=1, le=65535)] = Field(
        8080, description="Port of the webhook, or of the local page."
    )
    health_port: Annotated[int, Field(ge=0, le=65535)] = Field(
        0,
        description="Port of `/healthz` and `/metrics` where there is no webhook; 0 for none. "
        "With WEBHOOK_URL they are on PORT.",
    )
    calls_a_second: Annotated[int, Field(ge=1, le=10_000)] = Field(
        30,
        description="How many calls a second Telegram takes from this bot, all replicas taken "
        "together: more than 30 only if you pay for it.",
    )
    messages_a_minute: Annotated[int, Field(ge=0, le=10_000)] = Field(
        30, description="How many messages a minute one candidate may send; 0 for no limit."
    )
    bytes_a_day: Annotated[int, Field(ge=0, le=10**9)] = Field(
        400_000, description="How many bytes of text a day one candidate may send; 0 for no limit."
    )
    interviews_a_day: Annotated[int, Field(ge=0, le=10_000)] = Field(
        30, description="How many interviews a day one candidate may begin; 0 for no limit."
    )
    log_level: Annotated[Literal["DEBUG", "INFO", "WARNING", "ERROR"], BeforeValidator(_upper)] = (
        Field("INFO", description="How much is logged: DEBUG, INFO, WARNING or ERROR.")
    )
    log_format: Annotated[Literal["text", "json"], BeforeValidator(_lower)] = Field(
        "text", description="How a line of the log is written: text or json."
    )

    @model_validator(mode="after")
    def _belong_together(self) -> Self:
        if self.webhook_url and self.bot_token is None:
            raise ValueError("WEBHOOK_URL: needs BOT_TOKEN too; there is no webhook without a bot")
        return self

    @property
    def database(self) -> str:
        """The URL of the database in use: `postgresql://…` or `sqlite:///…`."""
        file = (self.data_dir / "second-round.sqlite").as_posix()
        return self.database_url or _SQLITE + quote(file, safe="/:")

    @property
    def webhook_path(self) -> str:
        """The path that Telegram delivers to, which nobody guesses."""
        return f"/telegram/{self.derived('webhook path')[:32]}"

    @property
    def webhook_token(self) -> str:
        """What Telegram shows with each delivery."""
        if self.webhook_secret is not None:
            return self.webhook_secret.get_secret_value()
        return self.derived("webhook secret")

    def derived(self, purpose: str) -> str:
        """A secret of this bot for one purpose, the same in all replicas: 64 hex digits.

        Without a token, on the local page, it is no secret.
        """
        token = self.bot_token.get_secret_value() if self.bot_token else ""
        return hmac.new(token.encode(), purpose.encode(), "sha256").hexdigest()

    @property
    def logging_level(self) -> int:
        """LOG_LEVEL as the logging module counts it."""
        return int(getattr(logging, self.log_level))


def read_settings() -> Settings:
    """The settings. Raises Mistake with one sentence that names the first wrong variable."""
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        said = first["msg"].removeprefix("Value error, ")
        if not first["loc"]:  # settings that do not belong together
            raise Mistake(f"{said}.") from None
        variable = str(first["loc"][0]).upper()
        wrong = _EXPECTED.get(variable) or said
        raise Mistake(f"{variable}: {wrong}.") from None
    except (OSError, UnicodeDecodeError):
        raise Mistake(".env: cannot be read; it must be a text file in UTF-8.") from None
