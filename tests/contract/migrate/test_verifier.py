"""The comparison against two real tables with planted differences, and with writes going on."""

from collections.abc import Callable
from dataclasses import replace
from math import inf

import pytest
from tests.builders import state
from tests.contract.migrate.tables import Tables
from tests.fakes import REGIONS, SOURCE, TARGET, Clock

from landbridge.migrate.adapters.state_copies import typed
from landbridge.model.errors import Refused
from landbridge.model.measure import Difference, Kind, Side
from landbridge.model.region import Pair as Sides
from landbridge.model.region import Region
from landbridge.model.state import StateItem
from landbridge.verify.budget import Budget
from landbridge.verify.comparison import StoreComparison
from landbridge.verify.settle import ROUNDS, Settling
from landbridge.verify.tables.table import Table
from landbridge.verify.tables.wire import Copy, TableCopy

SETTLE = 3.0


def verifier(tables: Tables, table: str, clock: Clock, sleep: Callable[[float], None]) -> StoreComparison:
    """Over both real copies."""
    copies: Sides[Copy] = REGIONS.map(lambda region: TableCopy(tables.clients, table, region, Budget(inf, clock, sleep)))
    return StoreComparison(Table(table, copies, 3, Settling(SETTLE, sleep)), clock)


class Pair:
    """Two copies of one table, and a comparison whose every sleep may let something happen."""

    def __init__(self, tables: Tables) -> None:
        self.tables, self.clock, self.sleeps = tables, Clock(), 0
        self.table = tables.make("state", SOURCE, TARGET)
        self.meanwhile: Callable[[], None] = lambda: None
        self.verifier = verifier(tables, self.table, self.clock, self._sleep)

    def put(self, item: StateItem, *regions: Region) -> None:
        """In these regions."""
        for region in regions:
            self.tables.put("state", region, typed(item))

    def differences(self) -> list[Difference]:
        """What a comparison finds."""
        return list(self.verifier.compare().differences)

    def _sleep(self, seconds: float) -> None:
        self.sleeps += 1
        self.clock.sleep(seconds)
        self.meanwhile()


@pytest.fixture
def pair(tables: Tables) -> Pair:
    """A hundred items, the same on both sides."""
    made = Pair(tables)
    for number in range(100):
        made.put(state(f"user-{number:03d}", value="x" * number), SOURCE, TARGET)
    return made


def test_equal_copies_have_no_differences(pair: Pair) -> None:
    """Everything was compared, at once, and it is remembered."""
    assert pair.verifier.newest() is None
    result = pair.verifier.compare()
    assert (result.compared, result.differences, pair.sleeps) == (100, (), 0)
    assert result.began == Clock().now
    assert pair.verifier.newest() == result


def test_planted_differences_are_found_exactly(pair: Pair) -> None:
    """Missing on either side, and changed by one attribute: each by its key, and nothing else."""
    pair.put(state("only-source"), SOURCE)
    pair.put(state("only-target"), TARGET)
    pair.put(replace(state("user-007", value="x" * 7), version=2), TARGET)
    pair.put(replace(state("user-008", value="x" * 8), deleted=True), SOURCE)
    result = pair.verifier.compare()
    assert list(result.differences) == [
        Difference(pair.table, "only-source/main", Side.TARGET, Kind.MISSING),
        Difference(pair.table, "only-target/main", Side.SOURCE, Kind.MISSING),
        Difference(pair.table, "user-007/main", Side.TARGET, Kind.CHANGED),
        Difference(pair.table, "user-008/main", Side.TARGET, Kind.CHANGED),
    ]
    assert result.compared == 102
    assert result.seconds == pytest.approx(SETTLE)


def test_our_own_users_are_left_out(pair: Pair) -> None:
    """Heartbeats and canaries differ all the time."""
    pair.put(state("~heartbeat"), SOURCE)
    assert pair.differences() == []


def test_a_difference_that_settles_is_none(pair: Pair) -> None:
    """It was on its way: at the last look it is there."""
    late = state("late")
    pair.put(late, SOURCE)
    pair.meanwhile = lambda: pair.put(late, TARGET) if pair.sleeps == ROUNDS else None
    assert pair.differences() == []


def test_a_key_that_is_written_all_the_time_is_no_difference(pair: Pair) -> None:
    """It arrives, always one write behind: both sides move, so the copy follows."""
    versions = [replace(state("busy"), version=number) for number in range(1, 9)]
    pair.put(versions[1], SOURCE)
    pair.put(versions[0], TARGET)

    def write() -> None:
        pair.put(versions[pair.sleeps + 1], SOURCE)
        pair.put(versions[pair.sleeps], TARGET)

    pair.meanwhile = write
    assert pair.differences() == []


def test_a_key_whose_copy_does_not_follow_is_a_difference(pair: Pair) -> None:
    """Written all the time at the source, and never arriving."""
    pair.put(state("busy"), TARGET)
    pair.put(state("busy", version=2), SOURCE)
    pair.meanwhile = lambda: pair.put(state("busy", version=2 + pair.sleeps), SOURCE)
    assert [(each.key, each.kind) for each in pair.differences()] == [("busy/main", Kind.CHANGED)]


def test_a_table_that_is_not_there_refuses(tables: Tables) -> None:
    """It is never taken for an empty one."""
    made = verifier(tables, "nowhere-at-all", Clock(), lambda _seconds: None)
    with pytest.raises(Refused, match="ResourceNotFoundException"):
        made.compare()
