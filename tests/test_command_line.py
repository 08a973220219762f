"""`python -m bot` as it is typed: exit codes, one line for a mistake, a token that stays secret."""

from __future__ import annotations

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
TOKEN = "123456:AAfoo_bar-BAZ0123456789"
Run = Callable[..., subprocess.CompletedProcess[str]]
TOLD = "In June I rang the supplier and agreed a price. We saved 40%."


def environment(**variables: str) -> dict[str, str]:
    """As little as a process needs, and `variables`."""
    kept = {name: os.environ[name] for name in ("PATH", "SYSTEMROOT") if name in os.environ}
    return {**kept, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", "CI": "1", **variables}


@pytest.fixture
def bot(tmp_path: Path) -> Run:
    """Runs the bot in an empty folder, to its end."""

    def run(*arguments: str, stdin: str = "", **variables: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "bot", *arguments],
            cwd=tmp_path,
            env=environment(**variables),
            input=stdin,
            capture_output=True,
            encoding="utf-8",
            timeout=60,
        )

    return run


def assert_mistake(
    done: subprocess.CompletedProcess[str], beginning: str, *, code: int = 2
) -> None:
    """Exit code 2, or 1 for what may pass, and one line that begins so."""
    assert (done.returncode, done.stdout) == (code, "")
    (line,) = done.stderr.splitlines()
    assert line.startswith(beginning)


def test_check_finds_the_content_in_order(bot: Run) -> None:
    done = bot("check")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "All content is in order.\n"


def test_an_unknown_command_says_which_there_are(bot: Run) -> None:
    done = bot("dance")
    assert done.returncode == 2
    for command in ("run", "check", "migrate", "backup", "restore", "replay", "feedback"):
        assert command in done.stderr


def test_a_command_that_lacks_its_argument_says_which(bot: Run) -> None:
    for command, argument in (("backup", "FILE"), ("restore", "FILE"), ("replay", "REFERENCE")):
        done = bot(command)
        assert done.returncode == 2
        assert done.stderr.splitlines()[-1].endswith(f"required: {argument}")


@pytest.mark.parametrize("command", ["run", "migrate"])
def test_a_wrong_setting_is_one_line(command: str, bot: Run) -> None:
    assert_mistake(bot(command, PORT="eighty"), "PORT: must be a whole number")


def test_a_wrong_token_is_one_line_without_the_token(bot: Run) -> None:
    done = bot(BOT_TOKEN=f"bot{TOKEN}")
    assert_mistake(done, "BOT_TOKEN: does not look like a bot token")
    assert "AAfoo" not in done.stderr


@pytest.mark.parametrize("command", ["run", "migrate"])
def test_a_data_folder_that_cannot_be_used_is_one_line(
    command: str,
    bot: Run,
    tmp_path: Path,
) -> None:
    (tmp_path / "taken").write_text("a file, and no folder")
    done = bot(command, BOT_TOKEN=TOKEN, TELEGRAM_API_URL="http://127.0.0.1:9", DATA_DIR="taken")
    assert_mistake(done, "DATABASE_URL or DATA_DIR: ")


# Trouble that may pass: a host tries again after 1, and not after 2.


@pytest.mark.parametrize("command", ["run", "migrate"])
def test_a_database_server_that_cannot_be_reached_may_be_back_later(command: str, bot: Run) -> None:
    url = "postgresql://me:s3cret@127.0.0.1:9/bot"
    done = bot(command, DATABASE_URL=url)
    assert_mistake(done, "DATABASE_URL or DATA_DIR: the database at 127.0.0.1 cannot", code=1)
    assert "s3cret" not in done.stderr


@pytest.mark.parametrize("command", ["run", "migrate"])
@pytest.mark.parametrize("begun", [False, True])
def test_a_disk_that_is_full_may_have_room_later(
    command: str, begun: bool, bot: Run, tmp_path: Path
) -> None:
    if begun:
        assert bot("migrate", DATA_DIR="kept").returncode == 0
    full = (
        "import resource as r; r.setrlimit(r.RLIMIT_FSIZE, (1, 1)); from bot.__main__ import main"
    )
    done = subprocess.run(
        [sys.executable, "-c", f"{full}; raise SystemExit(main(['{command}']))"],
        cwd=tmp_path,
        env=environment(DATA_DIR="kept", PYTHONDONTWRITEBYTECODE="1", BOT_TOKEN=TOKEN),
        capture_output=True,
        encoding="utf-8",
        timeout=60,
    )
    assert_mistake(done, "DATABASE_URL or DATA_DIR: ", code=1)


@pytest.mark.parametrize("command", ["run", "migrate"])
def test_a_database_of_a_newer_bot_will_not_do_later_either(
    command: str, bot: Run, tmp_path: Path
) -> None:
    assert bot("migrate", DATA_DIR="kept").returncode == 0
    with closing(sqlite3.connect(tmp_path / "kept" / "second-round.sqlite")) as database, database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")
    assert_mistake(bot(command, DATA_DIR="kept"), "DATABASE_URL or DATA_DIR: kept/second-round")


