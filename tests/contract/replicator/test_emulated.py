"""The replicator and its engine-side port against an emulator's own Kinesis, Lambda and S3."""

import json
import time
from datetime import timedelta

from tests.contract.platform.emulators import SOURCE, TARGET
from tests.contract.replicator.emulated import FUNCTION, LIVE, MIRROR, Emulated

from landbridge.model.hearts import key_into
from landbridge.model.market import EndMarker, Tick
from landbridge.model.pen import Epoch
from landbridge.model.region import Pair
from landbridge.replicate.shards import open_shards
from landbridge.replicate.stream import StreamReplicator
from landbridge.replicate.stream_preflight import StreamPreflight, mapping_obstacles


def replicator(emulated: Emulated) -> StreamReplicator:
    """As the engine has it."""
    return StreamReplicator(emulated.clients, Pair(SOURCE, TARGET), LIVE, MIRROR, FUNCTION, time.time)


def test_records_arrive_in_order_with_their_origin_and_the_rest_is_set_aside(emulated: Emulated) -> None:
    """A marker comes behind what lay before it in its shard, in the like shard of the mirror; poison lies in the bucket."""
    ticks = [Tick("emulated", f"S{number % 7}", number, "1") for number in range(200)]
    for tick in ticks:
        emulated.put(tick.symbol, tick.text().encode())
    emulated.put("S1", b"poison")
    marks = {shard: EndMarker(SOURCE, shard.name, Epoch(1), 9) for shard in open_shards(emulated.kinesis(SOURCE), LIVE)}
    for shard, mark in marks.items():
        emulated.put(key_into(shard, "~end"), mark.text().encode())
    emulated.copy()
    carried = [each for each in emulated.mirrored() if not isinstance(each.entry, Tick) or each.entry.feed == "emulated"]
    for symbol in {tick.symbol for tick in ticks}:
        mine = [each.entry for each in carried if isinstance(each.entry, Tick) and each.entry.symbol == symbol]
        assert mine == [tick for tick in ticks if tick.symbol == symbol]
    for shard, mark in marks.items():
        mine_too = [each.entry for each in carried if each.origin.shard == shard.name]
        assert mine_too[-1] == mark
        assert len([each for each in mine_too if isinstance(each, EndMarker)]) == 1
    letters = [json.loads(line) for text in emulated.kept() for line in text.splitlines()]
    assert [(letter["why"], letter["partition_key"], letter["region"]) for letter in letters] == [
        ("is not a JSON object", "S1", SOURCE)
    ]


def test_a_mapping_is_enabled_and_disabled(emulated: Emulated) -> None:
    """Each as often as one likes; before, between and after, what is seen is what is."""
    made = replicator(emulated)
    assert (made.copied(), made.lag()) == (False, None)
    for _ in range(2):
        made.start()
    assert made.copied()
    for _ in range(2):
        made.stop()
    assert not made.copied()


def test_lag_is_the_age_of_the_oldest_newest_heartbeat(emulated: Emulated) -> None:
    """None until one of every shard is copied; a replicator that stands still is seen as ever staler."""
    made = replicator(emulated)
    made.start()
    try:
        made.beat()
        assert made.lag() is None
        emulated.copy()
        first = made.lag()
        time.sleep(0.1)
        made.beat()  # not copied
        second = made.lag()
        assert first is not None
        assert second is not None
        assert second >= first + timedelta(seconds=0.1)
        emulated.copy()
        assert (made.lag() or second) < second
        assert made.position().endswith("2 of 2 shards heard")
    finally:
        made.stop()


def test_the_preflight_sees_what_an_emulator_tells(emulated: Emulated) -> None:
    """Streams without a key, and kept for a day; the mapping is as it should be."""
    told = StreamPreflight(emulated.clients, Pair(SOURCE, TARGET), LIVE, MIRROR, 168).obstacles()
    assert len(told) == 8
    assert f"{LIVE} in {SOURCE} keeps records 24 h, 168 h are wanted; raise its retention" in told
    found = emulated.clients.client("lambda", SOURCE).list_event_source_mappings(FunctionName=FUNCTION)
    assert mapping_obstacles(found["EventSourceMappings"][0]) == ()
