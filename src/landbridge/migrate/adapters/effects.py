"""The effects as their database has them: the fence row, what is applied, and marks of our own.

What is written is written at the writer, wherever that is; what is proved is read from a region's own copy.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, LiteralString

from psycopg import errors

from landbridge.migrate.adapters.command_copies import CommandMarks, turn_of, user_of
from landbridge.migrate.pens import Pens
from landbridge.model.effects import statements
from landbridge.model.errors import Overtaken, Refused, Unreachable
from landbridge.model.pen import Domain, Epoch, Pen, PenSet, PenState
from landbridge.model.region import Pair, Region
from landbridge.model.state import is_reserved
from landbridge.replicate.aurora import Aurora, Cluster
from landbridge.replicate.login import Login

NOT_MADE = (errors.UndefinedTable, errors.InvalidSchemaName)
ROW = "SELECT holder, epoch, turn, since FROM trading.pen WHERE domain = 'effects'"
OPEN = """
INSERT INTO trading.pen VALUES ('effects', %s, %s, %s, %s)
ON CONFLICT (domain) DO UPDATE SET holder = excluded.holder, epoch = excluded.epoch, turn = excluded.turn, since = excluded.since
WHERE pen.turn < excluded.turn
"""
CLOSE = """
INSERT INTO trading.pen VALUES ('effects', NULL, 0, %s, %s)
ON CONFLICT (domain) DO UPDATE SET holder = NULL, turn = excluded.turn, since = excluded.since
WHERE pen.turn < excluded.turn AND (pen.holder IS NULL OR pen.holder = %s)
"""
MARK = """
INSERT INTO trading.heartbeat VALUES (%s, %s, extract(epoch FROM clock_timestamp()))
ON CONFLICT (origin) DO UPDATE SET turn = excluded.turn, at = excluded.at WHERE heartbeat.turn < excluded.turn
"""
APPLIED = "SELECT owner, number, id FROM trading.applied"
APPLIED_OF = "SELECT number, id FROM trading.applied WHERE owner = %s"
MARKED = "SELECT turn FROM trading.heartbeat WHERE origin = %s"


@dataclass(frozen=True)
class EffectsDatabase:
    """One global database, whose clusters have these names."""

    aurora: Aurora
    name: str
    clusters: Pair[str]
    regions: Pair[Region]
    login: Login

    def at_writer(self, statement: LiteralString, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Unreachable while no region tells of one writer."""
        region = self.writer()
        return self.login.rows(region, self.cluster(region).endpoint, statement, values)

    def at(self, region: Region, statement: LiteralString, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """In the region's own copy."""
        return self.login.rows(region, self.cluster(region).reader, statement, values)

    def cluster(self, region: Region) -> Cluster:
        """The region's, as RDS tells of it there."""
        name = self.clusters.source if region == self.regions.source else self.clusters.target
        cluster = self.aurora.cluster(region, name)
        if cluster is None:
            raise Refused(region, "finding the database", f"there is no cluster {name}")
        return cluster

    def writer(self) -> Region:
        """As the first region tells that answers; before the clusters are joined, the one there is."""
        silent: Unreachable | None = None
        for region in self.regions:
            try:
                told = self.aurora.joined(region, self.name)
                writers = (
                    self._alone() if told is None else [each.region for each in told.members if each.writes and not told.moving]
                )
            except Unreachable as out:
                silent = silent or out
                continue
            if len(writers) == 1:
                return writers[0]
        raise silent or Unreachable(self.regions.source, f"{self.name} tells of no one writer now")

    def _alone(self) -> list[Region]:
        """Both regions must tell: a cluster that joins no other writes for itself."""
        named = zip(self.regions, self.clusters, strict=True)
        return [region for region, name in named if self.aurora.cluster(region, name) is not None]


@dataclass(frozen=True)
class FenceRow:
    """The one fence of the effects: a row that moves with the writer."""

    database: EffectsDatabase
    clock: Callable[[], float]

    def seen_from(self, region: Region) -> Pen | None:
        """Open for its holder in its epoch, closed in epoch 0 for anybody else; None = there is none yet."""
        try:
            rows = self.database.at_writer(ROW)
        except NOT_MADE:
            return None
        if not rows:
            return None
        holder, epoch, turn, since = rows[0]
        holds = holder == region
        return Pen(PenState.OPEN if holds else PenState.CLOSED, Epoch(epoch if holds else 0), turn, since)

    def close(self, region: Region, turn: int) -> None:
        """Nobody's from now on, unless it is the other side's; waits for effects under way, no longer than a lock may take."""
        self._act(CLOSE, (turn, self.clock(), region))
        self._check(region, turn)

    def open(self, region: Region, epoch: Epoch, turn: int) -> None:
        """The region's, in this epoch."""
        self._act(OPEN, (region, epoch, turn, self.clock()))
        self._check(region, turn)

    def _act(self, statement: LiteralString, values: Sequence[Any]) -> None:
        try:
            self.database.at_writer(statement, values)
        except NOT_MADE:
            for text in statements():
                self.database.at_writer(text)
            self.database.at_writer(statement, values)

    def _check(self, region: Region, turn: int) -> None:
        """Read back, for an act that changed nothing says nothing."""
        (holder, _, stands, _) = self.database.at_writer(ROW)[0]
        if stands > turn:
            raise Overtaken(region, "the database's fence row", turn, stands)
        if stands < turn:
            raise Unreachable(region, f"{holder} holds the database's fence row")


@dataclass(frozen=True)
class EffectsPens:
    """The pens of every domain; `masters` of the effects have no fences of their own."""

    others: Pens
    masters: Pens
    row: FenceRow

    def read(self, region: Region, domain: Domain) -> PenSet:
        """Master and row."""
        if domain is not Domain.EFFECTS:
            return self.others.read(region, domain)
        return PenSet(self.masters.read(region, domain).master, (self.row.seen_from(region),))

    def close(self, region: Region, domain: Domain, turn: int) -> None:
        """Master first: the worker pauses; then the row."""
        self._tables(domain).close(region, domain, turn)
        if domain is Domain.EFFECTS:
            self.row.close(region, turn)

    def open(self, region: Region, domain: Domain, epoch: Epoch, turn: int) -> None:
        """Master first (the pivot), then the row."""
        self._tables(domain).open(region, domain, epoch, turn)
        if domain is Domain.EFFECTS:
            self.row.open(region, epoch, turn)

    def bar(self, region: Region, domain: Domain, turn: int) -> bool:
        """A barred master, and a row that is not the region's."""
        barred = self._tables(domain).bar(region, domain, turn)
        if barred and domain is Domain.EFFECTS:
            self.row.close(region, turn)
        return barred

    def _tables(self, domain: Domain) -> Pens:
        return self.masters if domain is Domain.EFFECTS else self.others


@dataclass(frozen=True)
class EffectsCopies:
    """What is applied, by user: at the writer, against a region's own copy."""

    database: EffectsDatabase

    def accepted(self, region: Region, epoch: Epoch, since: float) -> Mapping[str, str]:
        """Each user's newest number and its key, whichever epoch it is of: behind the closed row it is final."""
        del region, epoch, since
        return _newest(self.database.at_writer(APPLIED))

    def lacking(self, region: Region, wanted: Mapping[str, str]) -> list[str]:
        """The users whose newest number is another one there, or none."""
        have = _newest(self.database.at(region, APPLIED)) if wanted else {}
        return [user for user, newest in wanted.items() if have.get(user) != newest]


@dataclass(frozen=True)
class EffectMarks:
    """A row at the writer; and commands of ours through the API, which the worker applies as anybody's."""

    database: EffectsDatabase
    commands: CommandMarks

    def put(self, region: Region, mark: str, turn: int) -> None:
        """At the writer, which is where the region's own copy is after the switchover."""
        del region
        self.database.at_writer(MARK, (mark, turn))

    def send(self, region: Region, mark: str, turn: int) -> None:
        """A command without effect."""
        self.commands.send(region, _ours(mark), turn)

    def read(self, region: Region, mark: str) -> int:
        """The newer of what was put and what was applied, in the region's own copy."""
        put = self.database.at(region, MARKED, (mark,))
        done = self.database.at(region, APPLIED_OF, (user_of(_ours(mark)),))
        return max([int(turn) for (turn,) in put] + [turn_of(key) for _, key in done], default=0)


def _ours(mark: str) -> str:
    return f"effect-{mark}"


def _newest(rows: Sequence[tuple[Any, ...]]) -> dict[str, str]:
    return {owner: f"{number} {key}" for owner, number, key in rows if not is_reserved(owner)}
