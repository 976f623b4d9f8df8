"""What each domain's holder accepted and what a region's own copy has, as the engine reads it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from landbridge.model.command import CommandItem
from landbridge.model.market import Stream
from landbridge.model.pen import Domain, Epoch
from landbridge.model.region import Region
from landbridge.model.state import StateItem, is_reserved
from tests.simulation.hand.market import SimStreams
from tests.simulation.world.world import World


@dataclass
class TableCopies:
    """Receipts of one region against items of the other."""

    world: World
    domain: Domain

    def accepted(self, region: Region, epoch: Epoch, since: float) -> dict[str, str]:
        """What each receipt says must stand, the newest last."""
        receipts = self.world.pens[region].receipts[self.domain]
        return self.world.place.call(
            region, lambda: _stands([item for at, item in receipts if item.epoch == epoch and at >= since])
        )

    def lacking(self, region: Region, wanted: Mapping[str, str]) -> list[str]:
        """What stands otherwise, or not at all."""
        table = self.world.table
        return self.world.place.call(
            region, lambda: [name for name in wanted if _said(table.get(region, tuple(name.split("/")))) != wanted[name]]
        )


def _stands(items: list[StateItem | CommandItem]) -> dict[str, str]:
    newest: dict[str, tuple[int, str]] = {}
    for item in items:
        if not is_reserved(item.user):
            for name, (number, said) in named(item).items():
                newest[name] = max(newest.get(name, (0, "")), (number, said))
    return {name: said for name, (_, said) in newest.items()}


def named(item: StateItem | CommandItem) -> dict[str, tuple[int, str]]:
    """Every key a write leaves, with the number the newest one is told by and what must stand there."""
    if isinstance(item, StateItem):
        return {f"state/{item.user}/{item.view}": (item.version, _said(item))}
    return {
        f"command/{item.user}/{item.number}": (1, _said(item)),
        f"key/{item.user}/{item.key}": (1, _said(item)),
        f"head/{item.user}": (item.number, _said((item.number, item.epoch))),
    }


def _said(item: Any) -> str:
    return repr(item)


@dataclass
class DatabaseCopies:
    """Applied numbers of the writer against those of a region's copy."""

    world: World

    def accepted(self, region: Region, epoch: Epoch, since: float) -> dict[str, str]:
        """Every user's newest, whenever it was applied."""
        del region, epoch, since
        return self.world.database.transact(None, lambda rows: {user: repr(applied) for user, applied in rows.applied.items()})

    def lacking(self, region: Region, wanted: Mapping[str, str]) -> list[str]:
        """By number and id."""
        rows = self.world.database.rows[region]
        return self.world.place.call(region, lambda: [user for user in wanted if repr(rows.applied.get(user)) != wanted[user]])


@dataclass
class StreamCopies:
    """The end of each live shard against what is found in the other side's mirror."""

    streams: SimStreams

    def accepted(self, region: Region, epoch: Epoch, since: float) -> dict[str, str]:
        """The newest marker of each shard; a shard without one ends nowhere."""
        del epoch, since
        shards = self.streams.shards(region)
        ends = self.streams.world.place.call(region, lambda: self.streams.ends(region, Stream.LIVE))
        return {shard: str(ends[shard]) for shard in sorted(shards)}

    def lacking(self, region: Region, wanted: Mapping[str, str]) -> list[str]:
        """By turn."""
        found = self.streams.world.place.call(region, lambda: self.streams.ends(region, Stream.MIRROR))
        return [shard for shard, turn in wanted.items() if not 0 < int(turn) <= found[shard]]
