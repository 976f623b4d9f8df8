"""Stacks until they stand or are gone, as many at once as the graph allows; for whoever has the time to wait.

A region that does not answer for a while is waited for: the next look tells what became of the last call.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TypeVar

from landbridge.deploy.changes import STATEFUL, Act, ResourceChange
from landbridge.deploy.deployer import Deployer, Look, Standing, Tell
from landbridge.deploy.graph import Graph, Place
from landbridge.deploy.walk import AT_ONCE, Walked, walk
from landbridge.model.errors import Refused, Unreachable
from landbridge.model.region import Region

T = TypeVar("T")
ATTEMPTS = 2  # change sets for one stack: the second for what changed meanwhile


@dataclass(frozen=True)
class Patience:
    """How long to wait for one stack and between looks, whom to tell, and what makes running acts end soon."""

    clock: Callable[[], float]
    sleep: Callable[[float], None]
    limit_seconds: float = 1800.0
    pause_seconds: float = 1.0
    outage_seconds: float = 60.0
    tell: Tell = lambda _place, _what: None
    stop: Callable[[], None] = lambda: None


def deploy(deployer: Deployer, region: Region, patience: Patience, *, besides: str = "") -> dict[str, Mapping[str, str]]:
    """Makes every stack of the region current that can be, but one that is named; returns their outputs by stack."""
    graph = within(deployer.graph, [region])
    wanted = graph.only(place for place in graph.needs if place.stack != besides)
    done = deploy_all(deployer, joining(deployer, wanted), patience).result()
    places = ((stack.name, Place(stack.name, region)) for stack in deployer.stacks(region))
    return {name: done[place] for name, place in places if place in done}


def destroy(deployer: Deployer, region: Region, patience: Patience) -> None:
    """Removes every stack of the region, last deployed first."""
    destroy_all(deployer, within(deployer.graph, [region]), patience).result()


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What deploying would do at one place; `why` says how it stands now."""

    place: Place
    why: str
    current: bool
    changes: Sequence[ResourceChange]


