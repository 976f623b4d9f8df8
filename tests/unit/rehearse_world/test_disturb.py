"""A fault is there as long as its block lasts, where it says, and what it found is there again afterwards."""

import random
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, cast

import pytest

from landbridge.config.rehearsal import Fault
from landbridge.model.region import Pair, Region
from landbridge.rehearse.disturb import KINDS, disturbed
from landbridge.rehearse.emulator.bulkhead import Bulkhead
from landbridge.rehearse.emulator.conditions import Conditions, Doorway
from landbridge.rehearse.emulator.door import FrontDoor
from landbridge.rehearse.fabric.database.knobs import Knobs as DatabaseKnobs
from landbridge.rehearse.fabric.database.knobs import Switchover
from landbridge.rehearse.fabric.database.relay import Line
from landbridge.rehearse.fabric.event_source.consumer import Knobs as StreamKnobs
from landbridge.rehearse.fabric.logs.knobs import Knobs as LogKnobs
from landbridge.rehearse.fabric.objects.knobs import Knobs as ObjectKnobs
from landbridge.rehearse.fabric.table_link import Knobs as TableKnobs
from landbridge.rehearse.world import World

PAIR = Pair(Region("us-east-1"), Region("eu-central-1"))


@dataclass
class Holder:
    """Whatever has knobs, a line, or clusters."""

    knobs: Any = None
    line: Any = None
    clusters: Any = None
    region: Any = None
    server: Any = None


@dataclass
class Small:
    """The parts of a world that faults reach, none of them running."""

    pair: Pair[Region] = PAIR
    doors: dict[Region, FrontDoor] = field(
        default_factory=lambda: {each: FrontDoor(each, Bulkhead(1, 1), random.Random(1)) for each in PAIR}
    )
    tables: Holder = field(default_factory=lambda: Holder(TableKnobs(lag=0.2)))
    objects: Holder = field(default_factory=lambda: Holder(ObjectKnobs(lag=0.2)))
    shipping: LogKnobs = field(default_factory=LogKnobs)
    event_sources: dict[Region, Holder] = field(default_factory=lambda: {each: Holder(StreamKnobs()) for each in PAIR})
    databases: Holder = field(
        default_factory=lambda: Holder(DatabaseKnobs(), clusters={(PAIR.target, "main"): Holder(line=Line())})
    )

    def region_out(self, region: Region) -> None:
        """As the world does it."""
        self.doors[region].set(Conditions(doorway=Doorway.CUT))

    def region_back(self, region: Region) -> None:
        """And back."""
        self.doors[region].set(Conditions())

    def seen(self) -> str:
        """All of it, to compare."""
        doors = [door.conditions for door in self.doors.values()]
        return repr((doors, self.tables, self.objects, self.shipping, self.event_sources, self.databases))


def fault(kind: str, **more: Any) -> Fault:
    """A fault of this kind."""
    return Fault.model_validate(
        {"promise": "what the product promises here", "kind": kind, "at_step": "verify", "outcome": "done", **more}
    )


SEEN: dict[str, tuple[Fault, Callable[[Small], object], object]] = {
    "errors": (fault("errors", share=0.3), lambda world: world.doors[PAIR.target].conditions.errors, 0.3),
    "throttling": (
        fault("throttling", side="source", share=0.2),
        lambda world: world.doors[PAIR.source].conditions.throttle,
        0.2,
    ),
    "slow": (fault("slow", delay=2.0), lambda world: world.doors[PAIR.target].conditions.delay, 2.0),
    "region-out": (fault("region-out", side="source"), lambda world: world.doors[PAIR.source].conditions.doorway, Doorway.CUT),
    "link-out": (fault("link-out"), lambda world: [door.conditions.link_down for door in world.doors.values()], [True, True]),
    "link-out tables": (fault("link-out"), lambda world: world.tables.knobs.link_down, True),
    "link-out objects": (fault("link-out"), lambda world: world.objects.knobs.link_down, True),
    "link-out logs": (fault("link-out"), lambda world: world.shipping.link_down, True),
    "link-out database": (fault("link-out"), lambda world: world.databases.clusters[PAIR.target, "main"].line.down, True),
    "lag": (fault("lag", seconds=7.0), lambda world: world.tables.knobs.lag, 7),
    "lag history": (fault("lag", store="history", seconds=7.0), lambda world: world.objects.knobs.lag, 7),
    "lag market": (
        fault("lag", store="market", side="source", seconds=7.0),
        lambda world: world.event_sources[PAIR.source].knobs.delay,
        7,
    ),
    "stall": (fault("stall"), lambda world: world.tables.knobs.stalled, True),
    "switchover-stalls": (
        fault("switchover-stalls"),
        lambda world: world.databases.knobs.switchover,
        Switchover.STALL,
    ),
    "stall market": (fault("stall", store="market"), lambda world: world.event_sources[PAIR.target].knobs.stalled, True),
}


@pytest.mark.parametrize("name", SEEN)
def test_a_fault_is_there_in_its_block_and_nothing_of_it_after(name: str) -> None:
    """Whatever was set before is set again."""
    spec, look, expected = SEEN[name]
    world = Small()
    before = world.seen()
    with disturbed(spec, cast("World", world)) as what:
        assert what
        assert look(world) == expected
    assert world.seen() == before


def test_every_kind_that_disturbs_is_tried() -> None:
    """A new kind has a case above; a killed server has its own below."""
    assert {spec.kind for spec, _, _ in SEEN.values()} == set(KINDS) - {"database-killed"}


def test_a_killed_database_is_one_of_its_side() -> None:
    """Its server's process, and no other's."""
    killed, spared = (subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) for _ in range(2))
    world = Small()
    servers = {(PAIR.source, "main"): killed, (PAIR.target, "main"): spared}
    world.databases.clusters = {place: Holder(region=place[0], server=server) for place, server in servers.items()}
    with disturbed(fault("database-killed", side="source"), cast("World", world)) as what:
        assert what == "the database of us-east-1 was killed"
        assert killed.wait(10) == -signal.SIGKILL
    assert spared.poll() is None
    spared.communicate()
    killed.communicate()
