"""A front door before an emulator, opened and closed from a test's own thread."""

import asyncio
import contextlib
import random
import threading
from collections.abc import Iterator, Mapping
from functools import partial
from types import TracebackType
from typing import Self

from landbridge.aws.clients import Clients, Timeouts
from landbridge.model.region import Region
from landbridge.rehearse.emulator.adapter import install
from landbridge.rehearse.emulator.bulkhead import Bulkhead
from landbridge.rehearse.emulator.conditions import Conditions
from landbridge.rehearse.emulator.door import FrontDoor
from landbridge.rehearse.emulator.hooks import Hooks
from landbridge.rehearse.emulator.peerings import Peerings


class Door:
    """Stands as long as the block lasts."""

    def __init__(self, region: Region, upstream: str, seed: int = 1) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name=f"door {region}")
        self._door = FrontDoor(region, Bulkhead(4, 4), random.Random(seed))
        self._door.upstream = upstream

    def adapt(self, clients: Clients, peerings: Peerings | None = None) -> None:
        """Takes types the emulator refuses from now on; `peerings` are those of all doors of a world."""
        region = self._door.region
        peer = None if peerings is None else partial(peerings.answer, region)
        self._door.hooks = Hooks(adapt=partial(install, clients, region), peer=peer)

    @property
    def url(self) -> str:
        """Where the region is reached."""
        return self._door.url

    def set(self, conditions: Conditions) -> None:
        """What is wrong from now on."""
        self._loop.call_soon_threadsafe(self._door.set, conditions)

    def __enter__(self) -> Self:
        self._thread.start()
        asyncio.run_coroutine_threadsafe(self._door.start(), self._loop).result(10)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        asyncio.run_coroutine_threadsafe(self._door.stop(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()


@contextlib.contextmanager
def adapting(endpoints: Mapping[Region, str]) -> Iterator[dict[Region, str]]:
    """Where the regions answer behind doors that take every type of our templates."""
    with contextlib.ExitStack() as stack:
        doors = {region: stack.enter_context(Door(region, url)) for region, url in endpoints.items()}
        urls = {region: door.url for region, door in doors.items()}
        peerings = Peerings()
        for door in doors.values():
            door.adapt(Clients(urls, timeouts=Timeouts(read=30.0)), peerings)
        yield urls
