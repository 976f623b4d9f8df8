"""A run's looks in the journal's table, under a name of their own beside the chain's: what outlives both sides keeps them."""

from dataclasses import dataclass, replace

from landbridge.migrate.adapters.journal_table import JournalTable
from landbridge.migrate.looks import Look


@dataclass(frozen=True)
class LookTable:
    """Implements `Looks`; one item a look, by its time in milliseconds."""

    journal: JournalTable
    run: int

    def since(self, at: float) -> list[Look]:
        """By a strongly consistent read."""
        return [Look.of(body) for body in self._table.bodies(_place(at) - 1)]

    def keep(self, look: Look) -> None:
        """A look of the same millisecond stays as it is."""
        self._table.keep(_place(look.at), look.body())

    @property
    def _table(self) -> JournalTable:
        return replace(self.journal, chain=f"{self.journal.chain} looks {self.run}")


def _place(at: float) -> int:
    return round(at * 1000)
