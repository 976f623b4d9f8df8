"""A stream's copy is a mapping that is switched, and its lag the age of heartbeats found in the mirror by our own reader."""

from datetime import timedelta

import pytest
from tests.fakes import REGIONS, SOURCE, TARGET, Clock
from tests.unit.replicate.stream_fakes import FUNCTION, LIVE, MIRROR, FakeClients

from landbridge.migrate.step import Context, State
from landbridge.migrate.steps.replicate_store import ReplicateStore
from landbridge.model.errors import Refused, Unreachable
from landbridge.model.hearts import key_into
from landbridge.model.market import HEARTBEAT_FEED, Tick, entry
from landbridge.model.mirror import head, pack, piece
from landbridge.replicate.port import Replicator
from landbridge.replicate.reading import PAGES
from landbridge.replicate.shards import open_shards
from landbridge.replicate.stream import NEVER_READ, StreamReplicator


class World:
    """Both regions, and the port between them."""

    def __init__(self) -> None:
        self.clock = Clock()
        self.clients = FakeClients(self.clock)
        self.functions = self.clients.functions
        self.source, self.target = self.clients.kinesis[SOURCE], self.clients.kinesis[TARGET]
        self.replicator = self.another()
        self.copied = 0

    def another(self) -> Replicator:
        """As another process would make it."""
        return StreamReplicator(self.clients, REGIONS, LIVE, MIRROR, FUNCTION, self.clock)

    def copy(self, origin: str = SOURCE) -> None:
        """What the function does with everything new in the live stream."""
        new = self.source.streams[LIVE].records[self.copied :]
        self.copied += len(new)
        for number, shard, _, data in new:
            self.target.store(MIRROR, "shard-0", pack(head(origin, shard), [piece(str(number), data.decode())]))


@pytest.fixture
def world() -> World:
    """One a test."""
    return World()


def test_starting_and_stopping_switch_the_mapping_once(world: World) -> None:
    """What is under way is left alone until it is done."""
    world.functions.add("Disabled")
    assert not world.replicator.copied()
    for _ in range(2):
        world.replicator.start()
    assert world.replicator.copied()
    world.replicator.stop()
    world.functions.settle()
    world.replicator.start()
    assert world.functions.updates == 1
    for _ in range(2):
        world.replicator.stop()
        assert world.replicator.copied()
    world.functions.settle()
    world.replicator.stop()
    assert (world.functions.updates, world.replicator.copied()) == (2, False)


def test_without_a_mapping_nothing_is_copied(world: World) -> None:
    """Stopping is done, starting is refused; a mapping on another stream is none of ours."""
    world.functions.add("Enabled", MIRROR)
    world.replicator.stop()
    assert (world.replicator.copied(), world.replicator.lag()) == (False, None)
    assert world.replicator.position() == "mapping absent, 0 of 2 shards heard"
    with pytest.raises(Refused, match="has no mapping"):
        world.replicator.start()


def test_two_mappings_on_one_stream_are_refused(world: World) -> None:
    """Each record would be copied twice, for ever."""
    for _ in range(2):
        world.functions.add("Enabled")
    with pytest.raises(Refused, match="2 mappings"):
        world.replicator.copied()


def test_a_mapping_that_lost_its_place_is_refused(world: World) -> None:
    """It stood still for longer than the stream keeps records; one that never read has no place to lose."""
    found = world.functions.add("Disabled")
    world.clock.now += 168 * 3600 + 1
    with pytest.raises(Refused, match="168 h ago and the stream keeps 168 h"):
        world.replicator.start()
    assert world.functions.updates == 0
    found["LastProcessingResult"] = NEVER_READ
    world.replicator.start()
    assert world.functions.updates == 1


def test_a_place_that_is_still_kept_is_gone_on_from(world: World) -> None:
    """Up to the last second."""
    world.functions.add("Disabled")
    world.clock.now += 168 * 3600
    world.replicator.start()
    assert world.functions.updates == 1


def test_a_heartbeat_goes_into_every_open_shard(world: World) -> None:
    """Under a key that falls there by itself, so that its copy falls into the like shard."""
    world.replicator.beat()
    found = [(shard, entry(data.decode())) for _, shard, _, data in world.source.streams[LIVE].records]
    assert [(shard, each.feed, each.symbol) for shard, each in found if isinstance(each, Tick)] == [
        (name, HEARTBEAT_FEED, name) for name in ("shard-0", "shard-1")
    ]


def test_a_heartbeat_that_was_not_stored_is_told(world: World) -> None:
    """The next one follows anyway."""
    world.source.refuse = 1
    with pytest.raises(Unreachable, match="1 heartbeats were not stored"):
        world.replicator.beat()


