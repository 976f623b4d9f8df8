"""The stores that move, by name: what each is copied and proved with. A store plugs in by one line a table here."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from landbridge.aws.clients import Clients
from landbridge.config.spec import Trading
from landbridge.migrate.adapters.command_copies import CommandMarks, CommandTables
from landbridge.migrate.adapters.http_apis import HttpApis
from landbridge.migrate.adapters.state_copies import StateMarks, StateTables
from landbridge.migrate.pens import Marks
from landbridge.migrate.tables import TABLES
from landbridge.model.pen import Domain
from landbridge.model.region import Pair, Region
from landbridge.replicate.global_table import GlobalTableReplicator
from landbridge.replicate.together import Together
from landbridge.verify.comparison import StoreComparison
from landbridge.verify.stores import FOLDER, by_gate, items


@dataclass(frozen=True)
class Stores:
    """Every store of one migration, in both regions; `key` says by which key of the target a table is encrypted there."""

    clients: Clients
    config: Trading
    regions: Pair[Region]
    apis: HttpApis
    key: Callable[[], str]
    clock: Callable[[], float]
    sleep: Callable[[float], None]

    @cached_property
    def replicators(self) -> dict[str, GlobalTableReplicator]:
        """What copies each."""
        return {domain.value: self.copied(domain, names) for domain, names in TABLES.items()}

    def copied(self, kind: str, names: tuple[str, str]) -> GlobalTableReplicator:
        """What copies one table, whose keys have these names."""
        return GlobalTableReplicator(self.clients, self._named(kind), names, self.regions, self.clock, self.key)

    @property
    def hearts(self) -> Together:
        """How far the copy that is furthest behind is."""
        return Together(self.replicators)

    @cached_property
    def verifiers(self) -> dict[str, StoreComparison]:
        """What compares each; it remembers what it found."""
        return {domain.value: self.compared(domain) for domain in TABLES}

    def compared(self, kind: str) -> StoreComparison:
        """What compares one table."""
        asked = by_gate(self.clients, self.regions, FOLDER, self.clock, self.sleep)
        return StoreComparison(items(self.config, asked, kind), self.clock)

    @cached_property
    def state(self) -> StateTables:
        """Each region's state and receipts."""
        return StateTables(self.clients, self._named("pens"), self._named(Domain.STATE), self.config.pens.fences)

    @cached_property
    def commands(self) -> CommandTables:
        """Each region's commands and receipts."""
        return CommandTables(self.clients, self._named("pens"), self._named(Domain.COMMANDS), self.config.pens.fences)

    @property
    def copies(self) -> dict[Domain, StateTables | CommandTables]:
        """What each domain in a table is proved by, in a move and when a region is lost."""
        return {Domain.STATE: self.state, Domain.COMMANDS: self.commands}

    @property
    def marks(self) -> dict[Domain, Marks]:
        """Marks of our own in each domain."""
        return {Domain.STATE: StateMarks(self.state, self.apis), Domain.COMMANDS: CommandMarks(self.commands, self.apis)}

    def _named(self, kind: str) -> str:
        return self.config.platform.named(kind)
