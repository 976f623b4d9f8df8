"""Plays every Kinesis event source mapping of one region: follows what is deployed, reads each shard once for all.

Everything goes through the region's front door, so an outage reaches it too. As long as no mapping exists it sleeps.
"""

import asyncio
import contextlib
import random
from collections.abc import Callable

from landbridge.model.errors import Refused, Unreachable
from landbridge.rehearse.fabric.event_source.consumer import Consumer, Knobs, Means
from landbridge.rehearse.fabric.event_source.ports import Ports
from landbridge.rehearse.fabric.event_source.reader import ShardReader
from landbridge.rehearse.fabric.event_source.reading import Reading
from landbridge.rehearse.fabric.event_source.settings import Settings

WATCH_SECONDS = 1.0
POLL_SECONDS = 0.25  # four reads a second: Kinesis allows five a shard, for all its readers
SLOTS = 4  # invocations at once: as many as the front door lets in for reads


class EventSources:
    """One region's pollers; `knobs` may be set while they run."""

    def __init__(self, ports: Ports, clock: Callable[[], float], seed: str, knobs: Knobs | None = None) -> None:
        self.knobs = knobs or Knobs()
        self._ports = ports
        self._means = Means(ports, clock, random.Random(seed), self.knobs, asyncio.Semaphore(SLOTS))
        self._readings: dict[str, Reading] = {}
        self._following: dict[str, asyncio.Task[None]] = {}
        self._readers: dict[tuple[str, str], ShardReader] = {}

    @property
    def reads(self) -> dict[tuple[str, str], int]:
        """How often each shard was read, by stream and shard."""
        return {key: reader.reads for key, reader in self._readers.items()}

    async def run(self) -> None:
        """Follows the mappings until cancelled; what is under way then is dropped, as when a poller dies."""
        reading, idle = asyncio.create_task(self._read()), True
        try:
            while True:
                await self._ports.mappings.until_changed(None if idle else WATCH_SECONDS)
                self._check(reading)
                with contextlib.suppress(Unreachable, Refused):  # what an unreachable region has deployed stands as it was
                    self._look({settings.uuid: settings for settings in await self._ports.mappings.deployed()})
                    idle = not self._readings
        finally:
            tasks = [reading, *self._following.values()]
            tasks += [task for known in self._readings.values() for task in known.tasks]
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    def _look(self, deployed: dict[str, Settings]) -> None:
        """A mapping that still waits for its last change to take hold is looked at the next time."""
        for uuid in [uuid for uuid, known in self._readings.items() if uuid not in deployed and not known.consumers]:
            del self._readings[uuid]
        for uuid in deployed.keys() - self._readings.keys():
            self._readings[uuid] = Reading(self._means)
        for uuid in self._readings.keys() - self._following.keys():
            self._following[uuid] = asyncio.create_task(self._readings[uuid].follow(deployed.get(uuid)))

    def _check(self, reading: asyncio.Task[None]) -> None:
        """What can't be played ends the world with its error: records must not stop unnoticed."""
        if reading.done():
            reading.result()
        for uuid in [uuid for uuid, task in self._following.items() if task.done()]:
            with contextlib.suppress(Unreachable, Refused):  # the next look tries again
                self._following.pop(uuid).result()

    async def _read(self) -> None:
        while True:
            shards: dict[tuple[str, str], list[Consumer]] = {}
            for reading in self._readings.values():
                for shard, consumer in reading.consumers.items():
                    shards.setdefault((consumer.settings.stream, shard), []).append(consumer)
            await asyncio.gather(*(self._reader(*key).poll(takers) for key, takers in shards.items()))
            await asyncio.sleep(POLL_SECONDS)

    def _reader(self, stream: str, shard: str) -> ShardReader:
        return self._readers.setdefault((stream, shard), ShardReader(self._ports.streams, stream, shard))