def foresee_all(deployer: Deployer, graph: Graph, *, adopting: bool = False) -> list[Foreseen]:
    """What deploying would do, in the order it would be done; with the outputs as they are now."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(lambda place: _foreseen(deployer, place, adopting=adopting), graph.order()))


def _foreseen(deployer: Deployer, place: Place, *, adopting: bool) -> Foreseen:
    stack = deployer.stack(place.stack)
    look = deployer.look(stack, place.region)
    changes = deployer.foresee(stack, place.region)
    if adopting and look.standing is Standing.ABSENT:
        changes = [replace(change, act=Act.IMPORT) if change.kind in STATEFUL else change for change in changes]
    return Foreseen(place, look.why, look.standing is Standing.CURRENT, changes)


def within(graph: Graph, regions: Iterable[Region]) -> Graph:
    """What of a graph lies in these regions."""
    wanted = set(regions)
    return graph.only(place for place in graph.needs if place.region in wanted)


def joining(deployer: Deployer, graph: Graph) -> Graph:
    """The same without the links between regions, unless both ends stand or are deployed along: half a link is none."""
    needs = deployer.graph.needs
    links = {place for place in needs if deployer.stack(place.stack).link}
    ends = links.union(*(needs[link] for link in links)) - graph.needs.keys()
    whole = all(deployer.outputs(deployer.stack(end.stack), end.region) for end in sorted(ends))
    return graph if whole else graph.only(graph.needs.keys() - links)


def deploy_all(deployer: Deployer, graph: Graph, patience: Patience) -> Walked[Mapping[str, str]]:
    """Makes every place current, each after what it needs."""
    return walk(graph, lambda place: _Wait(deployer, place, patience).until_current(), patience.stop)


def adopt_all(deployer: Deployer, graph: Graph, patience: Patience) -> Walked[Mapping[str, str]]:
    """Takes over what exists at every place, then makes it current."""
    return walk(graph, lambda place: _Wait(deployer, place, patience).until_adopted(), patience.stop)


def destroy_all(deployer: Deployer, graph: Graph, patience: Patience) -> Walked[None]:
    """Removes every place, each after what needs it."""
    return walk(graph.reversed(), lambda place: _Wait(deployer, place, patience).until_absent(), patience.stop)


@dataclass
class _Wait:
    """One stack, looked at until it is as it should be."""

    deployer: Deployer
    place: Place
    patience: Patience
    _silent_since: float | None = field(default=None, init=False)

    def until_current(self) -> Mapping[str, str]:
        """Begun, waited for, led out of a state it is stuck in once; its outputs."""
        begun, mended = 0, set[str]()
        for look in self._looks("deploying"):
            if look.standing is Standing.CURRENT:
                if self._answered(partial(self._settled, look.outputs)):
                    self.patience.tell(self.place, "changed" if begun else "unchanged")
                    return look.outputs
                continue
            broken = look.standing is Standing.BROKEN
            if (broken and (begun or look.status in mended)) or begun > ATTEMPTS:
                raise Refused(self.place.region, f"deploying {self.place.stack}", look.why)
            if broken:
                mended.add(look.status)
            if look.standing is not Standing.MOVING and self._answered(self._begin):
                begun += 1
        raise AssertionError  # looks end by an error, never by themselves

    def until_adopted(self) -> Mapping[str, str]:
        """Taken over, and only then made what its template says; an import that failed is never followed by a create."""
        self._answered(lambda: self.deployer.adopt(self.deployer.stack(self.place.stack), self.place.region))
        for look in self._looks("adopting"):
            if look.standing in {Standing.CURRENT, Standing.STALE}:
                return self.until_current()
            if look.standing in {Standing.ABSENT, Standing.BROKEN}:
                raise Refused(self.place.region, f"adopting {self.place.stack}", look.why)
        raise AssertionError  # looks end by an error, never by themselves

    def until_absent(self) -> None:
        """Removed, and again where that failed."""
        begun = 0
        for look in self._looks("removing"):
            if look.standing is Standing.ABSENT and begun:
                self.patience.tell(self.place, "gone")
                return
            if look.standing is Standing.BROKEN and begun > ATTEMPTS:
                raise Refused(self.place.region, f"removing {self.place.stack}", look.why)
            if look.standing is not Standing.MOVING and self._answered(self._remove):
                begun += 1

    def _settled(self, outputs: Mapping[str, str]) -> bool:
        if self.deployer.settled(self.place.region, outputs):
            return True
        self.deployer.settle(self.place.region, outputs)
        return False

    def _begin(self) -> bool:
        return self.deployer.begin(self.deployer.stack(self.place.stack), self.place.region)

    def _remove(self) -> bool:
        self.deployer.remove(self.deployer.stack(self.place.stack), self.place.region)
        return True

    def _look(self) -> Look:
        return self.deployer.look(self.deployer.stack(self.place.stack), self.place.region)

    def _looks(self, doing: str) -> Iterator[Look]:
        """Looks until the time is over, and tells what happened in between."""
        ends = self.patience.clock() + self.patience.limit_seconds
        news = self.deployer.news(self.deployer.stack(self.place.stack), self.place.region)
        while True:
            with suppress(Unreachable):  # whether the region is silent, the look tells
                for what in news():
                    self.patience.tell(self.place, what)
            if look := self._answered(self._look):
                yield look
                if self.patience.clock() > ends:
                    raise Refused(self.place.region, f"{doing} {self.place.stack}", f"the time is over, and {look.why}")
            self.patience.sleep(self.patience.pause_seconds)

    def _answered(self, call: Callable[[], T]) -> T | None:
        """What a call says; None while its region is silent, which has an end."""
        try:
            answer = call()
        except Unreachable:
            now = self.patience.clock()
            self._silent_since = now if self._silent_since is None else self._silent_since
            if now - self._silent_since >= self.patience.outage_seconds:
                raise
            return None
        self._silent_since = None
        return answer
