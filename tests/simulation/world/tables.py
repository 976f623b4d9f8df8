"""Tables as they really are: pens and receipts of one region, linearizable; items of a global table, copied one by one.

Of two writes to the same item of a global table the one with the later stamp stays, by the clock of its own region.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from landbridge.model.pen import Domain, Epoch, Pen, PenState
from landbridge.model.region import Region
from tests.simulation.history import Key, Latest, PenChange
from tests.simulation.world.place import FENCES, SIDES, SOURCE, Place

Stamp = tuple[float, str]
NUMBERED: dict[str, Callable[[Any], int]] = {"state": lambda item: int(item.version), "head": lambda head: int(head[0])}


@dataclass
class GlobalTable:
    """Every item of every global table, as each region has it. The first word of a key names the kind of item."""

    place: Place
    copies: dict[Region, dict[Key, Any]] = field(default_factory=lambda: {side: {} for side in SIDES})
    kinds: dict[tuple[Region, str], dict[Key, Any]] = field(default_factory=lambda: defaultdict(dict))
    _stamps: dict[Region, dict[Key, Stamp]] = field(default_factory=lambda: {side: {} for side in SIDES})
    _last: dict[Region, float] = field(default_factory=lambda: dict.fromkeys(SIDES, 0.0))

    def put(self, region: Region, key: Key, item: Any) -> None:
        """A local write: stamped by the local clock, carried to the other side with its lag."""
        stamp = (max(self.place.clock(region), self._last[region] + 1e-6), str(region))
        self._last[region] = stamp[0]
        self._set(region, key, item, stamp)
        there = self.place.other(region)
        self.place.carry(lambda: self._arrive(there, key, item, stamp))

    def _arrive(self, region: Region, key: Key, item: Any, stamp: Stamp) -> None:
        stays = stamp <= self._stamps[region].get(key, (0.0, ""))
        lost, kept = (item, self.copies[region].get(key)) if stays else (self.copies[region].get(key), item)
        if key[0] in NUMBERED and lost is not None and kept is not None and NUMBERED[key[0]](lost) > NUMBERED[key[0]](kept):
            self.place.history.older_won.append((region, key))
        if not stays:
            self._set(region, key, item, stamp)

    def _set(self, region: Region, key: Key, item: Any, stamp: Stamp) -> None:
        if self.place.bugs.deletes and getattr(item, "deleted", False):
            item = None
        self.copies[region][key], self._stamps[region][key] = item, stamp
        self.kinds[region, key[0]][key] = item
        if key[0] == "latest":
            self.place.history.latest.append(Latest(self.place.now, region, key[1], item))

    def get(self, region: Region, key: Key) -> Any:
        """The region's own copy; None = not there."""
        return self.copies[region].get(key)

    def of(self, region: Region, kind: str) -> Mapping[Key, Any]:
        """Every item of a kind in the region's own copy."""
        return self.kinds[region, kind]


@dataclass
class PensTable:
    """One region's pens and fences, and the receipts that lie beside them. Not replicated."""

    place: Place
    region: Region
    pens: dict[tuple[Domain, int | None], Pen] = field(default_factory=dict)
    receipts: dict[Domain, list[tuple[float, Any]]] = field(default_factory=lambda: defaultdict(list))

    def __post_init__(self) -> None:
        is_open = self.region == SOURCE
        for domain in Domain:
            for which in self.items(domain):
                self._set((domain, which), Pen(PenState("open" if is_open else "closed"), Epoch(int(is_open)), 0, 0.0))

    def items(self, domain: Domain) -> tuple[int | None, ...]:
        """The domain's master, and its fences where it has any."""
        return (None, *range(FENCES)) if domain in {Domain.STATE, Domain.COMMANDS} else (None,)

    def act(self, domain: Domain, which: int | None, pen: Pen, *, keep_epoch: bool, closed_only: bool = False) -> Pen:
        """One conditional update at one instant; gives what stands afterwards."""
        standing = self.pens[domain, which]
        late = standing.turn >= pen.turn and not self.place.bugs.act_without_turn
        if late or (closed_only and standing.state is PenState.OPEN):
            return standing
        self._set((domain, which), Pen(pen.state, standing.epoch if keep_epoch else pen.epoch, pen.turn, self.place.now))
        return self.pens[domain, which]

    def _set(self, where: tuple[Domain, int | None], pen: Pen) -> None:
        self.pens[where] = pen
        which = "master" if where[1] is None else str(where[1])
        self.place.note(self.region, f"{where[0]} pen {which} {pen.state} turn {pen.turn} epoch {pen.epoch}")
        is_open = pen.state is PenState.OPEN
        self.place.history.pens.append(PenChange(self.place.now, self.region, where[0], which, is_open, pen.epoch))
