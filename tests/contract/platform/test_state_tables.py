"""The write's transaction holds on real tables: the fence decides, and a newer epoch is never overwritten."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from boto3.dynamodb.types import TypeSerializer
from tests.contract.platform.emulators import SOURCE, Environments

from landbridge.aws.clients import Clients
from landbridge.deploy.deployer import Deployer
from landbridge.deploy.manifest import Manifest
from landbridge.deploy.run import Patience, deploy, destroy
from landbridge.model.pen import Domain, Epoch, Pen, PenState, pen_key
from landbridge.model.state import StateItem, receipt
from landbridge.workloads.trading.ports import Closed, Committed
from landbridge.workloads.trading.state import Stale
from landbridge.workloads.trading.tables import StateTables

SUFFIX = "conditions"
ITEM = StateItem("u", "v", 5, "w", Epoch(2), "value")


@pytest.fixture(scope="module")
def deployed(environments: Environments, manifest: Manifest, patience: Patience) -> Iterator[Deployer]:
    """The source's own tables."""
    tables = replace(manifest, stacks=tuple(manifest.stack(name) for name in ("keys", "tables", "pens")))
    deployer = environments.deployer(SUFFIX, tables)
    deploy(deployer, SOURCE, patience)
    yield deployer
    destroy(deployer, SOURCE, patience)


@pytest.fixture
def tables(deployed: Deployer, clients: Clients) -> StateTables:
    """The tables behind the port, with one fence and nothing in them."""
    dynamodb = clients.client("dynamodb", SOURCE)
    names = {"state": f"trading-analytics-state-{SUFFIX}", "pens": f"trading-analytics-pens-{SUFFIX}"}
    for name, keys in ((names["state"], ("user", "view")), (names["pens"], ("pk", "sk"))):
        for item in dynamodb.scan(TableName=name)["Items"]:
            dynamodb.delete_item(TableName=name, Key={key: item[key] for key in keys})
    return StateTables(dynamodb, **names, fences=1)


def _fence(clients: Clients, state: PenState, epoch: int) -> None:
    item = {**pen_key(Domain.STATE, 0), **Pen(state, Epoch(epoch), 1, 0.0).item()}
    wire = {name: TypeSerializer().serialize(value) for name, value in item.items()}
    clients.client("dynamodb", SOURCE).put_item(TableName=f"trading-analytics-pens-{SUFFIX}", Item=wire)


@pytest.mark.parametrize(("state", "epoch"), [(PenState.CLOSED, 2), (PenState.OPEN, 1), (PenState.OPEN, 3), (None, 0)])
def test_only_an_open_fence_of_this_epoch_lets_through(
    tables: StateTables, clients: Clients, state: PenState | None, epoch: int
) -> None:
    """Closed, older, newer or no fence at all: nothing is written, no receipt is left."""
    if state:
        _fence(clients, state, epoch)
    assert tables.commit(ITEM, 0, 1.0) == Closed()
    assert tables.current("u", "v") is None
    kept = clients.client("dynamodb", SOURCE).scan(TableName=f"trading-analytics-pens-{SUFFIX}")["Count"]
    assert kept == (1 if state else 0)


def test_item_and_receipt_are_committed_together(tables: StateTables, clients: Clients) -> None:
    """What is read back is what was written, and its receipt says the same."""
    _fence(clients, PenState.OPEN, 2)
    assert tables.commit(ITEM, 0, 1.0) == Committed(ITEM)
    assert tables.current("u", "v") == ITEM
    key = {name: {"S": str(receipt(ITEM, 0, 1.0)[name])} for name in ("pk", "sk")}
    found = clients.client("dynamodb", SOURCE).get_item(TableName=f"trading-analytics-pens-{SUFFIX}", Key=key)["Item"]
    assert found["digest"]["S"] == ITEM.digest()


@pytest.mark.parametrize(
    "late",
    [
        replace(ITEM, version=4, write_id="x"),
        replace(ITEM, write_id="x"),
        ITEM,
        replace(ITEM, version=6, epoch=Epoch(1)),
    ],
)
def test_what_is_not_newer_or_of_an_older_epoch_meets_what_stands(tables: StateTables, clients: Clients, late: StateItem) -> None:
    """Refused with the standing item, and one receipt in all; even a higher version of an older epoch."""
    _fence(clients, PenState.OPEN, 2)
    tables.commit(ITEM, 0, 1.0)
    _fence(clients, PenState.OPEN, late.epoch)
    assert tables.commit(late, 0, 2.0) == Stale(ITEM)
    assert tables.current("u", "v") == ITEM
    assert clients.client("dynamodb", SOURCE).scan(TableName=f"trading-analytics-pens-{SUFFIX}")["Count"] == 2


def test_a_newer_epoch_carries_on(tables: StateTables, clients: Clients) -> None:
    """After a move and back, the next version is written over the last."""
    _fence(clients, PenState.OPEN, 2)
    tables.commit(ITEM, 0, 1.0)
    _fence(clients, PenState.OPEN, 3)
    newer = replace(ITEM, version=6, write_id="x", epoch=Epoch(3))
    assert tables.commit(newer, 0, 2.0) == Committed(newer)
