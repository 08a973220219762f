"""Work that comes in while other work is being done is collected, and then done in one go."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

Given = TypeVar("Given")
Got = TypeVar("Got")


@dataclass(frozen=True, slots=True)
class Raised:
    """What came of a piece of work that failed."""

    error: Exception


class Together(Generic[Given, Got]):
    """Does pieces of work with `do`, up to `most` at once, in the order in which they came.

    `do` returns what came of each, a value or Raised. It is not called again before it is done.
    """

    def __init__(
        self, do: Callable[[Sequence[Given]], Awaitable[Sequence[Got | Raised]]], most: int
    ) -> None:
        self._do = do
        self._most = most
        self._waiting: list[tuple[Given, asyncio.Future[Got]]] = []
        self._working: asyncio.Task[None] | None = None

    async def add(self, work: Given) -> Got:
        """Have a piece of work done and return what came of it. Raises what it raised."""
        done: asyncio.Future[Got] = asyncio.get_running_loop().create_future()
        self._waiting.append((work, done))
        if self._working is None:
            self._working = asyncio.create_task(self._work())
        return await done

    async def idle(self) -> None:
        """Return when nothing is being done and nothing waits."""
        while self._working is not None:
            await asyncio.wait({self._working})

    async def _work(self) -> None:
        try:
            while self._waiting:
                batch, self._waiting = self._waiting[: self._most], self._waiting[self._most :]
                given = [work for work, _ in batch]
                for (_, done), result in zip(batch, await self._done(given), strict=True):
                    if done.done():
                        continue  # whoever wanted to know has left
                    if isinstance(result, Raised):
                        done.set_exception(_settable(result.error))
                    else:
                        done.set_result(result)
        finally:
            self._working = None

    async def _done(self, given: Sequence[Given]) -> Sequence[Got | Raised]:
        try:
            return await self._do(given)
        except Exception as error:
            return [Raised(error)] * len(given)


def _settable(error: Exception) -> Exception:
    """The error as a future takes it: StopIteration would end the wrong loop."""
    if not isinstance(error, StopIteration):
        return error
    other = RuntimeError("the work raised StopIteration")
    other.__cause__ = error
    return other
