"""What the world adds to the emulator for payments: a table's second replica by its stack, and figures in CloudWatch."""

import asyncio
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import pytest

from landbridge.model.region import Region
from landbridge.rehearse.payments.balancer import Passed
from landbridge.rehearse.payments.metrics import Metrics
from landbridge.rehearse.payments.replicas import Replicas

HOME, SECOND = Region("us-east-1"), Region("us-east-2")
TABLE, BALANCER = "sessions-prod-blue", "app/lb-prod-blue/1"


@dataclass
class Aws:
    """One region: a stack that is told of a second region, its table, and CloudWatch."""

    told: str = ""
    status: str = "CREATE_COMPLETE"
    replicas: list[str] = field(default_factory=list)
    updates: int = 0
    metrics: list[dict[str, Any]] = field(default_factory=list)

    def client(self, _service: str, _region: Region) -> "Aws":
        """As a factory of clients."""
        return self

    def describe_stacks(self, *, StackName: str) -> Any:  # noqa: N803
        """CloudFormation's."""
        parameters = [{"ParameterKey": "SecondRegion", "ParameterValue": self.told}]
        return {"Stacks": [{"StackName": StackName, "StackStatus": self.status, "Parameters": parameters}]}

    def describe_table(self, *, TableName: str) -> Any:  # noqa: N803
        """DynamoDB's."""
        return {"Table": {"TableName": TableName, "Replicas": [{"RegionName": each} for each in (HOME, *self.replicas)]}}

    def update_table(self, *, TableName: str, ReplicaUpdates: list[dict[str, Any]]) -> Any:  # noqa: N803
        """DynamoDB's."""
        assert TableName == TABLE
        self.updates += 1
        for update in ReplicaUpdates:
            for act, what in update.items():
                (self.replicas.append if act == "Create" else self.replicas.remove)(what["RegionName"])
        return {}

    def put_metric_data(self, *, Namespace: str, MetricData: list[dict[str, Any]]) -> Any:  # noqa: N803
        """CloudWatch's."""
        self.metrics += [{"Namespace": Namespace, **each} for each in MetricData]
        return {}

    def sums(self) -> Counter[str]:
        """What was published, added up."""
        found = Counter[str]()
        for each in self.metrics:
            found[each["MetricName"]] += each.get("Value", len(each.get("Values", ())))
        return found


def test_a_tables_replica_follows_its_stack() -> None:
    """It comes once, and goes."""
    aws = Aws()
    replicas = Replicas(aws, HOME, TABLE)  # type: ignore[arg-type]
    for told, there in (("", []), (SECOND, [SECOND]), (SECOND, [SECOND]), ("", [])):
        aws.told = told
        asyncio.run(replicas.look())
        assert aws.replicas == there
    assert aws.updates == 2


def test_a_replica_that_was_taken_away_stays_away() -> None:
    """Whoever takes the platform down does it table by table; only a change of the stack brings one back."""
    aws = Aws(SECOND)
    replicas = Replicas(aws, HOME, TABLE)  # type: ignore[arg-type]
    asyncio.run(replicas.look())
    aws.replicas.clear()
    asyncio.run(replicas.look())
    assert aws.replicas == []


def test_a_stack_under_way_says_nothing_yet() -> None:
    """Until it has come to an end."""
    aws = Aws(SECOND, "UPDATE_IN_PROGRESS")
    asyncio.run(Replicas(aws, HOME, TABLE).look())  # type: ignore[arg-type]
    assert aws.replicas == []


def passed(status: int, rule: str | None = None, *, reached: bool = True, probe: bool = False) -> Passed:
    """One request."""
    return Passed(1.0, "US", "GET", status, rule, reached, 0.25, probe)


def published(aws: Aws, *requests: Passed, lag: float | None = None) -> Counter[str]:
    """What comes of these."""

    async def told() -> float | None:
        return lag

    metrics = Metrics(aws, HOME, requests, lambda: BALANCER, "database-prod-blue", told, lambda: 5.0)  # type: ignore[arg-type]
    asyncio.run(metrics.publish())
    asyncio.run(metrics.publish())
    return aws.sums()


def test_requests_of_users_are_counted_once_and_by_who_failed() -> None:
    """Probes and those turned away are none of them."""
    requests = [passed(200), passed(500), passed(502, reached=False), passed(403, "Countries"), passed(200, probe=True)]
    assert published(Aws(), *requests) == {
        "RequestCount": 3,
        "HTTPCode_ELB_5XX_Count": 1,
        "HTTPCode_Target_5XX_Count": 1,
        "TargetResponseTime": 2,
    }


@pytest.mark.parametrize(("lag", "told"), [(None, {}), (0.5, {"ReplicaLag": 1.0})])
def test_a_replica_tells_how_far_it_is_behind(lag: float | None, told: dict[str, float]) -> None:
    """Each second; a database that copies nothing tells nothing."""
    assert published(Aws(), lag=lag) == told
