"""`adopt` reads what runs at the source, says what would stop it, and takes it over with everything in it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.contract.platform.alone import alone
from tests.contract.platform.emulators import SOURCE
from tests.contract.platform.verbs import Operator

from landbridge.aws.clients import Clients
from landbridge.config.spec import Trading
from landbridge.model.hearts import TABLES

SUFFIX = "adopts"
NAMED = {kind: f"trading-analytics-{kind}-{SUFFIX}" for kind in TABLES}
KEY = {"user": {"S": "u"}, "view": {"S": "v"}}


@pytest.fixture(name="clients")
def _clients(tmp_path: Path) -> Iterator[Clients]:
    with alone(tmp_path) as clients:
        yield clients


def _run_without_us(clients: Clients) -> None:
    """Somebody's tables, by the names ours have; none can be restored to a point in time."""
    dynamodb = clients.client("dynamodb", SOURCE)
    for kind, names in TABLES.items():
        dynamodb.create_table(
            TableName=NAMED[kind],
            KeySchema=[{"AttributeName": name, "KeyType": how} for name, how in zip(names, ("HASH", "RANGE"), strict=True)],
            AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in names],
            BillingMode="PAY_PER_REQUEST",
            StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"},
        )
    dynamodb.put_item(TableName=NAMED["state"], Item={**KEY, "value": {"S": "kept"}})


def _mend(clients: Clients) -> None:
    for name in NAMED.values():
        wanted = {"PointInTimeRecoveryEnabled": True}
        clients.client("dynamodb", SOURCE).update_continuous_backups(TableName=name, PointInTimeRecoverySpecification=wanted)


@pytest.mark.slow
def test_a_running_source_is_told_of_then_refused_then_taken_over(clients: Clients, trading: Trading, tmp_path: Path) -> None:
    """Nothing is done without --yes or beside an obstacle; what was in the tables is in them, and a second time finds nothing."""
    _run_without_us(clients)
    operator = Operator.of(tmp_path / "run", trading, SUFFIX, clients.endpoints)
    code, said, _ = operator.runs("adopt")
    assert code == 3, said
    assert f"{NAMED['state']} (AWS::DynamoDB::GlobalTable) runs, nobody's" in said
    assert f"stops: {NAMED['state']} can't be restored to a point in time" in said
    code, said, complained = operator.runs("adopt", "--yes")
    assert (code, "mend it, then adopt" in complained) == (2, True), said
    _mend(clients)
    code, said, complained = operator.runs("adopt")
    assert (code, complained) == (0, ""), said
    assert "1 stacks would take over what runs: tables" in said
    assert not clients.client("cloudformation", SOURCE).describe_stacks()["Stacks"]
    code, said, complained = operator.runs("adopt", "--yes")
    assert (code, complained) == (0, ""), said
    assert clients.client("dynamodb", SOURCE).get_item(TableName=NAMED["state"], Key=KEY)["Item"]["value"] == {"S": "kept"}
    assert "\n0 of " in operator.runs("diff", "--region", SOURCE, "--only", "tables")[1]
    code, said, complained = operator.runs("adopt", "--yes")
    assert (code, complained, "nothing that runs is foreign" in said) == (0, "", True), said
