"""What a fault disturbs in the world: each kind is so as long as its block lasts, and is mended at the block's end."""

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager

from landbridge.config.rehearsal import Fault
from landbridge.model.region import Region
from landbridge.rehearse.emulator.conditions import Conditions
from landbridge.rehearse.fabric.database.knobs import Switchover
from landbridge.rehearse.world import World

Disturbed = Callable[[Fault, World, Region], AbstractContextManager[str]]  # what is so from now on


def disturbed(fault: Fault, world: World) -> AbstractContextManager[str]:
    """The block in which the fault is there."""
    return KINDS[fault.kind](fault, world, world.pair.source if fault.side == "source" else world.pair.target)


@contextmanager
def _errors(fault: Fault, world: World, region: Region) -> Iterator[str]:
    with _door(world, region, Conditions(errors=fault.share)):
        yield f"{region} answers errors"


@contextmanager
def _throttling(fault: Fault, world: World, region: Region) -> Iterator[str]:
    with _door(world, region, Conditions(throttle=fault.share)):
        yield f"{region} throttles"


@contextmanager
def _slow(fault: Fault, world: World, region: Region) -> Iterator[str]:
    with _door(world, region, Conditions(delay=fault.delay)):
        yield f"{region} answers {fault.delay:g} s late"


@contextmanager
def _region_out(fault: Fault, world: World, region: Region) -> Iterator[str]:  # noqa: ARG001 - every kind is asked alike
    world.region_out(region)
    try:
        yield f"{region} is out"
    finally:
        world.region_back(region)


@contextmanager
def _link_out(fault: Fault, world: World, region: Region) -> Iterator[str]:  # noqa: ARG001
    """Tables, objects, logs, databases, and whatever one region's functions ask of the other."""
    with ExitStack() as cut:
        cut.enter_context(_knobs(world.tables.knobs, link_down=True))
        cut.enter_context(_knobs(world.objects.knobs, link_down=True))
        cut.enter_context(_knobs(world.shipping, link_down=True))
        for cluster in world.databases.clusters.values():
            cut.enter_context(_knobs(cluster.line, down=True))
        for side in world.pair:
            cut.enter_context(_door(world, side, Conditions(link_down=True)))
        yield f"{' and '.join(world.pair)} don't reach each other"


@contextmanager
def _lag(fault: Fault, world: World, region: Region) -> Iterator[str]:
    lags = {"tables": "lag", "history": "lag", "market": "delay"}
    with _knobs(_copier(fault, world, region), **{lags[fault.store]: fault.seconds}):
        yield f"copies of {fault.store} are {fault.seconds:g} s behind"


@contextmanager
def _stall(fault: Fault, world: World, region: Region) -> Iterator[str]:
    with _knobs(_copier(fault, world, region), stalled=True):
        yield f"nothing of {fault.store} is copied"


def _copier(fault: Fault, world: World, region: Region) -> object:
    """Whoever copies a store; the streams of a region are read by pollers of its own."""
    of = {"tables": world.tables.knobs, "history": world.objects.knobs, "market": world.event_sources[region].knobs}
    return of[fault.store]


@contextmanager
def _switchover_stalls(fault: Fault, world: World, region: Region) -> Iterator[str]:  # noqa: ARG001
    with _knobs(world.databases.knobs, switchover=Switchover.STALL):
        yield "a switchover of the database is taken and does not begin"


@contextmanager
def _database_killed(fault: Fault, world: World, region: Region) -> Iterator[str]:  # noqa: ARG001
    """Started again by whoever plays RDS, as RDS does."""
    for cluster in world.databases.clusters.values():
        if cluster.region == region and cluster.server.pid is not None:
            os.kill(cluster.server.pid, signal.SIGKILL)
    yield f"the database of {region} was killed"


@contextmanager
def _door(world: World, region: Region, wrong: Conditions) -> Iterator[None]:
    door = world.doors[region]
    usual = door.conditions
    door.set(wrong)
    try:
        yield
    finally:
        door.set(usual)


@contextmanager
def _knobs(knobs: object, **wrong: object) -> Iterator[None]:
    usual = {name: getattr(knobs, name) for name in wrong}
    _set(knobs, wrong)
    try:
        yield
    finally:
        _set(knobs, usual)


def _set(knobs: object, values: dict[str, object]) -> None:
    for name, value in values.items():
        setattr(knobs, name, value)


KINDS: dict[str, Disturbed] = {
    "errors": _errors,
    "throttling": _throttling,
    "slow": _slow,
    "region-out": _region_out,
    "link-out": _link_out,
    "lag": _lag,
    "stall": _stall,
    "switchover-stalls": _switchover_stalls,
    "database-killed": _database_killed,
}
