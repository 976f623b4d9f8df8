"""One schedule: users and feeds at work all along, one or two engines moving all four pens, and what the seed makes go wrong."""

import random
from functools import partial

from landbridge.migrate.record import Kind
from landbridge.model.market import Stream
from landbridge.model.pen import Domain, PenState
from tests.simulation.engines import run_engines
from tests.simulation.faults import Faults, Parts
from tests.simulation.hand.plans import STEPS, Functions, write_functions
from tests.simulation.history import History
from tests.simulation.kernel import Kernel, Odds
from tests.simulation.people.feeds import Feed
from tests.simulation.people.functions import Transform, work
from tests.simulation.people.users import User
from tests.simulation.variant import Variant
from tests.simulation.world.mappings import Mappings
from tests.simulation.world.place import SIDES, SOURCE, Place
from tests.simulation.world.world import FEEDS, World

DASHBOARDS, DEVICES = 3, 2
TROUBLE, END = 200.0, 900.0


def simulate(seed: int, variant: Variant | None = None) -> History:
    """The history of one schedule."""
    variant = variant or Variant()
    world = _world(random.Random(seed), variant)
    kernel = world.place.kernel
    functions = write_functions(world)
    faults = Faults(world, _people(world, functions), STEPS, world.place.lag)
    run_engines(world, functions, variant, faults)
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
    world.mappings = Mappings(place, world.streams, Transform(world))
    for side in SIDES if variant.bugs.both_transform else (SOURCE,):
        world.mappings.start(side, Stream.LIVE, 0.0, 0)
    return world


def _people(world: World, functions: Functions) -> Parts:
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
    for side in SIDES:
        kernel.spawn(f"worker {side}", partial(work, world, side, lambda: _silent(world, parts)))
    return parts


def _silent(world: World, parts: Parts) -> bool:
    return world.legs_done >= world.legs and all(user.body.dead for user in parts.users)


def _closed(world: World) -> History:
    history = world.place.history
    history.wanted = world.legs - world.left
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
