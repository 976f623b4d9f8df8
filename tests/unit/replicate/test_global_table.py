"""A global table's replica as the control plane tells of it, and the heartbeat by which its lag is measured."""

from datetime import timedelta
from typing import Any

import pytest
from botocore.stub import Stubber
from tests.fakes import REGIONS, SOURCE, TARGET, Clock

from landbridge.aws.clients import Clients
from landbridge.model.errors import Refused, Unreachable
from landbridge.model.measure import Survey
from landbridge.model.region import Region
from landbridge.model.state import is_reserved
from landbridge.replicate.global_table import GlobalTableReplicator

HEART = {"user": {"S": "~heartbeat-us-east-1"}, "view": {"S": "replication"}}


class World:
    """A replicator whose clients answer as laid out."""

    def __init__(self) -> None:
        clients, self.clock = Clients({SOURCE: "http://127.0.0.1:9", TARGET: "http://127.0.0.1:9"}), Clock()
        self.replicator = GlobalTableReplicator(clients, "state", ("user", "view"), REGIONS, self.clock, lambda: "arn:key")
        self.stubs = {region: Stubber(clients.client("dynamodb", region)) for region in REGIONS}
        for stub in self.stubs.values():
            stub.activate()

    def told(self, region: Region, replica: str | None = None, status: str = "ACTIVE") -> None:
        """One look at the region's table."""
        replicas = [{"RegionName": TARGET, "ReplicaStatus": replica}] if replica else []
        table: dict[str, Any] = {"TableStatus": status, "Replicas": [{"RegionName": "eu-west-3"}, *replicas]}
        self.stubs[region].add_response("describe_table", {"Table": table}, {"TableName": "state"})

    def surveyed(self, view: str, allowed: int) -> Survey:
        """What is seen of a table with such a stream, where the target allows so many write units."""
        stream = {"StreamSpecification": {"StreamEnabled": True, "StreamViewType": view}} if view else {}
        table = {"Table": {"ItemCount": 7, "TableSizeBytes": 99, **stream}}
        self.stubs[SOURCE].add_response("describe_table", table, {"TableName": "state"})
        for region, units in zip(REGIONS, (40_000, allowed), strict=True):
            self.stubs[region].add_response("describe_limits", {"TableMaxWriteCapacityUnits": units}, {})
        return self.replicator.survey()

    def absent(self, region: Region) -> None:
        """The region has no such table."""
        self.stubs[region].add_client_error("describe_table", "ResourceNotFoundException", http_status_code=400)

    def beat(self, at: float | None) -> None:
        """The newest heartbeat at the target."""
        found = {} if at is None else {"Item": {**HEART, "value": {"S": repr(at)}}}
        asked = {"TableName": "state", "Key": HEART, "ConsistentRead": True}
        self.stubs[TARGET].add_response("get_item", found, asked)

    def asked_for_all(self) -> None:
        """Nothing that was laid out was left."""
        for stub in self.stubs.values():
            stub.assert_no_pending_responses()


@pytest.fixture
def world() -> World:
    """One a test."""
    return World()


@pytest.mark.parametrize(
    ("view", "allowed", "told"),
    [
        ("NEW_AND_OLD_IMAGES", 40_000, ()),
        ("", 40_000, ("a stream of nothing, and a replica needs one of NEW_AND_OLD_IMAGES",)),
        ("NEW_IMAGE", 50_000, ("a stream of NEW_IMAGE, and a replica needs one of NEW_AND_OLD_IMAGES",)),
        ("NEW_AND_OLD_IMAGES", 10_000, ("10000 write units a second, us-east-1 40000; ask AWS for a higher quota",)),
    ],
)
def test_what_is_in_the_way_of_a_replica_is_told(world: World, view: str, allowed: int, told: tuple[str, ...]) -> None:
    """With what the table holds."""
    seen = world.surveyed(view, allowed)
    assert seen.figures == {"state, items": 7, "state, bytes": 99}
    assert [words in each for words, each in zip(told, seen.obstacles, strict=True)] == [True] * len(told)


def test_a_table_that_is_not_there_is_in_nobodys_way(world: World) -> None:
    """Its stack says so already."""
    world.absent(SOURCE)
    assert world.replicator.survey() == Survey()


@pytest.mark.parametrize("status", ["CREATING", "ACTIVE", "DELETING"])
def test_a_named_replica_is_a_copy(world: World, status: str) -> None:
    """In any state."""
    world.told(SOURCE, status)
    assert world.replicator.copied()


