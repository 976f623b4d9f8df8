"""A stack that owns data is taken over by the other side's region, or the reason is told; its old place is frozen."""

import json
from typing import Any

import pytest
from tests.fakes import Clock
from tests.unit.deploy.fakes import PENS, PLATFORM, CloudFormation, Routed, reaching

from landbridge.deploy.artifacts import Artifact
from landbridge.deploy.deployer import Deployer, Standing
from landbridge.deploy.graph import Graph, Place
from landbridge.deploy.handover import both, imports, moved, reduced
from landbridge.deploy.manifest import Feed, Home, Manifest, StackSpec, Where
from landbridge.deploy.run import Patience, adopt_all
from landbridge.model.errors import BadInput, Refused
from landbridge.model.region import Region

SOURCE, TARGET = Region(PLATFORM.source), Region(PLATFORM.target)
GLOBAL_TABLE = "AWS::DynamoDB::GlobalTable"
NAME = {"Fn::Sub": "state-${EnvironmentSuffix}"}


def _stack(**resources: Any) -> StackSpec:
    parameters = {"EnvironmentSuffix": {}, "Kind": {"Default": "hot"}}
    body = {"Parameters": parameters, "Resources": resources, "Outputs": {"Name": {"Value": "x"}}}
    return StackSpec("tables", Home.SOURCE, "sha", json.dumps(body))


def _table(name: Any = NAME, **properties: Any) -> dict[str, Any]:
    return {"Type": GLOBAL_TABLE, "Properties": {"TableName": name, **properties}}


KEY = {"DataKeyArn": Feed("keys", "DataKeyArn")}
OWNS = _stack(State=_table(), Notice={"Type": "AWS::SNS::Topic", "Properties": {"Name": {"Ref": "State"}}})


@pytest.mark.parametrize(
    ("name", "told"),
    [("plain", "plain"), (NAME, "state-prod"), ({"Ref": "Kind"}, "hot"), ({"Fn::Sub": "s-${AWS::Region}"}, "s-eu-central-1")],
)
def test_what_is_imported_is_told_by_name(name: Any, told: str) -> None:
    """A text, one with parameters, a default, the region."""
    (entry,) = imports(_stack(State=_table(name)), {"EnvironmentSuffix": "prod"}, TARGET)
    assert entry == {"ResourceType": GLOBAL_TABLE, "LogicalResourceId": "State", "ResourceIdentifier": {"TableName": told}}


@pytest.mark.parametrize(
    ("stack", "why"),
    [
        (_stack(State=_table({"Fn::Sub": "${Other.Name}"})), "State: has no name that can be told"),
        (_stack(State=_table(None)), "State: has no name that can be told"),
        (_stack(Key={"Type": "AWS::KMS::Key", "Properties": {}}), "Key: is a AWS::KMS::Key, which can't be imported by name"),
        (_stack(Notice={"Type": "AWS::SNS::Topic"}), "holds no data"),
    ],
)
def test_what_can_not_be_imported_is_refused(stack: StackSpec, why: str) -> None:
    """Before anything is done, with the resource."""
    with pytest.raises(BadInput, match=why):
        imports(stack, {"EnvironmentSuffix": "prod"}, TARGET)


def test_the_import_carries_the_data_alone() -> None:
    """No outputs and no new resources: CloudFormation takes neither with an import."""
    template = json.loads(reduced(OWNS))
    assert (list(template["Resources"]), "Outputs" in template, "Parameters" in template) == (["State"], False, True)


def test_tags_are_left_to_the_update_after_the_import() -> None:
    """CloudFormation compares templates, not what runs: tags that an import claims to be there would never be made."""
    replicas = [{"Region": "r", "Tags": [1]}, {"Fn::If": ["Second", {"Region": "s", "Tags": [1]}, {"Ref": "AWS::NoValue"}]}]
    template = json.loads(reduced(_stack(State=_table(Tags=[1], Replicas=replicas))))
    left = [{"Region": "r"}, {"Fn::If": ["Second", {"Region": "s"}, {"Ref": "AWS::NoValue"}]}]
    assert template["Resources"]["State"]["Properties"] == {"TableName": NAME, "Replicas": left}


@pytest.mark.parametrize(
    "lean", [{"Ref": "Notice"}, {"Fn::GetAtt": ["Notice", "Arn"]}, {"Fn::Sub": "x${Notice.Arn}"}, [{"Ref": "Notice"}]]
)
def test_data_that_leans_on_what_is_not_there_is_refused(lean: Any) -> None:
    """By any of the ways a template refers."""
    stack = _stack(State=_table(Kms=lean), Notice={"Type": "AWS::SNS::Topic"})
    with pytest.raises(BadInput, match="leans on Notice"):
        reduced(stack)


class Importing(CloudFormation):
    """Also takes imports, and keeps what they named."""

    def execute_change_set(self, StackName: str, ChangeSetName: str) -> None:  # noqa: N803 - as AWS spells it
        """An import ends in a state of its own."""
        kind = self.sets[ChangeSetName]["kind"]
        self.after_execute = {"IMPORT": "IMPORT_COMPLETE"}.get(kind, "UPDATE_COMPLETE")
        super().execute_change_set(StackName, ChangeSetName)


