"""The shipped history stack in both regions: its switch makes the rule that S3 copies by, and takes it away."""

import json
from pathlib import Path
from typing import Any

from tests.contract.objects.place import ROLE, Place, eventually
from tests.fakes import REGIONS, SOURCE, TARGET

from landbridge.model.region import Region
from landbridge.replicate.object_jobs import ObjectJobs
from landbridge.replicate.object_rule import RULE, BucketRule, Buckets, StackRule, rule_of
from landbridge.replicate.objects import ObjectReplicator

TEMPLATE = Path(__file__).parents[3] / "templates" / "trading" / "history.template.json"
STACK = "trading-analytics-history-prod"
NOW = 1_795_000_000.0


def deploy(place: Place, region: Region) -> None:
    """As it is shipped, without the function that empties buckets."""
    template = json.loads(TEMPLATE.read_text(encoding="utf-8"))
    resources = {name: made for name, made in template["Resources"].items() if made["Type"] != "Custom::EmptyBucket"}
    peer = next(each for each in REGIONS if each != region)
    given = {
        "EnvironmentSuffix": "prod",
        "Environment": "prod",
        "CostCenter": "cc",
        "DataKeyArn": key(region),
        "EmptierArn": "arn",
    }
    given |= {"PeerRegion": peer}
    place.clients.client("cloudformation", region).create_stack(
        StackName=STACK,
        TemplateBody=json.dumps({**template, "Resources": resources}),
        Parameters=[{"ParameterKey": name, "ParameterValue": value} for name, value in given.items()],
        Capabilities=["CAPABILITY_NAMED_IAM"],
    )
    eventually(lambda: described(place, region)["StackStatus"] == "CREATE_COMPLETE")


def key(region: Region) -> str:
    """Of a region, for stored data."""
    return f"arn:aws:kms:{region}:000000000000:key/1"


def described(place: Place, region: Region) -> dict[str, Any]:
    """The stack."""
    found: dict[str, Any] = place.clients.client("cloudformation", region).describe_stacks(StackName=STACK)["Stacks"][0]
    return found


def test_the_stacks_switch_copies_history_and_takes_the_rule_away(place: Place) -> None:
    """From the parameter to the copy, and back; the template reads as it was written all the while."""
    for region in REGIONS:
        deploy(place, region)
    buckets = REGIONS.map(lambda region: f"trading-analytics-history-prod-{region}")
    made = StackRule(
        Buckets(place.clients, SOURCE, *buckets), STACK, lambda: {"PeerRegion": TARGET, "PeerDataKeyArn": key(TARGET)}
    )
    rule = rule_of(made, None)
    jobs = ObjectJobs(place.clients, SOURCE, buckets.source, f"trading-analytics-reports-prod-{SOURCE}", lambda: ROLE)
    replicator = ObjectReplicator(place.clients, REGIONS, buckets, lambda: rule, jobs, place.agent.clock)
    place.s3(SOURCE).put_object(Bucket=buckets.source, Key="before", Body=b"1")
    before = replicator.copied()

    def heard() -> bool:
        replicator.start()
        replicator.beat()
        return replicator.lag() is not None

    eventually(heard)
    read = place.s3(TARGET).get_object(Bucket=buckets.target, Key="before")["Body"].read()
    outputs = {each["OutputKey"] for each in described(place, SOURCE)["Outputs"]}
    replicator.stop()
    eventually(lambda: not replicator.copied())
    assert (before, read, "BatchRoleArn" in outputs) == (False, b"1", True)


def test_a_bucket_no_stack_made_gets_a_rule_of_ours_beside_its_own(place: Place) -> None:
    """Chosen by what exists, and taken away without the others."""
    here, there = place.buckets()
    place.s3(SOURCE).put_bucket_replication(Bucket=here, ReplicationConfiguration={"Role": ROLE, "Rules": [others(there)]})
    buckets = Buckets(place.clients, SOURCE, here, there)
    rule = rule_of(StackRule(buckets, "no-such-stack", dict), BucketRule(buckets, ROLE, "", lambda: NOW))
    rule.on()
    rule.on()
    on = [each["ID"] for each in buckets.standing()["Rules"]]
    rule.off()
    rule.off()
    assert (on, [each["ID"] for each in buckets.standing()["Rules"]]) == (["theirs", f"{RULE}{NOW:.0f}"], ["theirs"])


def others(bucket: str) -> dict[str, Any]:
    """A rule the bank has."""
    off = {"Status": "Disabled"}
    where = {"Filter": {"Prefix": "x/"}, "DeleteMarkerReplication": off, "Destination": {"Bucket": f"arn:aws:s3:::{bucket}"}}
    return {"ID": "theirs", "Status": "Disabled", "Priority": 1, **where}
