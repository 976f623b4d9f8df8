"""Failures an emulator can't be made to show: each ends in one sentence, and the same call goes on afterwards."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError
from tests.fakes import Clock
from tests.unit.deploy.fakes import BODY, NAME, SOURCE, CloudFormation, deployer

from landbridge.deploy.deployer import Deployer, Standing
from landbridge.deploy.graph import Graph, Place
from landbridge.deploy.run import Patience, deploy, destroy
from landbridge.deploy.walk import walk
from landbridge.model.errors import Refused, Stopped, Unreachable
from landbridge.model.region import Region

OWN = "arn:stack"


def _patience(clock: Clock) -> Patience:
    return Patience(clock, clock.sleep, limit_seconds=300)


def _stands(made: Deployer) -> bool:
    return made.look(made.stack("tables"), SOURCE).standing is Standing.CURRENT


@dataclass
class Silent(CloudFormation):
    """Answers nothing between two moments."""

    clock: Clock = field(default_factory=Clock)
    out: Callable[[float], bool] = lambda _: False

    def describe_stacks(self, StackName: str) -> dict[str, Any]:  # noqa: N803 - as AWS spells it
        """When it can be reached."""
        if self.out(self.clock.now):
            raise EndpointConnectionError(endpoint_url="x")
        return super().describe_stacks(StackName)


def test_a_region_silent_for_a_while_is_waited_for() -> None:
    """Also more than once; only an unbroken silence counts."""
    clock = Clock(now=0.0)
    cloudformation = Silent(clock=clock, moves=150, out=lambda now: 5 < now < 60 or 70 < now < 125)
    made, _ = deployer(cloudformation)
    deploy(made, SOURCE, _patience(clock))
    assert _stands(made)


@pytest.mark.parametrize(("act", "status"), [(deploy, None), (destroy, "CREATE_COMPLETE")])
def test_a_region_that_stays_silent_ends_the_wait(act: Callable[..., Any], status: str | None) -> None:
    """With the region's name; once it is back the same call goes on."""
    clock = Clock(now=0.0)
    cloudformation = Silent(status, clock=clock, moves=20, out=lambda now: 5 < now < 100)
    made, _ = deployer(cloudformation)
    with pytest.raises(Unreachable, match="us-east-1 did not answer"):
        act(made, SOURCE, _patience(clock))
    clock.now = 200.0
    act(made, SOURCE, _patience(clock))


@dataclass
class Full(CloudFormation):
    """No stack more, until somebody asks for a higher quota."""

    full: bool = True

    def create_change_set(self, ChangeSetName: str, TemplateBody: str, **call: Any) -> None:  # noqa: N803 - as AWS spells it
        """Refused."""
        if self.full:
            told = {"Code": "LimitExceededException", "Message": "2000 stacks are the limit"}
            raise ClientError({"Error": told}, "CreateChangeSet")
        super().create_change_set(ChangeSetName, TemplateBody, **call)


def test_a_quota_is_told_in_cloudformations_words() -> None:
    """Nothing is left of the attempt, and with a higher quota the same deploy goes on."""
    cloudformation = Full()
    made, _ = deployer(cloudformation)
    with pytest.raises(Refused, match=f"{NAME} was refused in us-east-1: LimitExceededException: 2000 stacks"):
        deploy(made, SOURCE, _patience(Clock()))
    assert (cloudformation.status, cloudformation.sets) == (None, {})
    cloudformation.full = False
    deploy(made, SOURCE, _patience(Clock()))
    assert _stands(made)


def test_a_stack_somebody_deletes_meanwhile_is_made_again() -> None:
    """It was on its way, and is gone at the next look."""

    class Vanishing(CloudFormation):
        """Deleted by hand once."""

        def execute_change_set(self, StackName: str, ChangeSetName: str) -> None:  # noqa: N803 - as AWS spells it
            """Gone before it stands."""
            super().execute_change_set(StackName, ChangeSetName)
            if len(self.executed) == 1:
                self.status = None

    cloudformation = Vanishing()
    made, _ = deployer(cloudformation)
    deploy(made, SOURCE, _patience(Clock()))
    assert cloudformation.executed == ["CREATE", "CREATE"]


def _own(status: str, why: str = "", **more: str) -> dict[str, str]:
    event = {"StackId": OWN, "PhysicalResourceId": OWN, "LogicalResourceId": NAME, "EventId": status}
    return {**event, "ResourceStatus": status, "ResourceStatusReason": why, **more}


