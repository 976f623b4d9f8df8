"""The tables' owner becomes the region that stays: CloudFormation keeps a table of many regions in one region's stack.

Were the source's stack the owner still, deleting it would delete every copy. So each table is imported into the stack of
the region that stays as soon as it has its copy there, and the source's stack is frozen from then on.
"""

from dataclasses import dataclass, field

from landbridge.migrate import one_by_one
from landbridge.migrate.step import Context, Seen, State, Step
from landbridge.migrate.takeover import Takeover
from landbridge.model.region import Pair, Region


@dataclass(frozen=True)
class HandOverTables(Step):
    """Done when every table belongs to the stack of the region that stays, and the source's stack is frozen."""

    pair: Pair[Region]
    tables: Takeover  # taking freezes the source's stack first, then imports; giving back goes the other way round
    name: str = field(default="hand_over_tables", init=False)

    @property
    def sentence(self) -> str:
        """What it does."""
        return f"import each table, once copied, into the stack of {self.pair.target}, and freeze its stack in {self.pair.source}"

    @property
    def lasts(self) -> float:
        """As long as its port says."""
        return self.tables.takes_at_most

    def before(self) -> dict[str, list[str]]:
        """What belonged there already: revert leaves that alone."""
        return {"owned": self.tables.owned()}

    def check(self, context: Context) -> Seen:
        """A table is handed over only when it is both: imported there, frozen here."""
        return one_by_one.look(self.tables, self.tables.foreign(), f"belongs to the stack in {self.pair.source}") or Seen(
            State.DONE, f"every table belongs to {self.pair.target}", {"owned": self.tables.owned()}
        )

    def apply(self, context: Context) -> None:
        """Hands the next one over."""
        one_by_one.begin(self.tables, self.tables.foreign(), self.tables.take)

    def revert(self, context: Context) -> Seen:
        """Gives back what was handed over, last one first; no table is changed by it."""
        ours = [table for table in self.tables.owned() if table not in context.before["owned"]]
        return one_by_one.put_back(self.tables, ours, self.tables.give_back, f"the tables belong to {self.pair.source} again")
