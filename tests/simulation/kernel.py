"""A discrete-event kernel: one clock, processes as greenlets, and calls that can be lost, late, doubled or unanswered.

Processes are ordinary synchronous code (the product's own), so what is simulated is what runs.
"""

import gc
import heapq
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

import greenlet

from landbridge.model.errors import Unreachable

T = TypeVar("T")

START = 1_000_000.0


def _always() -> bool:
    return True


class Killed(greenlet.GreenletExit):
    """Thrown into a process where it stands."""


@dataclass
class Process:
    """Something that runs, sleeps, can freeze and can be killed."""

    name: str
    body: greenlet.greenlet
    frozen_until: float = 0.0
    killed: bool = False


@dataclass(frozen=True)
class Odds:
    """How often a call goes wrong, and how late a late one may be."""

    lost: float = 0.0
    unanswered: float = 0.0
    late: float = 0.0
    twice: float = 0.0
    latest: float = 15.0


@dataclass
class Kernel:
    """Time, the queue of what happens next, and the one source of chance."""

    chance: random.Random
    now: float = START
    quiet_from: float = float("inf")  # from here on no call goes wrong
    _queue: list[tuple[float, int, Process | Callable[[], object]]] = field(default_factory=list)
    _number: int = 0
    _hub: greenlet.greenlet = field(default_factory=greenlet.getcurrent)
    _running: Process | None = None
    processes: list[Process] = field(default_factory=list)

    def at(self, when: float, what: Process | Callable[[], object]) -> None:
        """Something will happen then; things of the same moment happen in the order they were asked for."""
        self._number += 1
        heapq.heappush(self._queue, (when, self._number, what))

    def spawn(self, name: str, body: Callable[[], object], after: float = 0.0) -> Process:
        """A process that begins after a while."""
        process = Process(name, greenlet.greenlet(body, parent=self._hub))
        self.processes.append(process)
        self.at(self.now + after, process)
        return process

    def sleep(self, seconds: float) -> None:
        """The running process waits."""
        assert self._running
        self.at(self.now + seconds, self._running)
        self._hub.switch()

    def park(self) -> None:
        """The running process waits until somebody wakes it."""
        self._hub.switch()

    @property
    def running(self) -> Process:
        """Who runs now."""
        assert self._running
        return self._running

    def call(
        self, wanted: Callable[[], T], odds: Odds, speed: float = 0.005, timeout: float = 2.0, is_up: Callable[[], bool] = _always
    ) -> T:
        """A request over a wire. It is executed at one instant, whatever becomes of the caller; or late; or never."""
        box: list[T] = []

        def execute() -> None:
            if is_up():
                box.append(wanted())

        arrives = 2 * speed * self.chance.random()
        fate = self._fate(odds)
        if fate == "late":
            self.at(self.now + timeout + self.chance.uniform(0, odds.latest), execute)
        elif fate != "lost":
            self.at(self.now + arrives, execute)
        if fate == "twice":
            self.at(self.now + arrives + self.chance.uniform(0, odds.latest), execute)
        if fate in {"late", "lost", "unanswered"}:
            self.sleep(timeout)
            raise Unreachable("simulated", fate)
        self.sleep(arrives + 2 * speed * self.chance.random())
        if not box:
            self.sleep(timeout)
            raise Unreachable("simulated", "out")
        return box[0]

    def _fate(self, odds: Odds) -> str:
        if self.now >= self.quiet_from:
            return "good"
        drawn = self.chance.random()
        for fate, share in (("lost", odds.lost), ("unanswered", odds.unanswered), ("late", odds.late), ("twice", odds.twice)):
            if drawn < share:
                return fate
            drawn -= share
        return "good"

    def run(self, until: float) -> None:
        """Let things happen until then, or until nothing is left to happen; what still sleeps then is ended."""
        gc.disable()  # a fifth of the time, for garbage that is small and ends with the run
        try:
            self._happen(until)
        finally:
            gc.enable()
        for process in self.processes:
            if not process.body.dead:
                process.body.throw(Killed)

    def _happen(self, until: float) -> None:
        while self._queue and self._queue[0][0] <= until:
            when, _, what = heapq.heappop(self._queue)
            self.now = max(self.now, when)
            if isinstance(what, Process):
                self._resume(what)
            else:
                what()

    def _resume(self, process: Process) -> None:
        if process.body.dead:
            return
        if process.killed:
            process.body.throw(Killed)
        elif process.frozen_until > self.now:
            self.at(process.frozen_until, process)
        else:
            self._running = process
            process.body.switch()
