"""A whole world, run from a thread of its own, for tests that speak to it as an engine does: by plain clients."""

import asyncio
import threading
import time
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any, TypeVar

from tests.contract.world.worlds import world

from landbridge.rehearse.world import World

T = TypeVar("T")


class Living:
    """Stands until it is stopped; its agents' knobs may be turned from any thread."""

    def __init__(self, folder: Path) -> None:
        self.world: World = world(folder)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="living")

    def start(self) -> None:
        """Answers when all of it does."""
        self._thread.start()
        self.do(self.world.__aenter__())

    def stop(self) -> None:
        """Nothing is left; an agent that crashed is not kept quiet."""
        try:
            self.do(self.world.__aexit__(None, None, None))
        finally:
            self.do(self._loop.shutdown_default_executor())
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join()
            self._loop.close()

    def do(self, work: Coroutine[Any, Any, T]) -> T:
        """Something in the loop."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(180)


def eventually(found: Callable[[], object], seconds: float = 120.0) -> None:
    """Looks until it is so; fails with what was seen last."""
    until = time.monotonic() + seconds
    while not (seen := found()):
        assert time.monotonic() < until, seen
        time.sleep(0.05)
