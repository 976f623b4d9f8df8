"""One schedule: users writing all along, one or two engines moving the state pen, and whatever the seed makes go wrong."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from itertools import count

from landbridge.migrate.engine import Engine, Tick
from landbridge.migrate.journal import Journal, JournalStore
from landbridge.migrate.plan import Phase, Plan
from landbridge.migrate.progress import Outcome
from landbridge.migrate.record import Kind
from landbridge.migrate.step import Step
from landbridge.migrate.steps.budget import Budget
from landbridge.migrate.steps.close_source import CloseSource
from landbridge.migrate.steps.open_target import OpenTarget
from landbridge.migrate.steps.prove_copy import ProveCopy
from landbridge.migrate.steps.prove_reverse import ProveReverse
from landbridge.migrate.steps.start_target import StartTarget
from landbridge.model.errors import LandbridgeError
from landbridge.model.pen import Domain, Epoch, PenState
from landbridge.model.region import Region
from landbridge.model.state import StateItem, is_reserved
from landbridge.workloads.trading.ports import Write
from tests.simulation.apis import Api, PeerOf
from tests.simulation.faults import Faults
from tests.simulation.history import History, Told
from tests.simulation.kernel import Kernel, Odds, Process
from tests.simulation.ports import SimCopies, SimJournal, SimPens, SimRegions
from tests.simulation.world import SOURCE, TARGET, Bugs, World

SKEW_BOUND = timedelta(seconds=2)
BUDGET = Budget("close_source.state", timedelta(seconds=10))
USERS, VIEWS = 5, 3
LAST_WRITES = 3  # of each user after the pen has moved: what the end broke would show
TROUBLE, END = 60.0, 400.0


@dataclass(frozen=True)
class Variant:
    """What is planted: nothing, a bug of the world, other steps, another journal."""

    bugs: Bugs = field(default_factory=Bugs)
    steps: Callable[[World, tuple[Step, ...]], tuple[Step, ...]] = lambda _world, steps: steps
    journal: type[Journal] = Journal
    store: Callable[[World], JournalStore] = SimJournal
    skew: float = 0.9


@dataclass
class SimMarks:
    """The engine's own marks in the state."""

    world: World
    apis: dict[Region, Api]

    def put(self, region: Region, mark: str, turn: int) -> None:
        """A plain put."""
        SimCopies(self.world).write_mark(region, StateItem("~canary", mark, turn, f"turn-{turn}", Epoch(0), "mark"))

    def send(self, region: Region, mark: str, turn: int) -> None:
        """Sent and forgotten: the step looks the outcome up."""
        self.apis[region].put(Write("~canary", mark, turn, f"turn-{turn}", "mark"), hop=False)

    def read(self, region: Region, mark: str) -> int:
        """A consistent read of the region's own copy."""
        standing = SimCopies(self.world).items(region, [("~canary", mark)])
        return max((item.version for item in standing.values()), default=0)


def cutover(world: World, apis: dict[Region, Api], source: Region, target: Region) -> tuple[Step, ...]:
    """The product's own steps over the simulated world, in either direction."""
    pens, copies, marks = SimPens(world), SimCopies(world), SimMarks(world, apis)
    return (
        ProveReverse(Domain.STATE, source, target, marks),
        CloseSource(Domain.STATE, source, target, pens),
        ProveCopy(Domain.STATE, source, target, pens, copies, timedelta(seconds=25), BUDGET),
        OpenTarget(Domain.STATE, source, target, pens, SimRegions(world), SKEW_BOUND, BUDGET),
        StartTarget(Domain.STATE, target, (source, target), marks),
    )


def legs(world: World, apis: dict[Region, Api], variant: Variant) -> list[Plan]:
    """There, and in half of the schedules back again: failing back is migrating with the pair swapped."""
    ways = [("there", SOURCE, TARGET), ("back", TARGET, SOURCE)][: world.legs]
    return [Plan(name, (Phase("cutover", variant.steps(world, cutover(world, apis, *way))),)) for name, *way in ways]


