"""Market feeds: symbols of their own, sequences without a gap, and no put elsewhere before every put here is answered."""

from collections.abc import Callable
from dataclasses import dataclass, field

from landbridge.model.errors import Unreachable
from landbridge.model.market import Tick
from landbridge.model.region import Region
from tests.simulation.world.feeds import Ingest
from tests.simulation.world.place import SOURCE, Place
from tests.simulation.world.streams import Streams

LAST_TICKS = 3  # after the way is done: what the end broke would show


@dataclass
class Feed:
    """One feed. `silent` = it never confirms; `stubborn` = it never looks at the address again unless it is refused."""

    place: Place
    streams: Streams
    ingest: Ingest
    name: str
    symbols: tuple[str, ...]
    side: Region  # whose parameter it reads
    over: Callable[[], bool]
    silent: bool = False
    stubborn: bool = False
    to: Region = SOURCE
    sequences: dict[str, int] = field(default_factory=dict)
    _confirmed: int = 0

    def run(self) -> None:
        """Ticks until all is over, and a few more."""
        kernel = self.place.kernel
        pace, reads, last = kernel.chance.choice([1.0, 2.0]), self.place.now, LAST_TICKS
        while last:
            last -= self.over()
            kernel.sleep(kernel.chance.expovariate(1 / pace))
            if self.place.now >= reads and not self.stubborn:
                self._look()
                reads = self.place.now + kernel.chance.uniform(0.5, 3.0)
            self._tick(kernel.chance.choice(self.symbols))

    def _look(self) -> None:
        """Follow the address: confirm, then put there. Nothing is unanswered here, for one put follows the other."""
        try:
            wanted = self.place.call(self.side, lambda: self.ingest.address[self.side])
            if wanted != self.to and not self.silent:
                count = self._confirmed = self._confirmed + 1
                self.place.call(wanted, lambda: self.ingest.confirm(self.name, count, wanted))
            self.to = wanted
        except Unreachable:
            return

    def _tick(self, symbol: str) -> None:
        sequence = self.sequences[symbol] = self.sequences.get(symbol, 0) + 1
        tick = Tick(self.name, symbol, sequence, f"{symbol} {sequence}")
        while not self._put(tick):
            self._look()
            self.place.kernel.sleep(0.5)
        self.place.history.ticks[tick.identity] = tick.value

    def _put(self, tick: Tick) -> bool:
        """Until it is answered: kept, or (False) refused because the right is gone."""
        shard, region = self.streams.shard_of(tick.symbol), self.to
        while True:
            try:
                return self.place.call(region, lambda: self._arrive(region, tick, shard))
            except Unreachable:
                self.place.kernel.sleep(self.place.kernel.chance.uniform(0.1, 0.5))

    def _arrive(self, region: Region, tick: Tick, shard: int) -> bool:
        if self.ingest.in_effect[region]:
            self.streams.put(region, tick, shard)
        return self.ingest.in_effect[region]
