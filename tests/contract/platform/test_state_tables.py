"""The write's transaction holds on real tables: the fence decides, and a newer epoch is never overwritten."""

from dataclasses import replace

import pytest
from tests.contract.platform.tables import PENS, STATE, Tables

from landbridge.model.pen import Domain, Epoch, Pen, PenState, pen_key
from landbridge.model.state import StateItem, receipt
from landbridge.workloads.trading.ports import Closed, Committed
from landbridge.workloads.trading.state import Stale
from landbridge.workloads.trading.tables import StateTables

ITEM = StateItem("u", "v", 5, "w", Epoch(2), "value")


@pytest.fixture
def state_tables(tables: Tables) -> StateTables:
    """The tables behind the port, with one fence and nothing in them."""
    return StateTables(tables.dynamodb, state=STATE, pens=PENS, fences=1)


def _fence(tables: Tables, state: PenState, epoch: int) -> None:
    tables.pen(pen_key(Domain.STATE, 0), Pen(state, Epoch(epoch), 1, 0.0))


@pytest.mark.parametrize(("state", "epoch"), [(PenState.CLOSED, 2), (PenState.OPEN, 1), (PenState.OPEN, 3), (None, 0)])
def test_only_an_open_fence_of_this_epoch_lets_through(
    state_tables: StateTables, tables: Tables, state: PenState | None, epoch: int
) -> None:
    """Closed, older, newer or no fence at all: nothing is written, no receipt is left."""
    if state:
        _fence(tables, state, epoch)
    assert state_tables.commit(ITEM, 0, 1.0) == Closed()
    assert state_tables.current("u", "v") is None
    kept = len(tables.items(PENS))
    assert kept == (1 if state else 0)


def test_item_and_receipt_are_committed_together(state_tables: StateTables, tables: Tables) -> None:
    """What is read back is what was written, and its receipt says the same."""
    _fence(tables, PenState.OPEN, 2)
    assert state_tables.commit(ITEM, 0, 1.0) == Committed(ITEM)
    assert state_tables.current("u", "v") == ITEM
    key = {name: {"S": str(receipt(ITEM, 0, 1.0)[name])} for name in ("pk", "sk")}
    found = tables.dynamodb.get_item(TableName=PENS, Key=key)["Item"]
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
def test_what_is_not_newer_or_of_an_older_epoch_meets_what_stands(
    state_tables: StateTables, tables: Tables, late: StateItem
) -> None:
    """Refused with the standing item, and one receipt in all; even a higher version of an older epoch."""
    _fence(tables, PenState.OPEN, 2)
    state_tables.commit(ITEM, 0, 1.0)
    _fence(tables, PenState.OPEN, late.epoch)
    assert state_tables.commit(late, 0, 2.0) == Stale(ITEM)
    assert state_tables.current("u", "v") == ITEM
    assert len(tables.items(PENS)) == 2


def test_a_newer_epoch_carries_on(state_tables: StateTables, tables: Tables) -> None:
    """After a move and back, the next version is written over the last."""
    _fence(tables, PenState.OPEN, 2)
    state_tables.commit(ITEM, 0, 1.0)
    _fence(tables, PenState.OPEN, 3)
    newer = replace(ITEM, version=6, write_id="x", epoch=Epoch(3))
    assert state_tables.commit(newer, 0, 2.0) == Committed(newer)
