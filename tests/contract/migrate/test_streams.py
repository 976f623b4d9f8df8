"""The market's streams over real ones: a marker reaches every shard, and is found where it came."""

import os
import time
from dataclasses import replace
from itertools import count
from types import SimpleNamespace
from typing import Any, cast

import pytest
from tests.contract.migrate.tables import Tables
from tests.fakes import REGIONS, SOURCE, TARGET

from landbridge.aws.clients import Clients
from landbridge.migrate.adapters.regional import typed
from landbridge.migrate.adapters.streams import LiveStreams
from landbridge.model.errors import Unreachable
from landbridge.model.market import EndMarker, Stream, Tick, entry
from landbridge.model.mirror import head, pack, piece
from landbridge.model.pen import Epoch
from landbridge.model.region import Region
from landbridge.replicate.shards import shards

NUMBERS = count(1)


class World:
    """Both streams of both regions, and the table of notes."""

    def __init__(self, tables: Tables) -> None:
        number = f"{os.getpid()}-{next(NUMBERS)}"
        self.clients, self.tables = tables.clients, tables
        self.names = {stream: f"{stream}-{number}" for stream in Stream}
        for region in REGIONS:
            for name in self.names.values():
                self.kinesis(region).create_stream(StreamName=name, ShardCount=3)
        for region in REGIONS:
            for name in self.names.values():
                self.kinesis(region).get_waiter("stream_exists").wait(StreamName=name, WaiterConfig={"Delay": 1})
        self.pens = tables.make("pens", SOURCE, TARGET)
        self.streams = self.seen_anew()

    def seen_anew(self) -> LiveStreams:
        """As another engine sees them."""
        return LiveStreams(self.clients, REGIONS, self.names, self.pens, time.time)

    def kinesis(self, region: Region) -> Any:
        """The region's client."""
        return self.clients.client("kinesis", region)

    def lying(self, region: Region) -> dict[str, list[str]]:
        """What lies in each shard of the live stream."""
        kinesis, name = self.kinesis(region), self.names[Stream.LIVE]
        found = {}
        for shard in shards(kinesis, name):
            how = {"StreamName": name, "ShardId": shard.name, "ShardIteratorType": "TRIM_HORIZON"}
            iterator = kinesis.get_shard_iterator(**how)["ShardIterator"]
            found[shard.name] = [record["Data"].decode() for record in kinesis.get_records(ShardIterator=iterator)["Records"]]
        return found

    def mirror(self, *markers: EndMarker) -> None:
        """The replicator brings these from the source."""
        for marker in markers:
            data = pack(head(marker.region, marker.shard), [piece("1", marker.text())])
            self.kinesis(TARGET).put_record(StreamName=self.names[Stream.MIRROR], PartitionKey="~end", Data=data)

    def note(self, at: Region, stream: Stream, origin: Region, shard: str, turn: int) -> None:
        """The transform at `at` has passed a marker."""
        item = {"pk": "passed#market", "sk": f"{stream}#{origin}#{shard}", "turn": turn, "epoch": 1}
        self.tables.put("pens", at, typed(item))


@pytest.fixture
def world(tables: Tables) -> World:
    """Empty."""
    return World(tables)


def test_every_shard_gets_its_own_marker_once(world: World) -> None:
    """In the shard it names, and not a second time under the same turn; a later turn marks again."""
    for turn in (5, 5, 6):
        world.streams.mark_end(SOURCE, Epoch(2), turn)
    lying = world.lying(SOURCE)
    assert set(lying) == world.streams.shards(SOURCE)
    for shard, texts in lying.items():
        assert [entry(text) for text in texts] == [EndMarker(SOURCE, shard, Epoch(2), turn) for turn in (5, 6)]


def test_an_engine_that_knows_of_none_marks_again(world: World) -> None:
    """A second marker does no harm; none at all would never be passed."""
    world.streams.mark_end(SOURCE, Epoch(2), 5)
    world.seen_anew().mark_end(SOURCE, Epoch(2), 5)
    assert all(len(texts) == 2 for texts in world.lying(SOURCE).values())


def test_markers_are_found_in_the_mirror_by_our_own_eyes(world: World) -> None:
    """Of this origin, of this turn or a later one; also by an engine that begins to look afterwards."""
    one, two, _three = sorted(world.streams.shards(SOURCE))
    assert world.streams.mirrored(SOURCE, 5) == frozenset()
    world.mirror(EndMarker(SOURCE, one, Epoch(2), 5), EndMarker(SOURCE, two, Epoch(2), 4))
    assert world.streams.mirrored(SOURCE, 5) == {one}
    world.mirror(EndMarker(SOURCE, two, Epoch(2), 7))
    assert world.streams.mirrored(SOURCE, 5) == world.seen_anew().mirrored(SOURCE, 5) == {one, two}
    assert world.streams.mirrored(SOURCE, 6) == {two}
    assert world.streams.mirrored(TARGET, 1) == frozenset()


def test_what_is_no_marker_is_passed_over(world: World) -> None:
    """Ticks, and what is no pack at all."""
    tick = Tick("feed", "ACME", 1, 'x "kind":"end" x')
    world.kinesis(TARGET).put_record(StreamName=world.names[Stream.MIRROR], PartitionKey="k", Data=tick.text().encode())
    data = pack(head(SOURCE, "shardId-000000000000"), [piece("1", tick.text())])
    world.kinesis(TARGET).put_record(StreamName=world.names[Stream.MIRROR], PartitionKey="k", Data=data)
    assert world.streams.mirrored(SOURCE, 1) == frozenset()


def test_a_transforms_notes_are_read_by_stream_origin_and_turn(world: World) -> None:
    """Its own live stream at the origin, its mirror elsewhere."""
    world.note(SOURCE, Stream.LIVE, SOURCE, "shard-a", 5)
    world.note(SOURCE, Stream.LIVE, SOURCE, "shard-b", 4)
    world.note(SOURCE, Stream.MIRROR, TARGET, "shard-c", 9)
    world.note(TARGET, Stream.MIRROR, SOURCE, "shard-d", 5)
    passed = world.streams.passed
    asked = [(SOURCE, SOURCE, 5), (SOURCE, TARGET, 5), (TARGET, SOURCE, 5)]
    assert [sorted(passed(at, origin, turn)) for at, origin, turn in asked] == [["shard-a"], ["shard-c"], ["shard-d"]]
    assert passed(SOURCE, SOURCE, 4) == {"shard-a", "shard-b"}


def test_a_marker_that_was_not_taken_is_put_again(world: World) -> None:
    """The shards that have theirs get no second one."""
    real = world.kinesis(SOURCE)

    class Refusing:
        """Takes all but the first of one request."""

        refused = False

        def __getattr__(self, name: str) -> Any:
            return getattr(real, name)

        def put_records(self, *, StreamName: str, Records: list[Any]) -> Any:  # noqa: N803 - AWS's words
            """One refusal."""
            if self.refused:
                return real.put_records(StreamName=StreamName, Records=Records)
            self.refused = True
            said = real.put_records(StreamName=StreamName, Records=Records[1:])
            return {"Records": [{"ErrorCode": "ProvisionedThroughputExceededException"}, *said["Records"]]}

    refusing = Refusing()
    streams = replace(world.streams, clients=cast("Clients", SimpleNamespace(client=lambda *_, **__: refusing)))
    with pytest.raises(Unreachable, match="1 end markers were not stored"):
        streams.mark_end(SOURCE, Epoch(2), 5)
    streams.mark_end(SOURCE, Epoch(2), 5)
    assert all(len(texts) == 1 for texts in world.lying(SOURCE).values())
