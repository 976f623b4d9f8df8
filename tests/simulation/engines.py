"""Engines as they come and go, what they begin from, and the operator who wants everything back."""

from dataclasses import dataclass, field
from itertools import count

from landbridge.migrate.engine import Engine, Tick
from landbridge.migrate.journal import Journal
from landbridge.migrate.progress import Outcome
from landbridge.migrate.record import Ask, Kind, Record
from landbridge.model.errors import LandbridgeError
from tests.simulation.faults import Faults
from tests.simulation.hand.journal import SimJournal
from tests.simulation.hand.plans import FIRST_STEPS, Functions, plans
from tests.simulation.kernel import Process
from tests.simulation.variant import Variant
from tests.simulation.world.place import SIDES
from tests.simulation.world.world import World

LEASE, SKEW_BOUND = 10.0, 2.0
LEFT = "left, to fail back"  # how the journal says that the way home is to be a plan of its own


def run_engines(world: World, functions: Functions, variant: Variant, faults: Faults) -> None:
    """Engines come and go; the last one comes when nothing goes wrong any more, and nobody kills it."""
    kernel, numbers = world.place.kernel, count(1)

    def start(after: float = 0.0) -> Process:
        name = f"engine-{next(numbers)}"
        return kernel.spawn(name, lambda: _engine(world, functions, variant, name), after)

    faults.parts.start_engine = start
    faults.parts.ask = lambda what: kernel.spawn("operator", lambda: _ask(world, what))
    faults.parts.engines.append(start(kernel.chance.uniform(1, 6)))
    world.on_record = Notes(world, faults).take
    world.place.history.hits = faults.hits
    start(kernel.quiet_from - kernel.now + 1)


@dataclass
class Notes:
    """What stood when a run, and each pen's move in it, began; going back, it must stand again."""

    world: World
    faults: Faults
    begun: dict[str, dict[str, object]] = field(default_factory=dict)
    through: str = ""
    ended: dict[str, object] | None = None

    def take(self, record: Record) -> None:
        """A record was written."""
        self.faults.heard(record)
        match record.kind:
            case Kind.PLAN:
                self.begun = {"": self.world.stands()}
                if self.ended:
                    self.world.place.history.returns.append(("and something came late", self.ended, self.world.stands()))
            case Kind.INTENT if record.step.startswith("shift_reads"):
                self.begun[""].update(self._reads_home())
            case Kind.ENTERED if record.step in FIRST_STEPS:
                self.begun[FIRST_STEPS[record.step]] = self.world.stands()
            case Kind.TURNED:
                self.through = record.data["through"]
            case Kind.ENDED:
                self.ended = self.world.stands()
                if record.data["outcome"] == Outcome.ROLLED_BACK:
                    self._went_back(record.why)

    def _went_back(self, why: str) -> None:
        if self.through in self.begun:  # else nothing of what it went back through had begun
            self.world.place.history.returns.append((why, self.begun[self.through], self.world.stands()))
        if why.startswith(LEFT):
            self.world.leave()

    def _reads_home(self) -> dict[str, object]:
        """Going back over a share of reads sends all of them home, wherever an earlier run had left them."""
        target = SIDES[1 - self.world.legs_done % 2]
        share, other = f"the share of reads of {target}", f"the share of reads of {self.world.place.other(target)}"
        return {} if self.begun[""][share] is None else {share: 0, other: 100}


def _engine(world: World, functions: Functions, variant: Variant, name: str) -> None:
    """The laptop's loop: tick until the plan is done; a plan that went back is begun again, as an operator would."""
    kernel = world.place.kernel
    skew = kernel.chance.uniform(-0.5, 0.5)
    journal = variant.journal(variant.store(world), name, lambda: kernel.now + skew, LEASE, SKEW_BOUND)
    way = plans(world, functions, variant)
    while (done := world.legs_done) < world.legs:
        engine = Engine(way[done % len(way)], journal)
        try:
            tick = engine.advance()
            went_back = journal.progress.outcome is Outcome.ROLLED_BACK and world.legs_done == done
            if went_back and kernel.chance.random() < 0.1:
                engine.again()
        except LandbridgeError as error:
            world.place.note(name, str(error))
            tick = Tick.WAITING
        kernel.sleep(0.02 if tick is Tick.MOVED else 0.5)


def _ask(world: World, what: Ask) -> None:
    journal = Journal(SimJournal(world), "operator", lambda: world.place.now, LEASE, SKEW_BOUND)
    for _ in range(3):
        try:
            journal.ask(what, "an operator wants it")
        except LandbridgeError:
            continue
        return
