"""What goes when a region or a platform is taken down, what is refused, and what is detached before."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from botocore.exceptions import ClientError
from tests.unit.deploy.fakes import PENS, PLATFORM, CloudFormation, Routed, reaching

from landbridge.aws.clients import Clients
from landbridge.deploy.artifacts import Artifact
from landbridge.deploy.deployer import Deployer
from landbridge.deploy.graph import Place
from landbridge.deploy.leftovers import DATABASES, NAMES, Left, Leftovers
from landbridge.deploy.manifest import Feed, Home, Manifest, StackSpec, Where
from landbridge.deploy.replicas import Replicas
from landbridge.deploy.teardown import Teardown
from landbridge.model.errors import BadInput, Refused
from landbridge.model.region import Region

SOURCE, TARGET, JOURNAL = (Region(name) for name in (PLATFORM.source, PLATFORM.target, PLATFORM.journal))
TABLE = {
    "LogicalResourceId": "State",
    "ResourceType": "AWS::DynamoDB::GlobalTable",
    "PhysicalResourceId": "state-prod",
    "ResourceStatus": "CREATE_COMPLETE",
}
EDGE = json.dumps({"Parameters": {"Host": {"Default": ""}}})
STACKS = (
    StackSpec("network", Home.BOTH, "sha", "{}"),
    StackSpec(
        "peering", Home.TARGET, "sha", "{}", {"P": Feed("network", "Id", Where.OTHER), "V": Feed("network", "Id")}, link=True
    ),
    StackSpec("crossing", Home.BOTH, "sha", "{}", {"P": Feed("peering", "Id", Where.TARGET)}, link=True),
    StackSpec("tables", Home.SOURCE, "sha", "{}"),
    StackSpec("edge", Home.GLOBAL, "sha", EDGE, {"Host": Feed("network", "Id", Where.SOURCE)}),
    StackSpec("journal", Home.JOURNAL, "sha", "{}"),
)


def _standing(*stacks: StackSpec) -> Deployer:
    """A deployer of stacks that all stand."""
    regions = {region: Routed(lambda: CloudFormation("CREATE_COMPLETE")) for region in (SOURCE, TARGET, JOURNAL)}
    regions[SOURCE].stacks["trading-analytics-tables-prod"].holds = [TABLE]
    manifest = Manifest("trading", stacks or STACKS)
    artifact = Artifact("functions/x.zip", b"")
    return Deployer(reaching(regions), manifest, PLATFORM, PENS, sleep=lambda _: None, artifact=artifact)


def _going(deployer: Deployer, *regions: Region, stacks: tuple[str, ...] = ()) -> list[str]:
    return sorted(map(str, Teardown.of(deployer, deployer.graph, regions, stacks).going.needs))


def test_without_a_region_everything_goes() -> None:
    """What AWS keeps in one region for all, and the journal, with it."""
    deployer = _standing()
    assert _going(deployer) == sorted(map(str, deployer.graph.needs))


def test_with_one_side_go_its_stacks_and_all_links() -> None:
    """The other side stays whole; what is global stays too, though it lies in that region and hears from it."""
    assert _going(_standing(), SOURCE) == [
        "crossing in eu-central-1",
        "crossing in us-east-1",
        "network in us-east-1",
        "peering in eu-central-1",
        "tables in us-east-1",
    ]


def test_named_stacks_go_alone() -> None:
    """Only those, also one that is global."""
    assert _going(_standing(), SOURCE, stacks=("tables", "edge")) == ["edge in us-east-1", "tables in us-east-1"]


def test_what_still_feeds_another_is_refused() -> None:
    """The one that needs it is named, with the way."""
    deployer = _standing()
    with pytest.raises(BadInput, match=r"network in us-east-1, which would go; destroy it first: --only (crossing|peering)"):
        _going(deployer, SOURCE, stacks=("network",))


def test_what_does_not_stand_does_not_go() -> None:
    """An absent stack is in nobody's way."""
    deployer = _standing()
    for region, stack in ((TARGET, "peering"), (TARGET, "crossing"), (TARGET, "network"), (SOURCE, "crossing")):
        deployer.clients._made["cloudformation", region, True].stacks[f"trading-analytics-{stack}-prod"].status = None
    assert _going(deployer, SOURCE, stacks=("network",)) == ["network in us-east-1"]
    assert not any("eu-central-1" in place for place in _going(deployer))


def test_what_holds_data_is_known_before() -> None:
    """By the resource's logical id, and the table's owner by its name."""
    deployer = _standing()
    teardown = Teardown.of(deployer, deployer.graph, [SOURCE])
    assert teardown.holding[Place("tables", SOURCE)] == ("State",)
    assert teardown.owners == {"state-prod": SOURCE}


