"""Everything that is kept of users outside both regions, and at the end held against each standing region: a book a domain."""

from dataclasses import dataclass
from functools import partial

from landbridge.migrate.adapters.compose import Migration
from landbridge.model.pen import Domain
from landbridge.rehearse.command_book import CommandBook, command_copy
from landbridge.rehearse.copies import standing, state_copy
from landbridge.rehearse.ledger import Ledger
from landbridge.rehearse.settled import Settled


@dataclass(frozen=True)
class Books:
    """The ledger, which is the book of the state too, and one for each other domain that users write."""

    ledger: Ledger
    commands: CommandBook

    def settle(self, migration: Migration) -> tuple[Settled, ...]:
        """As the regions stand now."""
        return self._writes(migration), self._commands(migration)

    def _writes(self, migration: Migration) -> Settled:
        read = partial(state_copy, migration.clients, table=migration.named("state"))
        found = self.ledger.settle(standing(migration.regions, read))
        differing = tuple("/".join(key) for key in found.differing)
        flaws = {"lost": found.lost, "doubled": found.doubled, "differing": differing}
        return Settled(Domain.STATE, "writes", found.accepted, flaws)

    def _commands(self, migration: Migration) -> Settled:
        read = partial(command_copy, migration.clients, table=migration.named("commands"))
        found = self.commands.settle(standing(migration.regions, read))
        return Settled(Domain.COMMANDS, "commands", found.accepted, {"lost": found.lost, "doubled": found.doubled})
