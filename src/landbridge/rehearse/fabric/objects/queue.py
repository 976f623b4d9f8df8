"""What waits to be copied: due after a lag that varies, in order within a key."""

import heapq
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum

from landbridge.rehearse.fabric.objects.knobs import Knobs
from landbridge.rehearse.fabric.objects.ledger import Place, Where


class Act(StrEnum):
    """What is to be done at the other side."""

    COPY = "copy"
    MARK = "mark"
    TAG = "tag"
    STACK = "stack"  # versions that were there before, put in beneath those that came since


@dataclass(frozen=True, slots=True)
class Task:
    """One act on one key, by a rule or by a job."""

    act: Act
    place: Place
    since: float
    versions: tuple[tuple[Place, bool], ...] = ()  # of a job: every version of the key, oldest first, with whether it is a marker
    wanted: frozenset[Place] = frozenset()  # of those, what the job copies
    done: Callable[[bool], None] | None = None  # told of each


@dataclass
class Queue:
    """Tasks by the time they are due."""

    knobs: Knobs
    chance: random.Random
    _heap: list[tuple[float, int, Task]] = field(default_factory=list)
    _last: dict[Where, float] = field(default_factory=dict)
    _count: int = 0

    def __len__(self) -> int:
        return len(self._heap)

    def add(self, task: Task) -> None:
        """Due after the lag, and not before what came earlier for its key."""
        varied = 1 + self.knobs.jitter * (2 * self.chance.random() - 1)
        lag = 0.0 if task.act is Act.STACK else self.knobs.lag * varied
        due = self._last[task.place.where] = max(task.since + lag, self._last.get(task.place.where, 0.0))
        self._push(due, task)

    def again(self, tasks: list[Task]) -> None:
        """Tasks that could not be done: first in line for their key."""
        for number, task in enumerate(tasks):
            heapq.heappush(self._heap, (0.0, number - len(tasks) - self._count, task))
        self._count += len(tasks)

    def due(self, now: float) -> list[list[Task]]:
        """Everything that is due, key by key."""
        found: dict[Where, list[Task]] = {}
        while self._heap and self._heap[0][0] <= now:
            task = heapq.heappop(self._heap)[2]
            found.setdefault(task.place.where, []).append(task)
        for where in found:
            if self._last.get(where, now) <= now:
                self._last.pop(where, None)
        return list(found.values())

    def _push(self, due: float, task: Task) -> None:
        self._count += 1
        heapq.heappush(self._heap, (due, self._count, task))
