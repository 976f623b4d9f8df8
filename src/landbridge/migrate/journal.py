"""The journal: one hash chain a platform, grown by conditional puts, with the engine's lease inside the chain.

An append puts number n + 1 and is made only by an engine whose view of the chain shows its own lease, so two engines
can never both append: the second finds n + 1 taken. The cost is one strongly consistent read a tick.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from landbridge.migrate.progress import Progress
from landbridge.migrate.record import FIRST_PREVIOUS, Ask, Kind, Record
from landbridge.model.errors import BadInput, ChainBroken, LeaseHeld, Unreachable

RELEASED = 0.0  # seconds of a lease that was given back: anyone may take the next term at once
PUTS = 3  # how often one record is put while its answers are lost; then the engine holds


class JournalStore(Protocol):
    """Where the chain lies: linearizable, and outside the region that leaves."""

    @property
    def chain(self) -> str:
        """The chain's name: platform and suffix."""

    def after(self, number: int) -> list[Record]:
        """Every record above this number, in order, by a strongly consistent read."""

    def put(self, record: Record) -> bool:
        """Write the record if its number is free; False when it is taken. Raises Unreachable when the outcome is unknown."""


@dataclass(frozen=True, slots=True)
class Lease:
    """Who may act, in which term, until when. Every record of the term renews it."""

    who: str
    term: int
    until: float


class Journal:
    """An engine's, an operator's or a reader's view of the chain; for one thread."""

    def __init__(
        self, store: JournalStore, who: str, clock: Callable[[], float], lease_seconds: float, skew_bound: float
    ) -> None:
        self.store = store
        self.who = who
        self.clock = clock
        self.lease_seconds = lease_seconds
        self.skew_bound = skew_bound
        self.records: list[Record] = []
        self.progress = Progress()
        self.lease: Lease | None = None
        self._term_seconds = 0.0

    def refresh(self) -> None:
        """Read what was appended since; refuse a chain whose links don't hold."""
        for record in self.store.after(len(self.records)):
            self._add(record)

    def hold_lease(self) -> None:
        """Have the lease, taking or renewing it when needed; LeaseHeld when another engine works."""
        while not self._leased():
            continue  # another record came in between, and it may have renewed another engine's lease: judge anew

    def _leased(self) -> bool:
        lease, now = self.lease, self.clock()
        if lease and lease.who == self.who:
            enough = lease.until - now >= self.lease_seconds / 2
            return enough or self._lease(lease.term, "renewed", self.lease_seconds)
        if lease and now < lease.until + self.skew_bound:
            raise self._held()
        return self._lease(lease.term + 1 if lease else 1, "taken", self.lease_seconds)

    def release(self) -> None:
        """Let another engine take over at once; nothing when the lease is another's, or was given back already."""
        while self.lease and self.lease.who == self.who and self._term_seconds > RELEASED:
            if self._lease(self.lease.term, "released", RELEASED):
                return

    @property
    def lease_left(self) -> float:
        """How many seconds of the own lease are left; what nothing can fence needs more than it can last."""
        return self.lease.until - self.clock() if self.lease and self.lease.who == self.who else 0.0

    def append(self, kind: Kind, step: str = "", why: str = "", data: Mapping[str, Any] | None = None) -> Record:
        """Add a record under the own lease; LeaseHeld when it was lost in between."""
        while self.lease and self.lease.who == self.who:
            if added := self._try(kind, self.lease.term, step, why, data or {}):
                return added
        raise self._held()

    def ask(self, what: str, why: str, step: str = "", run: int | None = None) -> Record:
        """Add an operator's decision; it needs no lease, and the engine obeys it or says why not.

        It holds for one run of the plan only: the one it was decided on, or else the newest.
        """
        if what not in set(Ask):
            raise BadInput(f"'{what}'", "is nothing an operator can decide", "choose one of " + ", ".join(Ask))
        while True:
            self.refresh()
            asked = {"what": str(what), "run": self.progress.run if run is None else run}
            if added := self._try(Kind.ASKED, 0, step, why, asked):
                return added

    def _lease(self, term: int, why: str, seconds: float) -> bool:
        return self._try(Kind.LEASE, term, "", why, {"seconds": seconds}) is not None

    def _held(self) -> LeaseHeld:
        lease, now = self.lease or Lease("nobody", 0, self.clock()), self.clock()
        return LeaseHeld(lease.who, lease.term, lease.until + self.skew_bound, now)

    def _try(self, kind: Kind, term: int, step: str, why: str, data: Mapping[str, Any]) -> Record | None:
        """Put one record at the next place; None when another record got it. A lost answer is settled by reading."""
        number = len(self.records) + 1
        previous = self.records[-1].hash if self.records else FIRST_PREVIOUS
        record = Record(number, previous, kind, term, self.who, self.clock(), step, why, data)
        lost: Unreachable | None = None
        for _ in range(PUTS):
            try:
                self.store.put(record)
            except Unreachable as unknown:
                lost = unknown
            self.refresh()
            if len(self.records) >= number:
                return record if self.records[number - 1].hash == record.hash else None
        raise lost or Unreachable(self.store.chain, "a put that was acknowledged can't be read back")

    def _add(self, record: Record) -> None:
        number, previous = len(self.records) + 1, self.records[-1].hash if self.records else FIRST_PREVIOUS
        if (record.number, record.previous) != (number, previous):
            raise ChainBroken(self.store.chain, record.number, f"it does not follow from record {number - 1}")
        self.records.append(record)
        self.progress = self.progress.take(record)
        if record.kind is Kind.LEASE:
            self._term_seconds = record.data["seconds"]
        if record.term:
            until = record.at + self._term_seconds if self._term_seconds > RELEASED else float("-inf")
            self.lease = Lease(record.who, record.term, until)
