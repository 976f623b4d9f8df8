"""Planted differences between a live stream and its mirror are found exactly, none is invented, and order is judged."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.verify.streams_world import LAG, SHARDS, StreamsWorld, marker

from landbridge.model.errors import Refused
from landbridge.model.market import Tick, entry
from landbridge.model.measure import Difference, Kind, Side
from landbridge.model.region import Pair
from landbridge.verify.comparison import StoreComparison
from landbridge.verify.settle import Settling
from landbridge.verify.stream.reading import Copy
from landbridge.verify.stream.streams import Streams
from landbridge.verify.stream.tally import Record

T, S = Side.TARGET, Side.SOURCE
COUNT = 30  # ticks of each planted symbol
Found = list[tuple[str, Side, Kind]]
Plant = Callable[[StreamsWorld, int], Found]


def filled(world: StreamsWorld) -> None:
    """Two symbols, one a shard, a heartbeat and an end marker."""
    for number in range(1, COUNT + 1):
        for place, shard in enumerate(SHARDS):
            world.both(Tick("feed", f"cold-{place}", number, f"{number}.5"), 900.0 + number, shard)
    for shard in SHARDS:
        world.both(Tick("~heartbeat", shard, 1, "940.0"), 940.0, shard)
        world.both(marker(shard), 941.0, shard)


def at(records: list[Record], number: int) -> int:
    """Where a planted tick lies first."""
    told = [entry(record.text) for record in records]
    return next(place for place, each in enumerate(told) if isinstance(each, Tick) and each.sequence == number)


def lost(world: StreamsWorld, number: int) -> Found:
    """It never arrived."""
    lying = world.mirror.lying["shard-0"]
    del lying[at(lying, number)]
    return [(f"feed/cold-0/{number}", T, Kind.MISSING)]


def spoilt(world: StreamsWorld, number: int) -> Found:
    """It says something else."""
    lying = world.mirror.lying["shard-0"]
    place = at(lying, number)
    lying[place] = replace(lying[place], text=Tick("feed", "cold-0", number, f"{number}.50").text())
    return [(f"feed/cold-0/{number}", T, Kind.CHANGED)]


def doubled(world: StreamsWorld, number: int) -> Found:
    """It arrived twice, which is lawful."""
    lying = world.mirror.lying["shard-0"]
    lying.append(lying[at(lying, number)])
    return []


def poison(world: StreamsWorld, number: int) -> Found:
    """Something that is no market record, which the replicator sets aside."""
    world.live.lying["shard-0"].append(Record("shard-0", 900.0 + number, "{"))
    return []


def late(world: StreamsWorld, number: int) -> Found:
    """It came behind the one after it."""
    lying = world.mirror.lying["shard-0"]
    place = at(lying, number)
    lying[place], lying[place + 1] = lying[place + 1], lying[place]
    return [(f"feed/cold-0/{number}", T, Kind.DISORDERED)]


PLANTS: dict[str, Plant] = {each.__name__: each for each in (lost, spoilt, doubled, poison, late)}


def comparison(world: StreamsWorld, folder: Path | None = None) -> StoreComparison:
    """Of a world's two streams."""
    copies: Pair[Copy] = Pair(world.live, world.mirror)
    return StoreComparison(Streams("market", copies, 200.0, 2 * LAG, Settling(3, world.sleep)), world, folder)


