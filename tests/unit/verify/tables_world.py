"""Two copies of a table in memory, the target behind the source, with writers who never stop; every read lets time pass."""

import zlib
from collections import deque
from collections.abc import Callable, Iterable
from copy import deepcopy
from dataclasses import dataclass, field
from random import Random
from typing import Any

import orjson

from landbridge.model.errors import Refused
from landbridge.verify.tables.canonical import digest
from landbridge.verify.tables.wire import Item, Start, key_of

NAMES = ("user", "view")
LAG, SLEEP = 7, 40  # in ticks; one read is a tick, one sleep is many


def item(user: str, view: str = "main", **attributes: dict[str, Any]) -> Item:
    """In DynamoDB's JSON."""
    return {"user": {"S": user}, "view": {"S": view}, **attributes}


@dataclass
class FakeTable:
    """One copy, cut into pages of a few items."""

    items: dict[bytes, Item] = field(default_factory=dict)
    tick: Callable[[], None] = lambda: None
    per_page: int = 5
    pages: int = 0
    fails_at: int = -1  # the page that is refused

    def put(self, found: Item) -> None:
        """Stored."""
        self.items[key_of(found, NAMES)] = found

    def names(self) -> tuple[str, ...]:
        """A composite key."""
        return NAMES

    def size(self) -> tuple[int, int]:
        """As told."""
        return len(self.items), 100 * len(self.items)

    def page(self, segment: int, segments: int, start: Start) -> tuple[list[Item], Start]:
        """In the order of a hash, as DynamoDB has it."""
        self.tick()
        self.pages += 1
        if self.pages == self.fails_at:
            raise Refused("eu-central-1", "scan state", "AccessDeniedException: no")
        after = zlib.crc32(key_of(start, NAMES)) if start else -1
        mine = sorted((zlib.crc32(key), key) for key in self.items if zlib.crc32(key) % segments == segment)
        found = [key for order, key in mine if order > after][: self.per_page]
        last = {name: self.items[found[-1]][name] for name in NAMES} if len(found) == self.per_page else None
        return [deepcopy(self.items[key]) for key in found], last

    def look(self, keys: Iterable[bytes]) -> dict[bytes, str]:
        """As they are now."""
        self.tick()
        return {key: digest(deepcopy(self.items[key])).hex() for key in keys if key in self.items}


@dataclass
class TablesWorld:
    """A source, a target that lags, and writers on keys of their own."""

    chance: Random
    source: FakeTable = field(default_factory=FakeTable)
    target: FakeTable = field(default_factory=FakeTable)
    hot: int = 0  # keys that are written all the time
    now: int = 0
    under_way: deque[tuple[int, Item]] = field(default_factory=deque)

    def __post_init__(self) -> None:
        self.source.tick = self.target.tick = self.tick

    def both(self, found: Item) -> None:
        """Long since on both sides."""
        self.source.put(found)
        self.target.put(deepcopy(found))

    def tick(self) -> None:
        """A write here, an arrival there."""
        self.now += 1
        if self.hot:
            user = f"hot-{self.chance.randrange(self.hot)}"
            written = item(user, value={"N": str(self.now)})
            self.source.put(written)
            self.under_way.append((self.now + self.chance.randint(1, LAG), deepcopy(written)))
        while self.under_way and self.under_way[0][0] <= self.now:
            self.target.put(self.under_way.popleft()[1])

    def sleep(self, _seconds: float) -> None:
        """Longer than the lag."""
        for _ in range(SLEEP):
            self.tick()


def key(found: Item) -> str:
    """As results name it."""
    return "/".join(typed["S"] for typed in orjson.loads(key_of(found, NAMES)))
