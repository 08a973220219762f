"""The command line: `python -m bot`, and what else can be done with it."""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bot.settings import Mistake, read_settings


class _Unavailable(Exception):
    """The store cannot be had now; a later start may do, so it must not end the bot for good."""


def main(arguments: list[str] | None = None) -> int:
    """Do what the arguments say.

    Returns the exit code: 2 for a mistake in settings or content, 1 for what may pass.
    """
    parser = argparse.ArgumentParser(
        prog="python -m bot", description="Second Round: practise your second interview."
    )
    commands = parser.add_subparsers(dest="command", metavar="command", title="commands")
    for name, do in COMMANDS.items():
        told = (do.__doc__ or "").splitlines()[0]
        command = commands.add_parser(name, help=told, description=told)
        for argument in TAKES.get(name, ()):
            command.add_argument(argument.lower(), metavar=argument)
    chosen = vars(parser.parse_args(arguments))
    name = chosen.pop("command") or "run"
    try:
        return COMMANDS[name](**chosen)
    except Mistake as mistake:
        print(mistake, file=sys.stderr)
        return 2
    except _Unavailable as trouble:
        print(trouble, file=sys.stderr)
        return 1


def run() -> int:
    """Run the bot until it is told to stop."""
    from bot.app import run as run_until_stopped
    from bot.content import BrokenContent
    from bot.running.logs import set_up_logging

    settings = read_settings()
    set_up_logging(settings.logging_level, settings.log_format)
    try:
        _until_done(run_until_stopped(settings))
    except BrokenContent as broken:
        print(broken, file=sys.stderr)
        return 2
    return 0


def check() -> int:
    """Print every fault of the content."""
    from bot.content import faults

    found = faults()
    for fault in found:
        print(fault)
    if not found:
        print("All content is in order.")
    return 1 if found else 0


def migrate() -> int:
    """Bring the database up to date."""
    from bot.store import Store

    settings = read_settings()

    async def open_and_close() -> None:
        store = await Store.open(settings.database)
        await store.close()

    _until_done(open_and_close())
    return 0


def backup(file: str) -> int:
    """Copy the database to FILE, whether the bot runs or not."""
    from bot.store.backup import back_up

    database = _sqlite("backup", file)
    with _sentences("backup"):
        size = back_up(database, Path(file))
    print(f"{file}: {size:,} bytes, whole and checked.")
    return 0


def restore(file: str) -> int:
    """Put the copy FILE in place of the database; the bot must be stopped."""
    from bot.store.backup import restore as put_in_place

    database = _sqlite("restore", file)
    with _sentences("restore"):
        kept = put_in_place(database, Path(file), datetime.now(UTC))
    print(f"{file} is in place." + (f" What was there is kept as {kept}." if kept else ""))
    return 0


def replay(reference: str) -> int:
    """Answer anew what failed, by the REFERENCE that the candidate was told, or all."""
    from bot.content import BrokenContent
    from bot.replaying import replayed

    settings = read_settings()
    outcomes: list[bool] = []

    async def tell() -> None:
        async for line, is_done in replayed(settings.database, reference):
            print(line, flush=True)
            outcomes.append(is_done)

    try:
        _until_done(tell())
    except BrokenContent as broken:
        print(broken, file=sys.stderr)
        return 2
    if not outcomes:
        print("Nothing that failed is kept.")
    return 0 if all(outcomes) else 1


def feedback() -> int:
    """Read answers as JSON lines from standard input, write feedback as JSON lines."""
    from bot.feedback.batch import review_lines

    number = 0

    def lines() -> Iterator[str]:
        nonlocal number
        for line in sys.stdin.buffer:
            number += 1
            yield line.decode()

    try:
        for line in review_lines(lines()):
            print(line)
    except UnicodeError:
        print(f"line {number}: holds what is no text in UTF-8", file=sys.stderr)
        return 2
    except ValueError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


COMMANDS: dict[str, Callable[..., int]] = {
    "run": run,
    "check": check,
    "migrate": migrate,
    "backup": backup,
    "restore": restore,
    "replay": replay,
    "feedback": feedback,
}
TAKES = {"backup": ["FILE"], "restore": ["FILE"], "replay": ["REFERENCE"]}


def _sqlite(command: str, file: str) -> str:
    """The URL of the SQLite file. Raises Mistake, with what to type instead, for PostgreSQL."""
    database = read_settings().database
    if database.startswith("sqlite"):
        return database
    from bot.store.dumping import instead_of

    raise Mistake(f"{command}: {instead_of(command, database, file)}")


def _until_done(work: Coroutine[Any, Any, None]) -> None:
    """Do work that needs the store. Raises what `_sentences` does."""
    with _sentences(), asyncio.Runner(loop_factory=_fastest_loop()) as runner:
        runner.run(work)


def _fastest_loop() -> Callable[[], asyncio.AbstractEventLoop] | None:
    """Uvloop where it exists, which is not on Windows: a turn costs a fifth less on it."""
    try:
        import uvloop
    except ImportError:
        return None
    return uvloop.new_event_loop


@contextmanager
def _sentences(about: str = "DATABASE_URL or DATA_DIR") -> Iterator[None]:
    """Raises Mistake when the store cannot be used, and _Unavailable when that may pass."""
    from bot.store import StoreAway, StoreBusy, StoreError

    try:
        yield
    except (StoreAway, StoreBusy) as error:
        raise _Unavailable(f"{about}: {error}") from None
    except StoreError as error:
        raise Mistake(f"{about}: {error}") from None


if __name__ == "__main__":
    sys.exit(main())
