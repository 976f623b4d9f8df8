"""Every state CloudFormation can be in is judged rightly, and no begin makes it worse."""

import json

import pytest
from botocore.exceptions import ClientError
from tests.unit.deploy.fakes import BODY, NAME, SOURCE, CloudFormation, deployer

from landbridge.deploy.deployer import Standing
from landbridge.deploy.run import Patience, deploy, destroy
from landbridge.model.errors import Refused, Unreachable

OURS = {"EnvironmentSuffix": "prod"}
OWN = "arn:stack"


def _standing(status: str, *, ours: bool = True) -> CloudFormation:
    return CloudFormation(status, json.dumps(BODY) if ours else "{}", dict(OURS))


@pytest.mark.parametrize(
    ("status", "ours", "standing"),
    [
        ("CREATE_COMPLETE", True, Standing.CURRENT),
        ("UPDATE_COMPLETE", True, Standing.CURRENT),
        ("UPDATE_ROLLBACK_COMPLETE", True, Standing.CURRENT),
        ("CREATE_COMPLETE", False, Standing.STALE),
        ("UPDATE_ROLLBACK_COMPLETE", False, Standing.BROKEN),
        ("ROLLBACK_COMPLETE", True, Standing.BROKEN),
        ("CREATE_FAILED", True, Standing.BROKEN),
        ("DELETE_FAILED", True, Standing.BROKEN),
        ("UPDATE_ROLLBACK_FAILED", True, Standing.BROKEN),
        ("CREATE_IN_PROGRESS", True, Standing.MOVING),
        ("UPDATE_COMPLETE_CLEANUP_IN_PROGRESS", True, Standing.MOVING),
        ("DELETE_IN_PROGRESS", True, Standing.MOVING),
        ("REVIEW_IN_PROGRESS", True, Standing.ABSENT),
        ("DELETE_COMPLETE", True, Standing.ABSENT),
    ],
)
def test_each_status_is_judged(status: str, standing: Standing, *, ours: bool) -> None:
    """By status first, then by what the stack is made of."""
    made, stack = deployer(_standing(status, ours=ours))
    look = made.look(stack, SOURCE)
    assert look.standing is standing
    assert "tables" in look.why


def test_another_parameter_makes_it_stale_by_name() -> None:
    """What changed is said."""
    cloudformation = _standing("CREATE_COMPLETE")
    cloudformation.parameters["EnvironmentSuffix"] = "other"
    made, stack = deployer(cloudformation)
    assert made.look(stack, SOURCE).why.endswith("EnvironmentSuffix changed")


def test_the_first_failure_of_the_last_attempt_is_told() -> None:
    """Not what was cancelled because of it, not an older attempt's."""
    cloudformation = _standing("ROLLBACK_COMPLETE")

    def event(resource: str, status: str, why: str = "") -> dict[str, str]:
        own = {"PhysicalResourceId": OWN} if resource == NAME else {}
        return {"StackId": OWN, "LogicalResourceId": resource, "ResourceStatus": status, "ResourceStatusReason": why, **own}

    cloudformation.events = [
        event(NAME, "ROLLBACK_COMPLETE"),
        event("Second", "CREATE_FAILED", "Resource creation cancelled"),
        event("First", "CREATE_FAILED", "no such key"),
        event(NAME, "CREATE_IN_PROGRESS"),
        event("Older", "CREATE_FAILED", "long ago"),
    ]
    made, stack = deployer(cloudformation)
    assert made.look(stack, SOURCE).why.endswith("First: no such key")
    cloudformation.events = []
    assert made.look(stack, SOURCE).why.endswith("CloudFormation gives no reason")


@pytest.mark.parametrize(("status", "kind"), [(None, "CREATE"), ("REVIEW_IN_PROGRESS", "CREATE"), ("CREATE_COMPLETE", "UPDATE")])
def test_begin_makes_and_executes_one_change_set(status: str | None, kind: str) -> None:
    """Made, waited for, executed; what a killed begin left is gone."""
    pauses: list[float] = []
    cloudformation = CloudFormation(status, set_states=[("CREATE_IN_PROGRESS", ""), ("CREATE_COMPLETE", "")])
    if status:
        cloudformation.sets["landbridge-left"] = {}
    made, stack = deployer(cloudformation, pauses)
    made.begin(stack, SOURCE)
    assert (cloudformation.executed, cloudformation.sets, len(pauses)) == ([kind], {}, 1)
    assert made.look(stack, SOURCE).standing is Standing.CURRENT
    made.begin(stack, SOURCE)
    assert cloudformation.executed == [kind]


def test_somebody_elses_change_set_is_left_alone() -> None:
    """Only our own leftovers are cleared."""
    cloudformation = _standing("CREATE_COMPLETE", ours=False)
    cloudformation.sets["by-hand"] = {}
    made, stack = deployer(cloudformation)
    made.begin(stack, SOURCE)
    assert list(cloudformation.sets) == ["by-hand"]


def test_a_lost_answer_to_create_finds_its_own_change_set() -> None:
    """The name is the change's own, so 'already exists' means it was made."""
    cloudformation = CloudFormation(lose_answer=True)
    made, stack = deployer(cloudformation)
    made.begin(stack, SOURCE)
    assert cloudformation.executed == ["CREATE"]


@pytest.mark.parametrize("why", ["The submitted information didn't contain changes.", "No updates are to be performed."])
def test_a_change_set_without_changes_is_forgotten(why: str) -> None:
    """Nothing is executed and nothing is left."""
    cloudformation = _standing("CREATE_COMPLETE", ours=False)
    cloudformation.set_states = [("FAILED", why)]
    made, stack = deployer(cloudformation)
    made.begin(stack, SOURCE)
    assert (cloudformation.executed, cloudformation.sets) == ([], {})


