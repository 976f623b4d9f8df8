"""The target's stacks as the engine sees them: with what leans on them elsewhere, beside nobody, proved where they work."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, cast

from tests.fakes import SOURCE, TARGET, Clock

from landbridge.aws.clients import Clients
from landbridge.deploy.deployer import Deployer, Look, Standing
from landbridge.deploy.graph import Graph, Place
from landbridge.deploy.lock import DeployLock
from landbridge.migrate.adapters.target_stacks import FRESH_SECONDS, RegionStacks
from landbridge.model.errors import DeployHeld
from landbridge.model.region import Region

NETWORK, SWITCH, PEERING = (Place(name, TARGET) for name in ("network", "switch", "peering"))
HEALTH, ROUTES, PENS = (Place(name, SOURCE) for name in ("health", "crossing", "pens"))
NEEDS = {
    NETWORK: frozenset[Place](),
    SWITCH: frozenset[Place](),
    PEERING: frozenset({NETWORK}),
    HEALTH: frozenset({SWITCH}),
    ROUTES: frozenset({PEERING}),
    PENS: frozenset[Place](),
}


@dataclass(frozen=True)
class Spec:
    """What is asked of a stack."""

    name: str
    link: bool


@dataclass
class Live:
    """What a stack holds."""

    kinds: list[str]

    def resources(self) -> list[dict[str, str]]:
        """One of each kind."""
        return [{"LogicalResourceId": "It", "ResourceType": kind, "PhysicalResourceId": "it"} for kind in self.kinds]


@dataclass
class FakeDeployer:
    """Stacks as laid out; what leans on the region stands otherwise without it."""

    looks: dict[Place, Look] = field(default_factory=dict)
    leaning: dict[Place, Look] = field(default_factory=dict)
    holds: dict[Place, list[str]] = field(default_factory=dict)
    did: list[tuple[str, Place]] = field(default_factory=list)
    looked: int = 0
    joined: bool = True
    gone: bool = False
    clients: Clients = field(default_factory=Clients)
    graph: Graph = field(default_factory=lambda: Graph(NEEDS))

    def stack(self, name: str) -> Spec:
        """By name."""
        return Spec(name, name in {"peering", "crossing", "bond"})

    def look(self, stack: Spec, region: Region) -> Look:
        """As laid out."""
        self.looked += 1
        laid = self.leaning if self.gone else self.looks
        return laid.get(Place(stack.name, region), Look(Standing.ABSENT, "not there"))

    def outputs(self, stack: Spec, region: Region) -> Mapping[str, str]:
        """As laid out."""
        return self.look(stack, region).outputs

    def begin(self, stack: Spec, region: Region) -> None:
        """Remembered."""
        self.did.append(("untie" if self.gone else "begin", Place(stack.name, region)))

    def settled(self, _region: Region, outputs: Mapping[str, str]) -> bool:
        """Only a peering has to be."""
        return self.joined or "PeeringConnectionId" not in outputs

    def settle(self, region: Region, outputs: Mapping[str, str]) -> None:
        """Remembered."""
        if "PeeringConnectionId" in outputs:
            self.did.append(("join", Place("peering", region)))

    def remove(self, stack: Spec, region: Region) -> None:
        """Remembered."""
        self.did.append(("remove", Place(stack.name, region)))

    def without(self, regions: frozenset[Region]) -> "FakeDeployer":
        """The same, as if those were gone."""
        assert regions == {TARGET}
        return FakeDeployer(leaning=self.leaning, did=self.did, gone=True)

    @contextmanager
    def calls(self, stack: Spec, region: Region) -> Iterator[Live]:
        """What is looked at where it works."""
        yield Live(self.holds.get(Place(stack.name, region), []))


@dataclass
class FakeLock:
    """Held by whoever is laid out."""

    held: DeployHeld | None = None

    def holder(self) -> DeployHeld | None:
        """As laid out."""
        return self.held


def seen(deployer: FakeDeployer, lock: FakeLock | None = None, clock: Clock | None = None) -> RegionStacks:
    """The target's stacks over a fake."""
    return RegionStacks(cast("Deployer", deployer), TARGET, cast("DeployLock", lock or FakeLock()), clock or Clock())


def all_standing(**outputs: str) -> FakeDeployer:
    """Everything as it should be."""
    return FakeDeployer({place: Look(Standing.CURRENT, "well", outputs) for place in NEEDS})


def test_what_is_told_of_the_region_elsewhere_belongs_to_it() -> None:
    """The region's own stacks and those fed by them, in the order they must come; nothing else of the other region."""
    assert seen(FakeDeployer()).missing() == ["network", "switch", "peering", "health in us-east-1", "crossing in us-east-1"]


