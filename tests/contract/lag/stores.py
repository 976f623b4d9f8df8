"""Every store of a world with its copy: what measures the lag, and the knobs of the agent that makes it."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from tests.contract.lag.place import Living, eventually
from tests.contract.replicator.emulated import SETTINGS
from tests.fakes import REGIONS, SOURCE, TARGET

from landbridge.deploy.artifacts import Artifact
from landbridge.model.errors import Unreachable
from landbridge.model.region import Pair
from landbridge.replicate.aurora import Aurora
from landbridge.replicate.database import DatabaseReplicator, Secondary
from landbridge.replicate.global_table import GlobalTableReplicator
from landbridge.replicate.login import Login
from landbridge.replicate.object_jobs import ObjectJobs
from landbridge.replicate.object_rule import BucketRule, Buckets
from landbridge.replicate.objects import ObjectReplicator
from landbridge.replicate.port import Replicator
from landbridge.replicate.stream import StreamReplicator

TABLE, LIVE, MIRROR, FUNCTION = "trading-analytics-state-prod", "live", "mirror", "replicator"
ROLE = "arn:aws:iam::000000000000:role/any"
BUCKETS, CLUSTERS = Pair("lag-source", "lag-target"), Pair("lag-s", "lag-t")


@dataclass(frozen=True)
class Store:
    """One store's copy; `slow` makes its agent slower by so many seconds, `stall` stops it."""

    replicator: Replicator
    slow: Callable[[float], None]
    stall: Callable[[bool], None]


def _store(replicator: Replicator, knobs: Any, lag: str = "lag") -> Store:
    return Store(replicator, lambda seconds: setattr(knobs, lag, seconds), lambda on: setattr(knobs, "stalled", on))


def table(living: Living) -> Store:
    """A global table."""
    clients, names = living.world.clients, ("user", "view")
    kinds = zip(names, ("HASH", "RANGE"), strict=True)
    clients.client("dynamodb", SOURCE).create_table(
        TableName=TABLE,
        KeySchema=[{"AttributeName": name, "KeyType": kind} for name, kind in kinds],
        AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in names],
        BillingMode="PAY_PER_REQUEST",
        StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"},
    )
    replicator = GlobalTableReplicator(clients, TABLE, names, REGIONS, time.time, lambda: "arn:aws:kms:eu-central-1:0:key/1")
    return _store(replicator, living.world.tables.knobs)


def objects(living: Living) -> Store:
    """Two buckets and a rule of ours."""
    clients = living.world.clients
    for region, bucket in zip(REGIONS, BUCKETS, strict=True):
        where = {} if region == SOURCE else {"CreateBucketConfiguration": {"LocationConstraint": region}}
        clients.client("s3", region).create_bucket(Bucket=bucket, **where)
        clients.client("s3", region).put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    rule = BucketRule(Buckets(clients, SOURCE, *BUCKETS), ROLE, "", time.time)
    jobs = ObjectJobs(clients, SOURCE, BUCKETS.source, BUCKETS.source, lambda: ROLE)
    return _store(ObjectReplicator(clients, REGIONS, BUCKETS, lambda: rule, jobs, time.time), living.world.objects.knobs)


def stream(living: Living) -> Store:
    """The shipped function behind a mapping, with the other region's door for its mirror."""
    clients = living.world.clients
    for region, name in ((SOURCE, LIVE), (TARGET, MIRROR)):
        clients.client("kinesis", region).create_stream(StreamName=name, ShardCount=1)
    summary = clients.client("kinesis", SOURCE).describe_stream_summary(StreamName=LIVE)
    arn = summary["StreamDescriptionSummary"]["StreamARN"]
    variables = {"LIVE_STREAM_ARN": arn, "MIRROR_REGION": TARGET, "MIRROR_STREAM": MIRROR, "SET_ASIDE_BUCKET": "none"}
    variables["AWS_ENDPOINT_URL_KINESIS"] = living.world.doors[TARGET].url
    functions = clients.client("lambda", SOURCE)
    functions.create_function(
        FunctionName=FUNCTION,
        Runtime="python3.13",
        Role=ROLE,
        Handler="landbridge.agents.replicator.handler",
        Code={"ZipFile": Artifact.of().body},
        Timeout=60,
        Environment={"Variables": variables},
    )
    functions.create_event_source_mapping(FunctionName=FUNCTION, EventSourceArn=arn, **SETTINGS)
    eventually(lambda: SOURCE in living.world.event_sources)
    replicator = StreamReplicator(clients, REGIONS, LIVE, MIRROR, FUNCTION, time.time)
    return _store(replicator, living.world.event_sources[SOURCE].knobs, "delay")


def database(living: Living) -> Store:
    """An Aurora cluster and its secondary."""
    clients, login = living.world.clients, Login("trading", lambda: "of the test alone", "effects", {})
    rds = clients.client("rds", SOURCE)
    asked = {"MasterUsername": login.user, "MasterUserPassword": login.password(), "DatabaseName": login.database}
    rds.create_db_cluster(DBClusterIdentifier=CLUSTERS.source, Engine="aurora-postgresql", **asked)
    one = {"DBInstanceClass": "db.r6g.large", "Engine": "aurora-postgresql", "DBClusterIdentifier": CLUSTERS.source}
    rds.create_db_instance(DBInstanceIdentifier="lag-one-s", **one)
    aurora = Aurora(clients)
    eventually(lambda: (found := aurora.cluster(SOURCE, CLUSTERS.source)) and found.status == "available")
    secondary = Secondary("lag-one-t", "db.r6g.large", "subnets", ("sg-1",), "arn:key", "parameters")
    replicator = DatabaseReplicator(aurora, "lag", CLUSTERS, REGIONS, lambda: secondary, login, time.time)
    replicator.start()
    return _store(replicator, living.world.databases.clusters[TARGET, CLUSTERS.target].line)


STORES: Mapping[str, Callable[[Living], Store]] = {"table": table, "objects": objects, "stream": stream, "database": database}


def heard(store: Store) -> Store:
    """The same, once its copy stands and a heartbeat has arrived."""

    def listens() -> bool:
        try:
            if not store.replicator.begun():
                store.replicator.start()
            store.replicator.beat()
            return store.replicator.lag() is not None
        except Unreachable:
            return False

    eventually(listens)
    return store
