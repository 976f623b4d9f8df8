"""Threads in lanes, so that what waits for a store that is away keeps nothing else waiting, and nobody waits without end."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

THREADS, MOST = 8, 64

Result = TypeVar("Result")
Argument = TypeVar("Argument")


class Full(Exception):
    """As many wait in this lane as may."""


class Lane:
    """Some threads, and how many may be in them or wait for them."""

    def __init__(self, name: str, threads: int = THREADS, most: int = MOST) -> None:
        self._threads, self._most, self._inside = ThreadPoolExecutor(threads, name), most, 0

    async def run(self, act: Callable[[Argument], Result], of: Argument) -> Result:
        """What the act returns; raises Full at once when too many are inside."""
        if self._inside >= self._most:
            raise Full
        self._inside += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, act, of)
        finally:
            self._inside -= 1

    def close(self) -> None:
        """Ends when what is inside has ended."""
        self._threads.shutdown()
