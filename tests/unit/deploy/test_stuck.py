"""Each state a stack can be stuck in is recognised; the way out is taken, or offered where it could lose data."""

import json

import pytest
from tests.unit.deploy.fakes import BODY, SOURCE, CloudFormation, deployer

from landbridge.deploy.deployer import Liberties, Standing
from landbridge.deploy.run import Patience, deploy
from landbridge.model.errors import Refused

TABLE = {
    "LogicalResourceId": "Table",
    "ResourceType": "AWS::DynamoDB::Table",
    "PhysicalResourceId": "t",
    "ResourceStatus": "DELETE_FAILED",
}


def _patience(limit: float = 100.0) -> Patience:
    passed: list[float] = []
    return Patience(clock=lambda: sum(passed), sleep=passed.append, limit_seconds=limit)


@pytest.mark.parametrize(
    ("status", "executed"),
    [
        ("ROLLBACK_COMPLETE", ["CREATE"]),
        ("ROLLBACK_FAILED", ["CREATE"]),
        ("CREATE_FAILED", ["CREATE"]),
        ("DELETE_FAILED", ["CREATE"]),
        ("REVIEW_IN_PROGRESS", ["CREATE"]),
        ("UPDATE_ROLLBACK_FAILED", ["UPDATE"]),
        ("UPDATE_FAILED", ["UPDATE"]),
        ("UPDATE_ROLLBACK_COMPLETE", ["UPDATE"]),
        ("IMPORT_ROLLBACK_COMPLETE", ["UPDATE"]),
    ],
)
def test_deploy_leads_out_of_every_state(status: str, executed: list[str]) -> None:
    """Made anew where nothing else is possible, rolled back and updated where something stands."""
    cloudformation = CloudFormation(status, moves=2)
    made, stack = deployer(cloudformation)
    deploy(made, SOURCE, _patience())
    assert cloudformation.executed == executed
    assert made.look(stack, SOURCE).standing is Standing.CURRENT


@pytest.mark.parametrize("status", ["ROLLBACK_FAILED", "CREATE_FAILED", "DELETE_FAILED"])
def test_what_still_holds_data_is_not_deleted_by_the_way(status: str) -> None:
    """Refused with the resource and the way out; named, it is made anew."""
    cloudformation = CloudFormation(status, holds=[TABLE])
    made, stack = deployer(cloudformation)
    with pytest.raises(Refused, match=r"still holds Table; .* --allow-replace Table"):
        deploy(made, SOURCE, _patience())
    assert cloudformation.status == status
    made, stack = deployer(cloudformation, liberties=Liberties(replace=frozenset({"Table"})))
    deploy(made, SOURCE, _patience())
    assert made.look(stack, SOURCE).standing is Standing.CURRENT


def test_a_rollback_that_fails_again_is_told_with_its_cause() -> None:
    """The way out is taken once, not for ever."""

    class Stuck(CloudFormation):
        """Its rollback never comes to an end."""

        def continue_update_rollback(self, StackName: str) -> None:  # noqa: N803 - as AWS spells it
            """Fails again."""

    made, _ = deployer(Stuck("UPDATE_ROLLBACK_FAILED", json.dumps(BODY)))
    with pytest.raises(Refused, match="tables in us-east-1 is UPDATE_ROLLBACK_FAILED"):
        deploy(made, SOURCE, _patience())


def test_a_state_nobody_leads_out_of_is_told() -> None:
    """With what to do."""
    made, _ = deployer(CloudFormation("IMPORT_ROLLBACK_FAILED"))
    with pytest.raises(Refused, match="IMPORT_ROLLBACK_FAILED; settle it by hand"):
        deploy(made, SOURCE, _patience())
