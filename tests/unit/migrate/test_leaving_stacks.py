"""What a source has goes in an order in which nothing that stands is in need of what is gone; what stays is told first."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import pytest
from tests.fakes import SOURCE, TARGET, Clock
from tests.unit.migrate.leaving_fakes import FakeAws
from tests.unit.migrate.test_target_stacks import FakeLock

from landbridge.deploy.deployer import Deployer, Look, Standing
from landbridge.deploy.graph import Graph, Place
from landbridge.deploy.leftovers import Left
from landbridge.deploy.lock import DeployLock
from landbridge.deploy.manifest import Home, Manifest
from landbridge.deploy.regional import DATABASE
from landbridge.migrate.adapters.leaving.members import InOrder, Parameters, ReplicaMembers, Told
from landbridge.migrate.adapters.leaving.residency import EXCUSE, LiveResidency
from landbridge.migrate.adapters.leaving.stacks import TRIES, Going, links, of_source
from landbridge.migrate.adapters.leaving.tables import HandedTables
from landbridge.migrate.steps.report_residency import Place as Lives
from landbridge.model.errors import DeployHeld, Refused
from landbridge.model.region import Pair, Region

TEMPLATES = Path(__file__).parents[3] / "templates"
KEYS, TABLES, API, EDGE, LINK = (Place(name, SOURCE) for name in ("keys", "tables", "api", "edge", "crossing"))
THERE = Place("health", TARGET)
NEEDS = {
    KEYS: frozenset[Place](),
    TABLES: frozenset({KEYS}),
    API: frozenset({KEYS}),
    EDGE: frozenset({API}),
    LINK: frozenset({KEYS}),
    THERE: frozenset({API}),
}
GLOBAL_TABLE = {"Resources": {"T": {"Type": "AWS::DynamoDB::GlobalTable"}}}


@dataclass(frozen=True)
class Spec:
    """What is asked of a stack."""

    name: str

    @property
    def link(self) -> bool:
        """One is."""
        return self.name == "crossing"

    @property
    def home(self) -> Home:
        """One is of the source alone, one of all regions."""
        return {"edge": Home.GLOBAL, "tables": Home.SOURCE}.get(self.name, Home.BOTH)

    @property
    def template(self) -> Mapping[str, Any]:
        """One owns a global table."""
        return GLOBAL_TABLE if self.name == "tables" else {"Resources": {}}


@dataclass
class FakeDeployer:
    """Stacks that stand, go and are changed; a removal is over when the world settles, unless its stack is stuck."""

    looks: dict[Place, Standing] = field(default_factory=lambda: dict.fromkeys(NEEDS, Standing.CURRENT))
    stuck: set[Place] = field(default_factory=set)
    did: list[str] = field(default_factory=list)
    roles: Mapping[Home, Region] = field(default_factory=lambda: {Home.SOURCE: SOURCE, Home.TARGET: TARGET})
    graph: Graph = field(default_factory=lambda: Graph(NEEDS))

    @property
    def manifest(self) -> "FakeDeployer":
        """Its stacks."""
        return self

    @property
    def stacks(self) -> list[Spec]:
        """By name, once each."""
        return [Spec(name) for name in dict.fromkeys(place.stack for place in NEEDS)]

    def stack(self, name: str) -> Spec:
        """By name."""
        return Spec(name)

    def look(self, stack: Spec, region: Region) -> Look:
        """As it stands."""
        return Look(self.looks.get(Place(stack.name, region), Standing.ABSENT), "because")

    def remove(self, stack: Spec, region: Region) -> None:
        """On its way out."""
        place = Place(stack.name, region)
        self.did.append(f"remove {place}")
        self.looks[place] = Standing.MOVING

    def begin(self, stack: Spec, region: Region) -> None:
        """On its way to what it should be."""
        self.did.append(f"begin {stack.name} in {region}")
        self.looks[Place(stack.name, region)] = Standing.CURRENT

    def adopt(self, stack: Spec, region: Region) -> bool:
        """Imported, and nothing more."""
        if Place(stack.name, region) in self.looks:
            return False
        self.did.append(f"adopt {stack.name} in {region}")
        self.looks[Place(stack.name, region)] = Standing.STALE
        return True

    def settle(self) -> None:
        """What is going is gone, or broke."""
        for place in [place for place, standing in self.looks.items() if standing is Standing.MOVING]:
            if place in self.stuck:
                self.looks[place] = Standing.BROKEN
            else:
                del self.looks[place]

    @contextmanager
    def calls(self, stack: Spec, region: Region) -> Iterator[Any]:
        """Nothing but what a removal and a search ask for."""
        del region
        yield Named(f"stack-{stack.name}")


@dataclass(frozen=True)
class Named:
    """A live stack with one resource."""

    name: str

    def find(self) -> Mapping[str, Any]:
        """It stands."""
        return {}

    def resources(self) -> list[dict[str, str]]:
        """Named after it."""
        return [{"PhysicalResourceId": f"{self.name}-thing|id"}]


def going(deployer: FakeDeployer, graph: Graph | None = None, lock: FakeLock | None = None) -> Going:
    """The source's stacks."""
    as_one = cast("Deployer", deployer)
    clock = Clock()
    return Going(
        as_one, graph or of_source(deployer.graph, as_one, SOURCE), cast("DeployLock", lock or FakeLock()), _passing(clock)
    )


