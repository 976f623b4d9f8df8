"""What stands in the way of copying streams is told in sentences, each of them alone."""

from collections.abc import Callable

import pytest
from botocore.exceptions import ClientError
from tests.fakes import REGIONS, SOURCE, TARGET, Clock
from tests.unit.replicate.stream_fakes import LIVE, MIRROR, FakeClients

from landbridge.model.errors import Refused
from landbridge.replicate.stream_preflight import MAPPING, StreamPreflight, mapping_obstacles

SPEAKS = ", so an end marker would speak for other records; cut the mirror alike"


class World:
    """Two regions that could copy streams."""

    def __init__(self) -> None:
        self.clients = FakeClients(Clock())
        self.source, self.target = self.clients.kinesis[SOURCE], self.clients.kinesis[TARGET]

    def obstacles(self) -> tuple[str, ...]:
        """What is told."""
        return StreamPreflight(self.clients, REGIONS, LIVE, MIRROR, 168).obstacles()

    def without_target(self) -> None:
        """Its streams are still to be made."""
        self.target.streams.clear()


def on_demand(world: World) -> None:
    """Shards that change by themselves."""
    world.source.streams[LIVE].summary["StreamModeDetails"] = {"StreamMode": "ON_DEMAND"}


def short(world: World) -> None:
    """Gone within a day."""
    world.target.streams[MIRROR].summary["RetentionPeriodHours"] = 24


def open_to_read(world: World) -> None:
    """As old streams are."""
    world.source.streams[MIRROR].summary["EncryptionType"] = "NONE"


def large(world: World) -> None:
    """Records that no mirror takes."""
    world.source.streams[LIVE].summary["MaxRecordSizeInKiB"] = 10_240


def cut_otherwise(world: World) -> None:
    """A mirror that was resharded."""
    world.target.streams[MIRROR].shards = 3


def full(world: World) -> None:
    """No room for the streams to come."""
    world.without_target()
    world.target.limits["OpenShardCount"] = 197


@pytest.fixture
def world() -> World:
    """One a test."""
    return World()


def test_regions_that_are_alike_have_no_obstacle(world: World) -> None:
    """Whether the target's streams stand or not, and there is just room for them."""
    assert world.obstacles() == ()
    world.without_target()
    world.target.limits["OpenShardCount"] = 196
    assert world.obstacles() == ()


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (on_demand, "live in us-east-1 is on demand, and end markers count only while its shards stay; make it provisioned"),
        (short, "mirror in eu-central-1 keeps records 24 h, 168 h are wanted; raise its retention"),
        (open_to_read, "mirror in us-east-1 is not encrypted; encrypt it with the region's key"),
        (large, "live in us-east-1 takes records over 1024 KiB, which the replicator sets aside; lower its record size"),
        (
            cut_otherwise,
            f"live in us-east-1 and mirror in eu-central-1 are cut into shards differently (2 and 3){SPEAKS}",
        ),
        (full, "eu-central-1 allows 3 more shards and 4 are needed; ask AWS for a higher quota there"),
    ],
)
def test_each_obstacle_is_told_alone(world: World, spoil: Callable[[World], None], told: str) -> None:
    """With the fix."""
    spoil(world)
    assert world.obstacles() == (told,)


def test_streams_on_demand_have_a_quota_of_their_own(world: World) -> None:
    """Shards have none then."""
    full(world)
    on_demand(world)
    world.target.limits["OnDemandStreamCount"] = 49
    assert "eu-central-1 allows 1 more streams on demand and 2 are needed" in world.obstacles()[1]


def test_without_a_source_there_is_nothing_to_copy(world: World) -> None:
    """Told first and alone."""
    del world.source.streams[LIVE]
    assert world.obstacles() == ("us-east-1 has no stream live; name the stream the feeds put into",)


def test_a_region_that_says_no_is_no_missing_stream(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Missing rights are told as such."""

    def refused(StreamName: str) -> None:  # noqa: N803 - as boto3 spells it
        raise ClientError({"Error": {"Code": "AccessDeniedException", "Message": StreamName}}, "DescribeStreamSummary")

    monkeypatch.setattr(world.target, "describe_stream_summary", refused)
    with pytest.raises(Refused, match="AccessDenied"):
        world.obstacles()


@pytest.mark.parametrize("name", sorted(MAPPING))
def test_a_mapping_that_could_lose_records_is_an_obstacle(name: str) -> None:
    """Each setting by itself; others are nobody's business."""
    assert mapping_obstacles({**MAPPING, "BatchSize": 7}) == ()
    assert mapping_obstacles({**MAPPING, name: 4}) == (f"the replicator's mapping has {name} 4; set it to {MAPPING[name]}",)
