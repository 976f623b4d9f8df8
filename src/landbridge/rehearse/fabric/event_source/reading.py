"""One deployed mapping as it is played: its consumers, and its place, which outlasts being disabled.

The rehearsal does not play resharding: the emulator loses records where a shard is closed (the torture test of the
replicator is where it is proved), so a stream whose shards change under a mapping ends the world with a sentence.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from landbridge.model.errors import LandbridgeError
from landbridge.rehearse.fabric.event_source.consumer import Consumer, Means
from landbridge.rehearse.fabric.event_source.ports import Shard
from landbridge.rehearse.fabric.event_source.settings import Settings
from landbridge.rehearse.fabric.event_source.work import Kept


@dataclass
class Resharded(LandbridgeError):
    """A stream got other shards under a mapping."""

    region: str
    stream: str

    def __str__(self) -> str:
        return (
            f"the shards of {self.stream} in {self.region} changed while a mapping reads it, and the emulator loses records "
            "then; keep the number of shards while a rehearsal runs"
        )


class Reading:
    """A mapping; `follow` is called again and again with what the region says of it."""

    def __init__(self, means: Means) -> None:
        self.consumers: dict[str, Consumer] = {}
        self._means = means
        self._settings: Settings | None = None
        self._kept: dict[str, Kept] = {}
        self.tasks: list[asyncio.Task[None]] = []

    async def follow(self, settings: Settings | None) -> None:
        """Reads when it is wanted and as it is wanted; None = it was deleted. Waits for batches under way to finish."""
        self._check()
        if settings is not None and settings == self._settings:
            if settings.wanted:
                await self._same_shards(settings)
            return
        await self._stop()
        self._settings = None
        if settings is None:
            return
        if settings.wanted:
            await self._start(settings)
        self._means.ports.mappings.running(settings.uuid, now=settings.wanted)
        self._settings = settings

    async def _stop(self) -> None:
        """Finishes what is under way and remembers where it stands."""
        for consumer in self.consumers.values():
            consumer.stop()
        await asyncio.gather(*self.tasks)
        self._kept |= {shard: consumer.kept for shard, consumer in self.consumers.items()}
        self.consumers, self.tasks = {}, []

    def _check(self) -> None:
        for task in self.tasks:
            if task.done():
                task.result()

    async def _start(self, settings: Settings) -> None:
        shards = [shard.name for shard in await self._shards(settings)]
        first = Kept(settings.begin(self._means.clock()))
        for shard in shards:
            self._kept.setdefault(shard, first)
            self.consumers[shard] = Consumer(settings, shard, self._kept[shard], self._means)
        self.tasks = [asyncio.create_task(consumer.run()) for consumer in self.consumers.values()]

    async def _same_shards(self, settings: Settings) -> None:
        if {shard.name for shard in await self._shards(settings)} != self.consumers.keys():
            raise _resharded(settings)

    async def _shards(self, settings: Settings) -> Sequence[Shard]:
        shards = await self._means.ports.streams.shards(settings.stream)
        if any(shard.parent or shard.closed for shard in shards) or not self._kept.keys() <= {shard.name for shard in shards}:
            raise _resharded(settings)
        return shards


def _resharded(settings: Settings) -> Resharded:
    return Resharded(settings.stream.split(":")[3], settings.stream.rpartition("/")[2])
