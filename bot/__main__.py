"""The command line: `python -m bot`, and what else can be done with it."""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Callable, Coroutine, Iterator
from typing import Any

from bot.settings import Mistake, read_settings


def main(arguments: list[str] | None = None) -> int:
    """Do what the arguments say. Returns the exit code: 2 for a mistake in settings or content."""
    parser = argparse.ArgumentParser(
        prog="python -m bot", description="Second Round: practise your second interview."
    )
    parser.add_argument("command", nargs="?", default="run", choices=COMMANDS)
    chosen = parser.parse_args(arguments).command
    try:
        return COMMANDS[chosen]()
    except Mistake as mistake:
        print(mistake, file=sys.stderr)
        return 2


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


COMMANDS: dict[str, Callable[[], int]] = {
    "run": run,
    "check": check,
    "migrate": migrate,
    "feedback": feedback,
}


def _until_done(work: Coroutine[Any, Any, None]) -> None:
    """Do work that needs the store. Raises Mistake when the store cannot be used."""
    from bot.store import StoreError

    try:
        asyncio.run(work)
    except StoreError as error:
        raise Mistake(f"DATABASE_URL or DATA_DIR: {error}") from None


if __name__ == "__main__":
    sys.exit(main())
