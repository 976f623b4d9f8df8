"""The write functions of users in both regions: the product's own code over the simulated tables."""

from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from landbridge.model.errors import Unreachable
from landbridge.model.pen import Domain, Pen, fence_of
from landbridge.model.region import Region
from landbridge.workloads.trading.commands import Command
from landbridge.workloads.trading.ports import Answer, Conflict, Rules, Unknown
from landbridge.workloads.trading.state import Write
from landbridge.workloads.trading.writing import Routes, accept
from tests.simulation.world.place import FENCES, SIDES
from tests.simulation.world.world import World

HOP = "hop to"  # what the process of a forwarded write is called

W = TypeVar("W", Write, Command)


@dataclass
class LocalStore:
    """A handler's own region and domain, reached over wires that fail; no method raises."""

    world: World
    region: Region
    domain: Domain

    def fence(self, user: str) -> Pen | None:
        """A consistent read of the user's fence."""
        pens = self.world.pens[self.region]
        try:
            return self.world.place.call(self.region, lambda: pens.pens[self.domain, fence_of(user, FENCES)])
        except Unreachable:
            return None

    def commit(self, item: Any, bucket: int, at: float) -> Any:
        """One transaction; its answer may be lost, and it may arrive much later."""
        self.world.place.pause("write")
        commits = self.world.commits
        execute = commits.state if self.domain is Domain.STATE else commits.command
        if self.world.place.kernel.chance.random() < 0.02:
            return Conflict()
        try:
            return self.world.place.call(self.region, lambda: execute(self.region, item, bucket, at))
        except Unreachable as error:
            return Unknown(error.what)


@dataclass
class Api(Generic[W]):
    """One region's write function of a domain: the product's own code, many at once."""

    world: World
    region: Region
    domain: Domain
    peer: "PeerOf[W]" = field(init=False)

    def __post_init__(self) -> None:
        self.rules = Rules(self.region, FENCES)
        self.store = LocalStore(self.world, self.region, self.domain)
        self.routes = Routes(self.store, self.rules, self.clock)

    def clock(self) -> float:
        """The region's own clock."""
        return self.world.place.clock(self.region)

    def put(self, write: W, *, hop: bool = False) -> Answer:
        """What the function answers; it may freeze anywhere on the way."""
        kernel = self.world.place.kernel
        return accept(
            write,
            hop=hop and not self.world.place.bugs.forwarded_again,
            store=self.store,
            routes=self.routes,
            peer=self.peer,
            rules=self.rules,
            clock=self.clock,
            sleep=kernel.sleep,
            chance=kernel.chance.random,
        )


@dataclass
class PeerOf(Generic[W]):
    """The other region's function, called over a long wire; it runs on when its caller gives up."""

    api: Api[W]

    def put(self, write: W) -> Answer | None:
        """None = no answer in time."""
        place, box = self.api.world.place, list[Answer]()
        if place.chance(place.odds.lost) or place.link_down or self.api.region in place.out:
            place.kernel.sleep(3.0)
            return None
        if place.kernel.running.name.startswith(HOP):
            place.history.forwarded_again += 1
            return None
        place.kernel.spawn(f"{HOP} {self.api.region}", lambda: box.append(self.api.put(write, hop=True)), after=0.045)
        for _ in range(15):
            place.kernel.sleep(0.2)
            if box:
                return box[0]
        return None

    send = put


def apis(world: World, domain: Domain) -> dict[Region, Api[Any]]:
    """A domain's functions in both regions, each knowing the other."""
    made: dict[Region, Api[Any]] = {side: Api(world, side, domain) for side in SIDES}
    for side, api in made.items():
        api.peer = PeerOf(made[world.place.other(side)])
    return made