def test_a_link_that_tells_the_region_something_belongs_to_it_too() -> None:
    """The bond of the databases stands in the source, leans on nothing of the target, and comes before the target's cluster."""
    there, bond, here = Place("database", SOURCE), Place("bond", SOURCE), Place("database", TARGET)
    needs = {there: frozenset[Place](), bond: frozenset({there}), here: frozenset({bond}), PENS: frozenset[Place]()}
    assert seen(FakeDeployer(graph=Graph(needs))).missing() == ["bond in us-east-1", "database"]


def test_stacks_are_sorted_by_how_they_stand() -> None:
    """Missing, moving, broken with the cause, and everything that exists."""
    how = {NETWORK: Standing.CURRENT, SWITCH: Standing.STALE, PEERING: Standing.MOVING, HEALTH: Standing.BROKEN}
    stacks = seen(FakeDeployer({place: Look(standing, "because") for place, standing in how.items()}))
    assert stacks.missing() == ["switch", "crossing in us-east-1"]
    assert (stacks.moving(), stacks.broken()) == (["peering"], ["health in us-east-1: because"])
    assert stacks.standing() == ["network", "switch", "peering", "health in us-east-1"]


def test_everything_whose_turn_it_is_begins_at_once() -> None:
    """What needs another stack waits for it."""
    deployer = FakeDeployer()
    stacks = seen(deployer)
    stacks.begin(stacks.missing()[0])
    assert sorted(deployer.did) == [("begin", NETWORK), ("begin", SWITCH)]


def test_one_tick_looks_once() -> None:
    """Four questions of the same stacks are one round of looks; an act and half a second end it."""
    deployer, clock = all_standing(), Clock()
    stacks = seen(deployer, clock=clock)
    for _ in range(2):
        stacks.missing(), stacks.moving(), stacks.standing(), stacks.broken()
    assert deployer.looked == len(NEEDS) - 1
    clock.sleep(2 * FRESH_SECONDS)
    stacks.missing()
    assert deployer.looked == 2 * (len(NEEDS) - 1)


def test_a_person_who_deploys_is_waited_for() -> None:
    """By name and since when."""
    stacks = seen(all_standing(), FakeLock(DeployHeld("ann@host", "2026-01-02T03:04:05+00:00", 1.0)))
    assert stacks.moving() == ["a deploy of ann@host since 2026-01-02T03:04:05+00:00"]


def test_a_peering_is_missing_until_both_sides_are_joined() -> None:
    """CloudFormation calls it complete before; the engine joins it like a deploy does."""
    deployer = all_standing(PeeringConnectionId="pcx-1")
    deployer.joined = False
    deployer.looks[NETWORK] = deployer.looks[SWITCH] = Look(Standing.CURRENT, "well")
    stacks = seen(deployer)
    assert stacks.missing()[0] == "peering"
    stacks.begin("peering")
    assert ("join", PEERING) in deployer.did


class Keys:
    """A key as it is."""

    def __init__(self, state: str) -> None:
        self.state = state

    def describe_key(self, **_: Any) -> dict[str, Any]:
        """How it is."""
        return {"KeyMetadata": {"KeyState": self.state}}


def test_what_stands_is_looked_at_where_it_works() -> None:
    """CloudFormation's word is not enough; what is not well blocks with its figure, and goes on when it is."""
    deployer, clock, keys = all_standing(), Clock(), Keys("Disabled")
    deployer.holds[SWITCH] = ["AWS::KMS::Key", "AWS::IAM::Role"]
    deployer.clients._made["kms", TARGET, True] = keys
    stacks = seen(deployer, clock=clock)
    assert stacks.broken() == ["switch: It: is Disabled [NOT OK]"]
    keys.state = "Enabled"
    assert stacks.broken() == []
    keys.state = "Disabled"
    assert stacks.broken() == []  # proved once, and not at each tick


def test_what_leans_on_the_region_is_told_first_that_it_goes() -> None:
    """Then the stacks go, one a call; a link has nothing to be told and is removed."""
    deployer = all_standing()
    deployer.leaning = {HEALTH: Look(Standing.STALE, "PeerSwitchHost changed"), ROUTES: Look(Standing.STALE, "fed no more")}
    stacks = seen(deployer)
    stacks.remove("switch")
    assert deployer.did == [("untie", HEALTH)]
    deployer.leaning[HEALTH] = Look(Standing.CURRENT, "well")
    stacks.remove("switch")
    stacks.remove("crossing in us-east-1")
    assert deployer.did[1:] == [("remove", SWITCH), ("remove", ROUTES)]
