"""What proves the market's move, over real streams: a side has it when a marker came through every shard."""

import pytest
from tests.contract.migrate.tables import Tables
from tests.contract.migrate.test_streams import World
from tests.fake_market import FakeFeeds
from tests.fakes import SOURCE, TARGET, Clock, FakePens

from landbridge.migrate.adapters.market_marks import MarketCopies, MarketMarks
from landbridge.migrate.steps.prove_reverse import MARK
from landbridge.model.market import EndMarker, Stream, entry
from landbridge.model.pen import Epoch

EPOCH = Epoch(2)


@pytest.fixture
def world(tables: Tables) -> World:
    """Three shards a stream, nothing in them."""
    return World(tables)


def _marks(world: World) -> MarketMarks:
    return MarketMarks(world.streams, FakeFeeds(told={SOURCE: TARGET}), FakePens(Clock(0.0)))


def test_the_other_side_has_it_when_its_mirror_has_what_was_passed(world: World) -> None:
    """Shard by shard, by turn; a shard that ends nowhere is never there."""
    copies, (one, two, three) = MarketCopies(world.streams), sorted(world.streams.shards(SOURCE))
    world.note(SOURCE, Stream.LIVE, SOURCE, one, 5)
    world.note(SOURCE, Stream.LIVE, SOURCE, two, 7)
    wanted = copies.accepted(SOURCE, EPOCH, 0.0)
    assert wanted == {one: "5", two: "7", three: "0"}
    world.mirror(EndMarker(SOURCE, one, EPOCH, 5), EndMarker(SOURCE, two, EPOCH, 5), EndMarker(SOURCE, three, EPOCH, 5))
    assert copies.lacking(TARGET, wanted) == [two, three]
    world.mirror(EndMarker(SOURCE, two, EPOCH, 7))
    assert copies.lacking(TARGET, wanted) == [three]


def test_the_way_back_is_shown_by_a_mark_in_every_shard_of_the_mirror(world: World) -> None:
    """Put at one side, found at the other; the oldest shard counts."""
    marks, shards = _marks(world), sorted(world.streams.shards(SOURCE))
    marks.put(SOURCE, MARK, 5)
    assert {entry(text) for texts in world.lying(SOURCE).values() for text in texts} == {
        EndMarker(SOURCE, shard, Epoch(0), 5) for shard in shards
    }
    world.mirror(*(EndMarker(SOURCE, shard, EPOCH, 5) for shard in shards[1:]))
    assert marks.read(TARGET, MARK) == 0
    world.mirror(EndMarker(SOURCE, shards[0], EPOCH, 6))
    assert marks.read(TARGET, MARK) == 5


def test_a_mark_is_sent_where_the_feeds_put_and_takes_effect_when_it_is_passed(world: World) -> None:
    """By the notes of the transform there, in every shard."""
    marks, shards = _marks(world), sorted(world.streams.shards(TARGET))
    marks.send(SOURCE, "start", 5)
    assert not any(world.lying(SOURCE).values())
    assert all(len(texts) == 1 for texts in world.lying(TARGET).values())
    for shard in shards:
        assert marks.read(TARGET, "start") == 0
        world.note(TARGET, Stream.LIVE, TARGET, shard, 5)
    assert marks.read(TARGET, "start") == 5
