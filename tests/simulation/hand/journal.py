"""The journal's chain as the engine reaches it: linearizable, over wires that fail."""

from dataclasses import dataclass, replace

from landbridge.migrate.record import Record
from tests.simulation.world.place import JOURNAL
from tests.simulation.world.world import World


@dataclass
class SimJournal:
    """One platform's chain."""

    world: World
    chain: str = "simulated"

    def after(self, number: int) -> list[Record]:
        """Every record above this number."""
        place = self.world.place
        return place.call(JOURNAL, lambda: self.world.chain[number:], replace(place.odds, late=0, twice=0))

    def put(self, record: Record) -> bool:
        """Write the record if its number is free."""
        return self.world.place.call(JOURNAL, lambda: self._put(record))

    def _put(self, record: Record) -> bool:
        if record.number != len(self.world.chain) + 1:
            return False
        self.world.chain.append(record)
        self.world.written.append(self.world.place.now)
        self.world.place.note("journal", f"{record.number} {record.who} {record.kind} {record.step} {record.why}")
        self.world.legs_done += record.data.get("outcome") == "done"
        self.world.on_record(record)
        return True
