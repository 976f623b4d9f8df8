"""One region's Managed Flink: runs the deployed signals application while it is RUNNING, and keeps its snapshots.

Everything goes through the region's front door, so an outage reaches it too. It runs in the world's own process: a
process a region would cost more than the signals do.
"""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from botocore.exceptions import BotoCoreError, ClientError

from landbridge.model.errors import Refused, Unreachable
from landbridge.model.market import Stream
from landbridge.rehearse.fabric.ask import Asks
from landbridge.rehearse.fabric.event_source.ports import Streams
from landbridge.rehearse.fabric.event_source.record import Place
from landbridge.rehearse.fabric.signals.application import Application, application
from landbridge.rehearse.fabric.signals.job import Job
from landbridge.rehearse.fabric.signals.lane import Lane
from landbridge.workloads.trading.flink.properties import Properties
from landbridge.workloads.trading.signals.definitions import definitions
from landbridge.workloads.trading.signals.signal import Signal
from landbridge.workloads.trading.signals.writer import Store, Writer

LOOK_SECONDS = 2.0  # how often it is asked what is deployed
ROUND_SECONDS = 1.0
PUT_MOST = 100  # rows a round: what was kept back comes at once with the pen, and must not starve two cores
PAGE = 2000  # records of an answer; fewer = it is read to its end
LOST = (Unreachable, Refused, BotoCoreError, ClientError)  # what is out of reach goes on later


@dataclass
class SignalsAgent:
    """`name` is the application's; `late` are the identities that came too late, since the world began."""

    name: str
    region: Asks
    streams: Streams
    stores: Callable[[Properties], Store]  # the tables an application is told of, made anew for each start
    snapshot: Path
    clock: Callable[[], float]
    late: set[tuple[str, str, int]] = field(default_factory=set)
    restored: int = 0  # starts from a snapshot
    _found: Application | None = None
    _job: Job | None = None
    _iterators: dict[str, str] = field(default_factory=dict)
    _looked: float = float("-inf")
    _taken: float = 0.0
    _read: float = 0.0

    async def run(self) -> None:
        """Until cancelled; then its snapshot goes, as everything of the world's does."""
        try:
            while True:
                with suppress(*LOST):
                    await self.turn(self.clock())
                await asyncio.sleep(ROUND_SECONDS if self._found else LOOK_SECONDS)
        finally:
            self._forget()

    def kill(self) -> None:
        """The process dies: what it had in memory is gone."""
        self._job = None

    async def turn(self, now: float) -> None:
        """What is due: a look at what is deployed, a start, a round of the job, a snapshot."""
        if now - self._looked >= LOOK_SECONDS:
            self._found, self._looked = await application(self.region, self.name), now
        if self._found is None:
            self._forget()
        elif not self._found.runs:
            self._stop()
        else:
            job = self._job or await self._start(self._found, now)
            await self._round(job, self._found, now)
            if now - self._taken >= self._found.checkpoint_seconds and self._job is job:
                self._keep(job)
                self._taken = now

    def _stop(self) -> None:
        """Stopped, it takes a snapshot, as on AWS."""
        if self._job is not None:
            self._keep(self._job)
        self._job = None

    def _forget(self) -> None:
        """Deleted: its snapshots go with it."""
        self._job = None
        self.snapshot.unlink(missing_ok=True)

    async def _start(self, found: Application, now: float) -> Job:
        self._iterators, self._taken, self._read = {}, now, now
        writer = Writer(self.stores(found.told), self.clock)
        if self.snapshot.exists():
            job = Job.restore(definitions(), writer, self.snapshot.read_bytes())
            self.restored += 1
        else:
            arns = found.told.streams.items()
            shards = {Stream(name): [each.name for each in await self.streams.shards(arn)] for name, arn in arns}
            job = Job.begin(definitions(), writer, shards, _first(found.told))
        self._job = job
        return job

    async def _round(self, job: Job, found: Application, now: float) -> None:
        seconds, self._read = now - self._read, now
        reads = (self._read_on(lane, found.told.streams[lane.stream], seconds) for lane in job.lanes.values())
        await asyncio.gather(*reads)
        pushed = job.turn(self.clock())
        self.late |= {each[:3] for each in pushed.late}
        await asyncio.to_thread(_put, job, pushed.signals)

    async def _read_on(self, lane: Lane, stream: str, seconds: float) -> None:
        """To the shard's end; a place that can't be read now is read the next time."""
        full = True
        with suppress(Unreachable, Refused):  # an expired iterator too: it is dropped, and the place makes a new one
            while full:
                iterator = self._iterators.pop(lane.name, "") or await self.streams.iterator(stream, lane.shard, lane.place)
                records, self._iterators[lane.name] = await self.streams.page(iterator)
                lane.take(records)
                full = len(records) >= PAGE
            lane.looked(seconds)

    def _keep(self, job: Job) -> None:
        new = self.snapshot.with_suffix(".new")
        new.write_bytes(job.snapshot())
        new.replace(self.snapshot)


def _put(job: Job, signals: Sequence[Signal]) -> None:
    job.writer.keep(signals)
    job.writer.put(PUT_MOST)


def _first(told: Properties) -> Place:
    """The oldest record, or from a moment on."""
    return Place(since=datetime.fromisoformat(told.begin).timestamp()) if told.begin else Place()
