"""Backup, restore and replay as an operator types them, beside a bot that runs or does not."""

from __future__ import annotations

import json
import os
import sqlite3
import stat
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from tests.postgres import Server, postgres, postgres_url  # noqa: F401  (fixtures)
from tests.process.running import ROOT, BotProcess, Phone


def typed(data: Path, *arguments: object, **settings: str) -> subprocess.CompletedProcess[str]:
    """`python -m bot …` on the data of a bot."""
    keep = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return subprocess.run(
        [sys.executable, "-m", "bot", *map(str, arguments)],
        cwd=ROOT,
        env=keep | {"DATA_DIR": str(data), "PYTHONUTF8": "1"} | settings,
        capture_output=True,
        text=True,
        timeout=60,
    )


def mistake(done: subprocess.CompletedProcess[str], code: int = 2) -> str:
    """The one line that a mistake says, or with the code 1 what may pass."""
    assert (done.returncode, done.stdout) == (code, "")
    (line,) = done.stderr.splitlines()
    return line


def welcomed(chat: list[dict[str, object]]) -> bool:
    return any("what kind of work is it?" in str(bubble["text"]) for bubble in chat)


def test_a_backup_of_the_running_bot_brings_its_candidates_back(
    bot: BotProcess, phone: Phone, tmp_path: Path
) -> None:
    phone.sends("/start")
    phone.waits_for(welcomed)
    copy = tmp_path / "copies" / "monday.sqlite"
    done = typed(bot.data, "backup", copy)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.endswith("bytes, whole and checked.\n")
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    assert "in use by another running bot" in mistake(typed(bot.data, "restore", copy), 1)
    assert "in use by another running bot" in mistake(typed(bot.data, "replay", "all"), 1)

    phone.sends("/forget")
    phone.taps("Yes, delete everything")
    phone.waits_for(lambda chat: "is deleted" in chat[-1]["text"])
    bot.stop()
    done = typed(bot.data, "restore", copy)
    assert (done.returncode, done.stderr) == (0, "")
    assert "What was there is kept as" in done.stdout
    with closing(sqlite3.connect(bot.data / "second-round.sqlite")) as database:
        assert database.execute("SELECT stage FROM candidates").fetchall() == [("asked_work",)]
    bot.start()
    assert bot.stop() == 0


def test_each_mistake_is_a_sentence(tmp_path: Path) -> None:
    data = tmp_path / "data"
    assert mistake(typed(data, "backup", "x")).startswith("backup: ")
    assert mistake(typed(data, "restore", "x")) == "restore: x is not there."
    assert typed(data, "migrate").returncode == 0
    assert "nothing is kept under the reference “kilobi”" in mistake(
        typed(data, "replay", "kilobi")
    )
    notes = tmp_path / "notes.txt"
    notes.write_text("mine")
    assert mistake(typed(data, "backup", notes)).endswith("is no backup; choose another name.")
    assert mistake(typed(data, "restore", notes)).startswith("restore: ")
    done = typed(data, "replay", "all")
    assert (done.returncode, done.stdout) == (0, "Nothing that failed is kept.\n")


def test_what_failed_is_replayed_and_what_fails_again_makes_the_exit_code(tmp_path: Path) -> None:
    data = tmp_path / "data"
    typed(data, "migrate")
    person = {"id": 7, "is_bot": False, "first_name": "Ana"}
    start = {
        "update_id": 5,
        "message": {
            "message_id": 1,
            "date": 1_795_000_000,
            "chat": {"id": 7, "type": "private", "first_name": "Ana"},
            "from": person,
            "text": "/start",
        },
    }
    broken = {"reminder": "unheard of", "ref": {}}
    with closing(sqlite3.connect(data / "second-round.sqlite")) as database, database:
        for reference, what in (("kilobi", start), ("tarasu", broken)):
            database.execute(
                "INSERT INTO failures VALUES (7, ?, ?, 'trace', '2026-11-22 12:00:00.000000')",
                (reference, json.dumps(what)),
            )
    done = typed(data, "replay", "all")
    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout.splitlines()[0] == (
        "kilobi  2026-11-22 12:00 UTC  command: done, and no longer kept"
    )
    assert "tarasu  2026-11-22 12:00 UTC  reminder unheard of: failed again" in done.stdout
    assert "Ana" not in done.stdout
    with closing(sqlite3.connect(data / "second-round.sqlite")) as database:
        assert database.execute("SELECT stage FROM candidates").fetchall() == [("asked_work",)]
        assert database.execute("SELECT reference FROM failures").fetchall() == [("tarasu",)]


@pytest.mark.parametrize("command", ["backup", "restore"])
def test_for_postgres_the_right_command_is_told_without_the_password(
    command: str, tmp_path: Path
) -> None:
    url = "postgres://bob:s3cret@db.example.org/bot?sslmode=require"
    done = typed(tmp_path, command, "x.dump", DATABASE_URL=url)
    assert done.returncode == 2
    assert "s3cret" not in done.stderr
    first, told = done.stderr.splitlines()
    assert first.startswith(f"{command}: ")
    assert "postgresql://bob@db.example.org/bot?sslmode=require" in told


def test_what_is_told_for_postgres_does_it(
    postgres: Server,  # noqa: F811
    postgres_url: str,  # noqa: F811
    tmp_path: Path,
) -> None:
    tools = {"PATH": f"{postgres._server.bin_path}:{os.environ['PATH']}"}
    insert = "INSERT INTO failures VALUES (7, 'kilobi', '{}', 'trace', now())"
    postgres.sql(insert, postgres_url)
    for command in ("backup", "restore"):
        told = typed(tmp_path, command, "x.dump", DATABASE_URL=postgres_url).stderr.splitlines()[-1]
        subprocess.run(
            told.strip(),
            shell=True,
            check=True,
            cwd=tmp_path,
            env=os.environ | tools,
        )
        if command == "backup":
            postgres.sql("DELETE FROM failures", postgres_url)
    assert postgres.sql("SELECT reference FROM failures", postgres_url) == "kilobi"
