"""The journal in the customer's bucket, record by record as the chain has it, before anything of the source goes.

Every finding, comparison and decision is a record of it. Logs need no copy here: each region delivers them to the home
region's bucket as they are written (docs/decisions/0035).
"""

from dataclasses import dataclass, field

from landbridge.migrate.adapters.leaving.bucket import Kept
from landbridge.migrate.journal import JournalStore


@dataclass
class JournalEvidence:
    """One object a turn: everything up to that record."""

    store: JournalStore
    kept: Kept
    _found: int = field(default=0, init=False)  # a turn whose object was found just so: it is never changed

    def copying(self) -> bool:
        """A put is over when it returns."""
        return False

    def lacking(self, turn: int) -> list[str]:
        """The object, unless it says what the chain says."""
        if self._found != turn and self.kept.read(turn) == self._lines(turn):
            self._found = turn
        return [] if self._found == turn else [f"the journal up to record {turn} ({self.kept.key(turn)})"]

    def copy(self, turn: int) -> None:
        """One put."""
        self.kept.keep(turn, self._lines(turn))

    def _lines(self, turn: int) -> bytes:
        records = (record for record in self.store.after(0) if record.number <= turn)
        return "".join(f"{record.body()}\n" for record in records).encode()