@dataclass
class Dynamo:
    """One region's tables; replicas are shared by all regions."""

    region: Region
    replicas: dict[str, set[Region]]
    drops: list[str]
    lag: int = 1
    strong: set[str] = field(default_factory=set)

    def get_paginator(self, _: str) -> "Dynamo":
        """They list themselves."""
        return self

    def paginate(self) -> Iterator[dict[str, Any]]:
        """The tables of the region."""
        yield {"TableNames": sorted(name for name, regions in self.replicas.items() if self.region in regions)}

    def describe_table(self, TableName: str) -> dict[str, Any]:  # noqa: N803 - as AWS spells it
        """A table with its other replicas."""
        regions = self.replicas.get(TableName, set())
        if self.region not in regions:
            raise ClientError({"Error": {"Code": "ResourceNotFoundException"}}, "DescribeTable")
        mode = {"MultiRegionConsistency": "STRONG"} if TableName in self.strong else {}
        return {"Table": {"Replicas": [{"RegionName": each} for each in sorted(regions - {self.region})], **mode}}

    def update_table(self, TableName: str, ReplicaUpdates: list[dict[str, Any]]) -> None:  # noqa: N803 - as AWS spells it
        """Drops one replica, never the region's own, and only one a call."""
        (update,) = ReplicaUpdates
        region = Region(update["Delete"]["RegionName"])
        assert region != self.region
        self.drops.append(f"{region} by {self.region}")
        self.replicas[TableName].discard(region)


def _replicas(regions: set[Region], *, strong: bool = False) -> tuple[Replicas, dict[str, set[Region]], list[str]]:
    state: dict[str, set[Region]] = {"state-prod": regions, "other": {SOURCE, TARGET}}
    drops: list[str] = []
    clients = Clients()
    for region in (SOURCE, TARGET, JOURNAL):
        dynamo = Dynamo(region, state, drops, strong={"state-prod"} if strong else set())
        clients._made["dynamodb", region, True] = dynamo
    named = Leftovers(clients, "prod", ("", "-prod")).named
    made = Replicas(clients, [SOURCE, TARGET, JOURNAL], lambda name: named(name, SOURCE), lambda _: None, lambda *_: None)
    return made, state, drops


BOTH = {SOURCE, TARGET}


@pytest.mark.parametrize(
    ("regions", "going", "owners", "drops"),
    [
        (BOTH, {SOURCE}, {"state-prod": SOURCE}, ["us-east-1 by eu-central-1"]),
        (BOTH, {TARGET}, {}, ["eu-central-1 by us-east-1"]),
        (BOTH, BOTH, {"state-prod": SOURCE}, ["eu-central-1 by us-east-1"]),
        ({SOURCE, TARGET, JOURNAL}, BOTH, {"state-prod": SOURCE}, ["eu-central-1 by eu-west-1", "us-east-1 by eu-west-1"]),
        (BOTH, set(), {"state-prod": SOURCE}, ["us-east-1 by eu-central-1"]),
        (BOTH, BOTH, {}, []),
        ({SOURCE}, {SOURCE}, {"state-prod": SOURCE}, []),
    ],
)
def test_replicas_are_dropped_from_a_side_that_stays(
    regions: set[Region], going: set[Region], owners: dict[str, Region], drops: list[str]
) -> None:
    """One that stays where there is one, else the owner; also when the owning stack alone goes; nobody else's table."""
    replicas, state, dropped = _replicas(set(regions))
    replicas.detach(frozenset(going), owners)
    assert dropped == drops
    assert state["other"] == BOTH


def test_a_strongly_consistent_table_goes_as_a_whole() -> None:
    """Its replicas can't be dropped one by one; the stack deletes them."""
    replicas, _, dropped = _replicas({SOURCE, TARGET}, strong=True)
    replicas.detach(frozenset({SOURCE}), {"state-prod": SOURCE})
    assert dropped == []


def test_a_replica_that_does_not_go_is_told() -> None:
    """The wait has an end."""
    replicas, state, _ = _replicas(set(BOTH))

    class Stuck(Dynamo):
        """Takes the update and does nothing."""

        def update_table(self, TableName: str, ReplicaUpdates: list[dict[str, Any]]) -> None:  # noqa: N803 - as AWS spells it
            """Says it is being dropped already."""
            raise ClientError({"Error": {"Code": "ResourceInUseException"}}, "UpdateTable")

    replicas.clients._made["dynamodb", TARGET, True] = Stuck(TARGET, state, [])
    with pytest.raises(Refused, match="dropping the replica of state-prod"):
        replicas.detach(frozenset({SOURCE}), {})


