"""Carries out one mapping's work on one shard: invokes, sets aside, and wakes when more is due."""

import asyncio
import contextlib
import math
import random
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from landbridge.model.errors import Refused, Unreachable
from landbridge.rehearse.fabric.event_source.aside import aside
from landbridge.rehearse.fabric.event_source.lane import Act
from landbridge.rehearse.fabric.event_source.outcome import Outcome
from landbridge.rehearse.fabric.event_source.ports import Ports
from landbridge.rehearse.fabric.event_source.record import Place, Record, event
from landbridge.rehearse.fabric.event_source.settings import Settings
from landbridge.rehearse.fabric.event_source.work import Kept, ShardWork

STALLED_SECONDS = 0.1  # how often a stalled consumer looks whether it still is
ROLE = "arn:aws:iam::{account}:role/lambda-role"
BUCKET = ":s3:::"


@dataclass
class Knobs:
    """How the pollers behave now; may be set while they run."""

    stalled: bool = False  # nothing is read, nothing is invoked
    delay: float = 0.0  # seconds before each invocation
    crash: float = 0.0  # the chance that one dies between an invocation and its checkpoint


@dataclass(frozen=True, slots=True)
class Means:
    """What the consumers of a region share; `slots` bounds the invocations at once."""

    ports: Ports
    clock: Callable[[], float]
    chance: random.Random
    knobs: Knobs
    slots: asyncio.Semaphore


class Consumer:
    """One mapping on one shard; runs until it is stopped, and goes on where it stood."""

    def __init__(self, settings: Settings, shard: str, kept: Kept, means: Means) -> None:
        self.settings = settings
        self.shard = shard
        self._means = means
        self._work = ShardWork(settings, kept, means.clock())
        self._poked = asyncio.Event()
        self._running: set[asyncio.Task[None]] = set()
        self._stopping = False

    @property
    def kept(self) -> Kept:
        """Up to where everything is settled."""
        return self._work.kept

    @property
    def place(self) -> Place:
        """Where it reads on."""
        return self._work.place

    @property
    def is_hungry(self) -> bool:
        """Whether it wants more."""
        return self._work.is_hungry and not self._stopping and not self._means.knobs.stalled

    def take(self, records: Sequence[Record]) -> None:
        """The records behind its place, in order."""
        self._work.take(records, self._means.clock())
        self._poked.set()

    async def run(self) -> None:
        """Works until `stop`, then finishes what is under way; cancelled, it drops it."""
        try:
            while not self._stopping:
                self._begin()
                await self._woken()
            if self._running:
                await asyncio.wait(self._running)
            for task in self._running:
                task.result()
        finally:
            left = tuple(self._running)
            for task in left:
                task.cancel()
            await asyncio.gather(*left, return_exceptions=True)

    def stop(self) -> None:
        """No new batch from now on."""
        self._stopping = True
        self._poked.set()

    def _begin(self) -> None:
        if self._means.knobs.stalled:
            return
        for act in self._work.due(self._means.clock()):
            task = asyncio.create_task(self._do(self._work, act))
            self._running.add(task)
            task.add_done_callback(self._finished)

    def _finished(self, task: asyncio.Task[None]) -> None:
        if task.cancelled() or task.exception() is None:
            self._running.discard(task)
        else:
            self._stopping = True  # `run` raises it: a consumer must not fall silent
        self._poked.set()

    async def _woken(self) -> None:
        seconds = STALLED_SECONDS if self._means.knobs.stalled else self._work.wakes() - self._means.clock()
        with contextlib.suppress(TimeoutError):  # the time has come without anything happening
            async with asyncio.timeout(None if seconds == math.inf else max(0.0, seconds)):
                await self._poked.wait()
        self._poked.clear()

    async def _do(self, work: ShardWork, act: Act) -> None:
        if act.condition is None:
            outcome = await self._invoke(act)
            if self._means.chance.random() < self._means.knobs.crash:
                self._crash()
                return
            work.invoked(act, outcome, self._means.clock())
        else:
            done = await self._set_aside(act)
            work.set_aside(act, self._means.clock(), done=done)

    def _crash(self) -> None:
        """All that is known is the checkpoint; what was under way goes on, and nobody hears of it."""
        self._work = ShardWork(self.settings, Kept(self._work.checkpoint), self._means.clock())

    async def _invoke(self, act: Act) -> Outcome:
        if self._means.knobs.delay:
            await asyncio.sleep(self._means.knobs.delay)
        async with self._means.slots:
            outcome = await self._means.ports.functions.invoke(self.settings.function, self._event(act))
        failed = outcome.error or outcome.refused
        self._means.ports.mappings.said(self.settings.uuid, "PROBLEM: Function call failed" if failed else "OK")
        return outcome

    def _event(self, act: Act) -> dict[str, object]:
        role = ROLE.format(account=self.settings.stream.split(":")[4])
        return event(act.records, self.settings.stream, self.shard, role)

    async def _set_aside(self, act: Act) -> bool:
        """Whether it lies there; without a destination records are dropped, as on AWS."""
        to = self.settings.on_failure
        if not to:
            return True
        name = str(uuid.UUID(int=self._means.chance.getrandbits(128), version=4))
        payload = self._event(act) if BUCKET in to else None
        made = aside(self.settings, self.shard, act, at=self._means.clock(), name=name, payload=payload)
        try:
            await self._means.ports.destinations.put(to, made.key, made.body)
        except (Unreachable, Refused):
            self._means.ports.mappings.said(self.settings.uuid, f"PROBLEM: {to} did not take what was set aside")
            return False
        return True
