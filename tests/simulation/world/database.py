"""A database with one writer and one copy: transactions in order, a copy that lags, and switchovers that may fail or hang."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from landbridge.model.command import CommandItem
from landbridge.model.errors import Unreachable
from landbridge.model.pen import Domain, Epoch, PenState
from landbridge.model.region import Region
from landbridge.model.state import is_reserved
from tests.simulation.history import Commit, PenChange
from tests.simulation.world.place import SIDES, SOURCE, TIMEOUT, Place

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class FenceRow:
    """Who may apply commands; the row moves with the database."""

    holder: Region | None
    epoch: Epoch
    turn: int


@dataclass
class Rows:
    """One instance's rows."""

    applied: dict[str, tuple[int, str]] = field(default_factory=dict)
    effects: list[tuple[str, int, str]] = field(default_factory=list)
    marks: dict[str, int] = field(default_factory=dict)
    fence: FenceRow = FenceRow(SOURCE, Epoch(1), 0)

    def apply(self, item: CommandItem) -> None:
        """A command's effect, and that it is applied."""
        self.applied[item.user] = (item.number, item.key)
        self.effects.append((item.user, item.number, item.key))


@dataclass
class Database:
    """Every transaction happens at one instant at the writer, and at the copy a while later, in the same order."""

    place: Place
    writer: Region = SOURCE
    switching: Region | None = None
    fate: str = ""  # of the next switchover: slow, failing, hanging; empty = drawn
    rows: dict[Region, Rows] = field(default_factory=lambda: {side: Rows() for side in SIDES})
    _log: list[Callable[[Rows], object]] = field(default_factory=list)  # what the copy has not got yet

    def __post_init__(self) -> None:
        self.place.history.pens.append(PenChange(self.place.now, SOURCE, Domain.EFFECTS, "row", is_open=True, epoch=1))

    def transact(self, caller: Region | None, transaction: Callable[[Rows], T]) -> T:
        """Through the writer endpoint, from a region or (None) from elsewhere."""
        if caller is not None and caller != self.writer and not self.place.connected:
            self.place.kernel.sleep(TIMEOUT)
            raise Unreachable(self.writer, "the database's writer")
        execute = lambda: transaction(self.rows[self.writer])  # noqa: E731 - a call is a closure here as everywhere
        return self.place.kernel.call(execute, self.place.odds, timeout=TIMEOUT, is_up=self._is_up)

    def _is_up(self) -> bool:
        return not self.switching and self.writer not in self.place.out

    def write(self, change: Callable[[Rows], object]) -> None:
        """A change inside a transaction at the writer; the copy gets it later."""
        change(self.rows[self.writer])
        self._log.append(change)
        self.place.carry(self._copy)

    def _copy(self) -> None:
        log, self._log = self._log, []
        for change in log:
            change(self.rows[self.place.other(self.writer)])

    def apply(self, item: CommandItem, region: Region, epoch: Epoch) -> str:
        """One transaction of a worker: the fence row, the number, the effect."""
        row, (number, _) = self.rows[self.writer].fence, self.rows[self.writer].applied.get(item.user, (0, ""))
        if (row.holder, row.epoch) != (region, epoch) and not self.place.bugs.fence_skipped:
            return "not holder"
        if number != item.number - 1:
            return "out of order"
        self.write(lambda rows: rows.apply(item))
        if not is_reserved(item.user):
            self.place.history.commits.append(
                Commit(self.place.now, region, Domain.EFFECTS, epoch, (item.user,), item.number, item.key)
            )
        self.place.note(region, f"applies {item.user} {item.number} under epoch {epoch}")
        return "applied"

    def set_fence(self, region: Region, state: PenState, epoch: Epoch | None, turn: int) -> FenceRow:
        """An act on the fence row on condition of its turn; the other side's row is left alone by a close."""
        row = self.rows[self.writer].fence
        is_open = state is PenState.OPEN
        if (row.turn >= turn and not self.place.bugs.act_without_turn) or (not is_open and row.holder not in {region, None}):
            return row
        new = FenceRow(region if is_open else None, row.epoch if epoch is None else epoch, turn)
        self.write(lambda rows: setattr(rows, "fence", new))
        self.place.note("database", f"fence row: {new.holder or 'nobody'} turn {turn} epoch {new.epoch}")
        for side in SIDES:
            change = PenChange(self.place.now, side, Domain.EFFECTS, "row", new.holder == side, new.epoch)
            if (row.holder == side) != change.is_open:
                self.place.history.pens.append(change)
        return new

    def switch(self, to: Region) -> None:
        """Begin a planned switchover; nothing when `to` writes, or while one is under way."""
        if self.switching or self.writer == to or not self.place.connected:
            return
        self.switching = to
        chance = self.place.kernel.chance
        fate, self.fate = self.fate or chance.choice(["", "", "", "failing"] if self.place.chance(0.5) else [""]), ""
        takes = {"slow": 120.0, "hanging": chance.uniform(60, 200)}.get(fate, chance.choice([1.0, 3.0, 10.0]))
        fails = fate == "failing" or (fate == "hanging" and chance.random() < 0.5)
        self.place.note("database", f"switchover to {to} begins")
        self.place.kernel.at(self.place.now + takes, lambda: self._switched(to, fails=fails))

    def _switched(self, to: Region, *, fails: bool) -> None:
        self.switching = None
        if fails or not self.place.connected:
            self.place.note("database", f"switchover to {to} failed: {self.writer} still writes")
            return
        self._copy()
        self.writer = to
        self.place.note("database", f"{to} writes now")
