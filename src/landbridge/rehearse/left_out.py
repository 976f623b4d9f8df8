"""What this world can't do as AWS does it, by name, and what stands in for it: printed in every report."""

import platform
from collections.abc import Collection

from landbridge.config.rehearsal import Rehearsal
from landbridge.deploy.manifest import Manifest
from landbridge.rehearse.facts import LeftOut

ANYWHERE = (
    LeftOut(
        "AWS::DynamoDB::GlobalTable replicas",
        "Replicas are carried between two emulators by an agent; AWS's own lag and order are not shown.",
    ),
    LeftOut(
        "S3 replication and Batch Operations",
        "Copied by an agent by the deployed rules, and by jobs the front doors answer; copies get version ids of their own, "
        "and nothing is archived, expired or listed in inventories.",
    ),
    LeftOut("AWS::KMS encryption", "Keys are named in the templates and not used by the emulator; a template test checks them."),
    LeftOut("AWS::IAM policies", "Not enforced by the emulator; a template test holds each statement against a list."),
    LeftOut(
        "Networks: NAT gateways, endpoints, peering",
        "Deployed, joined and routed on both sides; the front doors play the connection, and no packet flows.",
    ),
    LeftOut("TLS", "Everything here speaks plain HTTP on 127.0.0.1."),
)
TRADING = (
    LeftOut(
        "Adoption of streams, buckets and clusters",
        "The source's tables are made by hand and taken over; everything else of it is made by its stacks.",
    ),
    LeftOut(
        "Journal with strong consistency in three regions (MRSC)",
        "The journal is one table in one emulator; losing a journal region is not shown.",
    ),
    LeftOut("AWS::ApiGateway throttling, tracing and access logs", "Deployed, and not acted on by the emulator."),
    LeftOut(
        "AWS::Lambda::EventSourceMapping on Kinesis",
        "Read by our own pollers; resharding, enhanced fan-out, filters and tumbling windows are refused.",
    ),
    LeftOut(
        "AWS::KinesisAnalyticsV2::Application",
        "Deployed where its archive is named, and played by our own engine of the same definitions; Flink itself does not run.",
    ),
    LeftOut(
        "AWS::Logs::SubscriptionFilter and AWS::KinesisFirehose::DeliveryStream",
        "Deployed, and played by an agent that writes functions' lines into the bucket; minutes of a buffer are shorter.",
    ),
    LeftOut("AWS::WAFv2 firewalls", "Deployed, and not acted on; their logging is made by nobody."),
    LeftOut(
        "AWS Backup",
        "Not played: a retirement restores backups of DynamoDB's own, made by the rehearsal as a night's plan would make them.",
    ),
)
DATABASE = (
    LeftOut(
        "Aurora PostgreSQL 16",
        "Real PostgreSQL 18, one server a region and a copy by streaming: no instances to fail over to, no snapshots, no TLS; "
        "a switchover lasts as long as it is told to.",
    ),
)


def left_out(rehearsal: Rehearsal, manifest: Manifest, also: Collection[str] = ()) -> tuple[LeftOut, ...]:
    """The honest list for the emulator at hand."""
    caches = rehearsal.fabric.resolver_caches
    edge = LeftOut(
        "CloudFront", f"Deployed; played by an edge with {caches} resolver caches and CloudFront's rules of trying again."
    )
    database = DATABASE if "database" in also else ()
    return (*absent(manifest, also), *database, *TRADING, *anywhere(rehearsal), edge)


def anywhere(rehearsal: Rehearsal) -> tuple[LeftOut, ...]:
    """What is left out of any platform on this machine, in a world that is set like this."""
    python = ".".join(platform.python_version_tuple()[:2])
    fabric = rehearsal.fabric
    return (
        *ANYWHERE,
        LeftOut(
            "AWS::Lambda runtime",
            f"Functions run on Python {python}, whatever their template says; concurrency is capped at the front door.",
        ),
        LeftOut(
            "Route 53 answers and health checks",
            f"Answered by an agent from the deployed records; checked every {fabric.health_check_seconds:g} s instead of 10.",
        ),
        LeftOut(
            "EventBridge schedules",
            f"Rules by the minute are kept by an agent, a minute being {fabric.minute_seconds:g} s; others by the emulator.",
        ),
    )


def absent(manifest: Manifest, also: Collection[str]) -> tuple[LeftOut, ...]:
    """The stacks that are not played."""
    names = ", ".join(stack.name for stack in manifest.stacks if not stack.rehearsed and stack.name not in also)
    why = "They are not part of the move yet; a contract test deploys them in both regions."
    return (LeftOut(f"Stacks not deployed: {names}", why),) if names else ()
