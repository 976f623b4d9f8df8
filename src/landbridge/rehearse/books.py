"""Everything that is kept of users outside both regions, and at the end held against each standing region: a book a domain."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import chain

from landbridge.migrate.adapters.compose import Migration
from landbridge.model.pen import Domain
from landbridge.model.region import Region
from landbridge.rehearse.command_book import CommandBook, command_copy
from landbridge.rehearse.copies import standing, state_copy
from landbridge.rehearse.effects_book import effects_copy, settle_effects
from landbridge.rehearse.history_book import HistoryBook, bucket_copy
from landbridge.rehearse.ledger import Ledger
from landbridge.rehearse.market.book import Book
from landbridge.rehearse.market.holdings import holdings
from landbridge.rehearse.market.settle import Held, settle
from landbridge.rehearse.market.signals_book import Identity, Taken
from landbridge.rehearse.market.signals_book import settle as settle_signals
from landbridge.rehearse.settled import Settled
from landbridge.workloads.trading.signals.definitions import definitions


@dataclass(frozen=True)
class Books:
    """The ledger, which is the book of the state too, and one for each other domain that users write.

    `late` tells which trades each region's signals left out as too late for their windows.
    """

    ledger: Ledger
    commands: CommandBook
    history: HistoryBook
    market: Book
    late: Callable[[], Mapping[Region, frozenset[Identity]]]

    def settle(self, migration: Migration) -> tuple[Settled, ...]:
        """As the regions stand now."""
        also = {Domain.MARKET: self._market, Domain.EFFECTS: self._effects}
        moving = (settle(migration) for domain, settle in also.items() if domain in migration.movers.domains)
        return (self._writes(migration), self._commands(migration), self._history(migration), *chain.from_iterable(moving))

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

    def _effects(self, migration: Migration) -> list[Settled]:
        database = migration.whole.database
        assert database
        found = settle_effects(
            self.commands.every, self.commands.promised, standing(migration.regions, partial(effects_copy, database.effects))
        )
        flaws = {"lost": found.lost, "doubled": found.doubled, "disordered": found.disordered, "invented": found.invented}
        return [Settled(Domain.EFFECTS, "effects", len(self.commands.promised), flaws)]

    def _market(self, migration: Migration) -> list[Settled]:
        buckets, table = dict(zip(migration.regions, migration.history.buckets, strict=True)), migration.named("analytics")
        held = standing(buckets, lambda region: holdings(migration.clients, region, table, buckets[region]))
        return [self._trades(held), *([self._signals(held)] if migration.config.market.signals else [])]

    def _trades(self, held: Mapping[Region, Held]) -> Settled:
        found = settle(self.market.values, self.market.upto, held)
        unsettled = (f"{found.unsettled} trades are not known to be stored",) if found.unsettled else ()
        flaws = {"lost": found.lost, "doubled": found.doubled, "invented": found.invented, "stale": found.stale}
        return Settled(Domain.MARKET, "trades", found.stored, {**flaws, "unsettled": unsettled})

    def _signals(self, held: Mapping[Region, Held]) -> Settled:
        rows = {region: each.signals for region, each in held.items()}
        found = settle_signals(definitions(), Taken.of(self.market, definitions()), self.late(), rows)
        flaws = {"missing": found.missing, "different": found.different, "invented": found.invented}
        return Settled(Domain.MARKET, "signals", found.windows, flaws)

    def _history(self, migration: Migration) -> Settled:
        buckets = dict(zip(migration.regions, migration.history.buckets, strict=True))
        found = self.history.settle(standing(buckets, lambda region: bucket_copy(migration.clients, region, buckets[region])))
        return Settled(None, "objects", found.loaded, {"lost": found.lost, "differing": found.differing})
