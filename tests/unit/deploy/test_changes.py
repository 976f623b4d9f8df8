"""A change set reads as sentences, and what would be lost by it is refused unless somebody named it."""

import json
from typing import Any

import pytest
from tests.unit.deploy.fakes import SOURCE, Alarms, CloudFormation, deployer

from landbridge.deploy.changes import Act, ResourceChange, listed, of_template, turned_global
from landbridge.deploy.deployer import Liberties
from landbridge.deploy.graph import Place
from landbridge.model.errors import Refused

TABLE = "AWS::DynamoDB::Table"


def _change(action: str, kind: str = TABLE, **more: Any) -> dict[str, Any]:
    return {"Action": action, "LogicalResourceId": "Table", "ResourceType": kind, **more}


def _detail(name: str, recreate: str = "Never", by: str = "") -> dict[str, Any]:
    return {"Target": {"Attribute": "Properties", "Name": name, "RequiresRecreation": recreate}, "CausingEntity": by}


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (_change("Add"), "add Table (AWS::DynamoDB::Table)"),
        (_change("Remove"), "remove Table (AWS::DynamoDB::Table)"),
        (_change("Import"), "import Table (AWS::DynamoDB::Table)"),
        (
            _change("Modify", Replacement="False", Details=[_detail("Tags"), _detail("BillingMode")]),
            "change Table (AWS::DynamoDB::Table) because of BillingMode, Tags",
        ),
        (
            _change("Modify", Replacement="True", Details=[_detail("TableName", "Always", "EnvironmentSuffix"), _detail("Tags")]),
            "replace Table (AWS::DynamoDB::Table) because of TableName (by EnvironmentSuffix)",
        ),
        (
            _change("Modify", Replacement="Conditional", Details=[_detail("KeySchema", "Always")]),
            "perhaps replace Table (AWS::DynamoDB::Table) because of KeySchema",
        ),
        (
            _change("Modify", Replacement="False", Details=[{"Target": {"Attribute": "DeletionPolicy"}}]),
            "change Table (AWS::DynamoDB::Table) because of DeletionPolicy",
        ),
    ],
)
def test_each_change_is_a_sentence(change: dict[str, Any], sentence: str) -> None:
    """What happens to which resource, and the property that causes it."""
    assert [str(found) for found in listed({"Changes": [{"ResourceChange": change}, {}]})] == [sentence]


def test_a_new_stack_adds_what_its_template_names() -> None:
    """Sorted, so that two looks say the same."""
    template = {"Resources": {"B": {"Type": "x"}, "A": {"Type": "y"}}}
    assert of_template(template) == (ResourceChange(Act.ADD, "A", "y"), ResourceChange(Act.ADD, "B", "x"))


def test_sentences_are_told_before_the_change_is_made() -> None:
    """To whoever watches the deployment, with the place."""
    told: list[tuple[Place, str]] = []
    cloudformation = CloudFormation("CREATE_COMPLETE", changes=[_change("Modify", Details=[_detail("Tags")])])
    made, stack = deployer(cloudformation, liberties=Liberties(tell=lambda place, what: told.append((place, what))))
    made.begin(stack, SOURCE)
    assert told == [(Place("tables", SOURCE), "change Table (AWS::DynamoDB::Table) because of Tags")]


def test_what_is_named_may_be_lost() -> None:
    """The refusal says how to name it; named, the change is made."""
    cloudformation = CloudFormation("CREATE_COMPLETE", changes=[_change("Remove")])
    made, stack = deployer(cloudformation)
    with pytest.raises(Refused, match="--allow-replace Table"):
        made.begin(stack, SOURCE)
    made, stack = deployer(cloudformation, liberties=Liberties(replace=frozenset({"Table"})))
    made.begin(stack, SOURCE)
    assert cloudformation.executed == ["UPDATE"]


def _tables(**types: str) -> dict[str, Any]:
    return {"Resources": {name: {"Type": kind, "Properties": {"TableName": "t"}} for name, kind in types.items()}}


