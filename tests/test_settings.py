"""The environment: every mistake is one sentence that names the variable, and no secret is told."""

from __future__ import annotations

import logging
import re
import traceback
from pathlib import Path

import pytest
from pydantic import ValidationError

from bot.settings import Mistake, Settings, read_settings

TOKEN = "123456:AAfoo_bar-BAZ0123456789"
NAMES = tuple(name.upper() for name in Settings.model_fields)


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """An empty folder, and none of our variables set."""
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def read(monkeypatch: pytest.MonkeyPatch, **variables: str) -> Settings:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    return read_settings()


def test_with_nothing_set_the_local_page_is_served() -> None:
    settings = read_settings()
    assert settings.bot_token is None
    assert settings.telegram_api_url == "https://api.telegram.org"
    assert settings.database == "sqlite:///data/second-round.sqlite"
    assert settings.port == 8080
    assert settings.logging_level == logging.INFO


@pytest.mark.parametrize("name", NAMES)
def test_an_empty_variable_means_the_default(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert read(monkeypatch, **{name: ""}) == Settings(_env_file=None)


def test_every_variable_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = read(
        monkeypatch,
        BOT_TOKEN=TOKEN,
        TELEGRAM_API_URL="http://localhost:8081/api/",
        DATABASE_URL="sqlite:////srv/bot.sqlite",
        DATA_DIR="/srv/bot",
        PORT="9000",
        LOG_LEVEL="DEBUG",
        WEBHOOK_URL="https://bot.example.org/",
        WEBHOOK_SECRET="a-secret-of-some-length",
        MAX_CONNECTIONS="7",
        HOST="::1",
        HEALTH_PORT="9100",
        CALLS_A_SECOND="100",
        LOG_FORMAT="JSON",
    )
    assert settings.bot_token is not None
    assert settings.bot_token.get_secret_value() == TOKEN
    assert settings.telegram_api_url == "http://localhost:8081/api"
    assert settings.database == "sqlite:////srv/bot.sqlite"
    assert settings.data_dir == Path("/srv/bot")
    assert settings.port == 9000
    assert settings.logging_level == logging.DEBUG
    assert settings.webhook_url == "https://bot.example.org"
    assert settings.webhook_token == "a-secret-of-some-length"
    assert settings.max_connections == 7
    assert settings.host == "::1"
    assert settings.health_port == 9100
    assert settings.calls_a_second == 100
    assert settings.log_format == "json"


def test_the_database_lies_in_the_data_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = read(monkeypatch, DATA_DIR="/srv/bot")
    assert settings.database == "sqlite:////srv/bot/second-round.sqlite"


def test_a_tilde_is_the_home_folder(bare: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = read(monkeypatch, HOME=str(bare), DATA_DIR="~/interviews")
    assert settings.data_dir == bare / "interviews"
    assert settings.database == f"sqlite:///{bare}/interviews/second-round.sqlite"


def test_variables_are_read_from_a_file_too(bare: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (bare / ".env").write_text(f"BOT_TOKEN={TOKEN}\nPORT=9000\nSOMETHING_ELSE=1\n")
    settings = read(monkeypatch, PORT="9001")
    assert settings.bot_token is not None
    assert settings.port == 9001, "the environment wins over the file"


HTTPS = "must begin with https://: Telegram delivers to nothing else"
ADDRESS = "must be an https:// address without a path, as https://bot.example.org is"

MISTAKES = [
    ("BOT_TOKEN", "abc", "does not look like a bot token (digits, a colon, letters)"),
    ("BOT_TOKEN", f"bot{TOKEN}", "does not look like a bot token (digits, a colon, letters)"),
    ("BOT_TOKEN", f"{TOKEN} x", "does not look like a bot token (digits, a colon, letters)"),
    ("BOT_TOKEN", f'"{TOKEN}"', "does not look like a bot token (digits, a colon, letters)"),
    (
        "TELEGRAM_API_URL",
        "api.telegram.org",
        "must be the root of a Bot API server, such as https://api.telegram.org",
    ),
    (
        "TELEGRAM_API_URL",
        "https://api.telegram.org/?a=1",
        "must be the root of a Bot API server, such as https://api.telegram.org",
    ),
    (
        "DATABASE_URL",
        "mysql://x",
        "must be empty or begin with postgresql:// or sqlite:///",
    ),
    (
        "DATABASE_URL",
        "sqlite://x.db",
        "must be empty or begin with postgresql:// or sqlite:///",
    ),
    (
        "DATABASE_URL",
        "bot.sqlite",
        "must be empty or begin with postgresql:// or sqlite:///",
    ),
    *(
        (
            "DATABASE_URL",
            f"sqlite:///{name}",
            "must name a file and nothing more, as sqlite:///data/bot.sqlite does",
        )
        for name in ("", ":memory:", "file:x.db?mode=memory&uri=true", "file:x.db", "x.db?a=1")
    ),
    (
        "DATA_DIR",
        "~nobody-of-this-name/x",
        "names the home folder of somebody who is not known here",
    ),
    ("PORT", "eighty", "must be a whole number from 1 to 65535"),
    ("PORT", "0", "must be a whole number from 1 to 65535"),
    ("PORT", "65536", "must be a whole number from 1 to 65535"),
    ("PORT", "80.5", "must be a whole number from 1 to 65535"),
    *(
        (
            "DATABASE_URL",
            url,
            "must name a database, as postgresql://user:password@host/name does",
        )
        for url in ("postgresql://", "postgres://host", "postgresql://host/", "postgresql://h h/x")
    ),
    *(
        (
            "DATABASE_URL",
            f"postgresql://me:p:w@{host}/bot",
            "must have a whole number from 1 to 65535 as its port, or none",
        )
        for host in ("db:notaport", "db:0", "db:65536", "[::1]:x", "one:5432,two:x", "db:54x2")
    ),
    ("WEBHOOK_URL", "http://bot.example.org", HTTPS),
    ("WEBHOOK_URL", "http://localhost.example.org", HTTPS),
    ("WEBHOOK_URL", "bot.example.org", ADDRESS),
    ("WEBHOOK_URL", "https://bot.example.org/path", ADDRESS),
    ("WEBHOOK_URL", "https://me@bot.example.org", ADDRESS),
    ("WEBHOOK_URL", "https://bot.example.org?a=1", ADDRESS),
    (
        "WEBHOOK_URL",
        "https://bot.example.org",
        "needs BOT_TOKEN too; there is no webhook without a bot",
    ),
    ("WEBHOOK_SECRET", "short", "must be 16 to 256 letters, digits, - or _"),
    ("WEBHOOK_SECRET", "with a blank in the midst", "must be 16 to 256 letters, digits, - or _"),
    ("MAX_CONNECTIONS", "0", "must be a whole number from 1 to 100"),
    ("MAX_CONNECTIONS", "101", "must be a whole number from 1 to 100"),
    ("HEALTH_PORT", "-1", "must be a whole number from 1 to 65535, or 0 for none"),
    ("CALLS_A_SECOND", "0", "must be a whole number from 1 to 10000"),
    ("LOG_FORMAT", "xml", "must be text or json"),
    ("LOG_LEVEL", "loud", "must be DEBUG, INFO, WARNING or ERROR"),
]


@pytest.mark.parametrize(("name", "value", "wrong"), MISTAKES)
def test_a_mistake_is_one_sentence_that_names_the_variable(
    name: str, value: str, wrong: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(Mistake) as mistake:
        read(monkeypatch, **{name: value})
    assert str(mistake.value) == f"{name}: {wrong}."


def test_a_blank_pasted_along_with_the_token_is_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    token = read(monkeypatch, BOT_TOKEN=f" {TOKEN}\t").bot_token
    assert token is not None
    assert token.get_secret_value() == TOKEN


@pytest.mark.parametrize("level", ["debug", "Debug"])
def test_the_log_level_may_be_written_small(level: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert read(monkeypatch, LOG_LEVEL=level).logging_level == logging.DEBUG


def test_a_file_that_cannot_be_read_is_a_mistake(bare: Path) -> None:
    (bare / ".env").write_bytes(b"PORT=9000 # caf\xe9\n")
    with pytest.raises(Mistake, match=r"^\.env: cannot be read"):
        read_settings()


def test_the_token_is_never_told_by_the_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = read(monkeypatch, BOT_TOKEN=TOKEN)
    told = [repr(settings), str(settings), settings.model_dump_json(), f"{settings.model_dump()}"]
    assert not any("AAfoo" in text for text in told)


@pytest.mark.parametrize("token", [f"{TOKEN}!", f"bot{TOKEN}", f"1 {TOKEN}"])
def test_a_wrong_token_is_never_told_by_the_mistake(
    token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(Mistake) as mistake:
        read(monkeypatch, BOT_TOKEN=token)
    assert "AAfoo" not in "".join(traceback.format_exception(mistake.value))
    assert "AAfoo" not in repr(mistake.value)
    with pytest.raises(ValidationError) as error:
        Settings()
    assert "AAfoo" not in f"{error.value}{error.value!r}"


@pytest.mark.parametrize("scheme", ["postgresql", "postgres", "postgresql+asyncpg"])
def test_a_postgresql_database_may_be_named_as_hosts_do(
    scheme: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    rest = "://me:pass%2Fword@db.example.org:5432/bot?sslmode=require"
    settings = read(monkeypatch, DATABASE_URL=scheme + rest)
    assert settings.database == "postgresql" + rest
    assert "pass%2Fword" not in repr(settings)


@pytest.mark.parametrize("hosts", ["db", "10.0.0.1:1", "[::1]", "[::1]:65535", "one:5432,two", ""])
def test_a_postgresql_database_may_be_at_any_port_or_none(
    hosts: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = f"postgresql://me:p:w@{hosts}/bot?host=/run/postgresql"
    assert read(monkeypatch, DATABASE_URL=url).database == url


@pytest.mark.parametrize("url", ["http://127.0.0.1:8080", "http://localhost", "http://[::1]:80/"])
def test_a_webhook_on_this_computer_needs_no_https(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert read(monkeypatch, BOT_TOKEN=TOKEN, WEBHOOK_URL=url).webhook_url == url.rstrip("/")


def test_replicas_agree_on_path_and_secret_and_nobody_guesses_them() -> None:
    one, same = (Settings(bot_token=TOKEN, _env_file=None) for _ in range(2))
    other = Settings(bot_token=TOKEN + "x", _env_file=None)
    assert (one.webhook_path, one.webhook_token) == (same.webhook_path, same.webhook_token)
    assert one.webhook_path != other.webhook_path
    assert one.webhook_token != other.webhook_token
    assert "AAfoo" not in one.webhook_path + one.webhook_token
    assert re.fullmatch(r"/telegram/[0-9a-f]{32}", one.webhook_path)
    assert re.fullmatch(r"[A-Za-z0-9_-]{16,256}", one.webhook_token)


def test_a_secret_of_ones_own_leaves_the_path_as_it_is() -> None:
    settings = Settings(bot_token=TOKEN, webhook_secret="x" * 16, _env_file=None)
    assert settings.webhook_path == Settings(bot_token=TOKEN, _env_file=None).webhook_path
    assert "xxxx" not in repr(settings)


def test_every_setting_is_described() -> None:
    for name, field in Settings.model_fields.items():
        assert field.description, name
        assert field.description.endswith(".")
