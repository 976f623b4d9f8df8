"""Journal, pens and copies, played in memory. They keep state, and tell what stands in comparable words."""

from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from landbridge.migrate.record import Record
from landbridge.model.errors import Overtaken, Unreachable
from landbridge.model.pen import Domain, Epoch, Pen, PenSet, PenState
from landbridge.model.region import Pair, Region
from landbridge.model.state import StateItem, is_reserved

SOURCE, TARGET = Region("us-east-1"), Region("eu-central-1")
REGIONS = Pair(SOURCE, TARGET)
Key = tuple[str, str]


class Killed(Exception):
    """The process ends here; nothing in the product may catch it."""


@dataclass
class Clock:
    """A clock that only moves when somebody sleeps."""

    now: float = 1_000_000.0

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        """Time passes at once."""
        self.now += seconds


class Fate(StrEnum):
    """What becomes of one put of a journal record."""

    ARRIVES = "arrives"
    ANSWER_LOST = "arrives, but nobody is told"
    LOST = "never arrives"
    LATE = "arrives when it lands"


@dataclass
class FakeJournalStore:
    """A linearizable chain; each put meets the next fate laid out for it, and arrives when none is left."""

    chain: str = "fake"
    kept: list[Record] = field(default_factory=list)
    fates: deque[Fate] = field(default_factory=deque)
    under_way: list[Record] = field(default_factory=list)
    on_put: Callable[[Record], None] = lambda _record: None
    on_kept: Callable[[Record], None] = lambda _record: None

    def after(self, number: int) -> list[Record]:
        """What a reader gets: made anew from the text that was kept."""
        return [Record.of(record.body()) for record in self.kept[number:]]

    def put(self, record: Record) -> bool:
        """Kept when its number is free."""
        self.on_put(record)
        fate = self.fates.popleft() if self.fates else Fate.ARRIVES
        if fate is Fate.ARRIVES:
            return self._keep(record)
        if fate is Fate.ANSWER_LOST:
            self._keep(record)
        if fate is Fate.LATE:
            self.under_way.append(record)
        raise Unreachable(self.chain, str(fate))

    def land(self) -> None:
        """What was under way arrives, in the order it was sent."""
        arrived, self.under_way = self.under_way, []
        for record in arrived:
            self._keep(record)

    def _keep(self, record: Record) -> bool:
        if record.number != len(self.kept) + 1:
            return False
        self.kept.append(record)
        self.on_kept(record)
        return True


@dataclass
class FakePens:
    """Pens of every region; `on_act` sees each item written, and may end the process there."""

    clock: Callable[[], float]
    fences: int = 3
    pens: dict[tuple[Region, Domain], dict[int | None, Pen]] = field(default_factory=lambda: defaultdict(dict))
    on_act: Callable[[], None] = lambda: None
    out: set[Region] = field(default_factory=set)

    def read(self, region: Region, domain: Domain) -> PenSet:
        """All at once, unless the region is out."""
        self._reach(region)
        side = self.pens[region, domain]
        return PenSet(side.get(None), tuple(side.get(number) for number in self._numbers(domain)))

    def close(self, region: Region, domain: Domain, turn: int) -> None:
        """Master, then fences."""
        self._all(region, domain, PenState.CLOSED, turn, None)

    def open(self, region: Region, domain: Domain, epoch: Epoch, turn: int) -> None:
        """Master, then fences."""
        self._all(region, domain, PenState.OPEN, turn, epoch)

    def bar(self, region: Region, domain: Domain, turn: int) -> bool:
        """Closed to closed."""
        master = self.read(region, domain).master
        if master is not None and master.state is PenState.OPEN:
            return False
        for fence in (None, *self._numbers(domain)):
            self._act((region, domain), fence, PenState.CLOSED, turn, None)
        return True

    def lay(self, region: Region, domain: Domain, state: PenState, epoch: int, turn: int = 0) -> None:
        """Put there as they are, by nobody."""
        pen = Pen(state, Epoch(epoch), turn, self.clock())
        self.pens[region, domain] = dict.fromkeys((None, *self._numbers(domain)), pen)

    def _reach(self, region: Region) -> None:
        if region in self.out:
            raise Unreachable(region, "the pens")

    def _numbers(self, domain: Domain) -> range:
        return range(0 if domain is Domain.MARKET else self.fences)

    def _all(self, region: Region, domain: Domain, state: PenState, turn: int, epoch: Epoch | None) -> None:
        for fence in (None, *self._numbers(domain)):
            pen = self._act((region, domain), fence, state, turn, epoch)
            if pen.turn > turn or pen.state is not state:
                raise Overtaken(region, f"the {domain} pen", turn, pen.turn)

    def _act(self, place: tuple[Region, Domain], fence: int | None, state: PenState, turn: int, epoch: Epoch | None) -> Pen:
        self._reach(place[0])
        pen = self.pens[place].get(fence, Pen(PenState.CLOSED, Epoch(0), 0, 0.0))
        if pen.turn < turn:
            pen = Pen(state, pen.epoch if epoch is None else epoch, turn, self.clock())
            self.pens[place][fence] = pen
            self.on_act()
        return pen

    def stands(self) -> dict[str, list[tuple[str, int]]]:
        """Who may write, turns aside; a closed pen of epoch 0 is like none."""
        told = {f"{d}@{r}": [(str(pen.state), int(pen.epoch)) for pen in side.values()] for (r, d), side in self.pens.items()}
        return {place: pens for place, pens in told.items() if any(pen != ("closed", 0) for pen in pens)}


