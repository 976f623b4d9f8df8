"""The product's own plans over the simulated world: there, and back again."""

import random
from functools import cache
from typing import Any

from landbridge.config.spec import Trading
from landbridge.migrate.plan import Plan
from landbridge.migrate.plans.cutover import Market, Movers
from landbridge.migrate.plans.failback import failback
from landbridge.migrate.plans.trading import Ports, trading
from landbridge.model.pen import Domain
from landbridge.model.region import Pair, Region
from tests import builders
from tests.simulation.hand.copies import DatabaseCopies, StreamCopies, TableCopies
from tests.simulation.hand.database import SimDatabase
from tests.simulation.hand.market import SimFeeds, SimMappings, SimStreams
from tests.simulation.hand.marks import CommandMarks, EffectMarks, MarketMarks, StateMarks
from tests.simulation.hand.pens import SimPens
from tests.simulation.hand.quiet import SimGate, SimPeers, SimRegions, SimReplicator, SimStacks, SimTraffic, SimVerifier
from tests.simulation.history import History
from tests.simulation.kernel import Kernel, Odds
from tests.simulation.people.apis import Api, apis
from tests.simulation.variant import Variant
from tests.simulation.world.place import SIDES, SOURCE, TARGET, Place
from tests.simulation.world.world import World

Functions = dict[Domain, dict[Region, Api[Any]]]

QUICKENED = {
    "shift": {"weights": [50, 100], "bake_seconds": 1, "record_ttl_seconds": 1},
    "pens": {"feeds_patience_seconds": 20},
    "calendar": {"hours": [], "freezes": []},
    "approvals": {"shift": 0, "cutover": 0},
}


@cache
def _config() -> Trading:
    return builders.trading(QUICKENED)


def write_functions(world: World) -> Functions:
    """Of both domains users write into."""
    return {domain: apis(world, domain) for domain in (Domain.STATE, Domain.COMMANDS)}


def plans(world: World, functions: Functions, variant: Variant) -> list[Plan]:
    """There, and back again: failing back is migrating with the pair swapped."""
    pair = Pair(SOURCE, TARGET)
    there = trading(_config(), _ports(world, functions, pair), pair)
    back = failback(_config(), _ports(world, functions, pair.swapped()), pair.swapped())
    return [variant.plan(world, plan) for plan in (there, back)]


def _ports(world: World, functions: Functions, pair: Pair[Region]) -> Ports:
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


def _moves() -> dict[str, tuple[str, ...]]:
    """The pens' moves and their steps, as the product has them."""
    world = World(Place(Kernel(random.Random(0)), History(), Odds(), dict.fromkeys(SIDES, 0.0), lag=1.0))
    functions = write_functions(world)
    there = trading(_config(), _ports(world, functions, Pair(SOURCE, TARGET)), Pair(SOURCE, TARGET))
    moves = [phase for phase in there.phases if phase.name.startswith("cutover")]
    return {phase.name: tuple(step.name for step in phase.steps) for phase in moves}


MOVES = _moves()
FIRST_STEPS = {steps[0]: phase for phase, steps in MOVES.items()}
STEPS = tuple(step for steps in MOVES.values() for step in steps)  # whose every moment is tried