@pytest.mark.parametrize(("new", "turned"), [("Old", ("Old",)), ("Other", ("Other",))])
def test_a_table_turned_global_is_noticed(new: str, turned: tuple[str, ...]) -> None:
    """Under its own id, or under another one with the same name."""
    assert turned_global(_tables(Old=TABLE), _tables(**{new: "AWS::DynamoDB::GlobalTable"})) == turned


def test_a_global_table_beside_or_as_before_is_fine() -> None:
    """New ones, and those that were global before."""
    was = _tables(Global="AWS::DynamoDB::GlobalTable")
    assert turned_global(was, was) == ()
    assert (
        turned_global({"Resources": {"Old": {"Type": TABLE}}}, {"Resources": {"New": {"Type": "AWS::DynamoDB::GlobalTable"}}})
        == ()
    )


def test_turning_global_in_place_is_always_refused() -> None:
    """Even when the table is named as one that may be lost; the safe way is told, and no change set is made."""
    cloudformation = CloudFormation("CREATE_COMPLETE", json.dumps(_tables(Table=TABLE)))
    made, stack = deployer(cloudformation, liberties=Liberties(replace=frozenset({"Table"})))
    stack = type(stack)(stack.name, stack.home, "x", json.dumps(_tables(Table="AWS::DynamoDB::GlobalTable")))
    with pytest.raises(Refused, match="DeletionPolicy Retain"):
        made.begin(stack, SOURCE)
    assert cloudformation.calls == []


def test_foreseeing_changes_nothing() -> None:
    """An old stack by a change set that is forgotten, a new one by its template, a current one not at all."""
    cloudformation = CloudFormation("CREATE_COMPLETE", changes=[_change("Modify", Details=[_detail("Tags")])])
    made, stack = deployer(cloudformation)
    assert [str(change) for change in made.foresee(stack, SOURCE)] == ["change Table (AWS::DynamoDB::Table) because of Tags"]
    assert (cloudformation.executed, cloudformation.sets) == ([], {})
    made, stack = deployer(CloudFormation())
    assert [change.act for change in made.foresee(stack, SOURCE)] == [Act.ADD]
    made.begin(stack, SOURCE)
    assert made.foresee(stack, SOURCE) == ()


ALARMS = [
    {"AlarmName": f"trading-analytics-{kind}-{suffix}", "AlarmArn": f"arn:{kind}-{suffix}", "StateValue": state}
    for kind, suffix, state in [
        ("api", "prod", "OK"),
        ("lag", "prod-us-east-1", "INSUFFICIENT_DATA"),
        ("rings", "prod", "ALARM"),
        ("other", "prods", "OK"),
    ]
]


def test_an_update_is_rolled_back_by_our_alarms() -> None:
    """Those of this environment that don't ring already, for so many minutes; at most five, or CloudFormation refuses."""
    cloudformation = CloudFormation("CREATE_COMPLETE")
    made, stack = deployer(cloudformation, liberties=Liberties(watch_minutes=7), alarms=Alarms(*ALARMS))
    made.begin(stack, SOURCE)
    rollback = cloudformation.calls[0]["RollbackConfiguration"]
    assert rollback["MonitoringTimeInMinutes"] == 7
    assert [each["Arn"] for each in rollback["RollbackTriggers"]] == ["arn:api-prod", "arn:lag-prod-us-east-1"]
    many = [{**ALARMS[0], "AlarmArn": f"arn:{number}"} for number in range(9)]
    cloudformation = CloudFormation("CREATE_COMPLETE")
    made, stack = deployer(cloudformation, alarms=Alarms(*many))
    made.begin(stack, SOURCE)
    assert len(cloudformation.calls[0]["RollbackConfiguration"]["RollbackTriggers"]) == 5


def test_a_new_stack_is_watched_by_no_alarm() -> None:
    """Nobody uses it yet, and its own alarms aren't there."""
    cloudformation = CloudFormation()
    made, stack = deployer(cloudformation, alarms=Alarms(*ALARMS))
    made.begin(stack, SOURCE)
    assert "RollbackConfiguration" not in cloudformation.calls[0]
