"""One region's tables, backups, objects, parameters and metrics in memory, as far as a retirement asks for them."""

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, cast

from botocore.exceptions import ClientError
from tests.fakes import Clock

from landbridge.aws.clients import Clients
from landbridge.migrate.adapters.leaving.bucket import Kept
from landbridge.model.region import Region

Item = dict[str, dict[str, str]]


def no(code: str) -> ClientError:
    """As AWS says no."""
    return ClientError({"Error": {"Code": code, "Message": code}}, "Call")


@dataclass
class Pages:
    """Everything on one page."""

    told: Callable[..., dict[str, Any]]

    def paginate(self, **asked: Any) -> Iterator[dict[str, Any]]:
        """That one."""
        yield self.told(**asked)


@dataclass
class FakeDynamo:
    """Tables by name with their state and items; what begins is over when the world settles."""

    clock: Clock
    tables: dict[str, list[Item]] = field(default_factory=dict)
    states: dict[str, str] = field(default_factory=dict)
    copies: dict[str, str] = field(default_factory=dict)  # tables that have a copy in the other region, and its state
    backups: list[tuple[str, float, list[Item]]] = field(default_factory=list)
    other: str = "us-east-1"

    def describe_table(self, TableName: str) -> dict[str, Any]:  # noqa: N803 - as AWS spells it
        """Its state, and its copies."""
        if TableName not in self.tables:
            raise no("ResourceNotFoundException")
        state = self.copies.get(TableName)
        copies = [{"RegionName": self.other, "ReplicaStatus": state}] if state else []
        return {"Table": {"TableStatus": self.states.get(TableName, "ACTIVE"), "Replicas": copies}}

    def update_table(self, TableName: str, ReplicaUpdates: list[dict[str, Any]]) -> None:  # noqa: N803
        """One copy is dropped from now on."""
        if self.copies[TableName] == "DELETING":
            raise no("ResourceInUseException")
        assert ReplicaUpdates == [{"Delete": {"RegionName": self.other}}]
        self.copies[TableName] = "DELETING"

    def get_paginator(self, _name: str) -> Pages:
        """Of tables."""
        return Pages(lambda: {"TableNames": sorted(self.tables)})

    def list_backups(self, TableName: str, **_: Any) -> dict[str, Any]:  # noqa: N803
        """Of a table."""
        kept = [(number, made) for number, (table, made, _) in enumerate(self.backups) if table == TableName]
        summary = [
            {"BackupArn": str(number), "BackupStatus": "AVAILABLE", "BackupCreationDateTime": datetime.fromtimestamp(made, UTC)}
            for number, made in kept
        ]
        return {"BackupSummaries": summary}

    def restore_table_from_backup(self, TargetTableName: str, BackupArn: str) -> None:  # noqa: N803
        """On its way."""
        self.tables[TargetTableName] = list(self.backups[int(BackupArn)][2])
        self.states[TargetTableName] = "CREATING"

    def delete_table(self, TableName: str) -> None:  # noqa: N803
        """On its way out."""
        self.states[TableName] = "DELETING"

    def scan(self, TableName: str, Limit: int, **asked: Any) -> dict[str, Any]:  # noqa: N803
        """Two a page."""
        start = asked.get("ExclusiveStartKey", 0)
        page = self.tables[TableName][start : start + min(2, Limit)]
        more = start + len(page) < len(self.tables[TableName])
        return {"Items": page, **({"LastEvaluatedKey": start + len(page)} if more else {})}

    def batch_get_item(self, RequestItems: dict[str, Any]) -> dict[str, Any]:  # noqa: N803
        """Those there are."""
        ((table, asked),) = RequestItems.items()
        return {"Responses": {table: [item for item in self.tables[table] if _keys(item) in asked["Keys"]]}}

    def settle(self) -> None:
        """What began is over."""
        for table in [name for name, state in self.states.items() if state == "DELETING"]:
            del self.tables[table]
        self.states = {}
        self.copies = {table: state for table, state in self.copies.items() if state != "DELETING"}


@dataclass
class FakeS3:
    """Buckets that refuse to change what lies there."""

    objects: dict[tuple[str, str], bytes] = field(default_factory=dict)

    def put_object(self, Bucket: str, Key: str, Body: bytes, IfNoneMatch: str, **_: Any) -> None:  # noqa: N803
        """Unless one is there."""
        if (Bucket, Key) in self.objects and IfNoneMatch == "*":
            raise no("PreconditionFailed")
        self.objects[Bucket, Key] = Body

    def get_object(self, Bucket: str, Key: str) -> dict[str, Any]:  # noqa: N803
        """As it lies there."""
        if (Bucket, Key) not in self.objects:
            raise no("NoSuchKey")
        return {"Body": io.BytesIO(self.objects[Bucket, Key])}

    def get_paginator(self, _name: str) -> Pages:
        """Of keys."""

        def listed(Bucket: str, Prefix: str) -> dict[str, Any]:  # noqa: N803
            return {"Contents": [{"Key": key} for held, key in self.objects if held == Bucket and key.startswith(Prefix)]}

        return Pages(listed)


@dataclass
class FakeSsm:
    """Parameters by name."""

    values: dict[str, str] = field(default_factory=dict)

    def get_parameters(self, Names: list[str]) -> dict[str, Any]:  # noqa: N803
        """Those there are."""
        return {"Parameters": [{"Name": name} for name in Names if name in self.values]}

    def delete_parameters(self, Names: list[str]) -> None:  # noqa: N803
        """Gone."""
        for name in Names:
            self.values.pop(name, None)


@dataclass
class FakeCloudWatch:
    """Counts of one metric by the resource they are of ("" = of the whole stage), with their time."""

    counts: dict[str, list[tuple[float, int]]] = field(default_factory=dict)
    periods: list[int] = field(default_factory=list)

    def get_paginator(self, _name: str) -> Pages:
        """Of metrics that were ever kept."""

        def listed(Dimensions: list[dict[str, str]], **_: Any) -> dict[str, Any]:  # noqa: N803
            named = [[*Dimensions, {"Name": "Resource", "Value": each}] if each else Dimensions for each in self.counts]
            return {"Metrics": [{"Dimensions": each} for each in named]}

        return Pages(listed)

    def get_metric_data(self, MetricDataQueries: list[dict[str, Any]], StartTime: datetime, **_: Any) -> dict[str, Any]:  # noqa: N803
        """Since then."""
        (query,) = MetricDataQueries
        self.periods.append(query["MetricStat"]["Period"])
        of = {each["Name"]: each["Value"] for each in query["MetricStat"]["Metric"]["Dimensions"]}.get("Resource", "")
        return {"MetricDataResults": [{"Values": [count for at, count in self.counts[of] if at >= StartTime.timestamp()]}]}


@dataclass
class FakeAws:
    """One region's services."""

    clock: Clock = field(default_factory=Clock)
    services: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.dynamo, self.s3, self.ssm, self.cloudwatch = FakeDynamo(self.clock), FakeS3(), FakeSsm(), FakeCloudWatch()
        self.services |= {"dynamodb": self.dynamo, "s3": self.s3, "ssm": self.ssm, "cloudwatch": self.cloudwatch}

    def clients(self) -> Clients:
        """As adapters ask for them, whatever the region."""
        return cast("Clients", self)

    def client(self, service: str, _region: Region, **_: Any) -> Any:
        """By name."""
        return self.services[service]

    def kept(self, what: str = "journal") -> Kept:
        """Objects of one kind."""
        return Kept(self.clients(), Region("eu-central-1"), "bucket", what, "json")


def _keys(item: Item) -> Item:
    return {name: item[name] for name in ("user", "view")}
