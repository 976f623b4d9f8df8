"""Takes a platform down, wholly or one region of it: what goes, what must not stand on it, and in which order."""

from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from landbridge.deploy.changes import GLOBAL_TABLE
from landbridge.deploy.deployer import Deployer
from landbridge.deploy.graph import Graph, Place, region_of
from landbridge.deploy.leftovers import Left, Leftovers
from landbridge.deploy.manifest import Home
from landbridge.deploy.replicas import Replicas
from landbridge.deploy.run import Patience, deploy_all
from landbridge.deploy.walk import AT_ONCE
from landbridge.model.errors import BadInput
from landbridge.model.region import Region

SIDES = (Home.SOURCE, Home.TARGET)


@dataclass(frozen=True)
class Teardown:
    """What is to go, as it stands now."""

    deployer: Deployer
    going: Graph
    holding: Mapping[Place, tuple[str, ...]]  # what of it holds data
    owners: Mapping[str, Region]  # global tables that its stacks declare
    regions: frozenset[Region]  # those that go as a whole
    staying: frozenset[Place] = frozenset()  # what stands, and does not go

    @classmethod
    def of(cls, deployer: Deployer, graph: Graph, regions: Iterable[Region] = (), stacks: Iterable[str] = ()) -> "Teardown":
        """What stands in these regions (none: everywhere) of these stacks (none: all); refused when something else needs it."""
        with ThreadPoolExecutor(AT_ONCE) as pool:
            looks = zip(graph.needs, pool.map(deployer.holding, graph.needs), strict=True)
            held = {place: found for place, found in looks if found is not None}
        wanted, only = frozenset(regions), frozenset(stacks)
        going = {place for place in held if _wanted(deployer, place, wanted, only)}
        _refuse_dependents(deployer, going, held.keys() - going)
        owners = {each.name: place.region for place in going for each in held[place] if each.kind == GLOBAL_TABLE}
        data = {place: tuple(each.resource for each in held[place]) for place in going}
        whole = frozenset() if only else wanted or frozenset(place.region for place in graph.needs)
        return cls(deployer, graph.only(going), data, owners, whole, frozenset(held.keys() - going))

    def detach(self, patience: Patience) -> None:
        """What is global is left to the regions that stay, and what stays is told what goes, before any stack goes."""
        handed, going = self.deployer.handed_over().items(), self.going.needs
        alone = {new for old, new in handed if old in going and new not in going} | (self._fed() if self.regions else set())
        deploy_all(self.deployer.without(self.regions), Graph(dict.fromkeys(alone, frozenset())), patience).result()
        deployer = self.deployer
        regions = sorted({place.region for place in deployer.graph.needs})
        leftovers = self._leftovers()
        replicas = Replicas(
            deployer.clients,
            regions,
            lambda name: any(leftovers.named(name, region) for region in regions),
            patience.sleep,
            lambda region, what: patience.tell(Place("replicas", region), what),
        )
        replicas.detach(self.regions, self.owners)

    def left(self, patience: Patience) -> list[Left]:
        """What is still there of the regions that went; what AWS keeps in one of them for all is not counted."""
        leftovers = self._leftovers(*self._kept())
        return leftovers.search(sorted(self.regions), patience.sleep, 2 * patience.pause_seconds)

    def _leftovers(self, *kept: str) -> Leftovers:
        platform, manifest = self.deployer.platform, self.deployer.manifest
        return Leftovers(self.deployer.clients, platform.environment_suffix, manifest.around(platform), kept)

    def _fed(self) -> set[Place]:
        """What stays and was told something by what goes; it can do without, or the teardown had been refused."""
        return {place for place in self.staying if self.deployer.graph.needs.get(place, frozenset()) & self.going.needs.keys()}

    def _kept(self) -> Iterator[str]:
        for place in sorted(place for place in self.staying if place.region in self.regions):
            with self.deployer.calls(self.deployer.stack(place.stack), place.region) as live:
                yield live.name
                for each in live.resources():
                    yield from str(each["PhysicalResourceId"]).split("|")  # a firewall's is name, id and scope


def _wanted(deployer: Deployer, place: Place, regions: frozenset[Region], stacks: frozenset[str]) -> bool:
    """A link goes with the first of its regions; what AWS keeps in one region for all goes only with everything."""
    stack = deployer.stack(place.stack)
    if stacks and place.stack not in stacks:
        return False
    if not regions:
        return True
    sides = {deployer.roles[home] for home in SIDES}
    if stack.link and not stacks and regions & sides:
        return True
    return place.region in regions and (stack.home is not Home.GLOBAL or bool(stacks))


def _refuse_dependents(deployer: Deployer, going: set[Place], staying: Iterable[Place]) -> None:
    """A stack that can do without is left to the next deploy."""
    for place in sorted(staying):
        stack = deployer.stack(place.stack)
        feeds = (feed for parameter, feed in stack.feeds.items() if not stack.may_lack(parameter))
        needs = {Place(feed.stack, region_of(feed, place.region, deployer.roles)) for feed in feeds}
        if fed := sorted(needs & going):
            what = f"is fed by {', '.join(map(str, fed))}, which would go"
            raise BadInput(str(place), what, f"destroy it first: --only {place.stack} --region {place.region}")
