"""Both sides of an ingest in memory: streams that refuse, lose answers and take puts late, as they are told to."""

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from random import Random

from tests.fakes import SOURCE, TARGET

from landbridge.model.confirmation import Confirmation
from landbridge.model.errors import Refused, Unreachable
from landbridge.model.market import Tick
from landbridge.model.region import Region


class Luck(StrEnum):
    """What becomes of one request."""

    GOOD = "carried out and answered"
    SILENT = "carried out, and nobody is told"
    LOST = "never arrives"
    LATE = "arrives when the next one of that region has been answered"
    PART = "some records are refused"
    REFUSED = "refused as a whole"


@dataclass
class FakeIngest:
    """Each request meets the next luck laid out for it, and good luck when none is left."""

    luck: deque[Luck] = field(default_factory=deque)
    named: dict[Region, Region | None] = field(default_factory=lambda: {SOURCE: SOURCE, TARGET: SOURCE})
    out: set[Region] = field(default_factory=set)
    streams: dict[Region, list[Tick]] = field(default_factory=lambda: {SOURCE: [], TARGET: []})
    arrived: list[Tick] = field(default_factory=list)
    words: list[Confirmation] = field(default_factory=list)
    late: dict[Region, list[Tick]] = field(default_factory=lambda: {SOURCE: [], TARGET: []})
    puts: list[tuple[Region, int]] = field(default_factory=list)
    looks: int = 0
    chance: Random = field(default_factory=lambda: Random(3))

    def addresses(self) -> frozenset[Region]:
        """Of the sides that are not out."""
        self.looks += 1
        if len(self.out) == len(self.named):
            raise Unreachable(SOURCE, "silence")
        return frozenset(to for side, to in self.named.items() if side not in self.out and to)

    def point(self, to: Region) -> None:
        """Both sides say the same."""
        self.named = dict.fromkeys(self.named, to)

    def confirm(self, confirmation: Confirmation) -> None:
        """Kept in order."""
        if confirmation.region in self.out:
            raise Unreachable(confirmation.region, "silence")
        self.words.append(confirmation)

    def put(self, region: Region, ticks: Sequence[Tick]) -> list[bool]:
        """As luck has it."""
        self.puts.append((region, len(ticks)))
        luck = self.luck.popleft() if self.luck else Luck.GOOD
        if region in self.out or luck is Luck.LOST:
            raise Unreachable(region, "silence")
        if luck is Luck.REFUSED:
            raise Refused(region, "PutRecords", "AccessDeniedException")
        if luck is Luck.LATE:
            self.late[region].extend(ticks)
            raise Unreachable(region, "silence")
        told = [luck is not Luck.PART or self.chance.random() < 0.5 for _ in ticks]
        self._arrive(region, [tick for tick, is_stored in zip(ticks, told, strict=True) if is_stored])
        self.land(region)
        if luck is Luck.SILENT:
            raise Unreachable(region, "silence")
        return told

    def land(self, *regions: Region) -> None:
        """What is late arrives; in all regions when none is named."""
        for region in regions or tuple(self.late):
            self._arrive(region, self.late[region])
            self.late[region] = []

    def _arrive(self, region: Region, ticks: Sequence[Tick]) -> None:
        self.streams[region] += ticks
        self.arrived += ticks

    def first_seen(self, *regions: Region) -> dict[tuple[str, str], list[int]]:
        """The sequences of each feed and symbol in the order in which they first lie in these streams, one after the other."""
        return firsts(tick for region in regions for tick in self.streams[region])

    def arrivals(self) -> dict[tuple[str, str], list[int]]:
        """The same in the order of time, wherever they arrived."""
        return firsts(self.arrived)


def firsts(ticks: Iterable[Tick]) -> dict[tuple[str, str], list[int]]:
    """Sequences by feed and symbol, each where it comes first."""
    seen: dict[tuple[str, str], dict[int, None]] = {}
    for tick in ticks:
        seen.setdefault((tick.feed, tick.symbol), {}).setdefault(tick.sequence)
    return {line: list(sequences) for line, sequences in seen.items()}