def test_lag_is_that_of_the_shard_that_is_furthest_behind(world: World) -> None:
    """None until every shard was heard of."""
    world.functions.add("Enabled")
    assert world.replicator.lag() is None
    world.replicator.beat()
    del world.source.streams[LIVE].records[1]
    world.copy()
    assert world.replicator.lag() is None
    assert world.replicator.position() == "mapping Enabled, 1 of 2 shards heard"
    world.replicator.beat()
    world.copy()
    world.clock.now += 3
    world.replicator.beat()
    world.source.streams[LIVE].records.pop()
    world.copy()
    world.clock.now += 2
    assert world.replicator.lag() == timedelta(seconds=5)


def test_a_replicator_that_stands_still_is_seen_as_stale(world: World) -> None:
    """Never as quick, and not as unknown either."""
    world.functions.add("Enabled")
    world.replicator.beat()
    world.copy()
    for seconds in (0, 30, 60, 90):
        assert world.replicator.lag() == timedelta(seconds=seconds)
        world.clock.now += 30
        world.replicator.beat()
    world.copy()
    assert world.replicator.lag() == timedelta(0)


def test_a_copy_that_is_switched_off_has_no_lag(world: World) -> None:
    """Whatever lies in the mirror."""
    found = world.functions.add("Enabled")
    world.replicator.beat()
    world.copy()
    for state in ("Disabled", "Disabling", "Enabling", "Creating"):
        found["State"] = state
        assert world.replicator.lag() is None


def test_a_reader_without_a_place_looks_back_a_minute(world: World) -> None:
    """Another process of the engine finds the last heartbeat, and nothing older."""
    world.functions.add("Enabled")
    world.replicator.beat()
    world.copy()
    world.clock.now += 60
    assert world.another().lag() == timedelta(seconds=60)
    world.clock.now += 1
    assert world.another().lag() is None


def test_a_reader_goes_on_from_its_own_place(world: World) -> None:
    """It reads each record once; a look reads so many, and the next one the rest."""
    world.functions.add("Enabled")
    for _ in range(PAGES // 2 + 5):
        world.replicator.beat()
    world.clock.now += 5
    world.replicator.beat()
    world.copy()
    assert world.replicator.lag() == timedelta(seconds=5)
    assert world.replicator.lag() == timedelta(0)
    before = world.target.reads
    world.replicator.lag()
    assert world.target.reads - before == 3


def test_what_else_lies_in_a_mirror_is_no_heartbeat(world: World) -> None:
    """Other records, heartbeats of the other direction, and what is no pack."""
    world.functions.add("Enabled")
    world.replicator.beat()
    world.copy(origin=TARGET)
    world.target.store(MIRROR, "shard-0", HEARTBEAT_FEED.encode())
    for symbol in ("symbol", HEARTBEAT_FEED):
        tick = Tick("feed", symbol, 1, "1").text()
        world.target.store(MIRROR, "shard-0", pack(head(SOURCE, "shard-0"), [piece("1", tick)]))
    assert world.replicator.lag() is None


def test_a_region_that_is_silent_is_unreachable(world: World) -> None:
    """In our own words."""
    world.functions.add("Enabled")
    del world.target.streams[MIRROR]
    with pytest.raises(Refused, match=f"reading {MIRROR} was refused in {TARGET}"):
        world.replicator.lag()


def test_a_key_falls_into_its_shard_always(world: World) -> None:
    """The same one each time, and another one for another shard."""
    keys = [key_into(shard, "~end") for shard in open_shards(world.source, LIVE)]
    assert keys == [key_into(shard, "~end") for shard in open_shards(world.source, LIVE)]
    assert len(set(keys)) == 2


def context(before: dict[str, bool]) -> Context:
    """What a step is handed."""
    return Context(now=0, entered=0, turn=1, done=False, before=before, history=None, sure=lambda: None)  # type: ignore[arg-type]


def test_the_step_that_copies_a_store_goes_its_whole_way(world: World) -> None:
    """Ready, waiting until a heartbeat arrived, done; and back until the mapping stands still."""
    world.functions.add("Disabled")
    step = ReplicateStore("market", world.replicator, timedelta(seconds=5))
    before = step.before()
    assert step.check(context(before)).state is State.READY
    step.apply(context(before))
    assert step.check(context(before)).state is State.WAITING
    world.functions.settle()
    world.replicator.beat()
    assert step.check(context(before)).state is State.WAITING
    world.copy()
    assert step.check(context(before)).state is State.DONE
    assert step.revert(context(before)).state is State.WAITING
    world.functions.settle()
    assert step.revert(context(before)).state is State.DONE
