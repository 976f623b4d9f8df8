"""One region's stacks as the step that deploys them sees them, with those elsewhere that lean on them.

The other region's routes over a peering, its health check that asks this region's switch, the distribution's second
origin: they stand in another region and are told what stands in this one, so they are deployed and undone with it.
"""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from functools import cached_property

from landbridge.deploy.checks import look_at
from landbridge.deploy.deployer import Deployer, Look, Standing
from landbridge.deploy.graph import Graph, Place
from landbridge.deploy.lock import DeployLock
from landbridge.deploy.walk import AT_ONCE
from landbridge.model.region import Region

FRESH_SECONDS = 0.5  # one tick asks four questions of the same stacks


@dataclass
class RegionStacks:
    """The deployer, held to what has to do with one region; while somebody else deploys, that is under way."""

    deployer: Deployer
    region: Region
    lock: DeployLock
    clock: Callable[[], float]
    _seen: tuple[float, dict[Place, Look]] | None = field(default=None, init=False)
    _proved: bool = field(default=False, init=False)

    @cached_property
    def graph(self) -> Graph:
        """What is deployed: all of the region, what is told of it, and the links that tell it something."""
        whole = self.deployer.graph
        here = {place for place in whole.needs if place.region == self.region}
        links = {need for place in here for need in whole.needs[place] if self.deployer.stack(need.stack).link}
        return whole.only(here | links | {place for place, needs in whole.needs.items() if needs & here})

    def missing(self) -> list[str]:
        """What is not yet there as the templates want it, in the order it must come."""
        return self._that_are(Standing.ABSENT, Standing.STALE)

    def moving(self) -> list[str]:
        """What is being created, updated or deleted right now, or by whom."""
        held = self.lock.holder()
        others = [f"a deploy of {held.holder} since {held.since}"] if held else []
        return [*others, *self._that_are(Standing.MOVING)]

    def broken(self) -> list[str]:
        """What failed, each with its first cause; when all stand, what was looked at where it works and is not well."""
        looks = self._looks()
        failed = [f"{self._name(at)}: {look.why}" for at, look in looks.items() if look.standing is Standing.BROKEN]
        return failed or (self._unproved() if {look.standing for look in looks.values()} == {Standing.CURRENT} else [])

    def standing(self) -> list[str]:
        """What exists, in any state."""
        return self._that_are(Standing.STALE, Standing.MOVING, Standing.CURRENT, Standing.BROKEN)

    def begin(self, stack: str) -> None:
        """Start to create or update a stack, and whatever else has all it needs."""
        del stack  # the first that is missing has all it needs
        looks = self._looks()
        done = {place for place, look in looks.items() if look.standing is Standing.CURRENT}
        self._act(self._begin, self.graph.ready(done, done))

    def remove(self, stack: str) -> None:
        """Start to delete a stack with everything in it; what leans on the region from elsewhere is told first that it goes."""
        place = next(place for place in self.graph.needs if self._name(place) == stack)
        if leaning := self._leaning():
            self._act(lambda at: self._alone.begin(self.deployer.stack(at.stack), at.region), leaning)
        else:
            self._act(lambda at: self.deployer.remove(self.deployer.stack(at.stack), at.region), [place])

    @cached_property
    def _alone(self) -> Deployer:
        return self.deployer.without(frozenset({self.region}))

    def _leaning(self) -> list[Place]:
        """What stands elsewhere otherwise than it would without this region; a link has no such state and is removed."""
        elsewhere = [place for place in self.graph.needs if place.region != self.region]
        stacks = [(self.deployer.stack(place.stack), place) for place in elsewhere]
        looks = ((place, self._alone.look(stack, place.region)) for stack, place in stacks if not stack.link)
        return [place for place, look in looks if look.standing is Standing.STALE]

    def _begin(self, place: Place) -> None:
        """Also what CloudFormation can't do for a stack that stands."""
        stack = self.deployer.stack(place.stack)
        self.deployer.begin(stack, place.region)
        self.deployer.settle(place.region, self.deployer.outputs(stack, place.region))

    def _act(self, act: Callable[[Place], object], places: Iterable[Place]) -> None:
        self._seen, self._proved = None, False
        with ThreadPoolExecutor(AT_ONCE) as pool:
            list(pool.map(act, places))

    def _unproved(self) -> list[str]:
        figures = [] if self._proved else look_at(self.deployer, self.graph.order())
        bad = [f"{self._name(figure.place)}: {figure}" for figure in figures if figure.ok is False]
        self._proved = not bad
        return bad

    def _name(self, place: Place) -> str:
        return place.stack if place.region == self.region else str(place)

    def _that_are(self, *standings: Standing) -> list[str]:
        return [self._name(place) for place, look in self._looks().items() if look.standing in standings]

    def _looks(self) -> dict[Place, Look]:
        if self._seen is None or self.clock() - self._seen[0] > FRESH_SECONDS:
            order = self.graph.order()
            with ThreadPoolExecutor(AT_ONCE) as pool:
                self._seen = (self.clock(), dict(zip(order, pool.map(self._look, order), strict=True)))
        return self._seen[1]

    def _look(self, place: Place) -> Look:
        look = self.deployer.look(self.deployer.stack(place.stack), place.region)
        if look.standing is Standing.CURRENT and not self.deployer.settled(place.region, look.outputs):
            return replace(look, standing=Standing.STALE, why=f"{place} is not joined on both sides yet")
        return look
