"""A feed: puts what it has where the ingest address says, each symbol in order, and confirms the address it uses.

A tick waits until a stream is known to have it. So whatever was not answered goes again before anything later of its
symbol, here or, when the address has changed meanwhile, there; what lies in a stream twice is told by its identity.
The feed changes when every side that answers names the same other region: between two acts of the engine the sides
disagree, and then it stays. One put is under way at a time.
"""

from collections import defaultdict, deque
from collections.abc import Callable, Sequence
from itertools import islice
from typing import Protocol

from landbridge.model.confirmation import Confirmation
from landbridge.model.errors import LandbridgeError
from landbridge.model.market import Tick
from landbridge.model.region import Region
from landbridge.rehearse.market.book import Book
from landbridge.rehearse.market.ticks import Ticks

LOOK_SECONDS = 1.0
PUT_MOST = 500  # records that PutRecords takes


class Ingest(Protocol):
    """Both sides, as a feed reaches them; every method may raise Unreachable or Refused."""

    def addresses(self) -> frozenset[Region]:
        """The regions that the sides name; a side that doesn't answer, or has no address, names none."""

    def confirm(self, confirmation: Confirmation) -> None:
        """Told to the region it names, unless it knows a newer one. Idempotent."""

    def put(self, region: Region, ticks: Sequence[Tick]) -> list[bool]:
        """One request into its live stream, once: which of them are known to be stored."""


class Feed:
    """`together`: how many ticks of one symbol a put may carry.

    A stream may store a later record of a put and refuse an earlier one. With 1 a symbol stays in order whatever it
    refuses; more is for a stream that takes a put whole or not at all.
    """

    def __init__(self, ticks: Ticks, ingest: Ingest, book: Book, clock: Callable[[], float], *, together: int) -> None:
        self.name = ticks.feed
        self._ticks, self._ingest, self._book, self._clock, self._together = ticks, ingest, book, clock, together
        self._waiting: defaultdict[str, deque[Tick]] = defaultdict(deque)
        self._at: Region | None = None
        self._told: Confirmation | None = None
        self._looked = float("-inf")

    @property
    def waiting(self) -> int:
        """How many ticks are not known to be stored."""
        return sum(map(len, self._waiting.values()))

    def turn(self, *, last: bool = False) -> None:
        """Takes what is due and puts until all is stored or something is refused; the last turns take nothing new."""
        fresh = [] if last else self._ticks.due(self._clock())
        if fresh:
            self._book.made(fresh)
        for tick in fresh:
            self._waiting[tick.symbol].append(tick)
        self._look()
        while self._put():
            self._look()

    def _look(self) -> None:
        """Once a second: the address, and the word that it is used."""
        now = self._clock()
        if 0 <= now - self._looked < LOOK_SECONDS:
            return
        try:
            named = self._ingest.addresses()
            if len(named) == 1 and self._at not in named:
                self._at, self._told = next(iter(named)), None
            if self._at and not self._told:
                word = Confirmation(self.name, self._at, int(now * 1000))
                self._ingest.confirm(word)
                self._told = word
        except LandbridgeError as error:
            self._book.stumbled(self.name, str(error))
        self._looked = self._clock()  # after it: a silent side may take longer to ask than the distance between two looks

    def _put(self) -> bool:
        """One put of the foremost ticks; whether all of it is stored and more may follow."""
        wave = self._wave()
        if not wave or self._at is None:
            return False
        try:
            told = self._ingest.put(self._at, wave)
        except LandbridgeError as error:
            self._book.stumbled(self.name, str(error))
            return False
        if stored := self._taken(wave, told):
            self._book.stored(self._at, stored)
        return len(stored) == len(wave)

    def _wave(self) -> list[Tick]:
        foremost = (islice(waiting, self._together) for waiting in self._waiting.values())
        return [tick for ticks in foremost for tick in ticks][:PUT_MOST]

    def _taken(self, wave: Sequence[Tick], told: Sequence[bool]) -> list[Tick]:
        """What waits no more: of each symbol up to its first refusal."""
        stored, refused = [], set()
        for tick, is_stored in zip(wave, told, strict=True):
            if not is_stored:
                refused.add(tick.symbol)
            elif tick.symbol not in refused:
                self._waiting[tick.symbol].popleft()
                stored.append(tick)
        return stored
