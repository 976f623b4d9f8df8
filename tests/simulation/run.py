"""One schedule: users and feeds at work all along, one or two engines moving all four pens, and what the seed makes go wrong."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache, partial
from itertools import count
from typing import Any

from landbridge.config.spec import Trading
from landbridge.migrate.engine import Engine, Tick
from landbridge.migrate.journal import Journal, JournalStore
from landbridge.migrate.plan import Plan
from landbridge.migrate.plans.cutover import Market, Movers
from landbridge.migrate.plans.failback import failback
from landbridge.migrate.plans.trading import Ports, trading
from landbridge.migrate.progress import Outcome
from landbridge.migrate.record import Ask, Kind, Record
from landbridge.model.errors import LandbridgeError
from landbridge.model.market import Stream
from landbridge.model.pen import Domain, PenState
from landbridge.model.region import Pair, Region
from tests import builders
from tests.simulation.faults import Faults, Parts
from tests.simulation.hand.copies import DatabaseCopies, StreamCopies, TableCopies
from tests.simulation.hand.database import SimDatabase
from tests.simulation.hand.journal import SimJournal
from tests.simulation.hand.market import SimFeeds, SimMappings, SimStreams
from tests.simulation.hand.marks import CommandMarks, EffectMarks, MarketMarks, StateMarks
from tests.simulation.hand.pens import SimPens
from tests.simulation.hand.quiet import SimGate, SimPeers, SimRegions, SimReplicator, SimStacks, SimTraffic, SimVerifier
from tests.simulation.history import History
from tests.simulation.kernel import Kernel, Odds, Process
from tests.simulation.people.apis import Api, apis
from tests.simulation.people.feeds import Feed
from tests.simulation.people.functions import Transform, work
from tests.simulation.people.users import User
from tests.simulation.world.mappings import Mappings
from tests.simulation.world.place import SIDES, SOURCE, TARGET, Bugs, Place
from tests.simulation.world.world import FEEDS, World

DASHBOARDS, DEVICES = 3, 2
TROUBLE, END = 200.0, 900.0
LEASE, SKEW_BOUND = 10.0, 2.0
QUICKENED = {
    "shift": {"weights": [50, 100], "bake_seconds": 1, "record_ttl_seconds": 1},
    "pens": {"feeds_patience_seconds": 20},
    "calendar": {"hours": [], "freezes": []},
    "approvals": {"shift": 0, "cutover": 0},
}


@dataclass(frozen=True)
class Variant:
    """What is planted: nothing, a bug of the world, another plan, another journal."""

    bugs: Bugs = field(default_factory=Bugs)
    plan: Callable[[World, Plan], Plan] = lambda _world, plan: plan
    journal: type[Journal] = Journal
    store: Callable[[World], JournalStore] = SimJournal
    skew: float = 0.9


@cache
def _config() -> Trading:
    return builders.trading(QUICKENED)


def simulate(seed: int, variant: Variant | None = None) -> History:
    """The history of one schedule."""
    variant = variant or Variant()
    world = _world(random.Random(seed), variant)
    kernel = world.place.kernel
    functions = {domain: apis(world, domain) for domain in (Domain.STATE, Domain.COMMANDS)}
    faults = Faults(world, _people(world, functions), STEPS, world.place.lag)
    _engines(world, functions, variant, faults)
    faults.draw(seed)
    kernel.run(kernel.now + END)
    return _closed(world)


def _world(chance: random.Random, variant: Variant) -> World:
    kernel = Kernel(chance)
    kernel.quiet_from = kernel.now + TROUBLE
    bad, half = chance.choice([0.0, 0.003, 0.01]), variant.skew / 2
    odds = Odds(lost=bad, unanswered=bad, late=bad, twice=bad)
    skews = {side: chance.uniform(-half, half) for side in SIDES}
    place = Place(kernel, History(), odds, skews, chance.choice([0.05, 0.5, 2.0]), variant.bugs)
    place.history.calm = not bad
    world = World(place, legs=chance.choice([1, 1, 2]))
    place.history.wanted = world.legs
    world.mappings = Mappings(place, world.streams, Transform(world))
    for side in SIDES if variant.bugs.both_transform else (SOURCE,):
        world.mappings.start(side, Stream.LIVE, 0.0, 0)
    return world


def _people(world: World, functions: dict[Domain, dict[Region, Api[Any]]]) -> Parts:
    kernel = world.place.kernel
    parts = Parts()
    for n in range(DASHBOARDS):
        user = User(world, functions[Domain.STATE], f"user-{n}", Domain.STATE)
        parts.users.append(kernel.spawn(user.name, user.dashboards))
    for device in range(DEVICES):
        user = User(world, functions[Domain.COMMANDS], "user-0", Domain.COMMANDS)
        parts.users.append(kernel.spawn(f"device {device}", partial(user.orders, device)))
    alone = User(world, functions[Domain.COMMANDS], "user-1", Domain.COMMANDS)
    parts.users.append(kernel.spawn("device", partial(alone.orders, 0)))
    for n, name in enumerate(FEEDS):
        symbols = (f"{name}-x", f"{name}-y")
        feed = Feed(world.place, world.streams, world.ingest, name, symbols, kernel.chance.choice(SIDES), lambda: world.over)
        world.ingest.confirmed[name] = (0, SOURCE)
        parts.feeds[name] = (feed, kernel.spawn(name, feed.run, after=0.1 * n))
    parts.workers += [kernel.spawn(f"worker {side}", partial(work, world, side, lambda: _silent(world, parts))) for side in SIDES]
    return parts


def _silent(world: World, parts: Parts) -> bool:
    return world.legs_done >= world.legs and all(user.body.dead for user in parts.users)


def plans(world: World, functions: dict[Domain, dict[Region, Api[Any]]], variant: Variant) -> list[Plan]:
    """There, and in some of the schedules back again: failing back is migrating with the pair swapped."""
    pair = Pair(SOURCE, TARGET)
    there = trading(_config(), _ports(world, functions, pair), pair)
    back = failback(_config(), _ports(world, functions, pair.swapped()), pair.swapped())
    return [variant.plan(world, plan) for plan in (there, back)[: world.legs]]


def _ports(world: World, functions: dict[Domain, dict[Region, Api[Any]]], pair: Pair[Region]) -> Ports:
    command_marks = CommandMarks(world, functions[Domain.COMMANDS])
    movers = Movers(
        SimPens(world),
        {
            Domain.MARKET: StreamCopies(SimStreams(world)),
            Domain.STATE: TableCopies(world, Domain.STATE),
            Domain.COMMANDS: TableCopies(world, Domain.COMMANDS),
            Domain.EFFECTS: DatabaseCopies(world),
        },
        {
            Domain.MARKET: MarketMarks(world),
            Domain.STATE: StateMarks(world, functions[Domain.STATE]),
            Domain.COMMANDS: command_marks,
            Domain.EFFECTS: EffectMarks(world, command_marks),
        },
        Market(SimFeeds(world), SimStreams(world), SimMappings(world)),
        SimDatabase(world),
    )
    return Ports(
        regions=SimRegions(world),
        stacks=SimStacks(),
        peers=SimPeers(),
        replicators={"state": SimReplicator()},
        verifiers={domain: SimVerifier(world, domain, pair) for domain in (Domain.STATE, Domain.COMMANDS)},
        traffic=SimTraffic(world, pair.target),
        gate=SimGate(),
        movers=movers,
    )


def _engines(world: World, functions: dict[Domain, dict[Region, Api[Any]]], variant: Variant, faults: Faults) -> None:
    """Engines come and go; the last one comes when nothing goes wrong any more, and nobody kills it."""
    kernel, numbers = world.place.kernel, count(1)

    def start(after: float = 0.0) -> Process:
        name = f"engine-{next(numbers)}"
        return kernel.spawn(name, lambda: _engine(world, functions, variant, name), after)

    faults.parts.start_engine = start
    faults.parts.abort = lambda: kernel.spawn("operator", lambda: _abort(world))
    faults.parts.engines.append(start(kernel.chance.uniform(1, 6)))
    world.on_record = Notes(world, faults).take
    world.place.history.hits = faults.hits
    start(TROUBLE + 1)


@dataclass
class Notes:
    """What stood when a run, and each pen's move in it, began; going back, it must stand again."""

    world: World
    faults: Faults
    begun: dict[str, dict[str, object]] = field(default_factory=dict)
    through: str = ""

    def take(self, record: Record) -> None:
        """A record was written."""
        self.faults.heard(record)
        match record.kind:
            case Kind.PLAN:
                self.begun = {"": self.world.stands() | self._reads_home()}
            case Kind.ENTERED if record.step in FIRST_STEPS:
                self.begun[FIRST_STEPS[record.step]] = self.world.stands()
            case Kind.TURNED:
                self.through = record.data["through"]
            case Kind.ENDED if record.data["outcome"] == Outcome.ROLLED_BACK:
                before = self.begun.get(self.through, self.begun[""])
                self.world.place.history.returns.append((record.why, before, self.world.stands()))

    def _reads_home(self) -> dict[str, object]:
        """An abort sends all reads home, wherever an earlier run has left them."""
        target = SIDES[1 - self.world.legs_done % 2]
        share, other = f"the share of reads of {target}", f"the share of reads of {self.world.place.other(target)}"
        return {} if self.world.weights.get(target) is None else {share: 0, other: 100}


