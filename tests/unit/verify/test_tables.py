"""Planted differences between two tables are found exactly, none is invented, and what was read is never read again."""

from collections.abc import Callable
from copy import deepcopy
from math import inf
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.fakes import Clock
from tests.unit.verify.tables_world import TablesWorld, item, key

from landbridge.model.errors import Refused
from landbridge.model.measure import Difference, Kind, Side
from landbridge.model.region import Pair
from landbridge.verify.budget import Budget
from landbridge.verify.comparison import StoreComparison
from landbridge.verify.settle import Settling
from landbridge.verify.tables.table import Table
from landbridge.verify.tables.wire import Copy, Item

ITEMS = 40
Plant = Callable[[TablesWorld, Item], tuple[Side, Kind] | None]


def full(number: int) -> Item:
    """An item with every type of attribute."""
    return item(
        f"user-{number % 13}",
        f"view-{number}",
        price={"N": f"{number}.50"},
        note={"S": "caf\u00e9"},
        empty={"S": ""},
        tags={"SS": ["a", f"b{number}"]},
        deep={"M": {"list": {"L": [{"N": "1"}, {"NULL": True}]}, "blob": {"B": "eA=="}}},
    )


def changed(name: str, value: dict[str, Any]) -> Plant:
    """The target's attribute says something else."""

    def plant(world: TablesWorld, found: Item) -> tuple[Side, Kind]:
        world.target.put({**deepcopy(found), name: value})
        return Side.TARGET, Kind.CHANGED

    return plant


def same(name: str, value: dict[str, Any]) -> Plant:
    """The target's attribute says the same in another way."""

    def plant(world: TablesWorld, found: Item) -> None:
        world.target.put({**deepcopy(found), name: value})

    return plant


def missing(side: Side) -> Plant:
    """One side has no such item."""

    def plant(world: TablesWorld, found: Item) -> tuple[Side, Kind]:
        copy = world.source if side is Side.SOURCE else world.target
        copy.items = {each: kept for each, kept in copy.items.items() if key(kept) != key(found)}
        return side, Kind.MISSING

    return plant


def reserved(world: TablesWorld, found: Item) -> None:
    """A canary of ours beside it."""
    world.source.put({**deepcopy(found), "user": {"S": f"~{key(found)}"}})


PLANTS: dict[str, Plant] = {
    "missing at the target": missing(Side.TARGET),
    "missing at the source": missing(Side.SOURCE),
    "another number": changed("price", {"N": "-1"}),
    "text, not number": changed("price", {"S": "1.5"}),
    "another normal form": changed("note", {"S": "cafe\u0301"}),
    "NULL, not empty": changed("empty", {"NULL": True}),
    "an attribute more": changed("more", {"BOOL": False}),
    "list in another order": changed("deep", {"M": {"list": {"L": [{"NULL": True}, {"N": "1"}]}, "blob": {"B": "eA=="}}}),
    "same, map in another order": same("deep", {"M": {"blob": {"B": "eA=="}, "list": {"L": [{"N": "1.0"}, {"NULL": True}]}}}),
    "reserved": reserved,
}


def comparison(world: TablesWorld, folder: Path | None = None, segments: int = 2) -> StoreComparison:
    """Of a world's two copies."""
    copies: Pair[Copy] = Pair(world.source, world.target)
    return StoreComparison(Table("state", copies, segments, Settling(3, world.sleep)), Clock(), folder)


@given(
    st.dictionaries(st.integers(0, ITEMS - 1), st.sampled_from(sorted(PLANTS)), max_size=12), st.integers(0, 999), st.booleans()
)
@settings(max_examples=40, deadline=None)
def test_what_is_planted_is_found_and_nothing_else(plants: dict[int, str], seed: int, busy: bool) -> None:  # noqa: FBT001
    """Under live writes with a target that lags, too."""
    world, expected = TablesWorld(Random(seed), hot=5 * busy), []
    for number in range(ITEMS):
        world.both(full(number))
    for number, name in plants.items():
        found = PLANTS[name](world, full(number))
        expected += [Difference("state", key(full(number)), *found)] if found else []
    result = comparison(world).compare()
    assert list(result.differences) == sorted(expected)
    assert result.whole


def test_a_side_that_refuses_half_way_gives_a_partial_result(tmp_path: Path) -> None:
    """The sentence says what and where; going on later reads each page once."""
    world = TablesWorld(Random(1))
    for number in range(ITEMS):
        world.both(full(number))
    world.target.fails_at = 4
    made = comparison(world, tmp_path / "work", segments=1)
    result = made.compare()
    assert (result.whole, result.stopped) == (False, "scan state was refused in eu-central-1: AccessDeniedException: no")
    assert 0 < result.compared <= ITEMS
    assert made.newest() == result
    again = made.compare()
    assert (again.whole, again.compared, again.differences) == (True, ITEMS, ())
    assert (world.source.pages, world.target.pages) == (ITEMS // 5 + 1, ITEMS // 5 + 2)


def test_a_side_that_refuses_at_once_is_told_as_an_error() -> None:
    """Nothing was compared, so there is no result."""
    world = TablesWorld(Random(1))
    world.target.fails_at = 1
    with pytest.raises(Refused):
        comparison(world).compare()


def test_a_budget_is_kept_over_all_threads() -> None:
    """Ten units a second: a hundred units take ten seconds."""
    clock = Clock()
    budget = Budget(10, clock, clock.sleep)
    for _ in range(25):
        budget.spend(4)
    assert clock() == pytest.approx(Clock().now + 10)
    assert budget.spent == 100


def test_no_budget_waits_for_nothing() -> None:
    """Nobody sleeps."""
    Budget(inf, Clock(), lambda _seconds: pytest.fail("it waited")).spend(1e6)


def test_it_is_told_beforehand_what_would_be_read() -> None:
    """Half a unit for 4 KB; nothing is read for it."""
    world = TablesWorld(Random(1))
    for number in range(ITEMS):
        world.both(full(number))
    source, target = comparison(world).explain()
    assert (source.what, target.what) == ("state at the source", "state at the target")
    assert (source.reads, source.unit, source.size, source.note) == (1, "read units", 4000, "40 items")
    assert world.now == 0
