"""One mapping's work on one shard: which records are taken, which lane has them, and up to where all is settled.

Pure, as its lanes are. The checkpoint never goes back.
"""

import hashlib
import math
from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from landbridge.rehearse.fabric.event_source.lane import Act, Lane
from landbridge.rehearse.fabric.event_source.outcome import Outcome
from landbridge.rehearse.fabric.event_source.record import Place, Record
from landbridge.rehearse.fabric.event_source.settings import Settings

ENOUGH = 1000  # records in hand, or twice what the lanes take at once: then no more are read


@dataclass(frozen=True, slots=True)
class Kept:
    """What outlasts a stop: everything before the checkpoint is settled, and so are these behind it."""

    checkpoint: Place
    ahead: frozenset[str] = frozenset()


class ShardWork:
    """Takes records in their order, and says what to do with them; a key's records stay in one lane."""

    def __init__(self, settings: Settings, kept: Kept, now: float) -> None:
        self.place = kept.checkpoint  # behind the last record taken
        self.checkpoint = kept.checkpoint
        self._lanes = [Lane(number, settings, now) for number in range(settings.lanes)]
        self._enough = max(ENOUGH, 2 * settings.lanes * settings.batch_size)
        self._taken: deque[str] = deque()
        self._settled = set(kept.ahead)

    @property
    def kept(self) -> Kept:
        """Where to go on after a stop."""
        return Kept(self.checkpoint, frozenset(self._settled))

    @property
    def is_hungry(self) -> bool:
        """Whether it should be given more."""
        return sum(map(len, self._lanes)) < self._enough

    def take(self, records: Iterable[Record], now: float) -> None:
        """The records behind its place, in order; those settled before a stop only let the checkpoint pass."""
        for record in records:
            self.place = Place(after=record.sequence)
            self._taken.append(record.sequence)
            if record.sequence not in self._settled:
                self._lanes[self._lane(record.key)].add(record, now)
        self._advance()

    def due(self, now: float) -> list[Act]:
        """What to do now; each act is to be answered by `invoked` or `set_aside`."""
        return [act for lane in self._lanes if (act := lane.due(now)) is not None]

    def wakes(self) -> float:
        """The moment at which more is due, if nothing happens in between."""
        return min((lane.wakes() for lane in self._lanes), default=math.inf)

    def invoked(self, act: Act, outcome: Outcome, now: float) -> None:
        """The function was invoked with the act's records, or was not."""
        self._settle(self._lanes[act.lane].invoked(outcome, now))

    def set_aside(self, act: Act, now: float, *, done: bool) -> None:
        """The act's records were set aside, or could not be."""
        self._settle(self._lanes[act.lane].set_aside(act, now, done=done))

    def _settle(self, records: Sequence[Record]) -> None:
        self._settled.update(record.sequence for record in records)
        self._advance()

    def _advance(self) -> None:
        while self._taken and self._taken[0] in self._settled:
            settled = self._taken.popleft()
            self._settled.remove(settled)
            self.checkpoint = Place(after=settled)

    def _lane(self, key: str) -> int:
        if len(self._lanes) == 1:
            return 0
        digest = hashlib.md5(key.encode(), usedforsecurity=False).digest()
        return int.from_bytes(digest[8:]) % len(self._lanes)  # the head of the digest chose the shard
