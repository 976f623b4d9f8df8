"""`deploy`, `diff` and `outputs` on emulated regions, as processes."""

import json
from collections.abc import Mapping
from pathlib import Path

import pytest
from tests.contract.platform.emulators import SOURCE
from tests.contract.platform.verbs import ROOT, Operator

from landbridge.aws.clients import Clients
from landbridge.config.edge import LACKS
from landbridge.config.spec import Trading
from landbridge.deploy.manifest import Home, Manifest
from landbridge.migrate.adapters.compose import Migration
from landbridge.migrate.record import Kind
from landbridge.model.region import Region

FEW = tuple(f"--only={name}" for name in ("keys", "artifacts", "tables", "pens", "journal"))
PLACES = sum(2 if stack.home is Home.BOTH else 1 for stack in Manifest.read(ROOT / "templates").rehearsed().stacks)


@pytest.fixture(name="operator", scope="module")
def _operator(tmp_path_factory: pytest.TempPathFactory, trading: Trading, endpoints: Mapping[Region, str]) -> Operator:
    return Operator.of(tmp_path_factory.mktemp("verbs"), trading, "verbs", endpoints)


def test_up_unchanged_and_told(operator: Operator) -> None:
    """A dry run changes nothing; a deploy makes what is named, a second one nothing; outputs and diff agree."""
    code, said, complained = operator.runs("deploy", "--dry-run")
    assert (code, complained) == (0, "")
    assert f"{PLACES} of {PLACES} stacks would change" in said
    assert "lacks: no hosted zone: no weighted records, so reads can't be moved little by little" in said
    assert "  add PensTable (AWS::DynamoDB::Table)" in said
    code, told, complained = operator.runs("deploy", "--dry-run", "--json")
    assert (code, complained) == (0, "")
    rows = [json.loads(line) for line in told.splitlines()]
    pens = next(row for row in rows if (row.get("stack"), row.get("region")) == ("pens", SOURCE))
    assert {"act": "add", "resource": "PensTable", "type": "AWS::DynamoDB::Table", "causes": []} in pens["changes"]
    assert rows[-1] == {"changing": PLACES, "places": PLACES}
    assert operator.runs("outputs") == (0, "", "")
    code, said, complained = operator.runs("deploy", *FEW, "--yes")
    assert (code, complained) == (0, "")
    assert "PensTable CREATE_COMPLETE" in said
    assert "8 stacks stand" in said
    code, said, _ = operator.runs("deploy", *FEW, "--yes", "--json")
    events = [json.loads(line) for line in said.splitlines()]
    assert [event["event"] for event in events if "event" in event] == ["unchanged"] * 8
    figures = {f"{event['stack']} {event['resource']}": event["figure"] for event in events if "figure" in event}
    assert figures["tables StateTable"] == "ACTIVE, 0 of 0 replicas ACTIVE"
    assert {event["ok"] for event in events if "figure" in event} == {True}
    assert {event["lacks"] for event in events if "lacks" in event} == set(LACKS.values())
    assert "0 of 8 stacks would change" in operator.runs("diff", *FEW)[1]
    assert "trading-analytics-state-verbs" in operator.runs("outputs", "--only", "tables")[1]


def test_nobody_deploys_beside_a_move(
    tmp_path: Path, trading: Trading, clients: Clients, endpoints: Mapping[Region, str]
) -> None:
    """Refused with what is under way, since when and begun by whom, the lock given back; when it has ended a deploy goes on."""
    operator, only = Operator.of(tmp_path, trading, "moves", endpoints), ("--only", "keys", "--only", "journal")
    assert operator.runs("deploy", *only, "--yes")[0] == 0
    platform = trading.platform.model_copy(update={"environment_suffix": "moves"})
    config = trading.model_copy(update={"platform": platform})
    migration = Migration(clients, config, ROOT / "templates", lambda: 1e9, lambda _: None)
    journal = migration.journal("engine")
    journal.hold_lease()
    journal.append(Kind.PLAN, data={"hash": "x", "name": "trading there", "starter": "ann"})
    for verb in ("deploy", "destroy"):
        code, _, complained = operator.runs(verb, *only, "--yes")
        told = (
            "trading there has been under way since 2001-09-09T01:46:40+00:00, begun by ann; wait until it has ended, or abort it"
        )
        assert (code, complained) == (3, f"landbridge: {told}\n")
    assert migration.deploy_lock("engine").holder() is None
    journal.append(Kind.ENDED, data={"outcome": "done"})
    assert operator.runs("deploy", *only, "--yes")[0] == 0


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (("--region", "mars"), "--region mars: is not part of this platform; name one of eu-central-1, eu-west-1, us-east-1"),
        (("--only", "tabels"), "--only tabels: is not part of this platform; name one of api, "),
        (("--only", "tables", "--region", "eu-west-1"), "names stacks that have no place in these regions"),
        ((), "--yes: is missing and nobody is here to be asked; look with --dry-run, then add --yes"),
    ],
)
def test_what_can_not_be_meant_is_refused(
    tmp_path: Path, trading: Trading, endpoints: Mapping[Region, str], options: tuple[str, ...], sentence: str
) -> None:
    """In one sentence, with code 2, and nothing is changed."""
    code, _, complained = Operator.of(tmp_path, trading, "refused", endpoints).runs("deploy", *options)
    assert code == 2
    assert sentence in complained
    assert complained.count("\n") == 1


def test_drift_is_told_by_property(tmp_path: Path, trading: Trading, endpoints: Mapping[Region, str], clients: Clients) -> None:
    """What a hand changed is said and fails the command; what the migration moves would not."""
    operator = Operator.of(tmp_path, trading, "drifts", endpoints)
    assert operator.runs("deploy", "--only", "keys", "--only", "pens", "--region", SOURCE, "--yes")[0] == 0
    code, said, complained = operator.runs("drift", "--only", "pens")
    assert (code, complained) == (0, ""), said
    dynamodb = clients.client("dynamodb", SOURCE)
    throughput = {"ReadCapacityUnits": 1, "WriteCapacityUnits": 1}
    dynamodb.update_table(TableName="trading-analytics-pens-drifts", BillingMode="PROVISIONED", ProvisionedThroughput=throughput)
    code, said, complained = operator.runs("drift", "--only", "pens")
    assert (code, complained) == (1, "")
    assert "pens in us-east-1: PensTable (AWS::DynamoDB::Table) /BillingMode is PROVISIONED, should be PAY_PER_REQUEST" in said