def _deployer(source: CloudFormation, target: CloudFormation, *more: StackSpec) -> Deployer:
    clients = reaching({SOURCE: Routed(lambda: source), TARGET: Routed(lambda: target)})
    artifact = Artifact("functions/x.zip", b"")
    return Deployer(clients, Manifest("trading", (OWNS, *more)), PLATFORM, PENS, sleep=lambda _: None, artifact=artifact)


def _patience() -> Patience:
    clock = Clock()
    return Patience(clock, clock.sleep, limit_seconds=50)


def test_taken_over_and_then_made_whole() -> None:
    """First the import of the table, then the rest by an update; a second time nothing."""
    target = Importing()
    made = _deployer(CloudFormation("CREATE_COMPLETE", OWNS.body, {"EnvironmentSuffix": "prod"}), target)
    place = Graph({Place("tables", TARGET): frozenset()})
    for _ in range(2):
        adopt_all(made, place, _patience()).result()
    assert target.executed == ["IMPORT", "UPDATE"]
    assert [each["LogicalResourceId"] for each in target.calls[0]["ResourcesToImport"]] == ["State"]
    assert ["Tags" in call for call in target.calls] == [False, True]  # CloudFormation takes none with an import
    assert made.look(OWNS, TARGET).standing is Standing.CURRENT
    assert made.handed_over() == {Place("tables", SOURCE): Place("tables", TARGET)}


@pytest.mark.parametrize("status", [None, "IMPORT_ROLLBACK_COMPLETE", "ROLLBACK_COMPLETE"])
def test_an_import_that_failed_is_never_followed_by_a_create(status: str | None) -> None:
    """What exists under that name is not made a second time."""

    class Failing(CloudFormation):
        """Imports nothing."""

        def execute_change_set(self, StackName: str, ChangeSetName: str) -> None:  # noqa: N803 - as AWS spells it
            """Goes back."""
            self.after_execute = status  # type: ignore[assignment]
            super().execute_change_set(StackName, ChangeSetName)
            self.body = "{}"

    target = Failing()
    made = _deployer(CloudFormation("CREATE_COMPLETE"), target)
    with pytest.raises(Refused, match="adopting tables was refused in eu-central-1: tables"):
        adopt_all(made, Graph({Place("tables", TARGET): frozenset()}), _patience()).result()
    assert target.executed == ["IMPORT"]


def test_the_old_place_is_frozen() -> None:
    """Its stack is not updated any more, whatever its template says."""
    made = _deployer(CloudFormation("CREATE_COMPLETE"), CloudFormation("UPDATE_COMPLETE", OWNS.body))
    with pytest.raises(Refused, match="eu-central-1 has taken it over, and this stack is frozen"):
        made.begin(OWNS, SOURCE)


def test_after_a_handover_only_the_new_place_is_deployed_and_both_are_taken_down() -> None:
    """What needs the stack needs it where it is now; taking down, each side waits for what needs it."""
    fed = StackSpec("api", Home.SOURCE, "sha", "{}", {"T": Feed("tables", "Name", Where.SOURCE)})
    made = _deployer(CloudFormation(), CloudFormation(), fed)
    old, new, api = Place("tables", SOURCE), Place("tables", TARGET), Place("api", SOURCE)
    assert moved(made.graph, {old: new}).needs == {new: frozenset(), api: frozenset({new})}
    assert both(made.graph, {old: new}).needs == {old: frozenset(), new: frozenset(), api: frozenset({old, new})}


def test_a_stack_that_took_over_names_its_other_copy_until_that_region_leaves() -> None:
    """With that region's key; at its birthplace, and once that is leaving or gone, there is none."""
    parameters = {name: {"Default": ""} for name in ("SecondRegion", "SecondDataKeyArn", "DataKeyArn")}
    keys = StackSpec("keys", Home.BOTH, "sha", json.dumps({"Resources": {}, "Outputs": {"DataKeyArn": {"Value": "arn"}}}))
    tables = StackSpec("tables", Home.SOURCE, "sha", json.dumps({"Parameters": parameters, "Resources": {}}), KEY)
    source = Routed(lambda: CloudFormation("CREATE_COMPLETE", keys.body))
    target = Routed(lambda: CloudFormation("CREATE_COMPLETE", keys.body))
    artifact, manifest = Artifact("functions/x.zip", b""), Manifest("trading", (keys, tables))
    clients = reaching({SOURCE: source, TARGET: target})
    made = Deployer(clients, manifest, PLATFORM, PENS, sleep=lambda _: None, artifact=artifact)
    own = {"DataKeyArn": "arn"}
    assert made.change(tables, SOURCE).parameters == own
    assert made.change(tables, TARGET).parameters == {**own, "SecondRegion": SOURCE, "SecondDataKeyArn": "arn"}
    assert made.without(frozenset({SOURCE})).change(tables, TARGET).parameters == own
    source.stacks["trading-analytics-tables-prod"].status = None
    assert made.change(tables, TARGET).parameters == own
