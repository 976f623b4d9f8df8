"""What this world can't do as AWS does it, by name, and what stands in for it: printed in every report."""

import platform
from collections.abc import Collection

from landbridge.config.spec import Rehearsal
from landbridge.deploy.manifest import Manifest
from landbridge.rehearse.facts import LeftOut

ALWAYS = (
    LeftOut(
        "AWS::DynamoDB::GlobalTable replicas",
        "Replicas are carried between two emulators by an agent; AWS's own lag and order are not shown.",
    ),
    LeftOut(
        "Journal with strong consistency in three regions (MRSC)",
        "The journal is one table in one emulator; losing a journal region is not shown.",
    ),
    LeftOut(
        "S3 replication and Batch Operations",
        "Copied by an agent by the deployed rules, and by jobs the front doors answer; copies get version ids of their own, "
        "and nothing is archived, expired or listed in inventories.",
    ),
    LeftOut("AWS::KMS encryption", "Keys are named in the templates and not used by the emulator; a template test checks them."),
    LeftOut("AWS::IAM policies", "Not enforced by the emulator; a template test holds each statement against a list."),
    LeftOut("AWS::ApiGateway throttling, tracing and access logs", "Deployed, and not acted on by the emulator."),
    LeftOut(
        "AWS::Lambda::EventSourceMapping on Kinesis",
        "Read by our own pollers; resharding, enhanced fan-out, filters and tumbling windows are refused.",
    ),
    LeftOut(
        "Networks: NAT gateways, endpoints, peering",
        "Deployed, joined and routed on both sides; the front doors play the connection, and no packet flows.",
    ),
    LeftOut("AWS::WAFv2 firewalls", "Deployed, and not acted on; their logging is made by nobody."),
    LeftOut("TLS", "Everything here speaks plain HTTP on 127.0.0.1."),
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
    return (*_absent(manifest, also), *(DATABASE if "database" in also else ()), *ALWAYS, *_here(rehearsal))


def _here(rehearsal: Rehearsal) -> tuple[LeftOut, ...]:
    """What depends on this machine, and on how this world is set."""
    python = ".".join(platform.python_version_tuple()[:2])
    fabric = rehearsal.fabric
    return (
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
        LeftOut(
            "CloudFront",
            f"Deployed; played by an edge with {fabric.resolver_caches} resolver caches and CloudFront's rules of trying again.",
        ),
    )


def _absent(manifest: Manifest, also: Collection[str]) -> tuple[LeftOut, ...]:
    names = ", ".join(stack.name for stack in manifest.stacks if not stack.rehearsed and stack.name not in also)
    why = "They are not part of the move yet; a contract test deploys them in both regions."
    return (LeftOut(f"Stacks not deployed: {names}", why),) if names else ()
