"""With a token in the environment the same bot talks to a Bot API server over HTTP."""

from __future__ import annotations

from pathlib import Path

from tests.process.api_server import ApiServer
from tests.process.on_telegram import TOKEN, bubbles_of, start
from tests.process.running import PATIENCE


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
    process = start(api, tmp_path, BOT_TOKEN="123456:unknown-token")
    output, _ = process.communicate(timeout=PATIENCE)
    assert process.returncode == 2
    told = output.splitlines()[-1]
    assert told.startswith("BOT_TOKEN: Telegram does not know this token")
    assert "TELEGRAM_API_URL" in told, "404 says the same of a wrong address"
    assert "unknown-token" not in output
