"""One line of batches, strictly one after the other: gathers, retries, splits and gives up as the mapping says.

Pure: it is told the time and what came of its acts. A shard has as many lanes as the parallelisation factor.
"""

import math
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from landbridge.rehearse.fabric.event_source.outcome import Outcome, first_failed
from landbridge.rehearse.fabric.event_source.record import Record
from landbridge.rehearse.fabric.event_source.settings import Settings

PAYLOAD = 6_000_000  # bytes of an event, at most
FIRST_PAUSE, LONGEST_PAUSE = 0.1, 1.0  # before something is tried again; AWS does not say its own


class Condition(StrEnum):
    """Why records are given up, in AWS's words."""

    RETRIES = "RetryAttemptsExhausted"
    AGE = "RecordAgeExceeded"


@dataclass(frozen=True, slots=True)
class Act:
    """Something to do with records of one lane: invoke the function, or with a condition set them aside."""

    lane: int
    records: tuple[Record, ...]
    condition: Condition | None = None
    invoked: int = 0  # how often exactly these records were in an invocation before
    last: Outcome | None = None  # what came of the last one


class _Piece(NamedTuple):
    """A batch, or what was left of one; `failed` counts against the retries, `invoked` does not."""

    records: tuple[Record, ...]
    failed: int = 0
    invoked: int = 0
    last: Outcome | None = None


class Lane:
    """Records in their order; one act at a time."""

    def __init__(self, number: int, settings: Settings, now: float) -> None:
        self._number = number
        self._settings = settings
        self._waiting: deque[Record] = deque()
        self._bytes = 0
        self._pieces: deque[_Piece] = deque()  # what failed comes before what waits
        self._window_from = now
        self._first_at = now
        self._not_before = now
        self._trouble = 0
        self._busy = False

    def __len__(self) -> int:
        return len(self._waiting) + sum(len(piece.records) for piece in self._pieces)

    def add(self, record: Record, now: float) -> None:
        """Takes the next record in."""
        if not self._waiting:
            self._first_at = now
        self._waiting.append(record)
        self._bytes += record.size

    def due(self, now: float) -> Act | None:
        """What to do now; until it is told what came of it, nothing else."""
        if self._busy or now < self.wakes():
            return None
        if not self._pieces:
            self._cut()
        self._busy = True
        return self._act(self._pieces[0], now)

    def wakes(self) -> float:
        """The moment at which `due` has something, if nothing comes in between; infinity = none."""
        if self._busy or not len(self):
            return math.inf
        if self._pieces or self._is_full():
            return self._not_before
        return max(self._not_before, self._window_ends())

    def invoked(self, outcome: Outcome, now: float) -> Sequence[Record]:
        """What an invocation settled; what it did not comes again."""
        piece = self._pieces.popleft()
        if outcome.refused:
            self._pieces.appendleft(piece)
            self._pause(now)
            return ()
        self._free(now)
        first = first_failed(outcome, piece.records, reports=self._settings.reports)
        if first is None:
            self._trouble = 0
            return piece.records
        self._pieces.extendleft(reversed(self._left(piece, first, outcome)))
        self._pause(now, afresh=first > 0)
        return piece.records[:first]

    def set_aside(self, act: Act, now: float, *, done: bool) -> Sequence[Record]:
        """What was set aside is settled; what could not be is tried again."""
        if not done:
            self._pause(now)
            return ()
        piece = self._pieces.popleft()
        rest = piece.records[len(act.records) :]
        if rest:
            self._pieces.appendleft(piece._replace(records=rest))
        self._free(now)
        return act.records

    def _left(self, piece: _Piece, first: int, outcome: Outcome) -> list[_Piece]:
        """What of a failed batch comes again: splitting it costs no retry, and neither does a report that splits it."""
        rest = piece.records[first:]
        if self._settings.bisect and first:
            return [_Piece(rest, piece.failed, last=outcome)]
        if self._settings.bisect and len(rest) > 1:
            half = len(rest) // 2
            return [_Piece(part, piece.failed, last=outcome) for part in (rest[:half], rest[half:])]
        return [_Piece(rest, piece.failed + 1, piece.invoked + 1, outcome)]

    def _act(self, piece: _Piece, now: float) -> Act:
        old = self._too_old(piece, now)
        if old:
            return Act(self._number, piece.records[:old], Condition.AGE, piece.invoked, piece.last)
        if 0 <= self._settings.retries < piece.failed:
            return Act(self._number, piece.records, Condition.RETRIES, piece.invoked, piece.last)
        return Act(self._number, piece.records)

    def _too_old(self, piece: _Piece, now: float) -> int:
        """How many records at the head are older than the mapping allows."""
        if self._settings.max_age < 0:
            return 0
        limit = now - self._settings.max_age
        young = (index for index, record in enumerate(piece.records) if record.arrived >= limit)
        return next(young, len(piece.records))

    def _cut(self) -> None:
        taken = [self._take()]
        size = taken[0].size
        while self._waiting and len(taken) < self._settings.batch_size and size + self._waiting[0].size <= PAYLOAD:
            taken.append(self._take())
            size += taken[-1].size
        self._pieces.append(_Piece(tuple(taken)))

    def _take(self) -> Record:
        record = self._waiting.popleft()
        self._bytes -= record.size
        return record

    def _is_full(self) -> bool:
        return len(self._waiting) >= self._settings.batch_size or self._bytes >= PAYLOAD

    def _window_ends(self) -> float:
        """Windows follow one another from the end of the last invocation; the first record waits for its own to end."""
        window, waited = self._settings.window, self._first_at - self._window_from
        if not window:
            return self._first_at
        return self._window_from + window * max(1, math.ceil(waited / window))

    def _free(self, now: float) -> None:
        self._busy = False
        self._window_from = now

    def _pause(self, now: float, *, afresh: bool = False) -> None:
        self._busy = False
        self._trouble = 1 if afresh else self._trouble + 1
        self._not_before = now + min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** (self._trouble - 1))
