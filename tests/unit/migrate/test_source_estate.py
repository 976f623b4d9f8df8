"""What runs at the source is taken over by its stacks as it is, and given back as it was; what stops that is told first."""

import json
from typing import Any, cast

from tests.builders import FakeWorld
from tests.fakes import SOURCE, TARGET
from tests.unit.deploy.estate_region import Region1, no
from tests.unit.deploy.fakes import PENS, PLATFORM, CloudFormation, Routed, reaching
from tests.unit.migrate.hand import Hand
from tests.unit.migrate.test_target_stacks import FakeLock

from landbridge.deploy.artifacts import Artifact
from landbridge.deploy.deployer import Deployer
from landbridge.deploy.estate import IMPORTED, Estate
from landbridge.deploy.lock import DeployLock
from landbridge.deploy.manifest import Home, Manifest, StackSpec
from landbridge.migrate.adapters.source_estate import SourceEstate
from landbridge.migrate.step import State
from landbridge.migrate.steps.adopt_source import AdoptSource
from landbridge.model.errors import DeployHeld

NAMED = {"TableName": {"Fn::Sub": "state-${EnvironmentSuffix}"}, "KeySchema": [{"AttributeName": "user", "KeyType": "HASH"}]}
RESOURCES = {
    "State": {"Type": "AWS::DynamoDB::GlobalTable", "Properties": NAMED, "DeletionPolicy": "Delete"},
    "Emptied": {"Type": "Custom::EmptyBucket", "Properties": {}, "DeletionPolicy": "Delete"},
    "Notice": {"Type": "AWS::SNS::Topic", "Properties": {}, "DeletionPolicy": "Delete"},
}
BODY = {"Parameters": {"EnvironmentSuffix": {}}, "Resources": RESOURCES, "Outputs": {"Name": {"Value": "x"}}}
TABLES = StackSpec("tables", Home.SOURCE, "sha", json.dumps(BODY))


class Importing(CloudFormation):
    """Also takes imports, and tells of no stack that has anything."""

    def execute_change_set(self, StackName: str, ChangeSetName: str) -> None:  # noqa: N803 - as AWS spells it
        """An import ends in a state of its own."""
        self.after_execute = IMPORTED if self.sets[ChangeSetName]["kind"] == "IMPORT" else "UPDATE_COMPLETE"
        super().execute_change_set(StackName, ChangeSetName)

    def describe_stack_resources(self, **_: Any) -> None:
        """None."""
        raise no("ValidationError")


class Source:
    """A source whose table runs and whose stack does not stand, with the step that takes it over."""

    def __init__(self, services: Region1 | None = None, lock: FakeLock | None = None) -> None:
        self.stack, self.hand = Importing(moves=1), Hand(FakeWorld())
        self.clock = self.hand.world.clock
        clients = reaching({SOURCE: self.stack, TARGET: Routed(CloudFormation)})
        clients._made["dynamodb", SOURCE, True] = services or Region1()
        code, pause = Artifact("functions/x.zip", b""), self.clock.sleep
        deployer = Deployer(clients, Manifest("trading", (TABLES,)), PLATFORM, PENS, sleep=pause, artifact=code)
        held = cast("DeployLock", lock or FakeLock())
        self.estate = SourceEstate(Estate(deployer, SOURCE, 168), held, self.clock, pause)
        self.step = AdoptSource(SOURCE, self.estate)
        self.hand.begin()


def test_what_runs_is_imported_and_then_the_rest_is_made() -> None:
    """One change set after the other, each waited for; a second time there is nothing to do."""
    source = Source()
    assert source.hand.forward(source.step)[-1] is State.DONE
    assert source.stack.executed == ["IMPORT", "UPDATE"]
    assert (source.estate.foreign(), source.estate.owned()) == ([], ["tables"])
    assert source.hand.forward(source.step) == [State.DONE]


def test_an_abort_gives_it_back_and_the_data_is_marked_to_stay_first() -> None:
    """What holds data and what would empty it stay; the stack is deleted by its own id, so that a late call meets no other."""
    source = Source()
    source.hand.forward(source.step)
    assert source.hand.back(source.step)[-1] is State.DONE
    policies = {name: made["DeletionPolicy"] for name, made in json.loads(source.stack.body)["Resources"].items()}
    assert policies == {"State": "Retain", "Emptied": "Retain", "Notice": "Delete"}
    assert source.stack.deleted == ["id of trading-analytics-tables-prod"]
    assert (source.estate.foreign(), source.estate.owned()) == (["tables"], [])


def test_what_was_given_back_can_be_taken_over_again() -> None:
    """An abort is not the end of it."""
    source = Source()
    for _ in range(2):
        source.hand.forward(source.step)
        source.hand.back(source.step)
        source.hand.begin()
    assert source.stack.executed == ["IMPORT", "UPDATE", "UPDATE"] * 2


def test_a_half_import_is_given_back_too() -> None:
    """An abort may come between the two change sets."""
    source = Source()
    source.hand.check(source.step)
    source.hand.apply(source.step)
    source.hand.world.settle()
    assert source.hand.back(source.step)[-1] is State.DONE
    assert (source.stack.executed, source.stack.status) == (["IMPORT", "UPDATE"], None)


def test_a_source_born_from_our_own_stacks_is_left_alone() -> None:
    """Nothing of it is taken over, so nothing of it is ever given back."""
    source = Source()
    source.stack.status, source.stack.body = "CREATE_COMPLETE", TABLES.body
    source.stack.parameters = {"EnvironmentSuffix": "prod"}
    assert source.hand.forward(source.step) == [State.DONE]
    assert source.stack.executed == []


def test_what_stops_it_holds_the_plan_before_anything_is_touched() -> None:
    """With the place and the reason."""
    source = Source(Region1(pitr="DISABLED"))
    seen = source.hand.check(source.step)
    assert (seen.state, source.stack.calls) == (State.BLOCKED, [])
    assert seen.why.startswith("tables in us-east-1: state-prod can't be restored to a point in time")


def test_an_import_that_failed_holds_the_plan_and_nothing_is_made_anew() -> None:
    """The table runs on, and CloudFormation's own reason is told."""
    source = Source()
    source.hand.check(source.step)
    source.hand.apply(source.step)
    source.stack.status, source.stack.body = "IMPORT_ROLLBACK_COMPLETE", "{}"
    source.stack._next = None
    source.hand.world.settle()
    assert source.hand.check(source.step).state is State.BLOCKED
    assert source.stack.executed == ["IMPORT"]


def test_nothing_is_taken_over_beside_a_deploy() -> None:
    """Whoever deploys is named, and waited for."""
    source = Source(lock=FakeLock(DeployHeld("bob", "noon", 1.0)))
    seen = source.hand.check(source.step)
    assert (seen.state, seen.why) == (State.WAITING, "a deploy of bob since noon under way")