@given(
    st.dictionaries(st.integers(1, COUNT // 3 - 1).map(lambda n: 3 * n), st.sampled_from(sorted(PLANTS)), max_size=8),
    st.integers(0, 999),
    st.booleans(),
)
@settings(max_examples=60, deadline=None)
def test_what_is_planted_is_found_and_nothing_else(plants: dict[int, str], seed: int, busy: bool) -> None:  # noqa: FBT001
    """With a feed that never stops and a mirror that lags, too."""
    world = StreamsWorld(Random(seed), busy=busy)
    filled(world)
    for _ in range(3):
        world.sleep(0)
    expected = [Difference("market", *found) for number, name in plants.items() for found in PLANTS[name](world, number)]
    result = comparison(world).compare()
    assert list(result.differences) == sorted(expected)
    assert result.whole


def test_the_first_and_the_last_are_missed_too() -> None:
    """The ends of a window are no blind spots."""
    world = StreamsWorld(Random(1))
    filled(world)
    assert [found for number in (1, COUNT) for found in lost(world, number)] == [
        (each.key, each.side, each.kind) for each in comparison(world).compare().differences
    ]


def test_a_gap_of_the_feed_is_the_sources() -> None:
    """It is missing on both sides, and named once; what only the mirror has behind the end is missing at the source, too."""
    world = StreamsWorld(Random(1))
    filled(world)
    for stream in (world.live, world.mirror):
        del stream.lying["shard-1"][at(stream.lying["shard-1"], 7)]
    world.mirror.lying["shard-1"].append(Record("shard-1", 960.0, Tick("feed", "cold-1", COUNT + 1, "1").text()))
    found = [(each.key, each.side, each.kind) for each in comparison(world).compare().differences]
    assert found == [(f"feed/cold-1/{COUNT + 1}", S, Kind.MISSING), ("feed/cold-1/7", S, Kind.MISSING)]


def test_an_end_marker_that_did_not_arrive_is_missing() -> None:
    """By region, shard, epoch and turn."""
    world = StreamsWorld(Random(1))
    filled(world)
    world.live.lying["shard-0"].append(Record("shard-0", 950.0, marker("shard-0", turn=9).text()))
    assert [str(each) for each in comparison(world).compare().differences] == [
        "market end/us-east-1/shard-0/1/9: missing at the target"
    ]


def test_what_is_not_due_yet_is_not_missing() -> None:
    """It was put a moment before the comparison began, and a mirror may be behind as long as the lag."""
    world = StreamsWorld(Random(1))
    filled(world)
    world.live.lying["shard-0"].append(Record("shard-0", world.now - LAG, Tick("feed", "cold-0", COUNT + 1, "1").text()))
    world.live.lying["shard-0"].append(Record("shard-0", world.now - LAG, marker("shard-0", turn=9).text()))
    assert comparison(world).compare().differences == ()


def test_what_lies_before_the_window_says_nothing() -> None:
    """A mirror that begins earlier, and one resent record from before."""
    world = StreamsWorld(Random(1))
    filled(world)
    for shard in SHARDS:
        world.live.lying[shard] = [record for record in world.live.lying[shard] if record.arrived > 910]
    world.live.lying["shard-0"].append(Record("shard-0", 950.0, Tick("feed", "cold-0", 2, "2.5").text()))
    assert comparison(world).compare().differences == ()


def test_what_is_lawful_is_counted_and_told() -> None:
    """Records of each shard, doubles, strays, and the age of the newest heartbeat."""
    world = StreamsWorld(Random(1))
    filled(world)
    doubled(world, 5)
    poison(world, 6)
    assert comparison(world).compare().notes == (
        "source: shard-0 33, shard-1 32",
        "target: shard-0 33, shard-1 32",
        "doubles, which readers drop: 0 at the source, 1 at the target",
        "no market records: 1 at the source, 0 at the target",
        "the newest heartbeat at the target was 60.0 s old, on the shard where it is oldest",
    )


def test_a_stream_that_refuses_half_way_gives_a_partial_result(tmp_path: Path) -> None:
    """Going on later reads no record twice."""
    world = StreamsWorld(Random(1))
    filled(world)
    world.live.fails_at = 3
    made = comparison(world, tmp_path / "work")
    result = made.compare()
    assert (result.whole, result.coverage) == (False, 0.5)
    assert result.stopped == "GetRecords live was refused in us-east-1: AccessDeniedException: no"
    again = made.compare()
    assert (again.whole, again.compared, again.differences) == (True, 4 * (COUNT + 2), ())
    assert world.live.read == world.mirror.read == 2 * (COUNT + 2)


def test_a_stream_that_refuses_at_once_is_told_as_an_error() -> None:
    """Nothing was compared, so there is no result."""
    world = StreamsWorld(Random(1))
    world.mirror.fails_at = 1
    with pytest.raises(Refused):
        comparison(world).compare()


def test_it_is_told_beforehand_what_would_be_read() -> None:
    """Shards and seconds; no record is read for it."""
    world = StreamsWorld(Random(1))
    source, _ = comparison(world).explain()
    assert (source.reads, source.unit, source.note) == (2, "shards", "the records of the last 200 s, by one reader a side")
    assert world.live.batches == 0
