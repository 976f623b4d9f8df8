"""Which stack of which region must stand before which other: a graph without cycles, and what may begin next.

Pure: the parallel deploy asks it after every stack that ends, and a property test drives it the same way.
"""

from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from landbridge.deploy.manifest import Feed, Home, Manifest, StackSpec, Where
from landbridge.model.errors import BadInput
from landbridge.model.region import Region

Roles = Mapping[Home, Region]


@dataclass(frozen=True, order=True, slots=True)
class Place:
    """One stack in one region."""

    stack: str
    region: Region

    def __str__(self) -> str:
        return f"{self.stack} in {self.region}"


@dataclass(frozen=True)
class Graph:
    """Every place and what it needs first; a cycle is refused by its name."""

    needs: Mapping[Place, frozenset[Place]]

    def __post_init__(self) -> None:
        if cycle := _cycle(self.needs):
            told = " needs ".join(map(str, cycle))
            raise BadInput("manifest", f"stacks feed each other in a circle ({told})", "break one of these feeds")

    @classmethod
    def of(cls, manifest: Manifest, roles: Roles) -> "Graph":
        """Every stack of a manifest in every region of its home."""
        return cls(
            {
                Place(stack.name, region): frozenset((*_feeds(manifest, stack, region, roles), *_copied(stack, region, roles)))
                for stack in manifest.stacks
                for region in regions_of(stack, roles)
            }
        )

    def ready(self, done: AbstractSet[Place], begun: AbstractSet[Place]) -> tuple[Place, ...]:
        """What may begin now: not begun yet, and everything it needs is done."""
        return tuple(place for place, needs in self.needs.items() if place not in begun and needs <= done)

    def order(self) -> tuple[Place, ...]:
        """One legal order of them all."""
        order: dict[Place, None] = {}
        while ready := self.ready(order.keys(), order.keys()):
            order.update(dict.fromkeys(ready))
        return tuple(order)

    def reversed(self) -> "Graph":
        """The same places for taking down: each after everything that needs it."""
        return Graph({place: frozenset(other for other, needs in self.needs.items() if place in needs) for place in self.needs})

    def only(self, wanted: Iterable[Place]) -> "Graph":
        """These places alone, in the order the whole graph wants, also where what lies between is left out."""
        kept = self.needs.keys() & set(wanted)
        return Graph({place: frozenset(kept & self.behind(place)) for place in self.needs if place in kept})

    def behind(self, place: Place) -> frozenset[Place]:
        """All that a place needs, however far away."""
        found: set[Place] = set()
        looking = [*self.needs[place]]
        while looking:
            at = looking.pop()
            if at not in found:
                found.add(at)
                looking.extend(self.needs.get(at, ()))
        return frozenset(found)


def regions_of(stack: StackSpec, roles: Roles) -> tuple[Region, ...]:
    """The regions a stack belongs into."""
    homes = (Home.SOURCE, Home.TARGET) if stack.home is Home.BOTH else (stack.home,)
    return tuple(roles[home] for home in homes)


def region_of(feed: Feed, region: Region, roles: Roles) -> Region:
    """Where the output lies that feeds a stack of this region."""
    match feed.where:
        case Where.SAME:
            return region
        case Where.OTHER:
            return roles[Home.TARGET] if region == roles[Home.SOURCE] else roles[Home.SOURCE]
        case _:
            return roles[Home(feed.where)]


def _feeds(manifest: Manifest, stack: StackSpec, region: Region, roles: Roles) -> Iterator[Place]:
    """What feeds it here; a parameter it may lack is not waited for where the stack that feeds it has no place."""
    for parameter, feed in stack.feeds.items():
        has_place = region_of(feed, region, roles) in regions_of(manifest.stack(feed.stack), roles)
        if has_place or not stack.may_lack(parameter):
            yield _feeding(manifest, feed, region, roles)


def _copied(stack: StackSpec, region: Region, roles: Roles) -> Iterator[Place]:
    """The stack's own place in the region where it must stand first."""
    if stack.first and roles[stack.first] != region:
        yield Place(stack.name, roles[stack.first])


def _feeding(manifest: Manifest, feed: Feed, region: Region, roles: Roles) -> Place:
    where = region_of(feed, region, roles)
    if where not in regions_of(manifest.stack(feed.stack), roles):
        what = f"wants {feed.stack}.{feed.output} of {where}, where that stack has no place"
        raise BadInput("manifest", what, "name the region it comes from")
    return Place(feed.stack, where)


def _cycle(needs: Mapping[Place, frozenset[Place]]) -> tuple[Place, ...]:
    """A way from a place back to itself, or nothing: depth first, each place once."""
    closed: set[Place] = set()
    for start in needs:
        path: list[Place] = []
        looking = [(start, False)]
        while looking:
            at, leaving = looking.pop()
            if leaving:
                closed.add(path.pop())
            elif at in path:
                return (*path[path.index(at) :], at)
            elif at not in closed:
                path.append(at)
                looking.append((at, True))
                looking.extend((need, False) for need in sorted(needs.get(at, ())))
    return ()