def simulate(seed: int, variant: Variant | None = None) -> History:
    """The history of one schedule."""
    variant = variant or Variant()
    chance = random.Random(seed)
    kernel, history = Kernel(chance), History()
    kernel.quiet_from = kernel.now + TROUBLE
    bad = chance.choice([0.0, 0.02, 0.06])
    odds = Odds(lost=bad, unanswered=bad, late=bad, twice=bad)
    half = variant.skew / 2
    skews = {SOURCE: chance.uniform(-half, half), TARGET: chance.uniform(-half, half)}
    world = World(kernel, history, odds, skews, lag=chance.choice([0.05, 0.5, 3.0, 5.0]), bugs=variant.bugs)
    world.legs = chance.choice([1, 2])
    apis = {region: Api(world, region) for region in (SOURCE, TARGET)}
    for region, api in apis.items():
        api.peer = PeerOf(apis[world.other(region)])
    _users(world, apis)
    _engines(world, apis, variant)
    kernel.run(kernel.now + END)
    return _closed(world)


def _users(world: World, apis: dict[Region, Api]) -> None:
    for number in range(USERS):
        world.kernel.spawn(f"user {number}", partial(_write_on, world, apis, f"user-{number}"))


def _write_on(world: World, apis: dict[Region, Api], user: str) -> None:
    """One user, a few views: each write is repeated with its id until it is answered for good."""
    kernel, history = world.kernel, world.history
    versions = dict.fromkeys((f"view-{number}" for number in range(VIEWS)), 0)
    pace = kernel.chance.choice([0.3, 1.0])
    last = LAST_WRITES
    while last:
        last -= world.moved or kernel.now > kernel.quiet_from
        kernel.sleep(kernel.chance.expovariate(1 / pace))
        view = kernel.chance.choice(sorted(versions))
        versions[view] += 1
        write = Write(user, view, versions[view], f"{user}-{view}-{versions[view]}", "value")
        history.sent[(user, view), write.version] = write.write_id
        history.unanswered.append(write.write_id)
        status = _until_answered(world, apis, write)
        history.unanswered.remove(write.write_id)
        history.told.append(Told(kernel.now, (user, view), write.version, write.write_id, status))


def _until_answered(world: World, apis: dict[Region, Api], write: Write) -> int:
    """Through either region, again and again; an answer can get lost on its way to the user."""
    kernel = world.kernel
    while True:
        region = kernel.chance.choice([SOURCE, TARGET])
        if region in world.out:
            kernel.sleep(1.0)
            continue
        answer = apis[region].put(write, hop=False)
        if answer.status in {200, 409} and kernel.chance.random() > world.odds.unanswered:
            return answer.status
        kernel.sleep(kernel.chance.uniform(0.2, 1.0))


def _engines(world: World, apis: dict[Region, Api], variant: Variant) -> None:
    """Engines come and go; the last one comes when nothing goes wrong any more, and nobody kills it."""
    kernel = world.kernel
    numbers = count(1)

    def start(after: float = 0.0) -> Process:
        name = f"engine-{next(numbers)}"
        return kernel.spawn(name, lambda: _engine(world, apis, variant, name), after)

    faults = Faults(world, start)
    faults.engines.append(start(kernel.chance.uniform(1, 6)))
    world.on_record = faults.heard
    world.history.hits = faults.hits
    faults.draw()
    start(TROUBLE + 1)


def _engine(world: World, apis: dict[Region, Api], variant: Variant, name: str) -> None:
    """The laptop's loop: tick until the plan is done; a plan that went back is begun again, as an operator would."""
    kernel = world.kernel
    skew = kernel.chance.uniform(-0.5, 0.5)
    journal = variant.journal(variant.store(world), name, lambda: kernel.now + skew, 6.0, 2.0)
    plans = legs(world, apis, variant)
    while (done := world.legs_done) < len(plans):
        engine = Engine(plans[done], journal)
        try:
            tick = engine.advance()
            if journal.progress.outcome is Outcome.ROLLED_BACK and kernel.chance.random() < 0.05:
                engine.again()
        except LandbridgeError as error:
            world.history.note(kernel.now, name, str(error))
            tick = Tick.WAITING
        kernel.sleep(0.02 if tick is Tick.MOVED else 0.25)


def _closed(world: World) -> History:
    history = world.history
    for region, side in world.sides.items():
        kept = {key: item for key, item in side.items.items() if not is_reserved(item.user)}
        history.copies[region] = {key: (item.version, item.write_id) for key, item in kept.items()}
        history.holders[region] = any(pen.state is PenState.OPEN for pen in side.pens.values())
    history.outcomes = [str(record.data["outcome"]) for record in world.journal if record.kind is Kind.ENDED]
    return history
