"""Journals with a mistake somebody could make."""

from dataclasses import replace

from landbridge.migrate.journal import Journal
from landbridge.migrate.record import Kind, Record
from tests.simulation.hand.journal import SimJournal
from tests.simulation.world.place import JOURNAL


class LeaseBesideTheChain(Journal):
    """Believes its lease without looking at the chain."""

    def append(self, kind: Kind, step: str = "", why: str = "", data: object = None) -> Record:
        """Adds wherever there is room."""
        while True:
            term = self.lease.term if self.lease else 1
            if added := self._try(kind, term, step, why, data or {}):  # type: ignore[arg-type]
                return added

    def hold_lease(self) -> None:
        """Took it once, has it for ever."""
        if not any(record.who == self.who for record in self.records):
            super().hold_lease()
        elif self.lease:
            self.lease = replace(self.lease, who=self.who, until=self.clock() + 60)


class Unconditional(SimJournal):
    """A table on which the last put wins."""

    def _put(self, record: Record) -> bool:
        if record.number <= len(self.world.chain):
            self.world.chain[record.number - 1] = record
            return True
        return super()._put(record)


class Eventual(SimJournal):
    """A chain in a table of two replicas: each engine puts on condition of its own, and the last put wins in both."""

    def after(self, number: int) -> list[Record]:
        """What the nearest replica has."""
        return self.world.place.call(JOURNAL, lambda: self._seen()[number:])

    def _seen(self) -> list[Record]:
        newest = self.world.place.now - self.world.place.kernel.chance.choice([0.0, 0.0, 1.0])
        return [record for record, at in zip(self.world.chain, self.world.written, strict=True) if at <= newest]

    def _put(self, record: Record) -> bool:
        if record.number <= len(self._seen()):
            return False
        if record.number <= len(self.world.chain):
            self.world.chain[record.number - 1] = record
            return True
        return super()._put(record)
