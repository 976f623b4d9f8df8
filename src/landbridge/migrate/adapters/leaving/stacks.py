"""Stacks on their way out: looked at many at once, begun or removed as soon as nothing that stands needs them."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TypeVar

from landbridge.deploy.deployer import Deployer, Look, Standing
from landbridge.deploy.graph import Graph, Place
from landbridge.deploy.lock import DeployLock
from landbridge.deploy.manifest import Home
from landbridge.deploy.walk import AT_ONCE
from landbridge.model.region import Region

T = TypeVar("T")
TRIES = 3
FRESH_SECONDS = 0.5  # one tick asks several questions of the same stacks


@dataclass
class Going:
    """The places of a graph as they go; while somebody else deploys, that is under way."""

    deployer: Deployer
    graph: Graph
    lock: DeployLock
    clock: Callable[[], float]
    first: Callable[[Place], None] = lambda _place: None  # what no stack takes along, done before a stack goes
    _seen: tuple[float, Mapping[Place, Look]] | None = field(default=None, init=False)
    _begun: Counter[Place] = field(default_factory=Counter, init=False)

    def standing(self) -> list[str]:
        """In the order they were deployed, in any state."""
        return list(map(str, self._left()))

    def moving(self) -> list[str]:
        """What is being deleted, or who deploys."""
        held = self.lock.holder()
        others = [f"a deploy of {held.holder} since {held.since}"] if held else []
        return [*others, *(str(place) for place, look in self._looks().items() if look.standing is Standing.MOVING)]

    def broken(self) -> list[str]:
        """What could not be deleted though it was tried again, with the first cause: what still wrote there may have ended."""
        tried = (place for place, times in self._begun.items() if times >= TRIES)
        failed = ((place, self._looks()[place]) for place in sorted(tried))
        return [f"{place}: {look.why}" for place, look in failed if look.standing is Standing.BROKEN]

    def remove(self, thing: str) -> None:
        """It, and whatever else nothing that stands needs any more."""
        del thing
        left = self._left()
        free = self.graph.only(left).reversed().ready(frozenset(), frozenset())
        self._seen = None
        _each(self._remove, free)

    def _remove(self, place: Place) -> None:
        self._begun[place] += 1
        self.first(place)
        self.deployer.remove(self.deployer.stack(place.stack), place.region)

    def _left(self) -> list[Place]:
        return [place for place, look in self._looks().items() if look.standing is not Standing.ABSENT]

    def _looks(self) -> Mapping[Place, Look]:
        if self._seen is None or self.clock() - self._seen[0] > FRESH_SECONDS:
            self._seen = (self.clock(), looked_at(self.deployer, self.graph.order()))
        return self._seen[1]


def looked_at(deployer: Deployer, places: Sequence[Place]) -> dict[Place, Look]:
    """How each stands."""
    looks = _each(lambda place: deployer.look(deployer.stack(place.stack), place.region), places)
    return dict(zip(places, looks, strict=True))


def of_source(graph: Graph, deployer: Deployer, source: Region) -> Graph:
    """Everything of the source but links, which went before, and what AWS keeps there for all regions."""
    kept = (deployer.stack(place.stack) for place in graph.needs)
    places = (place for place, stack in zip(graph.needs, kept, strict=True) if not stack.link and stack.home is not Home.GLOBAL)
    return graph.only(place for place in places if place.region == source)


def links(graph: Graph, deployer: Deployer) -> Graph:
    """What has a meaning only while both regions stand."""
    return graph.only(place for place in graph.needs if deployer.stack(place.stack).link)


def _each(act: Callable[[Place], T], places: Iterable[Place]) -> list[T]:
    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(act, places))