def test_a_table_left_at_the_target_is_a_copy(world: World) -> None:
    """The source has forgotten the replica before it is gone."""
    world.told(SOURCE)
    world.told(TARGET, status="DELETING")
    assert world.replicator.copied()


def test_no_replica_and_no_table_is_no_copy(world: World) -> None:
    """Also where the source itself has none."""
    world.told(SOURCE)
    world.absent(TARGET)
    assert not world.replicator.copied()
    world.absent(SOURCE)
    world.absent(TARGET)
    assert not world.replicator.copied()


def test_a_table_that_is_no_replica_is_a_strangers(world: World) -> None:
    """A replica is not, and nothing is not."""
    world.told(SOURCE)
    world.told(TARGET)
    assert world.replicator.stranger()
    world.told(SOURCE, "ACTIVE")
    assert not world.replicator.stranger()
    world.told(SOURCE)
    world.absent(TARGET)
    assert not world.replicator.stranger()


def test_starting_adds_the_replica_once(world: World) -> None:
    """What is there, or on its way, is not asked for again."""
    world.told(SOURCE)
    change = {"TableName": "state", "ReplicaUpdates": [{"Create": {"RegionName": TARGET, "KMSMasterKeyId": "arn:key"}}]}
    world.stubs[SOURCE].add_response("update_table", {}, change)
    world.replicator.start()
    world.told(SOURCE, "CREATING")
    world.replicator.start()
    world.asked_for_all()


def test_stopping_removes_the_replica_once(world: World) -> None:
    """What is not there is not removed."""
    world.told(SOURCE, "ACTIVE")
    change = {"TableName": "state", "ReplicaUpdates": [{"Delete": {"RegionName": TARGET}}]}
    world.stubs[SOURCE].add_response("update_table", {}, change)
    world.replicator.stop()
    world.told(SOURCE)
    world.replicator.stop()
    world.asked_for_all()


def test_a_heartbeat_is_the_time_under_a_user_of_ours(world: World) -> None:
    """Written at the source, under the names of the table's keys."""
    wanted = {**HEART, "value": {"S": "1000000.0"}}
    world.stubs[SOURCE].add_response("put_item", {}, {"TableName": "state", "Item": wanted})
    world.replicator.beat()
    world.asked_for_all()
    assert is_reserved(HEART["user"]["S"])


@pytest.mark.parametrize(("at", "lag"), [(999_999.75, 0.25), (999_000.0, 1000.0), (1_000_001.0, 0.0)])
def test_the_lag_is_the_age_of_the_newest_heartbeat(world: World, at: float, lag: float) -> None:
    """Never below nothing, however the clocks differ."""
    world.told(TARGET)
    world.told(SOURCE, "ACTIVE")
    world.beat(at)
    assert world.replicator.lag() == timedelta(seconds=lag)


@pytest.mark.parametrize(
    ("replica", "table"), [("CREATING", "ACTIVE"), (None, "ACTIVE"), ("ACTIVE", "CREATING"), ("ACTIVE", None)]
)
def test_a_copy_that_is_not_whole_has_no_lag(world: World, replica: str | None, table: str | None) -> None:
    """Neither side's word is enough."""
    if table:
        world.told(TARGET, status=table)
    else:
        world.absent(TARGET)
    world.told(SOURCE, replica)
    assert world.replicator.lag() is None


def test_a_copy_no_heartbeat_has_reached_has_no_lag(world: World) -> None:
    """Not zero: nothing is known."""
    world.told(TARGET)
    world.told(SOURCE, "ACTIVE")
    world.beat(None)
    assert world.replicator.lag() is None


def test_the_position_is_the_replicas_status(world: World) -> None:
    """In DynamoDB's own words."""
    world.told(SOURCE, "ACTIVE")
    assert world.replicator.position() == "replica ACTIVE"
    world.told(SOURCE)
    assert world.replicator.position() == "replica absent"


def test_errors_come_out_in_our_words(world: World) -> None:
    """No answer is not 'no table'."""
    world.stubs[SOURCE].add_client_error("describe_table", "InternalServerError", http_status_code=500)
    with pytest.raises(Unreachable, match="DescribeTable state"):
        world.replicator.copied()
    world.stubs[SOURCE].add_client_error("describe_table", "AccessDeniedException", http_status_code=400)
    with pytest.raises(Refused, match="AccessDenied"):
        world.replicator.copied()
