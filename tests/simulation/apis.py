"""The dashboards' write functions in both regions: the product's own code over the simulated tables."""

from dataclasses import dataclass, field

from landbridge.model.errors import Unreachable
from landbridge.model.pen import Pen, fence_of
from landbridge.model.region import Region
from landbridge.model.state import StateItem
from landbridge.workloads.trading.ports import Answer, Conflict, Rules, Unknown
from landbridge.workloads.trading.state import Outcome, Write
from landbridge.workloads.trading.writing import Routes, accept
from tests.simulation.world import FENCES, World


@dataclass
class LocalStore:
    """A handler's own region, reached over wires that fail; no method raises."""

    world: World
    region: Region

    def fence(self, user: str) -> Pen | None:
        """A consistent read of the user's fence."""
        side = self.world.sides[self.region]
        try:
            return self.world.call(self.region, lambda: side.pens[fence_of(user, FENCES)])
        except Unreachable:
            return None

    def commit(self, item: StateItem, bucket: int, at: float) -> Outcome:
        """One transaction; its answer may be lost, and it may arrive much later."""
        side = self.world.sides[self.region]
        if self.world.kernel.chance.random() < 0.02:
            return Conflict()
        try:
            return self.world.call(self.region, lambda: self.world.commit(side, item, bucket, at))
        except Unreachable as error:
            return Unknown(error.what)


@dataclass
class Api:
    """One region's write function: the product's own code, many at once."""

    world: World
    region: Region
    routes: Routes = field(init=False)
    peer: "PeerOf" = field(init=False)
    rules: Rules = field(init=False)

    def __post_init__(self) -> None:
        self.rules = Rules(self.region, FENCES)
        self.routes = Routes(LocalStore(self.world, self.region), self.rules, self.clock)

    def clock(self) -> float:
        """The region's own clock."""
        return self.world.kernel.now + self.world.skews[self.region]

    def put(self, write: Write, *, hop: bool) -> Answer:
        """What the function answers; it may freeze anywhere on the way."""
        return accept(
            write,
            hop=hop,
            store=LocalStore(self.world, self.region),
            routes=self.routes,
            peer=self.peer,
            rules=self.rules,
            clock=self.clock,
            sleep=self.world.kernel.sleep,
            chance=self.world.kernel.chance.random,
        )


@dataclass
class PeerOf:
    """The other region's function, called over a long wire; it runs on when its caller gives up."""

    api: Api

    def put(self, write: Write) -> Answer | None:
        """None = no answer in time."""
        kernel, box = self.api.world.kernel, list[Answer]()
        world = self.api.world
        lost = kernel.chance.random() < world.odds.lost and kernel.now < kernel.quiet_from
        if lost or world.link_down or self.api.region in world.out:
            kernel.sleep(3.0)
            return None
        kernel.spawn(f"hop {write.write_id}", lambda: box.append(self.api.put(write, hop=True)), after=0.045)
        for _ in range(30):
            kernel.sleep(0.1)
            if box:
                return box[0]
        return None
