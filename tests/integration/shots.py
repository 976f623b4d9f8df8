"""What stands in both regions at a moment, by place: what an abort must put back, read from AWS and from no journal.

Rows that users write are the ledger's to judge; turns, receipts and what is ours in tables are left aside.
"""

import json
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from typing import Any

from botocore.exceptions import ClientError

from landbridge.aws.clients import GLOBAL_HOME
from landbridge.migrate.adapters.compose import Migration
from landbridge.model.region import Region
from landbridge.rehearse.copies import standing

Shot = dict[str, Any]
Seen = Iterator[tuple[str, Any]]


def shot(migration: Migration) -> Shot:
    """Stacks, tables, streams' readers, buckets, parameters, secrets, databases, pens of each region; and the weights."""
    found = dict(_weights(migration))
    for region in migration.regions:
        for kind, look in LOOKS.items():
            found |= {f"{region} {kind} {name}": told for name, told in look(migration, region)}
    return found


def differences(before: Shot, after: Shot) -> list[str]:
    """One sentence for each place that is not as it was."""
    return [
        f"{place}: {before.get(place, 'absent')} became {after.get(place, 'absent')}"
        for place in sorted(before.keys() | after.keys())
        if before.get(place) != after.get(place)
    ]


def _stacks(migration: Migration, region: Region) -> Seen:
    for each in _all(migration, region, "cloudformation", "describe_stacks", "Stacks"):
        told = {one["ParameterKey"]: one["ParameterValue"] for one in each.get("Parameters", ())}
        yield each["StackName"], (each["StackStatus"].rpartition("_")[2], told)


def _tables(migration: Migration, region: Region) -> Seen:
    dynamodb = migration.clients.client("dynamodb", region)
    for name in _all(migration, region, "dynamodb", "list_tables", "TableNames"):
        told = dynamodb.describe_table(TableName=name)["Table"]
        yield name, (sorted(one["RegionName"] for one in told.get("Replicas", ())), told.get("StreamSpecification"))


def _readers(migration: Migration, region: Region) -> Seen:
    for each in _all(migration, region, "lambda", "list_event_source_mappings", "EventSourceMappings"):
        read, by = each["EventSourceArn"], each["FunctionArn"]
        yield f"{read.rpartition(':')[2]} by {by.rpartition(':')[2]}", each["State"]


def _buckets(migration: Migration, region: Region) -> Seen:
    s3 = migration.clients.client("s3", region)
    for each in s3.list_buckets()["Buckets"]:
        rules: Any = None
        with suppress(ClientError):
            rules = s3.get_bucket_replication(Bucket=each["Name"])["ReplicationConfiguration"]
        yield each["Name"], rules


def _parameters(migration: Migration, region: Region) -> Seen:
    pages = migration.clients.client("ssm", region).get_paginator("get_parameters_by_path")
    for page in pages.paginate(Path="/", Recursive=True):
        yield from ((each["Name"], each["Value"]) for each in page["Parameters"])


def _secrets(migration: Migration, region: Region) -> Seen:
    for each in _all(migration, region, "secretsmanager", "list_secrets", "SecretList"):
        told = migration.clients.client("secretsmanager", region).describe_secret(SecretId=each["Name"])
        yield each["Name"], sorted(one["Region"] for one in told.get("ReplicationStatus", ()))


def _clusters(migration: Migration, region: Region) -> Seen:
    for each in _all(migration, region, "rds", "describe_db_clusters", "DBClusters"):
        yield each["DBClusterIdentifier"], (each["Status"], len(each.get("DBClusterMembers", ())))
    for each in _all(migration, region, "rds", "describe_global_clusters", "GlobalClusters"):
        yield each["GlobalClusterIdentifier"], sorted(one["DBClusterArn"] for one in each.get("GlobalClusterMembers", ()))


def _rights(migration: Migration, region: Region) -> Seen:
    for may in standing([region], migration.market.feeds.may_put).values():
        yield "feeds may put", may


def _pens(migration: Migration, region: Region) -> Seen:
    """Who holds what, in which epoch."""
    for domain in migration.movers.domains:
        for read in standing([region], partial(migration.movers.pens.read, domain=domain)).values():
            pens = {(pen.state.value, pen.epoch) if pen else None for pen in (read.master, *read.fences)}
            yield domain, sorted(map(str, pens))


def _weights(migration: Migration) -> Seen:
    route53 = migration.clients.client("route53", GLOBAL_HOME)
    for zone in route53.list_hosted_zones()["HostedZones"]:
        for each in route53.list_resource_record_sets(HostedZoneId=zone["Id"])["ResourceRecordSets"]:
            yield f"record {each['Name']} {each['Type']} {each.get('SetIdentifier', '')}", json.dumps(each, sort_keys=True)
    for each in route53.list_health_checks()["HealthChecks"]:
        yield f"health check {each['Id']}", json.dumps(each["HealthCheckConfig"], sort_keys=True)


def _all(migration: Migration, region: Region, service: str, operation: str, key: str) -> Iterator[Any]:
    for page in migration.clients.client(service, region).get_paginator(operation).paginate():
        yield from page[key]


LOOKS: dict[str, Callable[[Migration, Region], Seen]] = {
    "stack": _stacks,
    "table": _tables,
    "reader": _readers,
    "bucket": _buckets,
    "parameter": _parameters,
    "secret": _secrets,
    "cluster": _clusters,
    "stream": _rights,
    "pen": _pens,
}
