"""What already runs in a region under the names our stacks give: whose it is, and what would stop a stack from taking it over.

Read, never changed. A stack takes over all of its data or none: CloudFormation imports what exists and makes the rest anew,
so a stack of which half exists would get an empty other half.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from landbridge.aws.clients import Clients, said, speaking
from landbridge.deploy import handover
from landbridge.deploy.deployer import Deployer, Standing
from landbridge.deploy.graph import Place
from landbridge.deploy.manifest import StackSpec
from landbridge.model.errors import BadInput
from landbridge.model.region import Region

ABSENT = {"ResourceNotFoundException", "404", "NoSuchBucket", "DBClusterNotFoundFault", "GlobalClusterNotFoundFault"}
BOTH_IMAGES = "NEW_AND_OLD_IMAGES"
OTHERS = {"403", "AccessDenied", "AccessDeniedException", "Forbidden"}
HOURS = "hours"  # beside a template's own properties: how long a stream must keep a record


@dataclass(frozen=True, slots=True)
class Thing:
    """One resource that holds data, under its name; `stops` says why it can't be taken over as it is, with the fix."""

    kind: str
    name: str
    stops: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Held:
    """What of one stack's data runs at its place, and whether the stack owns it already."""

    place: Place
    owned: bool
    found: tuple[Thing, ...]
    lacking: tuple[str, ...]
    stops: tuple[str, ...]  # what a stack can't import at all

    @property
    def foreign(self) -> bool:
        """Whether something runs there that the stack does not own."""
        return bool(self.found) and not self.owned

    def obstacles(self) -> tuple[str, ...]:
        """Everything that stands in the way of taking it over."""
        half = [f"{name} is not there, and the stack would make it anew and empty" for name in self.lacking]
        return () if not self.foreign else (*self.stops, *half, *(why for thing in self.found for why in thing.stops))


@dataclass(frozen=True)
class Estate:
    """What runs in one region."""

    deployer: Deployer
    region: Region
    retention_hours: int  # how long streams must keep a record

    def held(self) -> Iterator[Held]:
        """Stack by stack, in the order they are deployed; those without data are left out."""
        for stack in self.deployer.stacks(self.region):
            if (found := self._of(stack)) is not None:
                yield found

    def _of(self, stack: StackSpec) -> Held | None:
        """Things of a kind nobody can look at by name (keys, secrets) are made anew by whoever needs them."""
        named = list(handover.data(stack, self.deployer.given(self.region), self.region))
        looked = {name: self._look(stack, logical, kind, name) for logical, kind, name in named if name and kind in LOOKS}
        if not looked:
            return None
        found = tuple(thing for thing in looked.values() if thing is not None)
        lacking = tuple(name for name, thing in looked.items() if thing is None)
        owned = self.deployer.look(stack, self.region).standing is not Standing.ABSENT
        return Held(Place(stack.name, self.region), owned, found, lacking, self._leans(stack))

    def _leans(self, stack: StackSpec) -> tuple[str, ...]:
        """Why CloudFormation could not import it."""
        try:
            handover.imports(stack, self.deployer.given(self.region), self.region)
            handover.reduced(stack)
        except BadInput as no:
            return (str(no),)
        return ()

    def _look(self, stack: StackSpec, logical: str, kind: str, name: str) -> Thing | None:
        wanted = {**stack.template["Resources"][logical]["Properties"], HOURS: self.retention_hours}
        with speaking(self.region, f"looking at {name}"):
            try:
                return Thing(kind, name, tuple(LOOKS[kind](self.deployer.clients, self.region, name, wanted)))
            except ClientError as error:
                if said(error) in ABSENT:
                    return None
                if said(error) in OTHERS:
                    return Thing(kind, name, (f"{name} belongs to somebody else, or may not be looked at",))
                raise


def _table(clients: Clients, region: Region, name: str, wanted: Mapping[str, Any]) -> Iterator[str]:
    dynamodb = clients.client("dynamodb", region)
    table = dynamodb.describe_table(TableName=name)["Table"]
    if table["KeySchema"] != wanted["KeySchema"]:
        has, needs = _keys(table["KeySchema"]), _keys(wanted["KeySchema"])
        yield f"the keys of {name} are {has}, and the stack's are {needs}: it would be replaced"
    stream = table.get("StreamSpecification") or {}
    if "StreamSpecification" in wanted and stream.get("StreamViewType") != BOTH_IMAGES:
        yield f"{name} has no stream of both images, by which it is copied: enable one, {BOTH_IMAGES}"
    backups = dynamodb.describe_continuous_backups(TableName=name)["ContinuousBackupsDescription"]
    if backups["PointInTimeRecoveryDescription"]["PointInTimeRecoveryStatus"] != "ENABLED":
        yield f"{name} can't be restored to a point in time: enable that before anything is changed"


def _stream(clients: Clients, region: Region, name: str, wanted: Mapping[str, Any]) -> Iterator[str]:
    summary = clients.client("kinesis", region).describe_stream_summary(StreamName=name)["StreamDescriptionSummary"]
    if summary.get("StreamModeDetails", {}).get("StreamMode", "PROVISIONED") != "PROVISIONED":
        yield f"{name} is on demand, and its shards would change under a move: make it provisioned"
    kept = summary["RetentionPeriodHours"]
    if kept < wanted[HOURS]:
        yield f"{name} keeps {kept} h, less than pens.stream_retention_hours ({wanted[HOURS]}): raise it"
    if summary.get("EncryptionType") != "KMS":
        yield f"{name} is not encrypted by a key: start its encryption"


def _bucket(clients: Clients, region: Region, name: str, _wanted: Mapping[str, Any]) -> Iterator[str]:
    s3 = clients.client("s3", region)
    s3.head_bucket(Bucket=name)
    if s3.get_bucket_versioning(Bucket=name).get("Status") != "Enabled":
        yield f"{name} keeps no versions, without which nothing of it is copied: enable versioning"


def _cluster(clients: Clients, region: Region, name: str, _wanted: Mapping[str, Any]) -> Iterator[str]:
    (cluster,) = clients.client("rds", region).describe_db_clusters(DBClusterIdentifier=name)["DBClusters"]
    if not cluster.get("StorageEncrypted"):
        yield f"{name} is not encrypted, which can't be changed in place: restore it encrypted first"


def _keys(schema: list[Mapping[str, str]]) -> str:
    return " and ".join(f"{each['AttributeName']} ({each['KeyType']})" for each in schema)


Look = Callable[[Clients, Region, str, Mapping[str, Any]], Iterator[str]]
LOOKS: Mapping[str, Look] = {
    "AWS::DynamoDB::GlobalTable": _table,
    "AWS::DynamoDB::Table": _table,
    "AWS::Kinesis::Stream": _stream,
    "AWS::RDS::DBCluster": _cluster,
    "AWS::S3::Bucket": _bucket,
}