@dataclass
class FakeStateCopies:
    """Each region's items and receipts; what is put in one region arrives in the other when the world settles."""

    copies: dict[Region, dict[Key, StateItem]] = field(default_factory=lambda: defaultdict(dict))
    behind: bool = False  # replication has stopped: nothing that is looked for is there
    kept: dict[Region, list[tuple[float, StateItem]]] = field(default_factory=lambda: defaultdict(list))
    stamps: dict[tuple[Region, Key], int] = field(default_factory=dict)  # which write was the last

    def accepted(self, region: Region, epoch: Epoch, since: float) -> dict[str, str]:
        """The newest of each key; marks of ours aside."""
        return {name: item.digest() for name, item in self._newest(region, epoch, since).items()}

    def lacking(self, region: Region, wanted: Mapping[str, str]) -> list[str]:
        """By digest."""
        have = {"/".join(key): item.digest() for key, item in self.copies[region].items()}
        return [key for key, digest in wanted.items() if self.behind or have.get(key) != digest]

    def receipts(self, region: Region, epoch: Epoch, since: float) -> list[StateItem]:
        """By the time the write was accepted."""
        return [item for at, item in self.kept[region] if item.epoch == epoch and at >= since]

    def items(self, region: Region, keys: Iterable[Key]) -> dict[Key, StateItem]:
        """What is there."""
        return {key: self.copies[region][key] for key in set(keys) if key in self.copies[region]}

    def write_mark(self, region: Region, mark: StateItem) -> None:
        """Put."""
        self.copies[region][mark.key] = mark
        self.stamps[region, mark.key] = 1 + max(self.stamps.values(), default=0)

    def accept(self, region: Region, item: StateItem, at: float) -> None:
        """A user's write, with its receipt."""
        self.kept[region].append((at, item))
        self.write_mark(region, item)

    def overwritten(self, region: Region, epoch: Epoch) -> list[str]:
        """By epoch."""
        have = {"/".join(key): item.epoch for key, item in self.copies[region].items()}
        return sorted(name for name in self._newest(region, epoch) if have.get(name, 0) < epoch)

    def restore(self, region: Region, epoch: Epoch, keys: Sequence[str]) -> None:
        """What is covered, as if written now."""
        covered = self.overwritten(region, epoch)
        for name in (name for name in keys if name in covered):
            self.write_mark(region, self._newest(region, epoch)[name])

    def missing(self, lost: Region, epoch: Epoch, stays: Region) -> list[str]:
        """By version and write id."""
        accepted = [item for item in self.receipts(lost, epoch, 0.0) if not is_reserved(item.user)]
        return sorted(f"{'/'.join(item.key)} v{item.version}" for item in accepted if not self._shows(stays, item))

    def _shows(self, region: Region, item: StateItem) -> bool:
        have = self.copies[region].get(item.key)
        return have is not None and (have.version > item.version or have.write_id == item.write_id)

    def _newest(self, region: Region, epoch: Epoch, since: float = 0.0) -> dict[str, StateItem]:
        receipts = [item for item in self.receipts(region, epoch, since) if not is_reserved(item.user)]
        return {"/".join(item.key): item for item in sorted(receipts, key=lambda each: each.version)}

    def settle(self) -> None:
        """Every copy gets what was written last."""
        for key in {*self.copies[SOURCE], *self.copies[TARGET]}:
            last = max(REGIONS, key=lambda region: self.stamps.get((region, key), 0))
            for region in REGIONS:
                self.copies[region][key] = self.copies[last][key]
                self.stamps[region, key] = self.stamps[last, key]

    def stands(self) -> dict[Key, StateItem]:
        """What users have at the source; marks of ours aside."""
        return {key: item for key, item in self.copies[SOURCE].items() if not is_reserved(item.user)}


@dataclass
class FakeStateMarks:
    """Marks in the copies; what is sent through a front commits where the pen is open."""

    pens: FakePens
    copies: FakeStateCopies

    def put(self, region: Region, mark: str, turn: int) -> None:
        """Straight in."""
        self.copies.write_mark(region, StateItem("~canary", mark, turn, f"turn-{turn}", Epoch(0), "mark"))

    def send(self, region: Region, mark: str, turn: int) -> None:
        """Commits at the holder, or nowhere."""
        del region
        for holder in REGIONS:
            if holder not in self.pens.out and self.pens.read(holder, Domain.STATE).all_are(PenState.OPEN):
                self.put(holder, mark, turn)

    def read(self, region: Region, mark: str) -> int:
        """The version that stands."""
        standing = self.copies.copies[region].get(("~canary", mark))
        return standing.version if standing else 0


def reopened(store: FakeJournalStore) -> FakeJournalStore:
    """The same chain as another process finds it: nothing is laid out for it any more."""
    return replace(store, fates=deque(), on_put=lambda _record: None, on_kept=lambda _record: None)
