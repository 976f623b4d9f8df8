"""The engine's marks in each domain, under names of our own that are counted nowhere."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from landbridge.model.command import CommandItem
from landbridge.model.errors import Unreachable
from landbridge.model.market import Stream, Tick
from landbridge.model.pen import Epoch
from landbridge.model.region import Region
from landbridge.model.state import StateItem
from landbridge.workloads.trading.commands import Command
from landbridge.workloads.trading.state import Write
from tests.simulation.people.apis import Api
from tests.simulation.world.world import World

OURS = "~canary"


def _turn(text: str) -> int:
    return int(text.rpartition("-")[2])


@dataclass
class StateMarks:
    """Items of a reserved user."""

    world: World
    apis: Mapping[Region, Api[Any]]

    def put(self, region: Region, mark: str, turn: int) -> None:
        """A plain put."""
        item = StateItem(OURS, mark, turn, f"turn-{turn}", Epoch(0), "mark")
        self.world.place.call(region, lambda: self.world.table.put(region, ("state", OURS, mark), item))

    def send(self, region: Region, mark: str, turn: int) -> None:
        """Sent and forgotten: the step looks the outcome up."""
        self.apis[region].put(Write(OURS, mark, turn, f"turn-{turn}", "mark"))

    def read(self, region: Region, mark: str) -> int:
        """The version that stands."""
        item: StateItem | None = self.world.place.call(region, lambda: self.world.table.get(region, ("state", OURS, mark)))
        return item.version if item else 0


@dataclass
class CommandMarks:
    """Commands of a reserved user, one for each mark."""

    world: World
    apis: Mapping[Region, Api[Any]]

    def put(self, region: Region, mark: str, turn: int) -> None:
        """A plain put of a command no head leads to."""
        item = CommandItem(f"~{mark}", turn, f"turn-{turn}", Epoch(0), "mark")
        self.world.place.call(region, lambda: self.world.table.put(region, ("command", item.user, str(turn)), item))

    def send(self, region: Region, mark: str, turn: int) -> None:
        """Under the number its head expects."""
        answer = self.apis[region].put(Command(f"~{mark}", 1, f"turn-{turn}", "mark"))
        if answer.status == 409:
            self.apis[region].put(Command(f"~{mark}", int(answer.body["expected"]), f"turn-{turn}", "mark"))

    def read(self, region: Region, mark: str) -> int:
        """The newest of this mark."""
        of = self.world.table.of
        return self.world.place.call(
            region,
            lambda: max((_turn(item.key) for key, item in of(region, "command").items() if key[1] == f"~{mark}"), default=0),
        )


@dataclass
class EffectMarks:
    """A heartbeat row at the writer; and commands through the API, which the worker applies."""

    world: World
    commands: CommandMarks

    def put(self, region: Region, mark: str, turn: int) -> None:
        """At the writer, wherever we think it is."""
        del region
        database = self.world.database
        database.transact(None, lambda _rows: database.write(lambda rows: rows.marks.update({mark: turn})))

    def send(self, region: Region, mark: str, turn: int) -> None:
        """As a user would."""
        self.commands.send(region, f"effect-{mark}", turn)

    def read(self, region: Region, mark: str) -> int:
        """In the region's own copy of the database."""
        rows = self.world.database.rows[region]
        return self.world.place.call(region, lambda: max(rows.marks.get(mark, 0), _applied(rows.applied, f"~effect-{mark}")))


def _applied(applied: Mapping[str, tuple[int, str]], user: str) -> int:
    return _turn(applied[user][1]) if user in applied else 0


@dataclass
class MarketMarks:
    """Ticks of a reserved feed."""

    world: World

    def put(self, region: Region, mark: str, turn: int) -> None:
        """Into the region's live stream."""
        self.world.place.call(region, lambda: self._put(region, mark, turn))

    def send(self, region: Region, mark: str, turn: int) -> None:
        """To wherever the region's ingest address leads."""
        to = self.world.place.call(region, lambda: self.world.ingest.address[region])
        self.world.place.call(to, lambda: self._put(to, mark, turn))

    def _put(self, region: Region, mark: str, turn: int) -> None:
        symbol = f"~{mark}"
        self.world.streams.put(region, Tick(OURS, symbol, turn, "mark"), self.world.streams.shard_of(symbol))

    def read(self, region: Region, mark: str) -> int:
        """In the mirror, or in what the transform made of it."""
        try:
            return self.world.place.call(region, lambda: self._newest(region, f"~{mark}"))
        except Unreachable:
            return 0

    def _newest(self, region: Region, symbol: str) -> int:
        processed: int = self.world.table.get(region, ("latest", symbol)) or 0
        if not symbol.startswith("~reverse"):
            return processed
        shard = self.world.streams.shards[region, Stream.MIRROR][self.world.streams.shard_of(symbol)]
        return max((r.entry.sequence for r in shard.records if isinstance(r.entry, Tick) and r.entry.symbol == symbol), default=0)
