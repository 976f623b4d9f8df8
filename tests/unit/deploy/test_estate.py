"""What runs under the names our stacks give is found, with whose it is, and each reason why it can't be taken over as it is."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, cast

import pytest
from botocore.exceptions import ClientError

from landbridge.aws.clients import Clients
from landbridge.deploy.deployer import Deployer, Look, Standing
from landbridge.deploy.estate import BOTH_IMAGES, Estate, Held
from landbridge.deploy.manifest import Home, StackSpec
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
KEY = {"Type": "AWS::KMS::Key", "Properties": {}}


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
    stream: dict[str, Any] | None = field(default_factory=lambda: {"RetentionPeriodHours": 168, "EncryptionType": "KMS"})
    versioning: str = "Enabled"
    bucket: str = ""  # what S3 says no with

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

    def describe_stream_summary(self, **_: Any) -> dict[str, Any]:
        """As laid out."""
        if self.stream is None:
            raise no("ResourceNotFoundException")
        return {"StreamDescriptionSummary": self.stream}

    def head_bucket(self, **_: Any) -> None:
        """As laid out."""
        if self.bucket:
            raise no(self.bucket)

    def get_bucket_versioning(self, **_: Any) -> dict[str, str]:
        """As laid out."""
        return {"Status": self.versioning}


@dataclass
class FakeDeployer:
    """Stacks of one resource or two, none of which stands unless it is laid out."""

    clients: Region1 = field(default_factory=Region1)
    standing: frozenset[str] = frozenset()
    made: Mapping[str, Mapping[str, Any]] = field(
        default_factory=lambda: {"keys": {"Key": KEY}, "tables": {"State": TABLE}, "flow": {"Live": STREAM, "History": BUCKET}}
    )

    def stacks(self, _region: Region) -> tuple[StackSpec, ...]:
        """In order."""
        return tuple(cast("StackSpec", Spec(name, {"Resources": dict(resources)})) for name, resources in self.made.items())

    def given(self, _region: Region) -> Mapping[str, str]:
        """What names are made of."""
        return {"EnvironmentSuffix": "prod"}

    def look(self, stack: StackSpec, _region: Region) -> Look:
        """As laid out."""
        return Look(Standing.CURRENT if stack.name in self.standing else Standing.ABSENT, "because")


@dataclass(frozen=True)
class Spec:
    """What is asked of a stack."""

    name: str
    template: Mapping[str, Any]
    home: Home = Home.SOURCE
    defaults: Mapping[str, str] = field(default_factory=dict)


def held(deployer: FakeDeployer) -> list[Held]:
    """As the verb is told."""
    return list(Estate(cast("Deployer", deployer), SOURCE, 168).held())


def obstacles(clients: Region1) -> list[str]:
    """Of all stacks."""
    assert isinstance(cast("Clients", clients), Region1)
    return [why for each in held(FakeDeployer(clients)) for why in each.obstacles()]


def test_what_runs_as_it_should_can_be_taken_over() -> None:
    """A stack without data that has a name is nobody's business."""
    tables, flow = held(FakeDeployer())
    assert [(each.place.stack, each.foreign, each.obstacles()) for each in (tables, flow)] == [
        ("tables", True, ()),
        ("flow", True, ()),
    ]
    assert [thing.name for thing in (*tables.found, *flow.found)] == ["state-prod", "history", "live"]


def test_what_a_stack_owns_is_taken_over_already() -> None:
    """Whatever could be said against it."""
    deployer = FakeDeployer(Region1(pitr="DISABLED"), frozenset({"tables", "flow"}))
    assert not any(each.foreign or each.obstacles() for each in held(deployer))


def test_an_empty_region_has_nothing_to_take_over() -> None:
    """Its stacks make everything anew."""
    nothing = held(FakeDeployer(Region1(table=None, stream=None, bucket="404")))
    assert not any(each.foreign or each.obstacles() for each in nothing)


OTHER = [{"AttributeName": "id", "KeyType": "HASH"}]
STREAMED = {"StreamSpecification": {"StreamViewType": BOTH_IMAGES}}


@pytest.mark.parametrize(
    ("laid", "why"),
    [
        (
            Region1(table={"KeySchema": OTHER, **STREAMED}),
            "the keys of state-prod are id (HASH), and the stack's are user (HASH)",
        ),
        (Region1(table={"KeySchema": SCHEMA}), "state-prod has no stream of both images"),
        (Region1(pitr="DISABLED"), "state-prod can't be restored to a point in time"),
        (Region1(stream={"RetentionPeriodHours": 24, "EncryptionType": "KMS"}), "live keeps 24 h, less than"),
        (Region1(stream={"RetentionPeriodHours": 168}), "live is not encrypted by a key"),
        (
            Region1(
                stream={
                    "RetentionPeriodHours": 168,
                    "EncryptionType": "KMS",
                    "StreamModeDetails": {"StreamMode": "ON_DEMAND"},
                }
            ),
            "live is on demand",
        ),
        (Region1(versioning=""), "history keeps no versions"),
        (Region1(bucket="403"), "history belongs to somebody else"),
        (Region1(stream=None), "live is not there, and the stack would make it anew and empty"),
    ],
)
def test_each_reason_is_one_sentence_with_the_fix(laid: Region1, why: str) -> None:
    """And it is the only one."""
    (said,) = obstacles(laid)
    assert said.startswith(why)


def test_data_that_has_no_name_can_not_be_imported_beside_one_that_has() -> None:
    """A person must do that."""
    deployer = FakeDeployer(made={"tables": {"State": TABLE, "Key": KEY}})
    (tables,) = held(deployer)
    assert tables.obstacles() == ("tables.Key: is a AWS::KMS::Key, which can't be imported by name; import it by hand",)