def _engine(world: World, functions: dict[Domain, dict[Region, Api[Any]]], variant: Variant, name: str) -> None:
    """The laptop's loop: tick until the plan is done; a plan that went back is begun again, as an operator would."""
    kernel = world.place.kernel
    skew = kernel.chance.uniform(-0.5, 0.5)
    journal = variant.journal(variant.store(world), name, lambda: kernel.now + skew, LEASE, SKEW_BOUND)
    way = plans(world, functions, variant)
    while (done := world.legs_done) < len(way):
        engine = Engine(way[done], journal)
        try:
            tick = engine.advance()
            if journal.progress.outcome is Outcome.ROLLED_BACK and kernel.chance.random() < 0.1:
                engine.again()
        except LandbridgeError as error:
            world.place.note(name, str(error))
            tick = Tick.WAITING
        kernel.sleep(0.02 if tick is Tick.MOVED else 0.5)


def _abort(world: World) -> None:
    journal = Journal(SimJournal(world), "operator", lambda: world.place.now, LEASE, SKEW_BOUND)
    for _ in range(3):
        try:
            journal.ask(Ask.ABORT, "an operator wants it")
        except LandbridgeError:
            continue
        return


def _closed(world: World) -> History:
    history = world.place.history
    for side in SIDES:
        history.copies[side] = dict(world.table.copies[side])
        rows = world.database.rows[side]
        history.applied[side] = {user: number for user, (number, _) in rows.applied.items()}
        history.effects[side] = list(rows.effects)
    for domain in Domain:
        history.holders[domain] = [
            side
            for side in SIDES
            if any(pen.state is PenState.OPEN for (d, _), pen in world.pens[side].pens.items() if d is domain)
        ]
    history.outcomes = [str(record.data["outcome"]) for record in world.chain if record.kind is Kind.ENDED]
    return history


def _phases() -> dict[str, tuple[str, ...]]:
    """The pens' moves and their steps, as the product has them."""
    world = _world(random.Random(0), Variant())
    functions = {domain: apis(world, domain) for domain in (Domain.STATE, Domain.COMMANDS)}
    there = trading(_config(), _ports(world, functions, Pair(SOURCE, TARGET)), Pair(SOURCE, TARGET))
    moves = [phase for phase in there.phases if phase.name.startswith("cutover")]
    return {phase.name: tuple(step.name for step in phase.steps) for phase in moves}


PHASES = _phases()
FIRST_STEPS = {steps[0]: phase for phase, steps in PHASES.items()}
STEPS = tuple(step for steps in PHASES.values() for step in steps)  # whose every moment is tried
