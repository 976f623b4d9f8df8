"""A region with one thing of each kind that can be taken over, and the stacks that would own them."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, cast

from botocore.exceptions import ClientError

from landbridge.deploy.deployer import Look, Standing
from landbridge.deploy.estate import IMPORTED
from landbridge.deploy.manifest import Home, StackSpec
from landbridge.deploy.stops import BOTH_IMAGES
from landbridge.model.region import Region

SOURCE = Region("us-east-1")
SCHEMA = [{"AttributeName": "user", "KeyType": "HASH"}]
TABLE = {
    "Type": "AWS::DynamoDB::GlobalTable",
    "Properties": {
        "TableName": {"Fn::Sub": "state-${EnvironmentSuffix}"},
        "KeySchema": SCHEMA,
        "StreamSpecification": {"StreamViewType": BOTH_IMAGES},
    },
}
STREAM = {"Type": "AWS::Kinesis::Stream", "Properties": {"Name": "live"}}
BUCKET = {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": "history"}}
CLUSTER = {"Type": "AWS::RDS::DBCluster", "Properties": {"DBClusterIdentifier": "orders", "Engine": "aurora-postgresql"}}
BOND = {"Type": "AWS::RDS::GlobalCluster", "Properties": {"GlobalClusterIdentifier": "bond"}}
LOGS = {"Type": "AWS::Logs::LogGroup", "Properties": {"LogGroupName": "/aws/lambda/reads"}}
API = {"Type": "AWS::ApiGateway::RestApi", "Properties": {"Name": {"Fn::Sub": "api-${EnvironmentSuffix}"}}}
KEY = {"Type": "AWS::KMS::Key", "Properties": {}}
WELL = {"RetentionPeriodHours": 168, "EncryptionType": "KMS", "OpenShardCount": 2}


def no(code: str) -> ClientError:
    """As AWS says no."""
    return ClientError({"Error": {"Code": code, "Message": code}}, "Call")


@dataclass
class Region1:
    """One region's services; everything in it can be taken over unless it is laid out otherwise."""

    table: dict[str, Any] | None = field(
        default_factory=lambda: {"KeySchema": SCHEMA, "StreamSpecification": {"StreamViewType": BOTH_IMAGES}}
    )
    pitr: str = "ENABLED"
    expiry: str = "DISABLED"
    stream: dict[str, Any] | None = field(default_factory=lambda: dict(WELL))
    versioning: str = "Enabled"
    bucket: str = ""  # what S3 says no with
    lies: str = SOURCE
    cluster: dict[str, Any] = field(default_factory=lambda: {"Engine": "aurora-postgresql", "StorageEncrypted": True})
    members: tuple[str, ...] | None = (SOURCE,)
    logs: str = "/aws/lambda/reads"
    owners: Mapping[str, dict[str, str]] = field(default_factory=dict)  # of a thing, as a stack tells
    apis: tuple[tuple[str, str], ...] = (("own", "api-prod"),)

    def client(self, _service: str, _region: Region) -> "Region1":
        """All in one."""
        return self

    def describe_table(self, **_: Any) -> dict[str, Any]:
        """As laid out."""
        if self.table is None:
            raise no("ResourceNotFoundException")
        return {"Table": self.table}

    def describe_continuous_backups(self, **_: Any) -> dict[str, Any]:
        """As laid out."""
        return {"ContinuousBackupsDescription": {"PointInTimeRecoveryDescription": {"PointInTimeRecoveryStatus": self.pitr}}}

    def describe_time_to_live(self, **_: Any) -> dict[str, Any]:
        """As laid out."""
        return {"TimeToLiveDescription": {"TimeToLiveStatus": self.expiry, "AttributeName": "until"}}

    def describe_stream_summary(self, **_: Any) -> dict[str, Any]:
        """As laid out."""
        if self.stream is None:
            raise no("ResourceNotFoundException")
        return {"StreamDescriptionSummary": self.stream}

    def head_bucket(self, **_: Any) -> dict[str, str]:
        """As laid out."""
        if self.bucket:
            raise no(self.bucket)
        return {"BucketRegion": self.lies}

    def get_bucket_versioning(self, **_: Any) -> dict[str, str]:
        """As laid out."""
        return {"Status": self.versioning}

    def describe_db_clusters(self, **_: Any) -> dict[str, Any]:
        """As laid out."""
        return {"DBClusters": [self.cluster]}

    def describe_global_clusters(self, **_: Any) -> dict[str, Any]:
        """As laid out."""
        if self.members is None:
            return {"GlobalClusters": []}
        members = [{"DBClusterArn": f"arn:aws:rds:{region}:111122223333:cluster:orders"} for region in self.members]
        return {"GlobalClusters": [{"GlobalClusterMembers": members}]}

    def describe_log_groups(self, **_: Any) -> dict[str, Any]:
        """As laid out."""
        return {"logGroups": [{"logGroupName": self.logs}]}

    def describe_stack_resources(self, PhysicalResourceId: str) -> dict[str, Any]:  # noqa: N803 - as AWS spells it
        """As laid out."""
        if PhysicalResourceId not in self.owners:
            raise no("ValidationError")
        return {"StackResources": [{"PhysicalResourceId": PhysicalResourceId, **self.owners[PhysicalResourceId]}]}

    def get_paginator(self, _name: str) -> "Region1":
        """Of APIs."""
        return self

    def paginate(self) -> list[dict[str, Any]]:
        """One page."""
        return [{"items": [{"id": api, "name": name} for api, name in self.apis]}]


@dataclass(frozen=True)
class Live:
    """A stack as CloudFormation has it; None = there is none."""

    status: str | None

    def find(self) -> dict[str, str] | None:
        """Its description."""
        return {"StackStatus": self.status} if self.status else None

    def resources(self) -> list[dict[str, str]]:
        """What it has of its own."""
        return [{"ResourceType": "AWS::ApiGateway::RestApi", "PhysicalResourceId": "own"}]


@dataclass
class FakeDeployer:
    """Stacks of one resource or two, none of which stands unless it is laid out."""

    clients: Region1 = field(default_factory=Region1)
    standing: frozenset[str] = frozenset()
    status: str = "CREATE_COMPLETE"
    made: Mapping[str, Mapping[str, Any]] = field(
        default_factory=lambda: {"keys": {"Key": KEY}, "tables": {"State": TABLE}, "flow": {"Live": STREAM, "History": BUCKET}}
    )

    def stacks(self, _region: Region) -> tuple[StackSpec, ...]:
        """In order."""
        return tuple(cast("StackSpec", Spec(name, {"Resources": dict(resources)})) for name, resources in self.made.items())

    def given(self, _region: Region) -> Mapping[str, str]:
        """What names are made of."""
        return {"EnvironmentSuffix": "prod", "ShardCount": "2"}

    def look(self, stack: StackSpec, _region: Region) -> Look:
        """As laid out."""
        stands = Standing.STALE if self.status == IMPORTED else Standing.CURRENT
        return Look(stands if stack.name in self.standing else Standing.ABSENT, "because", status=self.status)

    @contextmanager
    def calls(self, stack: StackSpec, _region: Region) -> Iterator[Live]:
        """The stack itself."""
        yield Live(self.status if stack.name in self.standing else None)


@dataclass(frozen=True)
class Spec:
    """What is asked of a stack."""

    name: str
    template: Mapping[str, Any]
    home: Home = Home.SOURCE
    defaults: Mapping[str, str] = field(default_factory=dict)
