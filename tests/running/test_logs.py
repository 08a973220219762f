"""The log: one line an event, chats hashed, errors without their words."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator

import pytest

from bot.chat.report import Outcome, TurnReport
from bot.running.logs import TurnLog, set_up_logging

KEY = "00" * 32
SECRET = "what a candidate said"
TURN = TurnReport(123_456_789, "message", Outcome.DONE, "asked", "listening", 0.01234)


@pytest.fixture
def log() -> Iterator[logging.Logger]:
    """The root logger, as it was again afterwards."""
    root = logging.getLogger()
    before = root.handlers[:], root.level
    levels = {name: logging.getLogger(name).level for name in ("telegram", "asyncio")}
    yield logging.getLogger("bot.test")
    root.handlers[:], level = before
    root.setLevel(level)
    for name, its in levels.items():
        logging.getLogger(name).setLevel(its)


def written(level: int, form: str) -> io.StringIO:
    """What is written from now on."""
    set_up_logging(level, form)
    (handler,) = logging.getLogger().handlers
    assert isinstance(handler, logging.StreamHandler)
    stream = io.StringIO()
    handler.setStream(stream)
    return stream


def test_a_turn_is_one_line_of_keys_and_values(log: logging.Logger) -> None:
    stream = written(logging.INFO, "text")
    TurnLog(KEY)(TURN)
    (line,) = stream.getvalue().splitlines()
    chat = TurnLog(KEY).hashed(123_456_789)
    assert line.endswith(
        f"turn chat={chat} kind=message ms=12.3 outcome=done stage=asked>listening"
    )


def test_or_one_json_object(log: logging.Logger) -> None:
    stream = written(logging.INFO, "json")
    TurnLog(KEY)(TURN)
    line = json.loads(stream.getvalue())
    assert (line["said"], line["ms"], line["stage"]) == ("turn", 12.3, "asked>listening")
    assert line["level"] == "INFO"


def test_the_chat_is_told_only_to_whoever_has_the_key() -> None:
    assert TurnLog(KEY).hashed(1) == TurnLog(KEY).hashed(1)
    assert TurnLog(KEY).hashed(1) != TurnLog("11" * 32).hashed(1)
    assert TurnLog(KEY).hashed(1) != TurnLog(KEY).hashed(2)


def test_a_turn_that_failed_is_a_warning_that_names_the_kind_of_error(log: logging.Logger) -> None:
    stream = written(logging.WARNING, "text")
    TurnLog(KEY)(TURN)
    TurnLog(KEY)(TurnReport(1, "tap", Outcome.FAILED, error="KeyError"))
    (line,) = stream.getvalue().splitlines()
    assert "WARNING" in line
    assert "outcome=failed error=KeyError" in line


def test_a_flood_and_a_store_that_is_away_are_none_in_the_log(log: logging.Logger) -> None:
    stream = written(logging.INFO, "text")
    TurnLog(KEY)(TurnReport(1, "message", Outcome.OVER))
    TurnLog(KEY)(TurnReport(1, "message", Outcome.AGAIN, error="StoreAway"))
    assert stream.getvalue() == ""
    TurnLog(KEY)(TurnReport(1, "message", Outcome.AGAIN, error="IntegrityError"))
    assert "WARNING" in stream.getvalue()


@pytest.mark.parametrize("form", ["text", "json"])
def test_what_others_log_of_an_error_is_its_kind_and_place(log: logging.Logger, form: str) -> None:
    stream = written(logging.DEBUG, form)
    try:
        raise ValueError(SECRET)
    except ValueError:
        logging.getLogger("asyncio").exception("Task exception was never retrieved\nat all")
    logging.getLogger("telegram.Bot").critical("Received data was %r", SECRET)
    logging.getLogger("telegram.request").error(SECRET)
    (line,) = stream.getvalue().splitlines()
    assert "ValueError at test_logs.py:" in line
    assert SECRET not in line


def test_a_line_break_begins_no_new_line(log: logging.Logger) -> None:
    stream = written(logging.INFO, "text")
    log.warning("one\ntwo")
    assert len(stream.getvalue().splitlines()) == 1
