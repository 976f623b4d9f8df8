"""A stack is told what its template asks for, and nothing else."""

import json
from dataclasses import replace

import pytest
from tests.unit.deploy.fakes import PENS, PLATFORM, SOURCE, CloudFormation, Routed, deployer, reaching

from landbridge.deploy import parameters
from landbridge.deploy.artifacts import Artifact
from landbridge.deploy.deployer import Deployer, Standing
from landbridge.deploy.manifest import Feed, Home, Manifest, StackSpec
from landbridge.model.errors import Refused
from landbridge.model.region import Region

FED = StackSpec(
    "api",
    Home.SOURCE,
    "sha",
    json.dumps({"Parameters": {"HoldSeconds": {}, "Bucket": {}, "AccountLogging": {}}, "Resources": {}}),
    {"Bucket": Feed("tables", "Name")},
)


def test_only_what_is_asked_for_is_given() -> None:
    """Settings by name, feeds by output, defaults left to the template."""
    known = parameters.settings(PLATFORM, PENS, "functions/x.zip")
    assert known["FunctionsKey"] == "functions/x.zip"
    assert known["ReplicaRegion"] == PLATFORM.target
    assert parameters.values(FED, known, lambda feed: f"{feed.stack}/{feed.output}") == {
        "HoldSeconds": "20",
        "Bucket": "tables/Name",
    }


def test_a_feed_that_is_not_there_is_named() -> None:
    """What is missing, and from which stack."""
    assert parameters.values(FED, {}, lambda _: None) == "Bucket comes from tables.Name, which is not deployed yet"


def test_a_feed_that_is_not_there_may_be_left_out() -> None:
    """Where the template stands without it: a region's health without the other region's switch."""
    alone = replace(FED, body=FED.body.replace('"Bucket": {}', '"Bucket": {"Default": ""}'))
    assert parameters.values(alone, {}, lambda _: None) == {}
    assert parameters.values(alone, {}, lambda _: "there") == {"Bucket": "there"}


def test_a_stack_whose_feed_is_gone_is_stale_and_cannot_be_begun() -> None:
    """Deployed before, fed by a stack that isn't there any more."""
    _, stack = deployer(CloudFormation())
    region = Routed(lambda: CloudFormation(body=FED.body))
    region.stacks["trading-analytics-api-prod"].status = "CREATE_COMPLETE"
    made = Deployer(
        reaching({SOURCE: region}),
        Manifest("trading", (stack, FED)),
        PLATFORM,
        PENS,
        sleep=lambda _: None,
        artifact=Artifact("functions/x.zip", b""),
    )
    assert made.look(FED, SOURCE).standing is Standing.STALE
    with pytest.raises(Refused, match=r"tables\.Name"):
        made.begin(FED, SOURCE)


def test_a_region_of_no_role_gets_nothing() -> None:
    """Neither source, target nor journal: no stack belongs there."""
    made, stack = deployer(CloudFormation())
    assert made.stacks(Region("ap-south-1")) == ()
    assert made.stacks(SOURCE) == (stack,)
