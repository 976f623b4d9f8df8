"""What runs under the names our stacks give is found, with whose it is, and each reason why it can't be taken over as it is."""

from typing import cast

import pytest
from tests.unit.deploy.estate_region import API, BOND, CLUSTER, KEY, LOGS, SCHEMA, SOURCE, TABLE, WELL, FakeDeployer, Region1

from landbridge.aws.clients import Clients
from landbridge.deploy.deployer import Deployer
from landbridge.deploy.estate import IMPORTED, Estate, Held
from landbridge.deploy.stops import BOTH_IMAGES


def held(deployer: FakeDeployer) -> list[Held]:
    """As the verb is told."""
    return list(Estate(cast("Deployer", deployer), SOURCE, 168).held())


def obstacles(clients: Region1) -> list[str]:
    """Of all stacks."""
    assert isinstance(cast("Clients", clients), Region1)
    return [why for each in held(FakeDeployer(clients)) for why in each.obstacles()]


def test_what_runs_as_it_should_can_be_taken_over() -> None:
    """A stack without data that has a name is nobody's business."""
    tables, flow = held(FakeDeployer())
    assert [(each.place.stack, each.foreign, each.obstacles()) for each in (tables, flow)] == [
        ("tables", True, ()),
        ("flow", True, ()),
    ]
    assert [thing.name for thing in (*tables.found, *flow.found)] == ["state-prod", "history", "live"]


def test_what_a_stack_owns_is_taken_over_already() -> None:
    """Whatever could be said against it."""
    deployer = FakeDeployer(Region1(pitr="DISABLED"), frozenset({"tables", "flow"}))
    assert not any(each.foreign or each.obstacles() for each in held(deployer))


def test_what_was_imported_alone_is_not_taken_over_yet() -> None:
    """The rest of the template is still to come, and nothing can stop it any more."""
    tables, _ = held(FakeDeployer(Region1(pitr="DISABLED"), frozenset({"tables", "flow"}), IMPORTED))
    assert (tables.owned, tables.foreign, tables.obstacles()) == (True, True, ())


def test_an_empty_region_has_nothing_to_take_over() -> None:
    """Its stacks make everything anew."""
    nothing = held(FakeDeployer(Region1(table=None, stream=None, bucket="404")))
    assert not any(each.foreign or each.obstacles() for each in nothing)


OTHER = [{"AttributeName": "id", "KeyType": "HASH"}]
STREAMED = {"StreamSpecification": {"StreamViewType": BOTH_IMAGES}}
TYPED = {"AttributeDefinitions": [{"AttributeName": "user", "AttributeType": "N"}]}
INDEXED = {"GlobalSecondaryIndexes": [{"IndexName": "by-day"}]}


@pytest.mark.parametrize(
    ("laid", "why"),
    [
        (
            Region1(table={"KeySchema": OTHER, **STREAMED}),
            "the keys of state-prod are id (HASH), and the stack's are user (HASH)",
        ),
        (Region1(table={"KeySchema": SCHEMA, **STREAMED, **TYPED}), "the keys of state-prod are user (HASH, N), and the stack's"),
        (Region1(table={"KeySchema": SCHEMA, **STREAMED, **INDEXED}), "state-prod has index by-day, and the stack none"),
        (Region1(table={"KeySchema": SCHEMA}), "state-prod has no stream of both images"),
        (Region1(pitr="DISABLED"), "state-prod can't be restored to a point in time"),
        (Region1(expiry="ENABLED"), "items of state-prod expire by until"),
        (Region1(stream={**WELL, "RetentionPeriodHours": 24}), "live keeps 24 h, less than"),
        (Region1(stream={**WELL, "EncryptionType": "NONE"}), "live is not encrypted by a key"),
        (Region1(stream={**WELL, "OpenShardCount": 4}), "live has 4 shards, and the stack wants 2"),
        (Region1(stream={**WELL, "StreamModeDetails": {"StreamMode": "ON_DEMAND"}}), "live is on demand"),
        (Region1(versioning=""), "history keeps no versions"),
        (Region1(bucket="403"), "history belongs to somebody else"),
        (Region1(lies="eu-west-1"), "history lies in eu-west-1"),
        (Region1(stream=None), "live is not there, and the stack would make it anew and empty"),
        (Region1(owners={"live": {"StackName": "bank"}}), "live belongs to the stack bank: give it DeletionPolicy Retain"),
    ],
)
def test_each_reason_is_one_sentence_with_the_fix(laid: Region1, why: str) -> None:
    """And it is the only one."""
    (said,) = obstacles(laid)
    assert said.startswith(why)


@pytest.mark.parametrize(
    ("laid", "why"),
    [
        (Region1(cluster={"Engine": "aurora-postgresql"}), "orders is not encrypted"),
        (Region1(cluster={"Engine": "aurora-mysql", "StorageEncrypted": True}), "orders is of aurora-mysql, and the stack's of"),
        (Region1(members=(SOURCE, "eu-west-1")), "bond has a member in eu-west-1 already"),
        (Region1(members=None), "bond is not there"),
        (Region1(logs="/aws/lambda/reads-too"), "/aws/lambda/reads is not there"),
    ],
)
def test_each_reason_of_a_database_and_its_logs(laid: Region1, why: str) -> None:
    """The same, for what the emulator can't import."""
    made = {"database": {"Cluster": CLUSTER, "Bond": BOND, "Logs": LOGS}}
    (said,) = (why for each in held(FakeDeployer(laid, made=made)) for why in each.obstacles())
    assert said.startswith(why)
    (well,) = held(FakeDeployer(made=made))
    assert (well.foreign, well.obstacles()) == (True, ())


def test_what_another_stack_has_let_go_is_nobodys() -> None:
    """CloudFormation still tells of it for months."""
    gone = {"live": {"StackName": "bank", "ResourceStatus": "DELETE_SKIPPED"}}
    assert obstacles(Region1(owners=gone)) == []


@pytest.mark.parametrize(("standing", "strange"), [(True, "other"), (False, "own")])
def test_another_api_of_the_same_name_is_in_the_way(*, standing: bool, strange: str) -> None:
    """The stack's own is not, and one of another name is nobody's business."""
    laid = Region1(apis=(("own", "api-prod"), ("other", "api-prod" if standing else "else")))
    made = {"api": {"Api": API}}
    (api,) = held(FakeDeployer(laid, frozenset(made) if standing else frozenset(), made=made))
    (said,) = api.obstacles()
    assert said.startswith(f"API {strange} is called api-prod too, and the gate would judge both as one")
    assert not api.foreign


def test_data_that_has_no_name_can_not_be_imported_beside_one_that_has() -> None:
    """A person must do that."""
    deployer = FakeDeployer(made={"tables": {"State": TABLE, "Key": KEY}})
    (tables,) = held(deployer)
    assert tables.obstacles() == ("tables.Key: is a AWS::KMS::Key, which can't be imported by name; import it by hand",)
