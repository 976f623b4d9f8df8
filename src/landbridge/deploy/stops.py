"""What would stop a stack from taking over one thing as it runs, kind by kind, each with the fix; read, never changed."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from landbridge.aws.clients import Clients
from landbridge.model.region import Region

BOTH_IMAGES = "NEW_AND_OLD_IMAGES"
HOURS, SHARDS = "hours", "shards"  # beside a template's own properties: what the configuration says of a stream
GLOBAL_INDEXES, LOCAL_INDEXES = "GlobalSecondaryIndexes", "LocalSecondaryIndexes"

Wanted = Mapping[str, Any]
Look = Callable[[Clients, Region, str, Wanted], Iterator[str]]


class AbsentError(Exception):
    """There is no such thing, where AWS says so by an empty answer."""


def _table(clients: Clients, region: Region, name: str, wanted: Wanted) -> Iterator[str]:
    dynamodb = clients.client("dynamodb", region)
    table = dynamodb.describe_table(TableName=name)["Table"]
    has, needs = _keys(table), _keys(wanted)
    if has != needs:
        yield f"the keys of {name} are {has}, and the stack's are {needs}: it would be replaced"
    has, needs = _indexes(table), _indexes(wanted)
    if has != needs:
        told = f"{name} has {has or 'no index'}, and the stack {needs or 'none'}"
        yield f"{told}: CloudFormation would take the one for the other, so make them the same"
    stream = table.get("StreamSpecification") or {}
    if "StreamSpecification" in wanted and stream.get("StreamViewType") != BOTH_IMAGES:
        yield f"{name} has no stream of both images, by which it is copied: enable one, {BOTH_IMAGES}"
    backups = dynamodb.describe_continuous_backups(TableName=name)["ContinuousBackupsDescription"]
    if backups["PointInTimeRecoveryDescription"]["PointInTimeRecoveryStatus"] != "ENABLED":
        yield f"{name} can't be restored to a point in time: enable that before anything is changed"
    expiry = dynamodb.describe_time_to_live(TableName=name)["TimeToLiveDescription"]
    if "TimeToLiveSpecification" not in wanted and expiry.get("TimeToLiveStatus", "").startswith("ENABL"):
        yield f"items of {name} expire by {expiry['AttributeName']}, and each region would delete on its own: switch that off"


def _stream(clients: Clients, region: Region, name: str, wanted: Wanted) -> Iterator[str]:
    summary = clients.client("kinesis", region).describe_stream_summary(StreamName=name)["StreamDescriptionSummary"]
    if summary.get("StreamModeDetails", {}).get("StreamMode", "PROVISIONED") != "PROVISIONED":
        yield f"{name} is on demand, and its shards would change under a move: make it provisioned"
    elif summary["OpenShardCount"] != int(wanted[SHARDS]):
        has = f"{name} has {summary['OpenShardCount']} shards, and the stack wants {wanted[SHARDS]}"
        yield f"{has}, so it would be cut anew: name its records and bytes a second in [market]"
    kept = summary["RetentionPeriodHours"]
    if kept < wanted[HOURS]:
        yield f"{name} keeps {kept} h, less than pens.stream_retention_hours ({wanted[HOURS]}): raise it"
    if summary.get("EncryptionType") != "KMS":
        yield f"{name} is not encrypted by a key: start its encryption"


def _bucket(clients: Clients, region: Region, name: str, _wanted: Wanted) -> Iterator[str]:
    s3 = clients.client("s3", region)
    lies = s3.head_bucket(Bucket=name).get("BucketRegion", region)
    if lies != region:
        yield f"{name} lies in {lies}, and a bucket can't move: copy it into one of another name"
    if s3.get_bucket_versioning(Bucket=name).get("Status") != "Enabled":
        yield f"{name} keeps no versions, without which nothing of it is copied: enable versioning"


def _cluster(clients: Clients, region: Region, name: str, wanted: Wanted) -> Iterator[str]:
    (cluster,) = clients.client("rds", region).describe_db_clusters(DBClusterIdentifier=name)["DBClusters"]
    if cluster["Engine"] != wanted["Engine"]:
        yield f"{name} is of {cluster['Engine']}, and the stack's of {wanted['Engine']}: it would be replaced"
    if not cluster.get("StorageEncrypted"):
        yield f"{name} is not encrypted, which can't be changed in place: restore it encrypted first"


def _global_cluster(clients: Clients, region: Region, name: str, _wanted: Wanted) -> Iterator[str]:
    found = clients.client("rds", region).describe_global_clusters(GlobalClusterIdentifier=name)["GlobalClusters"]
    if not found:
        raise AbsentError
    members = [member["DBClusterArn"].split(":")[3] for member in found[0].get("GlobalClusterMembers", ())]
    if elsewhere := sorted(set(members) - {region}):
        yield f"{name} has a member in {', '.join(elsewhere)} already: take it out of the global cluster first"


def _logs(clients: Clients, region: Region, name: str, _wanted: Wanted) -> Iterator[str]:
    found = clients.client("logs", region).describe_log_groups(logGroupNamePrefix=name, limit=1)["logGroups"]
    if not any(group["logGroupName"] == name for group in found):
        raise AbsentError
    yield from ()


def strange_apis(clients: Clients, region: Region, name: str, own: Sequence[str]) -> Iterator[str]:
    """REST APIs of a stack's name that are not its own: any number may have one name, and CloudWatch knows them by that."""
    pages = clients.client("apigateway", region).get_paginator("get_rest_apis").paginate()
    for api in (each for page in pages for each in page["items"]):
        if api["name"] == name and api["id"] not in own:
            yield f"API {api['id']} is called {name} too, and the gate would judge both as one: rename it, no user notices"


def _keys(table: Mapping[str, Any]) -> str:
    types = {each["AttributeName"]: each["AttributeType"] for each in table.get("AttributeDefinitions", ())}
    named = ((each["AttributeName"], each["KeyType"]) for each in table["KeySchema"])
    return " and ".join(f"{name} ({', '.join(filter(None, (how, types.get(name))))})" for name, how in named)


def _indexes(table: Mapping[str, Any]) -> str:
    found = (each["IndexName"] for kind in (GLOBAL_INDEXES, LOCAL_INDEXES) for each in table.get(kind) or ())
    return ", ".join(f"index {name}" for name in sorted(found))


LOOKS: Mapping[str, Look] = {
    "AWS::DynamoDB::GlobalTable": _table,
    "AWS::DynamoDB::Table": _table,
    "AWS::Kinesis::Stream": _stream,
    "AWS::Logs::LogGroup": _logs,
    "AWS::RDS::DBCluster": _cluster,
    "AWS::RDS::GlobalCluster": _global_cluster,
    "AWS::S3::Bucket": _bucket,
}
