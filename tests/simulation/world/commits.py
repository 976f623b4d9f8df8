"""Writes of users as each region's tables take them: one transaction at one instant, then carried item by item."""

from dataclasses import dataclass

from landbridge.model.command import CommandItem
from landbridge.model.market import Tick
from landbridge.model.pen import Domain, Epoch, PenState
from landbridge.model.region import Region
from landbridge.model.state import StateItem, is_reserved
from landbridge.workloads.trading.commands import CommandOutcome, Expected, Known
from landbridge.workloads.trading.ports import Closed, Committed
from landbridge.workloads.trading.state import Outcome, Stale
from tests.simulation.history import Commit, Processed
from tests.simulation.world.place import Place
from tests.simulation.world.tables import GlobalTable, PensTable


@dataclass
class Commits:
    """What a transaction does in a region."""

    place: Place
    table: GlobalTable
    pens: dict[Region, PensTable]

    def state(self, region: Region, item: StateItem, bucket: int, at: float) -> Outcome:
        """The item if it is newer, its fence, a receipt."""
        if not self._is_open(region, Domain.STATE, bucket, item.epoch):
            return Closed()
        standing: StateItem | None = self.table.get(region, ("state", *item.key))
        if standing and (standing.version >= item.version or standing.epoch > item.epoch):
            return Stale(standing)
        self.table.put(region, ("state", *item.key), item)
        self.pens[region].receipts[Domain.STATE].append((at, item))
        self._note(Commit(self.place.now, region, Domain.STATE, item.epoch, item.key, item.version, item.write_id))
        return Committed(item)

    def command(self, region: Region, item: CommandItem, bucket: int, at: float) -> CommandOutcome:
        """The command under the number its user's head expects, its key, its fence, a receipt."""
        if not self._is_open(region, Domain.COMMANDS, bucket, item.epoch):
            return Closed()
        known: CommandItem | None = self.table.get(region, ("key", item.user, item.key))
        head, epoch = self.table.get(region, ("head", item.user)) or (0, Epoch(0))
        if known and not (known.number > head and known.epoch < item.epoch):
            return Known(known)
        if head != item.number - 1 or epoch > item.epoch:
            return Expected(head + 1, epoch)
        self.table.put(region, ("command", item.user, str(item.number)), item)
        self.table.put(region, ("head", item.user), (item.number, item.epoch))
        self.table.put(region, ("key", item.user, item.key), item)
        self.pens[region].receipts[Domain.COMMANDS].append((at, item))
        self._note(Commit(self.place.now, region, Domain.COMMANDS, item.epoch, (item.user,), item.number, item.key))
        return Committed(item)

    def _is_open(self, region: Region, domain: Domain, bucket: int, epoch: Epoch) -> bool:
        fence = self.pens[region].pens[domain, bucket]
        return self.place.bugs.fence_skipped or (fence.state is PenState.OPEN and fence.epoch == epoch)

    def _note(self, commit: Commit) -> None:
        if not is_reserved(commit.key[0]):
            self.place.history.commits.append(commit)
        self.place.note(commit.region, f"{commit.domain}: commits {' '.join(commit.key)} {commit.number} epoch {commit.epoch}")

    def tick(self, region: Region, tick: Tick, epoch: Epoch) -> None:
        """A tick's row, by identity, and its symbol's newest value on condition of a higher sequence."""
        self.table.put(region, ("tick", *map(str, tick.identity)), tick.value)
        if not is_reserved(tick.feed):
            self.place.history.processed.append(Processed(self.place.now, region, tick.identity, epoch))
        newest: int = self.table.get(region, ("latest", tick.symbol)) or 0
        if newest < tick.sequence or self.place.bugs.newest_blindly:
            self.table.put(region, ("latest", tick.symbol), tick.sequence)
        self.place.note(region, f"processes {tick.feed} {tick.symbol} {tick.sequence} epoch {epoch}")
