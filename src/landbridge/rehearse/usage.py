"""What the run takes of the machine: processor seconds and memory of each kind of process, at any moment between two looks.

A kind's figures are sums over its processes. Its processor time only grows: what a process that died had used stays counted.
Memory that processes share is counted for each of them.
"""

import asyncio
import os
from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

import psutil

from landbridge.rehearse.engines import Engines
from landbridge.rehearse.world import World

BEAT_SECONDS = 2.0
OURSELVES = "users, edge, fabric"
Pids = Callable[[], Iterable[int]]


@dataclass(frozen=True, slots=True)
class Used:
    """Processor seconds by kind since the beginning, as they stood at a moment."""

    at_s: float
    seconds: Mapping[str, float]


@dataclass
class Usage:
    """`kinds` tells which processes are of a kind now; `clock` counts seconds since the run began."""

    kinds: Mapping[str, Pids]
    clock: Callable[[], float]
    memory: dict[str, float] = field(default_factory=dict)  # the most of each kind, in MB
    looks: list[Used] = field(default_factory=list)
    _before: dict[str, float] = field(default_factory=dict)

    async def run(self) -> None:
        """Looks every other second, until it is cancelled."""
        while True:
            await asyncio.to_thread(self.look)
            await asyncio.sleep(BEAT_SECONDS)

    def look(self) -> None:
        """One more look."""
        total = dict(self.looks[-1].seconds) if self.looks else dict.fromkeys(self.kinds, 0.0)
        for kind, pids in self.kinds.items():
            seconds, megabytes = _sums(pids())
            total[kind] += max(0.0, seconds - self._before.get(kind, 0.0))
            self._before[kind] = seconds
            self.memory[kind] = max(megabytes, self.memory.get(kind, 0.0))
        self.looks.append(Used(self.clock(), total))

    def between(self, from_s: float, to_s: float) -> dict[str, float]:
        """Processor seconds by kind from one moment to another; between two looks it is taken to be even."""
        begun, ended = self._at(from_s), self._at(to_s)
        return {kind: ended[kind] - begun[kind] for kind in self.kinds}

    def _at(self, moment: float) -> Mapping[str, float]:
        if not self.looks:
            return dict.fromkeys(self.kinds, 0.0)
        place = bisect_right(self.looks, moment, key=lambda look: look.at_s)
        if place in {0, len(self.looks)}:
            return self.looks[max(0, place - 1)].seconds
        one, other = self.looks[place - 1], self.looks[place]
        share = (moment - one.at_s) / (other.at_s - one.at_s)
        return {kind: one.seconds[kind] + share * (other.seconds[kind] - one.seconds[kind]) for kind in self.kinds}


def kinds(world: World, engines: Engines) -> dict[str, Pids]:
    """Each region's emulator with its functions, the databases, the engine, and this process."""
    found: dict[str, Pids] = {f"AWS in {region}": emulator.pids for region, emulator in world.emulators.items()}
    found["databases"] = world.databases.pids
    found["engine"] = lambda: [pid for engine in engines.running for pid in _family(engine.process.pid)]
    found[OURSELVES] = lambda: [os.getpid()]
    return found


def _family(pid: int) -> list[int]:
    try:
        return [pid, *(child.pid for child in psutil.Process(pid).children(recursive=True))]
    except psutil.Error:
        return []


def _sums(pids: Iterable[int]) -> tuple[float, float]:
    """Processor seconds and megabytes; a process that is gone meanwhile counts nothing. Of ours, children are of other kinds."""
    seconds = megabytes = 0.0
    for pid in pids:
        try:
            process = psutil.Process(pid)
            times = process.cpu_times()
            megabytes += process.memory_info().rss / 1e6
        except psutil.Error:
            continue
        seconds += times.user + times.system
        if pid != os.getpid():
            seconds += times.children_user + times.children_system
    return seconds, megabytes
