"""A stack is told what its template asks for, and nothing else."""

import json
from dataclasses import replace
from typing import Any

import pytest
from tests.unit.deploy.fakes import PENS, PLATFORM, SOURCE, CloudFormation, Routed, deployer, reaching

from landbridge.deploy import parameters
from landbridge.deploy.artifacts import Artifact
from landbridge.deploy.deployer import Deployer, Standing
from landbridge.deploy.manifest import Feed, Home, Manifest, StackSpec, Where
from landbridge.deploy.run import Patience, deploy, joining, within
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


def test_what_a_feed_no_longer_says_goes_back_to_the_default() -> None:
    """The region it came from is gone: the old value is not kept."""
    body = json.dumps({"Parameters": {"Bucket": {"Default": "none"}}, "Resources": {}})
    edge = StackSpec("edge", Home.SOURCE, "sha", body, {"Bucket": Feed("tables", "Name")})
    region = Routed(lambda: CloudFormation(body=body))
    region.stacks["trading-analytics-edge-prod"].status = "CREATE_COMPLETE"
    region.stacks["trading-analytics-edge-prod"].parameters = {"Bucket": "of the old region"}
    _, tables = deployer(CloudFormation())
    artifact = Artifact("functions/x.zip", b"")
    clients = reaching({SOURCE: region})
    made = Deployer(clients, Manifest("trading", (tables, edge)), PLATFORM, PENS, sleep=lambda _: None, artifact=artifact)
    assert made.look(edge, SOURCE).why.endswith("Bucket changed")
    made.begin(edge, SOURCE)
    assert made.look(edge, SOURCE).standing is Standing.CURRENT


def test_what_the_migration_switched_is_not_switched_back() -> None:
    """A deploy leaves copying on where it was switched on; a new stack begins as its template says."""
    body = json.dumps({"Parameters": {"Replication": {"Default": "off"}}, "Resources": {}})
    history = StackSpec("history", Home.SOURCE, "sha", body)
    region = Routed(lambda: CloudFormation(body=body))
    manifest, artifact = Manifest("trading", (history,)), Artifact("functions/x.zip", b"")
    made = Deployer(reaching({SOURCE: region}), manifest, PLATFORM, PENS, sleep=lambda _: None, artifact=artifact)
    assert made.change(history, SOURCE).parameters == {}
    region.stacks["trading-analytics-history-prod"].status = "CREATE_COMPLETE"
    region.stacks["trading-analytics-history-prod"].parameters = {"Replication": "on"}
    assert made.look(history, SOURCE).standing is Standing.CURRENT
    assert made.change(history, SOURCE).parameters == {"Replication": "on"}


def test_a_second_copy_stays_where_the_table_was_born() -> None:
    """A platform that grew keeps its copy in every later deploy; taking it back is an act of its own."""
    body = json.dumps({"Parameters": {"SecondRegion": {"Default": ""}, "SecondDataKeyArn": {"Default": ""}}, "Resources": {}})
    sessions, region = StackSpec("sessions", Home.SOURCE, "sha", body), Routed(lambda: CloudFormation(body=body))
    manifest, artifact = Manifest("trading", (sessions,)), Artifact("functions/x.zip", b"")
    made = Deployer(reaching({SOURCE: region}), manifest, PLATFORM, PENS, sleep=lambda _: None, artifact=artifact)
    copied = {"SecondRegion": PLATFORM.target, "SecondDataKeyArn": "key"}
    region.stacks["trading-analytics-sessions-prod"].status = "CREATE_COMPLETE"
    region.stacks["trading-analytics-sessions-prod"].parameters = copied
    assert made.change(sessions, SOURCE).parameters == copied


def test_a_peering_is_joined_before_anything_builds_on_it() -> None:
    """CloudFormation can't accept it in the other region: the deployer does, and waits until it is active on both sides."""
    template = {"Parameters": {}, "Resources": {}, "Outputs": {"PeeringConnectionId": {"Value": "pcx-1"}}}
    peering = StackSpec("peering", Home.TARGET, "sha", json.dumps(template), link=True)
    target = Region(PLATFORM.target)
    clients = reaching({target: Routed()})
    network = Peerings()
    for region in (SOURCE, target):
        clients._made["ec2", region, True] = network
    manifest, artifact = Manifest("trading", (peering,)), Artifact("functions/x.zip", b"")
    made = Deployer(clients, manifest, PLATFORM, PENS, sleep=lambda _: None, artifact=artifact)
    deploy(made, target, Patience(lambda: 0.0, lambda _: None))
    assert (network.status, sorted(network.opened)) == ("active", ["Accepter", "Requester"])


