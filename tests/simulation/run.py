"""One schedule: users writing all along, one or two engines moving the state pen, and whatever the seed makes go wrong."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial

from landbridge.migrate.engine import Engine, Tick
from landbridge.migrate.journal import Journal, JournalStore
from landbridge.migrate.plan import Phase, Plan
from landbridge.migrate.progress import Outcome
from landbridge.migrate.record import Kind, Record
from landbridge.migrate.step import Step
from landbridge.migrate.steps.close_source import CloseSource
from landbridge.migrate.steps.open_target import OpenTarget
from landbridge.migrate.steps.prove_copy import ProveCopy
from landbridge.migrate.steps.prove_reverse import ProveReverse
from landbridge.migrate.steps.start_target import StartTarget
from landbridge.model.errors import LandbridgeError
from landbridge.model.pen import Domain, PenState
from landbridge.model.region import Region
from landbridge.model.state import is_reserved
from landbridge.workloads.trading.ports import Write
from tests.simulation.history import History, Told
from tests.simulation.kernel import Kernel, Odds, Process
from tests.simulation.world import SOURCE, TARGET, Api, Bugs, PeerOf, SimCopies, SimJournal, SimPens, SimRegions, World

SKEW_BOUND = timedelta(seconds=2)
BUDGET = timedelta(seconds=10)
USERS, VIEWS, WRITES = 5, 3, 24
TROUBLE, END = 60.0, 400.0
STRIKES = 0.2


@dataclass(frozen=True)
class Variant:
    """What is planted: nothing, a bug of the world, other steps, another journal."""

    bugs: Bugs = field(default_factory=Bugs)
    steps: Callable[[World, tuple[Step, ...]], tuple[Step, ...]] = lambda _world, steps: steps
    journal: type[Journal] = Journal
    store: Callable[[World], JournalStore] = SimJournal
    skew: float = 0.9


@dataclass
class SimWriters:
    """The engine's own marks through the APIs."""

    apis: dict[Region, Api]

    def write(self, region: Region, user: str, view: str, version: int, write_id: str) -> None:
        """Sent and forgotten: the step looks the outcome up."""
        self.apis[region].put(Write(user, view, version, write_id, "mark"), hop=False)


def cutover(world: World, apis: dict[Region, Api]) -> tuple[Step, ...]:
    """The product's own steps over the simulated world."""
    pens, copies = SimPens(world), SimCopies(world)
    return (
        ProveReverse(SOURCE, TARGET, copies),
        CloseSource(Domain.STATE, SOURCE, TARGET, pens),
        ProveCopy(SOURCE, TARGET, pens, copies, "verify_store.state", timedelta(seconds=25), BUDGET),
        OpenTarget(Domain.STATE, SOURCE, TARGET, pens, SimRegions(world), SKEW_BOUND, BUDGET),
        StartTarget(SOURCE, TARGET, SimWriters(apis), copies),
    )


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
    pace = kernel.chance.choice([0.2, 0.8])
    for _ in range(WRITES):
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
        answer = apis[kernel.chance.choice([SOURCE, TARGET])].put(write, hop=False)
        if answer.status in {200, 409} and kernel.chance.random() > world.odds.unanswered:
            return answer.status
        kernel.sleep(kernel.chance.uniform(0.2, 1.0))


def _engines(world: World, apis: dict[Region, Api], variant: Variant) -> None:
    """Engines come and go: killed anywhere, frozen anywhere, sometimes two at once."""
    kernel = world.kernel
    running: list[Process] = []

    def start(name: str, after: float) -> Process:
        return kernel.spawn(name, lambda: _engine(world, apis, variant, name), after)

    world.on_record = lambda record: _strike(kernel, running, record)
    running.append(start("engine-1", kernel.chance.uniform(1, 6)))
    running += [start(f"engine-{n}", kernel.chance.uniform(1, 40)) for n in range(2, 2 + kernel.chance.randrange(4))]
    for _ in range(kernel.chance.randrange(4)):
        kernel.at(kernel.now + kernel.chance.uniform(3, 30), lambda: _kill(kernel, running))
    for _ in range(kernel.chance.randrange(4)):
        kernel.at(kernel.now + kernel.chance.uniform(3, 30), lambda: _freeze(kernel, running))
    start("engine-last", TROUBLE + 1)


def _strike(kernel: Kernel, running: list[Process], record: Record) -> None:
    """An engine is killed or frozen in the moment after it wrote down an intent: the worst one there is."""
    drawn = kernel.chance.random()
    struck = [process for process in running if process.name == record.who and kernel.now < kernel.quiet_from]
    if record.kind is not Kind.INTENT or drawn > STRIKES or not struck:
        return
    strike = _kill if drawn < STRIKES / 2 else _freeze
    kernel.at(kernel.now + kernel.chance.uniform(0, 0.1), lambda: strike(kernel, struck))


def _kill(kernel: Kernel, running: list[Process]) -> None:
    kernel.chance.choice(running).killed = True


def _freeze(kernel: Kernel, running: list[Process]) -> None:
    kernel.chance.choice(running).frozen_until = kernel.now + kernel.chance.uniform(0.5, 25)


def _engine(world: World, apis: dict[Region, Api], variant: Variant, name: str) -> None:
    """The laptop's loop: tick until the plan is done; a plan that went back is begun again, as an operator would."""
    kernel = world.kernel
    skew = kernel.chance.uniform(-0.5, 0.5)
    journal = variant.journal(variant.store(world), name, lambda: kernel.now + skew, 6.0, 2.0)
    plan = Plan("cutover", (Phase("cutover", variant.steps(world, cutover(world, apis))),))
    engine = Engine(plan, journal)
    while journal.progress.outcome is not Outcome.DONE:
        try:
            tick = engine.advance()
            if journal.progress.outcome is Outcome.ROLLED_BACK and kernel.chance.random() < 0.5:
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
