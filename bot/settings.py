"""The environment, read once and checked; each mistake is one sentence that names the variable."""

from __future__ import annotations

import logging
import re
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import quote

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

_SQLITE = "sqlite+aiosqlite:///"


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
    if not url.startswith(_SQLITE):
        raise ValueError(f"must be empty or begin with {_SQLITE}")
    name = url.removeprefix(_SQLITE)
    if not name or name.startswith((":memory:", "file:")) or "?" in name:
        raise ValueError(f"must name a file and nothing more, as {_SQLITE}data/bot.sqlite does")
    return url


def _at_home(path: Path) -> Path:
    try:
        return path.expanduser()
    except RuntimeError:
        raise ValueError("names the home folder of somebody who is not known here") from None


def _upper(level: object) -> object:
    return level.upper() if isinstance(level, str) else level


# What pydantic would say of these in words of its own.
_EXPECTED = {
    "PORT": "must be a whole number from 1 to 65535",
    "LOG_LEVEL": "must be DEBUG, INFO, WARNING or ERROR",
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
        "", description="Where interviews are kept; by default a SQLite file in DATA_DIR."
    )
    data_dir: Annotated[Path, AfterValidator(_at_home)] = Field(
        Path("data"), description="Folder for the files that the bot keeps."
    )
    port: Annotated[int, Field(ge=1, le=65535)] = Field(
        8080, description="Port of the local page on 127.0.0.1."
    )
    log_level: Annotated[Literal["DEBUG", "INFO", "WARNING", "ERROR"], BeforeValidator(_upper)] = (
        Field("INFO", description="How much is logged: DEBUG, INFO, WARNING or ERROR.")
    )

    @property
    def database(self) -> str:
        """The URL of the database in use."""
        file = (self.data_dir / "second-round.sqlite").as_posix()
        return self.database_url or _SQLITE + quote(file, safe="/:")

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
        variable = str(first["loc"][0]).upper()
        wrong = _EXPECTED.get(variable) or first["msg"].removeprefix("Value error, ")
        raise Mistake(f"{variable}: {wrong}.") from None
    except (OSError, UnicodeDecodeError):
        raise Mistake(".env: cannot be read; it must be a text file in UTF-8.") from None