@dataclass
class Listing:
    """What any service lists; found by the pages' own expression."""

    names: tuple[str, ...] = ()

    def get_paginator(self, _: str) -> "Listing":
        """It lists itself."""
        return self

    def paginate(self, **_: Any) -> "Listing":
        """All pages."""
        return self

    def search(self, _: str) -> Iterator[str]:
        """What is asked for."""
        yield from self.names

    def describe_key(self, KeyId: str) -> dict[str, Any]:  # noqa: N803 - as AWS spells it
        """One waits for its deletion, one is gone, one is there."""
        if KeyId.endswith("gone"):
            raise ClientError({"Error": {"Code": "NotFoundException"}}, "DescribeKey")
        return {"KeyMetadata": {"KeyState": "PendingDeletion" if KeyId.endswith("waits") else "Enabled"}}


def _left(*kept: str, listed: tuple[tuple[str, str, str], ...] = NAMES, **names: tuple[str, ...]) -> list[str]:
    clients = Clients()
    services = (*(service for service, _, _ in listed), "kms", "resourcegroupstaggingapi")
    for made in [(service, region, True) for service in services for region in (SOURCE, TARGET)]:
        clients._made[made] = Listing(names.get(made[0], ()))
    found = Leftovers(clients, "prod", ("", "-prod"), kept, listed).search([SOURCE], lambda _: None, 1.0)
    assert all(isinstance(each, Left) and each.region == SOURCE for each in found)
    return [each.what for each in found]


def test_names_of_ours_are_left_and_others_are_not() -> None:
    """By suffix, with the region where a name is global; another environment's, another region's and the lock's don't count."""
    assert _left(
        dynamodb=("state-prod", "state-prod2", "state-prod-eu", "prod"),
        s3=("artifacts-prod-us-east-1", "artifacts-prod-eu-central-1", "artifacts-prod"),
        ssm=("/trading-platform/prod/peer", "/landbridge/trading/prod/deploy/1"),
    ) == ["dynamodb state-prod", "s3 artifacts-prod-us-east-1", "ssm /trading-platform/prod/peer"]


def test_tags_find_what_has_no_name() -> None:
    """But not what can be listed by name, nor a key that is gone or waits for its deletion."""
    arns = ("arn:aws:kms:us-east-1:1:key/waits", "arn:aws:kms:us-east-1:1:key/gone", "arn:aws:kms:us-east-1:1:key/there")
    tagged = (*arns, "arn:aws:dynamodb:us-east-1:1:table/state-prod", "arn:aws:ec2:us-east-1:1:vpc/vpc-1")
    assert _left(resourcegroupstaggingapi=tagged) == ["arn:aws:ec2:us-east-1:1:vpc/vpc-1", "arn:aws:kms:us-east-1:1:key/there"]


def test_clusters_and_secrets_are_listed_for_who_asks() -> None:
    """By name, so that no tag of one that is gone counts; what else a database has is found by its tags."""
    tagged = ("arn:aws:rds:us-east-1:1:cluster:db-prod", "arn:aws:rds:us-east-1:1:db:a-prod")
    secrets = ("arn:aws:secretsmanager:us-east-1:1:secret:db-prod-abc",)
    found = _left(listed=(*NAMES, *DATABASES), rds=("db-prod-us-east-1", "db-dev"), secretsmanager=("db-prod",))
    assert found == ["rds db-prod-us-east-1", "secretsmanager db-prod"]
    assert _left(listed=(*NAMES, *DATABASES), resourcegroupstaggingapi=(*tagged, *secrets)) == [tagged[1]]


def test_what_stays_there_by_intent_is_not_left() -> None:
    """A distribution of all regions lies in one that goes; what is not its stack's still counts."""
    assert _left("E1", resourcegroupstaggingapi=("a:b:x:r:1:c/E1", "a:b:x:r:1:c/E2")) == ["a:b:x:r:1:c/E2"]


def test_another_platform_of_the_same_suffix_is_nobodys_business() -> None:
    """Names tell whose a thing is: a table of the other platform is neither detached nor called left."""
    trading, payments = (Leftovers(Clients(), "prod", around) for around in (("trading-analytics-", "-prod"), ("", "-live-prod")))
    for name, whose in (("trading-analytics-state-prod", trading), ("sessions-live-prod", payments)):
        assert [each for each in (trading, payments) if each.named(name, SOURCE)] == [whose]
