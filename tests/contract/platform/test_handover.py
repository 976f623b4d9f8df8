"""From nothing to nothing: the source alone, both regions, an update, the tables handed over, the source gone, all gone."""

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.contract.platform.alone import alone
from tests.contract.platform.emulators import JOURNAL, REGIONS, SOURCE, TARGET
from tests.contract.platform.test_failures import templates_with
from tests.contract.platform.test_verbs import PLACES
from tests.contract.platform.verbs import Operator

from landbridge.aws.clients import Clients
from landbridge.config.spec import Trading
from landbridge.rehearse.emulator.adapter_function import LEFT_OUT

SUFFIX = "hand"
TABLES = tuple(f"trading-analytics-{kind}-{SUFFIX}" for kind in ("analytics", "commands", "state"))
STATE, KEY = TABLES[2], {"user": {"S": "u"}, "view": {"S": "v"}}


@pytest.fixture(name="world")
def _world(tmp_path: Path) -> Iterator[Clients]:
    """One emulator plays all regions, so that replicas are real; each region has its own adapting door."""
    with alone(tmp_path) as clients:
        yield clients


def _well(result: tuple[int, str, str]) -> str:
    code, said, complained = result
    assert (code, complained) == (0, ""), said
    return said


def _less_kept(template: dict[str, Any]) -> None:
    template["Resources"]["PensTable"]["Properties"]["PointInTimeRecoverySpecification"]["PointInTimeRecoveryEnabled"] = False


def _held(world: Clients) -> int:
    """How many resources all stacks hold, as CloudFormation lists them."""
    found = 0
    for region in REGIONS:
        cloudformation = world.client("cloudformation", region)
        for stack in cloudformation.describe_stacks()["Stacks"]:
            found += len(cloudformation.list_stack_resources(StackName=stack["StackName"])["StackResourceSummaries"])
    return found


@pytest.mark.slow
def test_from_nothing_to_nothing(world: Clients, trading: Trading, tmp_path: Path) -> None:
    """Each step by one command; what was written in the source is read in the target when the source is gone."""
    began = time.monotonic()
    operator = Operator.of(tmp_path / "run", trading, SUFFIX, world.endpoints)
    for region in (SOURCE, JOURNAL, TARGET):  # one process can't begin the same function for two regions at once
        _well(operator.runs("deploy", "--region", region, "--yes"))
    said = _well(operator.runs("deploy", "--yes"))  # what the regions tell each other
    assert f"{PLACES} stacks stand" in said
    assert "PeeringConnection: active, 2 route tables lead over it in eu-central-1 and 2 in us-east-1" in said
    figures = {"stacks": PLACES, "resources": _held(world), "left out": sorted(LEFT_OUT)}
    figures["seconds until both stand"] = round(time.monotonic() - began, 1)
    edited = templates_with(tmp_path / "edited", "pens", _less_kept)
    said = _well(operator.runs("deploy", "--only", "pens", "--yes", templates=edited))
    assert "change PensTable (AWS::DynamoDB::Table) because of PointInTimeRecoverySpecification" in said
    assert "PensTable UPDATE_COMPLETE" in _well(operator.runs("deploy", "--only", "pens", "--yes"))
    dynamodb = world.client("dynamodb", SOURCE)
    for table in TABLES:
        dynamodb.update_table(TableName=table, ReplicaUpdates=[{"Create": {"RegionName": TARGET}}])
    dynamodb.put_item(TableName=STATE, Item={**KEY, "value": {"S": "kept"}})

    adopt = ("deploy", "--adopt", "tables", "--region", TARGET)
    assert "import StateTable (AWS::DynamoDB::GlobalTable)" in _well(operator.runs(*adopt, "--dry-run"))
    assert "import StateTable (AWS::DynamoDB::Table)" in _well(operator.runs(*adopt, "--yes"))  # as the emulator knows it
    assert world.client("dynamodb", TARGET).get_item(TableName=STATE, Key=KEY)["Item"]["value"] == {"S": "kept"}
    assert "tables in eu-central-1 is as it should be" in (said := _well(operator.runs("diff")))
    assert "tables in us-east-1" not in said
    assert "\n0 of " in said

    said = _well(operator.runs("destroy", "--region", SOURCE, "--yes"))
    assert f"{STATE}: its replica is dropped, {TARGET} keeps the table" in said
    assert world.client("dynamodb", TARGET).get_item(TableName=STATE, Key=KEY)["Item"]["value"] == {"S": "kept"}
    assert "\n0 of " in _well(operator.runs("diff", "--region", TARGET))
    assert f"nothing of {SUFFIX} is left there" in _well(operator.runs("destroy", "--yes"))
    assert world.client("ssm", JOURNAL).describe_parameters()["Parameters"] == []
    figures["seconds in all"] = round(time.monotonic() - began, 1)
    (tmp_path / "figures.json").write_text(json.dumps(figures, indent=2))