@pytest.mark.parametrize(("state", "why"), [("FAILED", "no capability"), ("CREATE_IN_PROGRESS", "not ready in time")])
def test_a_change_set_that_does_not_come_about_is_refused(state: str, why: str) -> None:
    """In CloudFormation's words, or that it took too long; the wait is bounded."""
    cloudformation = CloudFormation(set_states=[(state, why)])
    made, stack = deployer(cloudformation)
    with pytest.raises(Refused, match=why):
        made.begin(stack, SOURCE)
    assert cloudformation.executed == []


@pytest.mark.parametrize(
    "change",
    [
        {"Action": "Remove"},
        {"Action": "Modify", "Replacement": "True"},
        {"Action": "Modify", "Replacement": "Conditional", "Details": [{"Target": {"RequiresRecreation": "Always"}}]},
    ],
)
def test_a_change_that_destroys_data_is_refused(change: dict[str, object]) -> None:
    """Removed, replaced or perhaps replaced: refused by name, and the change set is gone."""
    cloudformation = _standing("CREATE_COMPLETE", ours=False)
    cloudformation.changes = [{**change, "ResourceType": "AWS::DynamoDB::Table", "LogicalResourceId": "Table"}]
    made, stack = deployer(cloudformation)
    with pytest.raises(Refused, match="would destroy Table"):
        made.begin(stack, SOURCE)
    assert (cloudformation.executed, cloudformation.sets) == ([], {})


def test_a_change_that_keeps_data_is_not() -> None:
    """Changed in place, or replaced where nothing is kept."""
    cloudformation = _standing("CREATE_COMPLETE", ours=False)
    cloudformation.changes = [
        {"Action": "Modify", "Replacement": "False", "ResourceType": "AWS::DynamoDB::Table", "LogicalResourceId": "Table"},
        {"Action": "Remove", "ResourceType": "AWS::ApiGateway::Deployment", "LogicalResourceId": "Deployment"},
    ]
    made, stack = deployer(cloudformation)
    made.begin(stack, SOURCE)
    assert cloudformation.executed == ["UPDATE"]


def test_a_moving_stack_is_left_alone() -> None:
    """Neither begun nor removed twice."""
    cloudformation = _standing("DELETE_IN_PROGRESS")
    made, stack = deployer(cloudformation)
    made.begin(stack, SOURCE)
    made.remove(stack, SOURCE)
    assert (cloudformation.status, cloudformation.executed) == ("DELETE_IN_PROGRESS", [])


def test_no_answer_and_no_are_told_apart() -> None:
    """In our words, with the stack's name."""
    cloudformation = CloudFormation(fails=ClientError({"Error": {"Code": "AccessDenied"}}, "DescribeStacks"))
    made, stack = deployer(cloudformation)
    with pytest.raises(Refused, match=NAME):
        made.look(stack, SOURCE)
    cloudformation.fails = ClientError({"Error": {"Code": "Throttling"}}, "DescribeStacks")
    with pytest.raises(Unreachable, match=NAME):
        made.remove(stack, SOURCE)


def _patience(limit: float = 100.0) -> Patience:
    passed: list[float] = []
    return Patience(clock=lambda: sum(passed), sleep=passed.append, limit_seconds=limit)


@pytest.mark.parametrize("status", [None, "ROLLBACK_COMPLETE", "UPDATE_ROLLBACK_COMPLETE", "CREATE_COMPLETE"])
def test_deploy_makes_anything_current(status: str | None) -> None:
    """From nothing, from a stack that failed before, from an old one."""
    cloudformation = CloudFormation(status)
    made, stack = deployer(cloudformation)
    assert deploy(made, SOURCE, _patience()) == {"tables": {}}
    assert made.look(stack, SOURCE).standing is Standing.CURRENT


@pytest.mark.parametrize("status", [None, "ROLLBACK_COMPLETE", "UPDATE_ROLLBACK_COMPLETE"])
def test_deploy_ends_at_a_stack_that_breaks(status: str | None) -> None:
    """Tried once, then refused with the reason: never for ever."""
    cloudformation = CloudFormation(status, after_execute="ROLLBACK_COMPLETE")
    made, _ = deployer(cloudformation)
    with pytest.raises(Refused, match="ROLLBACK_COMPLETE"):
        deploy(made, SOURCE, _patience())
    assert len(cloudformation.executed) == 1


def test_deploy_ends_where_cloudformation_sees_no_change() -> None:
    """A difference nobody can bring about is refused, not tried for ever."""
    cloudformation = _standing("CREATE_COMPLETE", ours=False)
    cloudformation.set_states = [("FAILED", "didn't contain changes")]
    made, _ = deployer(cloudformation)
    with pytest.raises(Refused, match="its template is another"):
        deploy(made, SOURCE, _patience())


@pytest.mark.parametrize("act", [deploy, destroy])
def test_waiting_has_an_end(act: object) -> None:
    """A stack that moves for ever is refused when the time is over."""
    made, _ = deployer(_standing("DELETE_IN_PROGRESS"))
    with pytest.raises(Refused, match="DELETE_IN_PROGRESS"):
        act(made, SOURCE, _patience(5))  # type: ignore[operator]


def test_destroy_ends_at_a_stack_that_will_not_go() -> None:
    """Tried again, then refused."""
    cloudformation = _standing("CREATE_COMPLETE")
    cloudformation.after_delete = "DELETE_FAILED"
    made, _ = deployer(cloudformation)
    with pytest.raises(Refused, match="DELETE_FAILED"):
        destroy(made, SOURCE, _patience())
