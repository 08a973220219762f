"""With a token in the environment the same bot talks to a Bot API server over HTTP."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from threading import Event

import pytest

from tests.process.api_server import ApiServer
from tests.process.running import PATIENCE, ROOT

TOKEN = "123456:secret-token-of-this-test"


@pytest.fixture
def api() -> ApiServer:
    with ApiServer(TOKEN) as server:
        yield server


def start(api: ApiServer, data: Path, token: str = TOKEN) -> subprocess.Popen[str]:
    own = {"BOT_TOKEN": token, "TELEGRAM_API_URL": api.root, "DATA_DIR": str(data)}
    return subprocess.Popen(
        [sys.executable, "-m", "bot"],
        cwd=ROOT,
        env=own | {"LOG_LEVEL": "DEBUG", "PATH": "/usr/bin:/bin"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def bubbles_of(api: ApiServer, wanted: str) -> list[str]:
    """The bot's messages, once one of them says `wanted`."""

    async def texts() -> list[str]:
        return [each.text for each in api.telegram.messages(1) if not each.mine]

    for _ in range(int(PATIENCE / 0.05)):
        found = api.does(texts())
        if any(wanted in text for text in found):
            return found
        Event().wait(0.05)
    raise AssertionError(f"never said: {wanted}")


def test_a_candidate_is_welcomed_over_http_and_the_token_stays_secret(
    api: ApiServer, tmp_path: Path
) -> None:
    process = start(api, tmp_path)
    try:
        api.does(api.telegram.sends(1, "/start"))
        bubbles_of(api, "what kind of work")
        api.does(api.telegram.sends(1, "/practice"))
        bubbles_of(api, "Who will you face?")
    finally:
        process.terminate()
        output, _ = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0
    assert "ready" in output
    assert TOKEN not in output
    assert TOKEN.split(":")[1] not in output


def test_a_token_that_telegram_does_not_know_is_one_sentence(
    api: ApiServer, tmp_path: Path
) -> None:
    process = start(api, tmp_path, "123456:unknown-token")
    output, _ = process.communicate(timeout=PATIENCE)
    assert process.returncode == 2
    told = output.splitlines()[-1]
    assert told.startswith("BOT_TOKEN: Telegram does not know this token")
    assert "TELEGRAM_API_URL" in told, "404 says the same of a wrong address"
    assert "unknown-token" not in output