def test_migrating_twice_is_fine(bot: Run, tmp_path: Path) -> None:
    for _ in range(2):
        done = bot("migrate", DATA_DIR="kept")
        assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert (tmp_path / "kept" / "second-round.sqlite").is_file()


def test_broken_content_keeps_the_bot_from_starting(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "bot", tmp_path / "bot", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(ROOT / "prompts", tmp_path / "prompts")
    with (tmp_path / "prompts" / "buttons.toml").open("a", encoding="utf-8") as file:
        file.write("\nnew = 1\nother = 2\n")
    faults = "buttons.toml: new: must be a text\nbuttons.toml: other: must be a text\n"
    for command, code, on in (("check", 1, "stdout"), ("run", 2, "stderr")):
        done = subprocess.run(
            [sys.executable, "-m", "bot", command],
            cwd=tmp_path,
            env=environment(PYTHONPATH=str(tmp_path)),
            capture_output=True,
            encoding="utf-8",
            timeout=60,
        )
        assert done.returncode == code
        assert getattr(done, on) == faults
        assert done.stdout + done.stderr == faults


def test_without_its_folder_of_content_the_bot_says_where_it_runs_from(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "bot", tmp_path / "bot", ignore=shutil.ignore_patterns("__pycache__"))
    for command, code, on in (("check", 1, "stdout"), ("run", 2, "stderr")):
        done = subprocess.run(
            [sys.executable, "-m", "bot", command],
            cwd=tmp_path,
            env=environment(PYTHONPATH=str(tmp_path)),
            capture_output=True,
            encoding="utf-8",
            timeout=60,
        )
        assert done.returncode == code
        (line,) = (done.stdout + done.stderr).splitlines()
        assert getattr(done, on).startswith(f"{tmp_path / 'prompts'} is not there; ")
        assert "checkout" in line


# Feedback on a file of answers.


def test_feedback_answers_each_line(bot: Run) -> None:
    lines = [{"id": "a", "answer": "We fixed it."}, {"answer": TOLD, "channel": "voice"}]
    done = bot("feedback", stdin="\n\n".join(json.dumps(line) for line in lines))
    assert (done.returncode, done.stderr) == (0, "")
    first, second = [json.loads(line) for line in done.stdout.splitlines()]
    assert (first["id"], second["id"]) == ("a", 3)
    assert first["top_fix"] in first["defects"]
    assert "".join(piece["text"] for piece in second["segments"]) == TOLD.replace(". ", ".")
    assert 1 <= second["overall"] <= 5


@pytest.mark.parametrize(
    ("line", "wrong"),
    [
        ("{broken", "line 2: not JSON"),
        ("[1]", "line 2: not a JSON object"),
        ('{"question": "Why?"}', "line 2: “answer” must be a text"),
        ('{"answer": "Yes.", "channel": "smoke"}', "line 2: “channel” is “smoke”"),
        ('{"answer": "We saved 40% \\ud83d in June."}', "line 2: "),
    ],
)
def test_a_line_that_cannot_be_read_is_named(
    line: str,
    wrong: str,
    bot: Run,
) -> None:
    done = bot("feedback", stdin=f'{{"answer": "We fixed it."}}\n{line}\n')
    assert done.returncode == 2
    assert len(done.stdout.splitlines()) == 1
    (told,) = done.stderr.splitlines()
    assert told.startswith(wrong)


def test_a_line_that_is_not_in_utf_8_is_named(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "bot", "feedback"],
        cwd=tmp_path,
        env=environment(),
        input=b'{"answer": "We fixed it."}\n\n{"answer": "caf\xe9"}\n',
        capture_output=True,
        timeout=60,
    )
    assert done.returncode == 2
    assert len(done.stdout.splitlines()) == 1
    assert done.stderr.decode().startswith("line 3: ")


# The running bot.


@pytest.mark.parametrize("level", ["DEBUG", "INFO"])
@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGINT])
def test_without_telegram_the_bot_waits_keeps_the_token_and_stops_when_told(
    stop: signal.Signals, level: str, tmp_path: Path
) -> None:
    told = tmp_path / "told.txt"
    with told.open("w") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "bot"],
            cwd=tmp_path,
            env=environment(
                BOT_TOKEN=TOKEN, TELEGRAM_API_URL="http://127.0.0.1:9", LOG_LEVEL=level
            ),
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        try:
            # It says so once it has tried, and goes on trying; the wait only bounds a failure.
            assert wait_for(process, told, "cannot be reached"), told.read_text()
            process.send_signal(stop)
            assert process.wait(timeout=10) == 0
        finally:
            process.kill()
            process.wait()
    assert "AAfoo" not in told.read_text()
    assert "123456" not in told.read_text()
    assert "Traceback" not in told.read_text()


def wait_for(process: subprocess.Popen[bytes], told: Path, words: str) -> bool:
    """Whether a process says `words` before it ends, within a minute."""
    for _ in range(600):
        if words in told.read_text():
            return True
        try:
            process.wait(timeout=0.1)
        except subprocess.TimeoutExpired:
            continue
        return words in told.read_text()
    return False
