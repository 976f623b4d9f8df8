"""One side's stream read from a moment on to its present end, into a file that a killed comparison takes up again."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from landbridge.model.errors import BadInput
from landbridge.model.market import Tick, entry
from landbridge.model.measure import Side
from landbridge.verify.kept import Kept
from landbridge.verify.stream.tally import BLOCK, Block, Record, Tally, content, symbol_of


class Copy(Protocol):
    """A stream of one region."""

    def shards(self) -> list[str]:
        """All shards, parents before children."""

    def batch(self, shard: str, after: str | None, since: float) -> tuple[list[Record], str | None, bool]:
        """The next records behind a position (None = from `since` on), the new position, and whether more are there now."""


@dataclass
class Reading:
    """One side, as far as it has come; its lines are every record read."""

    side: Side
    copy: Copy
    since: float
    kept: Kept
    tally: Tally
    positions: dict[str, str | None] = field(default_factory=dict, init=False)

    def __post_init__(self) -> None:
        known = self.kept.chunks.get(self.side, {"positions": {}, "length": 0})
        if self._path.exists() and self._path.stat().st_size >= known["length"]:
            self.positions = dict(known["positions"])
            with self._path.open("r+b") as file:
                file.truncate(known["length"])
        else:
            self._path.write_bytes(b"")
        for record in self.records():
            self.tally.add(record)

    def run(self) -> None:
        """Reads each shard to its present end."""
        for shard in self.copy.shards():
            more = True
            while more:
                found, after, more = self.copy.batch(shard, self.positions.get(shard), self.since)
                self._take(shard, found, after)

    def records(self) -> Iterator[Record]:
        """Everything read so far."""
        with self._path.open(encoding="utf-8") as file:
            for line in file:
                yield Record(*json.loads(line))

    def contents(self, blocks: Iterable[Block]) -> dict[str, int]:
        """What each tick of these blocks says, by its first occurrence."""
        wanted, found = frozenset(blocks), dict[str, int]()
        for record in self.records() if wanted else ():
            tick = ticked(record)
            if tick and (symbol_of(tick), tick.sequence // BLOCK) in wanted:
                found.setdefault(f"{symbol_of(tick)}/{tick.sequence}", content(tick))
        return found

    def _take(self, shard: str, found: list[Record], after: str | None) -> None:
        if after == self.positions.get(shard) and not found:
            return
        for record in found:
            self.tally.add(record)
        with self._path.open("a", encoding="utf-8") as file:
            file.writelines(json.dumps([record.shard, record.arrived, record.text]) + "\n" for record in found)
            length = file.tell()
        self.positions[shard] = after
        self.kept.keep(self.side, {"positions": self.positions, "length": length})

    @property
    def _path(self) -> Path:
        return self.kept.folder / f"{self.side}.spool"


def ticked(record: Record) -> Tick | None:
    """The tick a record holds; None = something else."""
    try:
        found = entry(record.text)
    except BadInput:
        return None
    return found if isinstance(found, Tick) else None
