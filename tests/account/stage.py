"""The world of a rehearsal in a thread of its own, so that a test deploys into it as an operator does."""

import asyncio
import threading
import time
from collections.abc import Coroutine, Iterator, Mapping
from contextlib import AsyncExitStack, contextmanager
from pathlib import Path
from typing import Any, Protocol, TypeVar

from landbridge.config.expansion import Expansion
from landbridge.config.rehearsal import Rehearsal
from landbridge.migrate.adapters.payments import PaymentsMigration
from landbridge.model.region import Region
from landbridge.rehearse.payments.side import Side
from landbridge.rehearse.payments.sides import sides_up
from landbridge.rehearse.run_folder import RunFolder
from landbridge.rehearse.world import World

T = TypeVar("T")
WITHIN = 90.0


class Waits(Protocol):
    """Waits for what the thread does."""

    def __call__(self, work: Coroutine[Any, Any, T], /) -> T:
        """What came of it."""


@contextmanager
def playing(expansion: Expansion, rehearsal: Rehearsal, run: Path, templates: Path) -> Iterator[Mapping[Region, Side]]:
    """Two regions with nothing in them, and what serves there once it is deployed; its queues stay as deployed."""
    stack = AsyncExitStack()

    async def up() -> dict[Region, Side]:
        world = await stack.enter_async_context(World(expansion.platform, rehearsal, run))
        RunFolder(run).keep_expansion(expansion)
        migration = PaymentsMigration(world.clients, expansion, templates, time.time, time.sleep)
        return await stack.enter_async_context(sides_up(world, migration, visible=None))

    with beside() as waits:
        try:
            yield waits(up())
        finally:
            waits(stack.aclose())


@contextmanager
def beside() -> Iterator[Waits]:
    """A loop in a thread of its own, for as long as the block lasts."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, name="world")
    thread.start()

    def waits(work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, loop).result(WITHIN)

    try:
        yield waits
        waits(loop.shutdown_default_executor())
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()