class Peerings:
    """One connection, as both of its regions see it."""

    def __init__(self) -> None:
        self.status, self.opened = "pending-acceptance", set[str]()

    def describe_vpc_peering_connections(self, **_: Any) -> dict[str, Any]:
        """How it is."""
        sides = {f"{side}VpcInfo": self._options(side) for side in ("Requester", "Accepter")}
        return {"VpcPeeringConnections": [{"Status": {"Code": self.status}, **sides}]}

    def accept_vpc_peering_connection(self, **_: Any) -> None:
        """It is active from now on."""
        self.status = "active"

    def modify_vpc_peering_connection_options(self, **call: Any) -> None:
        """One side resolves the other's names."""
        self.opened |= {name.removesuffix("PeeringConnectionOptions") for name in call if name.endswith("Options")}

    def _options(self, side: str) -> dict[str, Any]:
        return {"PeeringOptions": {"AllowDnsResolutionFromRemoteVpc": side in self.opened}}


def test_a_link_comes_when_both_regions_stand() -> None:
    """A region deployed alone begins no half of a link, and keeps one that stands."""
    network = StackSpec("network", Home.BOTH, "sha", json.dumps({"Resources": {}, "Outputs": {"VpcId": {"Value": "v"}}}))
    told = json.dumps({"Parameters": {"Peer": {}}, "Resources": {}, "Outputs": {"Id": {"Value": "p"}}})
    peering = StackSpec("peering", Home.TARGET, "sha", told, {"Peer": Feed("network", "VpcId", Where.OTHER)}, link=True)
    crossing = StackSpec("crossing", Home.BOTH, "sha", told, {"Peer": Feed("peering", "Id", Where.TARGET)}, link=True)
    target = Region(PLATFORM.target)
    regions = {region: Routed() for region in (SOURCE, target)}
    manifest, artifact = Manifest("trading", (network, peering, crossing)), Artifact("functions/x.zip", b"")
    made = Deployer(reaching(regions), manifest, PLATFORM, PENS, sleep=lambda _: None, artifact=artifact)

    def joined(region: Region) -> list[str]:
        return [place.stack for place in joining(made, within(made.graph, [region])).order()]

    def stands(stack: StackSpec, region: Region) -> None:
        found = regions[region].stacks[f"trading-analytics-{stack.name}-prod"]
        found.status, found.body = "CREATE_COMPLETE", stack.body

    assert joining(made, made.graph) == made.graph
    stands(network, SOURCE)
    stands(network, target)
    assert (joined(SOURCE), joined(target)) == (["network"], ["network"])
    stands(peering, target)
    stands(crossing, SOURCE)
    stands(crossing, target)
    assert (joined(SOURCE), joined(target)) == (["network", "crossing"], ["network", "peering", "crossing"])


def test_what_stays_is_told_what_goes() -> None:
    """As things should be once a region is gone: what it told is left out, also while it still stands."""
    body = json.dumps({"Parameters": {"Peer": {"Default": ""}}, "Resources": {}})
    told = StackSpec("switch", Home.TARGET, "sha", json.dumps({"Resources": {}, "Outputs": {"Host": {"Value": "h"}}}))
    health = StackSpec("health", Home.SOURCE, "sha", body, {"Peer": Feed("switch", "Host", Where.TARGET)})
    target = Region(PLATFORM.target)
    there = Routed(lambda: CloudFormation("CREATE_COMPLETE", body=told.body))
    manifest, artifact = Manifest("trading", (told, health)), Artifact("functions/x.zip", b"")
    made = Deployer(reaching({target: there}), manifest, PLATFORM, PENS, sleep=lambda _: None, artifact=artifact)
    assert made.change(health, SOURCE).parameters == {"Peer": "h"}
    assert made.without(frozenset({target})).change(health, SOURCE).parameters == {}


def test_what_is_known_of_one_stack_alone_is_given_to_no_other() -> None:
    """Two stacks may ask for a parameter of one name and be told differently."""
    known = {"HoldSeconds": "1", "api.HoldSeconds": "2", "other.HoldSeconds": "3"}
    assert parameters.values(FED, known, lambda _: "there") == {"HoldSeconds": "2", "Bucket": "there"}


def test_what_nobody_tells_is_refused_by_name() -> None:
    """Before CloudFormation is asked, and with where it would come from."""
    stack = StackSpec("service", Home.SOURCE, "sha", json.dumps({"Parameters": {"ImageDigest": {}}, "Resources": {}}))
    made = Deployer(
        reaching({}), Manifest("payments", (stack,)), PLATFORM, None, sleep=lambda _: None, artifact=Artifact("x", b"")
    )
    with pytest.raises(Refused, match="ImageDigest has no value: the configuration leaves it empty"):
        made.change(stack, SOURCE)
