"""With WEBHOOK_URL the same bot is delivered to; and however it runs, it stops when told to."""

from __future__ import annotations

import json
import signal
import socket
from collections.abc import Iterator
from contextlib import ExitStack
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest

from tests.process.api_server import ApiServer
from tests.process.on_telegram import TOKEN, bubbles_of, comes, start
from tests.process.running import PATIENCE, free_port

SECRET = "a-secret-for-the-webhook"


class Listening:
    """A bot with a port of its own."""

    def __init__(self, api: ApiServer, data: Path, **settings: str) -> None:
        self.port = free_port()
        self.process = start(
            api, data, **{name: value.format(port=self.port) for name, value in settings.items()}
        )

    def asks(self, method: str, path: str, body: object = None) -> tuple[int, str]:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        headers = {"X-Telegram-Bot-Api-Secret-Token": SECRET}
        connection.request(method, path, json.dumps(body), headers)
        response = connection.getresponse()
        answer = response.status, response.read().decode()
        connection.close()
        return answer

    def listens(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def stops(self, how: signal.Signals = signal.SIGTERM) -> tuple[int, str]:
        """Returns the exit code, which is 1 when it took ten seconds, and what was logged."""
        self.process.send_signal(how)
        output, _ = self.process.communicate(timeout=PATIENCE)
        return self.process.returncode, output


@pytest.fixture
def ended() -> Iterator[ExitStack]:
    """Ends what a failing test leaves."""
    with ExitStack() as stack:
        yield stack


def hooked(api: ApiServer, data: Path, ended: ExitStack) -> Listening:
    bot = Listening(
        api,
        data,
        WEBHOOK_URL="http://127.0.0.1:{port}",
        WEBHOOK_SECRET=SECRET,
        PORT="{port}",
        HOST="127.0.0.1",
        MAX_CONNECTIONS="7",
    )
    ended.callback(bot.process.kill)
    comes(lambda: api.webhooks, "setWebhook")
    return bot


def update(update_id: int, text: str) -> dict[str, Any]:
    person = {"id": 1, "is_bot": False, "first_name": "Ana"}
    chat = {"id": 1, "type": "private", "first_name": "Ana"}
    inner = {"message_id": update_id, "date": 1, "chat": chat, "from": person, "text": text}
    return {"update_id": update_id, "message": inner}


def test_a_candidate_is_welcomed_by_webhook_and_no_secret_is_told(
    api: ApiServer, tmp_path: Path, ended: ExitStack
) -> None:
    api.does(api.telegram.sends(1, "/start"))  # so that the stand-in knows the candidate
    bot = hooked(api, tmp_path, ended)
    (hook,) = api.webhooks
    root, _, path = hook["url"].rpartition("/telegram/")
    assert root == f"http://127.0.0.1:{bot.port}"
    assert hook["secret_token"] == SECRET
    assert hook["max_connections"] == 7
    assert hook["drop_pending_updates"] is False
    assert set(hook["allowed_updates"]) == {"message", "edited_message", "callback_query"}
    assert bot.asks("POST", f"/telegram/{path}", update(1, "/start"))[0] == 200
    bubbles_of(api, "what kind of work")
    assert bot.asks("POST", f"/telegram/{path}", update(2, "I am Mrs Quillfeather"))[0] == 200
    assert bot.asks("GET", "/healthz") == (200, '{"status":"ok"}')
    status, numbers = bot.asks("GET", "/metrics")
    assert status == 200
    assert 'second_round_turns_total{kind="command",outcome="done"} 1.0' in numbers
    assert 'second_round_telegram_calls_total{method="setWebhook",outcome="200"} 1.0' in numbers
    code, output = bot.stops()
    assert code == 0
    assert "getUpdates" not in api.called
    assert "outcome=done" in output
    assert "in the folder for temporary files" in output
    for secret in (TOKEN, TOKEN.split(":")[1], SECRET, path, "/start", "Quillfeather"):
        assert secret not in output


def test_it_stops_in_time_while_telegram_hangs(
    api: ApiServer, tmp_path: Path, ended: ExitStack
) -> None:
    api.does(api.telegram.sends(1, "/start"))
    bot = hooked(api, tmp_path, ended)
    api.hanging.add("everything")
    path = api.webhooks[0]["url"].rpartition("/telegram/")[2]
    assert bot.asks("POST", f"/telegram/{path}", update(1, "/start"))[0] == 200
    comes(lambda: "sendMessage" in api.called, "a call that hangs")
    code, _ = bot.stops()
    assert code == 0
    assert not bot.listens()


def test_it_stops_in_time_while_telegram_hangs_from_the_start(
    api: ApiServer, tmp_path: Path, ended: ExitStack
) -> None:
    api.hanging.add("everything")
    bot = Listening(api, tmp_path)
    ended.callback(bot.process.kill)
    comes(lambda: "getMe" in api.called, "the first call")
    code, _ = bot.stops()
    assert code == 0


def test_a_second_signal_does_not_wait(api: ApiServer, tmp_path: Path, ended: ExitStack) -> None:
    api.does(api.telegram.sends(1, "/start"))
    api.hanging.add("sendMessage")
    bot = Listening(api, tmp_path, HEALTH_PORT="{port}")
    ended.callback(bot.process.kill)
    comes(lambda: "sendMessage" in api.called, "a call that hangs")
    bot.process.send_signal(signal.SIGTERM)
    comes(lambda: not bot.listens(), "the end of listening")
    code, _ = bot.stops(signal.SIGTERM)
    assert code == -signal.SIGTERM


def test_while_polling_a_port_tells_how_it_is(
    api: ApiServer, tmp_path: Path, ended: ExitStack
) -> None:
    api.does(api.telegram.sends(1, "/start"))
    bot = Listening(api, tmp_path, HEALTH_PORT="{port}", LOG_FORMAT="json")
    ended.callback(bot.process.kill)
    bubbles_of(api, "what kind of work")
    assert bot.asks("GET", "/healthz")[0] == 200
    assert "second_round_turns_total" in bot.asks("GET", "/metrics")[1]
    code, output = bot.stops(signal.SIGINT)
    assert code == 0
    lines = [json.loads(line) for line in output.splitlines()]
    (turn,) = [line for line in lines if line["said"] == "turn"]
    assert (turn["kind"], turn["stage"], turn["outcome"]) == ("command", "new>asked_work", "done")


def test_a_port_that_is_taken_is_one_sentence(api: ApiServer, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = str(other.getsockname()[1])
        process = start(api, tmp_path, HEALTH_PORT=port)
        output, _ = process.communicate(timeout=PATIENCE)
    assert process.returncode == 2
    assert output.startswith(f"HOST or HEALTH_PORT: cannot listen on 127.0.0.1, port {port}")
    assert len(output.splitlines()) == 1


def test_a_web_process_without_a_webhook_is_told_what_it_lacks(
    api: ApiServer, tmp_path: Path
) -> None:
    process = start(api, tmp_path, PORT=str(free_port()))
    try:
        comes(lambda: "getUpdates" in api.called, "the first poll")
    finally:
        process.terminate()
        output, _ = process.communicate(timeout=PATIENCE)
    assert "set WEBHOOK_URL" in output


def test_the_procfile_names_commands_that_there_are() -> None:
    from bot.__main__ import COMMANDS
    from tests.process.running import ROOT

    lines = dict(line.split(": ") for line in (ROOT / "Procfile").read_text().splitlines())
    assert set(lines) == {"release", "web", "worker"}
    for command in lines.values():
        python, m, bot, *name = command.split()
        assert (python, m, bot) == ("python", "-m", "bot")
        assert set(name) <= set(COMMANDS)
