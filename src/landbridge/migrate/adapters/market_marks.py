"""The market's move as end markers prove it: how far a side's copy and its transform have come, shard by shard."""

from collections.abc import Mapping
from dataclasses import dataclass

from landbridge.migrate.adapters.streams import LiveStreams
from landbridge.migrate.market import Feeds
from landbridge.migrate.pens import Pens
from landbridge.migrate.steps.prove_reverse import MARK
from landbridge.model.pen import Domain, Epoch
from landbridge.model.region import Region


@dataclass(frozen=True)
class MarketCopies:
    """What a side's transform has passed against what we find in the other side's mirror ourselves."""

    streams: LiveStreams

    def accepted(self, region: Region, epoch: Epoch, since: float) -> Mapping[str, str]:
        """The newest marker passed in each shard; a shard without one ends nowhere."""
        del epoch, since  # a marker's turn says both
        noted = self.streams.noted(region, region)
        return {shard: str(noted.get(shard, 0)) for shard in sorted(self.streams.shards(region))}

    def lacking(self, region: Region, wanted: Mapping[str, str]) -> list[str]:
        """By turn; a shard that ends nowhere is never there."""
        found = self.streams.found(self.streams.other(region))
        return [shard for shard, turn in wanted.items() if not 0 < int(turn) <= found.get(shard, 0)]


@dataclass(frozen=True)
class MarketMarks:
    """End markers too: they take the way of every record through every shard, and nobody counts them."""

    streams: LiveStreams
    feeds: Feeds
    pens: Pens

    def put(self, region: Region, mark: str, turn: int) -> None:
        """Into every shard of the region's live stream; the turn alone tells one mark from another."""
        del mark
        self.streams.mark_end(region, self.pens.read(region, Domain.MARKET).epoch, turn)

    def send(self, region: Region, mark: str, turn: int) -> None:
        """To where the region's feeds are told to put."""
        self.put(self.feeds.address(region) or region, mark, turn)

    def read(self, region: Region, mark: str) -> int:
        """The way back: in the region's mirror. Else: what its transform has passed of its own stream."""
        origin = self.streams.other(region) if mark == MARK else region
        reached = self.streams.found(origin) if mark == MARK else self.streams.noted(region, origin)
        return min((reached.get(shard, 0) for shard in self.streams.shards(origin)), default=0)
