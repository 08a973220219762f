"""`python -m bot replay`: turns that failed are tried again, once what broke them is mended.

What they say waits in the outbox, and leaves when the bot runs next (at once where it is running,
which it may on PostgreSQL).
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime

from bot.chat.errors import kind_and_place
from bot.chat.replay import Replay, kind_of, replay
from bot.content import load_content
from bot.settings import Mistake
from bot.store import Store, StoreAway

ALL = "all"


async def replayed(database: str, reference: str) -> AsyncIterator[tuple[str, bool]]:
    """Replay what failed, or all of it; gives a line for each, and whether it is done with.

    Raises Mistake when nothing is kept under this reference, and what `Store.open` raises.
    """
    book, wording = load_content()
    store = await Store.open(database)
    try:
        found = await store.failures(None if reference == ALL else reference.lower())
        if not found and reference != ALL:
            raise Mistake(f"replay: nothing is kept under the reference “{reference}”.")
        for failure in found:
            told = f"{failure.reference}  {failure.at:%Y-%m-%d %H:%M} UTC  {kind_of(failure)}: "
            try:
                came = await replay(failure, store, book, wording, datetime.now(UTC))
            except StoreAway:
                raise
            except Exception as error:
                yield told + f"failed again ({kind_and_place(error)}), and still kept", False
            else:
                yield told + came, came in {Replay.DONE, Replay.GONE}
    finally:
        await store.close()
