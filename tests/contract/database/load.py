"""Somebody who writes numbered rows all the time, and remembers exactly what was acknowledged and when."""

import threading
import time
from dataclasses import dataclass, field
from itertools import pairwise
from types import TracebackType
from typing import Self

import psycopg
from tests.contract.database.place import ask, connected

from landbridge.replicate.aurora import Address

RATE = 200.0


@dataclass
class Load:
    """Writes while the block lasts; a row without an answer is never repeated, so that its fate does not count."""

    at: Address
    rate: float = RATE
    acknowledged: dict[int, float] = field(default_factory=dict)
    _end: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None

    def __enter__(self) -> Self:
        ask(self.at, "CREATE TABLE IF NOT EXISTS written (number int PRIMARY KEY)")
        ask(self.at, "TRUNCATE written")
        self._thread = threading.Thread(target=self._write)
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._end.set()
        assert self._thread is not None
        self._thread.join()

    def goes_on(self) -> None:
        """Waits until something more has been acknowledged."""
        had, end = len(self.acknowledged), time.monotonic() + 60
        while len(self.acknowledged) < had + 20:
            assert time.monotonic() < end, "nobody can write"
            time.sleep(0.01)

    def pauses(self) -> list[float]:
        """The gaps between two answers, the longest first."""
        times = sorted(self.acknowledged.values())
        return sorted((after - before for before, after in pairwise(times)), reverse=True)

    def lost(self, at: Address) -> list[int]:
        """What was acknowledged and is not there."""
        with connected(at) as connection:
            there = {number for (number,) in connection.execute("SELECT number FROM written")}
        return sorted(self.acknowledged.keys() - there)

    def lost_seconds(self, at: Address) -> float:
        """From the newest row that is there to the last one that is not, of those before the gap's end."""
        lost = self.lost(at)
        kept = [when for number, when in self.acknowledged.items() if number < lost[0]]
        return self.acknowledged[lost[-1]] - max(kept)

    def arrived(self, at: Address) -> bool:
        """Whether everything acknowledged can be read there; not while nothing can."""
        try:
            return not self.lost(at)
        except psycopg.OperationalError:
            return False

    def _write(self) -> None:
        number = 0
        while not self._end.is_set():
            try:
                with connected(self.at) as connection:
                    while not self._end.wait(1 / self.rate):
                        number += 1
                        connection.execute("INSERT INTO written VALUES (%s)", (number,))
                        self.acknowledged[number] = time.time()
            except psycopg.Error:
                self._end.wait(0.01)