@dataclass
class Kept(CloudFormation):
    """Where an update is rolled back, the old template stands."""

    def execute_change_set(self, StackName: str, ChangeSetName: str) -> None:  # noqa: N803 - as AWS spells it
        """Nothing of it remains."""
        old = self.body
        super().execute_change_set(StackName, ChangeSetName)
        if self.after_execute == "UPDATE_ROLLBACK_COMPLETE":
            self.body = old


def test_an_alarm_that_rolled_the_update_back_is_named() -> None:
    """No resource failed: the stack's own event has the reason; when it is silent the same deploy goes on."""
    events = [
        _own("UPDATE_ROLLBACK_COMPLETE"),
        _own("UPDATE_ROLLBACK_IN_PROGRESS", "Alarm api-errors went to ALARM"),
        _own("UPDATE_IN_PROGRESS", "User Initiated"),
    ]

    kept = Kept("CREATE_COMPLETE", after_execute="UPDATE_ROLLBACK_COMPLETE", events=events)
    made, _ = deployer(kept)
    with pytest.raises(Refused, match="UPDATE_ROLLBACK_COMPLETE: Alarm api-errors went to ALARM"):
        deploy(made, SOURCE, _patience(Clock()))
    kept.after_execute = "UPDATE_COMPLETE"  # the alarm is silent again
    deploy(made, SOURCE, _patience(Clock()))
    assert _stands(made)


def test_what_was_not_valid_is_told_by_resource() -> None:
    """CloudFormation's own sentence only points to another list."""

    class Invalid(CloudFormation):
        """Found before anything was made."""

        def get_paginator(self, name: str) -> Any:
            """The other list too."""
            return self if name == "describe_events" else super().get_paginator(name)

        def paginate(self, **_: Any) -> Any:
            """What is wrong."""
            wrong = {"EventType": "VALIDATION_ERROR", "LogicalResourceId": "Bucket", "ValidationStatusReason": "is taken"}
            yield {"OperationEvents": [{"EventType": "PROVISIONING_ERROR"}, wrong]}

    events = [_own("ROLLBACK_COMPLETE"), _own("CREATE_FAILED", "Validation failed", DetailedStatus="VALIDATION_FAILED")]
    made, stack = deployer(Invalid("ROLLBACK_COMPLETE", events=events))
    assert made.look(stack, SOURCE).why.endswith("Bucket: is taken")


def test_an_end_that_was_asked_for_ends_every_wait() -> None:
    """What stands waits for nothing; what was to come is not begun, and its change set is gone."""

    def stopping(_: float) -> None:
        raise Stopped

    cloudformation = CloudFormation(set_states=[("CREATE_IN_PROGRESS", "")])
    made, _ = deployer(cloudformation)
    made._sleep = stopping
    with pytest.raises(Stopped):
        deploy(made, SOURCE, _patience(Clock()))
    assert (cloudformation.executed, cloudformation.sets) == ([], {})


def test_a_defect_ends_everything_and_is_not_hidden() -> None:
    """Whoever waits is told to stop, and the defect comes out."""
    stopped: list[bool] = []
    places = [Place(name, Region("us-east-1")) for name in "ab"]

    def act(_: Place) -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        walk(Graph({place: frozenset() for place in places}), act, lambda: stopped.append(True))
    assert stopped == [True]


def test_events_are_told_once_and_from_now_on() -> None:
    """Old ones never, new ones as they come, with their reasons."""
    cloudformation = CloudFormation("CREATE_COMPLETE", json.dumps(BODY), events=[{**_own("CREATE_COMPLETE"), "EventId": "1"}])
    made, stack = deployer(cloudformation)
    news = made.news(stack, SOURCE)
    assert list(news()) == []
    failed = {"EventId": "3", "LogicalResourceId": "Table", "ResourceStatus": "UPDATE_FAILED", "ResourceStatusReason": "no"}
    began = {"EventId": "2", "LogicalResourceId": "Table", "ResourceStatus": "UPDATE_IN_PROGRESS"}
    cloudformation.events = [failed, began, *cloudformation.events]
    assert list(news()) == ["Table UPDATE_IN_PROGRESS", "Table UPDATE_FAILED: no"]
    assert list(news()) == []