def _passing(clock: Clock) -> Clock:
    """A clock by which every look is a fresh one."""

    class Passing(Clock):
        def __call__(self) -> float:
            clock.sleep(1)
            return clock()

    return Passing()


def test_the_source_has_neither_links_nor_what_serves_all_regions() -> None:
    """Links went before, and what AWS keeps there for all stays."""
    deployer = FakeDeployer()
    assert going(deployer).standing() == ["keys in us-east-1", "tables in us-east-1", "api in us-east-1"]
    assert list(links(deployer.graph, cast("Deployer", deployer)).needs) == [LINK]


def test_a_database_goes_before_what_it_is_told_by() -> None:
    """Of the committed stacks: its password, and what changes that. Its bond is a link, and the target is told of its end."""
    manifest = Manifest.read(TEMPLATES).rehearsed(DATABASE)
    graph = Graph.of(manifest, {Home.SOURCE: SOURCE, Home.TARGET: TARGET, Home.JOURNAL: TARGET, Home.GLOBAL: SOURCE})
    as_one = cast("Deployer", manifest)
    goes = [place.stack for place in of_source(graph, as_one, SOURCE).reversed().order()]
    assert goes.index("database") < min(goes.index("credentials"), goes.index("rotation"))
    assert {"effects", *DATABASE} - {*goes} == {"global-database"}
    assert Place("global-database", SOURCE) in links(graph, as_one).needs.keys() & graph.needs[Place("database", TARGET)]


def test_whatever_nothing_needs_any_more_goes_at_once() -> None:
    """And what the others need goes last."""
    deployer = FakeDeployer()
    stacks = going(deployer)
    stacks.remove("api in us-east-1")
    assert sorted(deployer.did) == ["remove api in us-east-1", "remove tables in us-east-1"]
    assert sorted(stacks.moving()) == ["api in us-east-1", "tables in us-east-1"]
    deployer.settle()
    stacks.remove("keys in us-east-1")
    deployer.settle()
    assert stacks.standing() == []


def test_what_can_not_be_deleted_is_tried_again_and_then_told() -> None:
    """Something may still have been written there the first time."""
    deployer = FakeDeployer(stuck={API})
    stacks = going(deployer)
    for _ in range(TRIES):
        assert stacks.broken() == []
        stacks.remove("api in us-east-1")
        deployer.settle()
    assert stacks.broken() == ["api in us-east-1: because"]


def test_a_deploy_of_somebody_else_is_waited_for() -> None:
    """With its name."""
    held = FakeLock(DeployHeld("ben", "2026-01-01", 3.0))
    assert going(FakeDeployer(), lock=held).moving() == ["a deploy of ben since 2026-01-01"]


def test_what_stays_is_told_before_anything_is_taken_from_it() -> None:
    """The last kind goes first."""
    deployer = FakeDeployer()
    deployer.looks[THERE] = Standing.STALE
    told = Told(cast("Deployer", deployer), lambda: [THERE])
    rows = InOrder((going(deployer), told))
    assert rows.standing()[-1] == "what health in eu-central-1 is told"
    rows.remove(rows.standing()[-1])
    assert deployer.did == ["begin health in eu-central-1"]
    rows.remove(rows.standing()[-1])
    assert "remove api in us-east-1" in deployer.did


