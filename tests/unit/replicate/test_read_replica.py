"""A replica of RDS: what its stack made is watched, and nothing of it is believed that RDS did not say lately."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from tests.fakes import TARGET, Clock
from tests.unit.replicate.objects_fakes import FakeClients, no

from landbridge.model.errors import Refused
from landbridge.replicate.read_replica import ReadReplica

COPIES = {"DBInstanceStatus": "available", "ReadReplicaSourceDBInstanceIdentifier": "arn:aws:rds:us-east-1:1:db:database"}


@dataclass
class World:
    """One instance or none, and what CloudWatch was told of its lag, newest last."""

    instance: dict[str, Any] | None = field(default_factory=lambda: dict(COPIES))
    lags: list[float] = field(default_factory=list)

    @property
    def replica(self) -> ReadReplica:
        """As it is watched."""
        return ReadReplica(FakeClients({"rds": self, "cloudwatch": self}), "database", TARGET, Clock())

    def describe_db_instances(self, *, DBInstanceIdentifier: str) -> dict[str, Any]:  # noqa: N803
        """The one."""
        if self.instance is None:
            raise no("DBInstanceNotFound", DBInstanceIdentifier)
        return {"DBInstances": [self.instance]}

    def get_metric_statistics(self, **asked: Any) -> dict[str, Any]:
        """In no order."""
        assert asked["MetricName"] == "ReplicaLag"
        points = [{"Timestamp": datetime.fromtimestamp(at, UTC), "Maximum": lag} for at, lag in enumerate(self.lags)]
        return {"Datapoints": points[::-1]}


@pytest.mark.parametrize(("lags", "lag"), [([9.0, 2.0], timedelta(seconds=2)), ([], None), ([1.0, -1.0], None)])
def test_its_lag_is_what_rds_told_last(lags: list[float], lag: timedelta | None) -> None:
    """-1 is RDS's word for a replica that does not copy."""
    assert World(lags=lags).replica.lag() == lag


def test_a_replica_that_is_not_available_has_no_lag() -> None:
    """Whatever was told before."""
    world = World(lags=[1.0])
    world.instance = {**COPIES, "DBInstanceStatus": "creating"}
    assert (world.replica.copied(), world.replica.lag()) == (True, None)


@pytest.mark.parametrize("instance", [None, {"DBInstanceStatus": "available"}])
def test_what_copies_from_none_can_not_be_made_a_replica(instance: dict[str, Any] | None) -> None:
    """It was promoted, or its stack is not there: a person decides."""
    replica = World(instance).replica
    assert (replica.copied(), replica.begun(), replica.position()[:15]) == (False, False, "replica of none")
    with pytest.raises(Refused, match="was it promoted"):
        replica.start()


def test_what_its_stack_made_is_left_alone() -> None:
    """It goes with the stack."""
    replica = World().replica
    replica.start()
    replica.stop()
    replica.beat()
    assert replica.copied()