def handing(deployer: FakeDeployer, alone: FakeDeployer | None = None) -> HandedTables:
    """As a new engine makes it."""
    both = cast("Deployer", deployer), cast("Deployer", alone or deployer)
    return HandedTables(both[0], SOURCE, TARGET, both[1])


def test_tables_that_were_told_of_the_end_already_are_no_less_the_targets() -> None:
    """What is looked at again after its second region was taken away must not be given it back."""
    there = Place("tables", TARGET)
    before, after = FakeDeployer({there: Standing.STALE}), FakeDeployer({there: Standing.CURRENT})
    assert (handing(before, after).foreign(), handing(before, after).owned()) == ([], ["tables"])
    assert handing(before, before).foreign() == ["tables"]


def test_tables_are_imported_and_then_made_whole() -> None:
    """An import takes nothing but tables; a second engine finds what the first began."""
    deployer = FakeDeployer()
    handed = handing(deployer)
    assert (handed.foreign(), handed.owned()) == (["tables"], [])
    for _ in range(2):
        handing(deployer).take("tables")
    assert deployer.did == ["adopt tables in eu-central-1", "begin tables in eu-central-1"]
    assert (handed.foreign(), handed.owned()) == ([], ["tables"])
    with pytest.raises(Refused, match="its stack would delete what it owns"):
        handed.give_back("tables")


def test_copies_are_dropped_one_after_the_other_from_the_target() -> None:
    """A drop that is under way is no second one."""
    aws = FakeAws()
    aws.dynamo.tables = {"state": [], "commands": []}
    aws.dynamo.copies = {"state": "ACTIVE", "commands": "ACTIVE"}
    members = ReplicaMembers(aws.clients(), ["state", "commands"], Pair(SOURCE, TARGET))
    members.remove("commands")
    members.remove("commands")
    assert (members.standing(), members.moving()) == (["state", "commands"], ["dropping commands"])
    aws.dynamo.settle()
    assert (members.standing(), members.moving()) == (["state"], [])


def test_parameters_that_no_stack_made_are_deleted() -> None:
    """Those that are there; again is fine."""
    aws = FakeAws()
    aws.ssm.values = {"/a": "x", "/b": "y"}
    rows = Parameters(aws.clients(), ((TARGET, "/a"), (SOURCE, "/c")))
    assert rows.standing() == ["parameter /a in eu-central-1"]
    for _ in range(2):
        rows.remove("parameter /a in eu-central-1")
    assert (rows.standing(), aws.ssm.values) == ([], {"/b": "y"})


def test_what_is_kept_in_one_region_for_all_is_excused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each thing with its kind; what serves all regions is named with the reason."""
    aws = FakeAws()
    found = ["lambda read in eu-central-1", "arn:aws:wafv2:us-east-1:1:global/webacl/stack-edge-thing", "ssm /x in us-east-1"]

    class Search:
        def __init__(self, *_: object, **__: object) -> None: ...

        def search(self, *_: object, **__: object) -> list[Left]:
            return [_left(each) for each in found]

    monkeypatch.setattr("landbridge.migrate.adapters.leaving.residency.Leftovers", Search)
    residency = LiveResidency(cast("Deployer", Platformed()), (SOURCE, TARGET), aws.kept("residency"), aws.clock.sleep)
    places = residency.places()
    assert [(place.kind, place.region, place.excuse) for place in places] == [
        ("processor", TARGET, ""),
        ("wafv2", SOURCE, EXCUSE),
        ("parameter", SOURCE, ""),
    ]
    assert not residency.reported(4)
    residency.report([Lives("store", "state", TARGET)], 4)
    assert (residency.reported(4), residency.reported(5)) == (True, False)


class Platformed(FakeDeployer):
    """With what a search is named by."""

    clients = None
    environment_suffix = "prod"

    @property
    def platform(self) -> "Platformed":
        """Itself."""
        return self

    def around(self, _platform: object) -> tuple[str, str]:
        """Around a name."""
        return "trading-analytics-", "-prod"


def _left(said: str) -> Left:
    """As a search tells it."""
    what, _, region = said.partition(" in ")
    return Left(Region(region) if region else SOURCE, what)
