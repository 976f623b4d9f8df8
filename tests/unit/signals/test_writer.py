"""Signals are put where the pen is; the side that takes it over writes what it kept back first."""

from dataclasses import dataclass, field

import boto3
import pytest
from botocore import UNSIGNED
from botocore.config import Config
from botocore.stub import Stubber
from tests.unit.signals.trades import SMALL, steady, straight

from landbridge.model.errors import Unreachable
from landbridge.model.pen import Domain, Epoch, Pen, PenState, pen_key
from landbridge.workloads.trading.signals.signal import Signal
from landbridge.workloads.trading.signals.writer import KEPT_MS, Tables, Writer

FOUND = straight(SMALL, steady("ABC", 8))
OPEN, CLOSED = Pen(PenState.OPEN, Epoch(3), 7, 0.0), Pen(PenState.CLOSED, Epoch(2), 6, 0.0)


@dataclass
class FakeStore:
    """A pen and rows that can be out of reach."""

    held: Pen | None = OPEN
    reachable: bool = True
    rows: list[tuple[Signal, int]] = field(default_factory=list)
    now: float = 0.0

    def pen(self) -> Pen | None:
        """The pen as it stands."""
        return self.held

    def put(self, signal: Signal, epoch: Epoch) -> None:
        """Keep the row."""
        if not self.reachable:
            raise Unreachable("here", "put")
        self.rows.append((signal, epoch))

    def clock(self) -> float:
        """A second later at each look."""
        self.now += 1.0
        return self.now


def test_the_holder_writes_under_its_epoch() -> None:
    """Each signal once, in order."""
    store = FakeStore()
    writer = Writer(store, store.clock)
    for signal in FOUND:
        writer.write(signal)
    assert store.rows == [(signal, 3) for signal in FOUND]


@pytest.mark.parametrize("pen", [None, CLOSED])
def test_the_other_side_writes_nothing(pen: Pen | None) -> None:
    """Neither one that held it once nor one that never did."""
    store = FakeStore(held=pen)
    writer = Writer(store, store.clock)
    for signal in FOUND:
        writer.write(signal)
    assert store.rows == []


def test_with_the_pen_comes_what_was_kept_back() -> None:
    """Windows that ended here before the pen was opened stand under the new epoch too."""
    store = FakeStore(held=CLOSED)
    writer = Writer(store, store.clock)
    for signal in FOUND[:5]:
        writer.write(signal)
    store.held = OPEN
    writer.write(FOUND[5])
    assert store.rows == [(signal, 3) for signal in FOUND[:6]]


def test_no_more_is_kept_back_than_a_move_can_last() -> None:
    """What is older was the other side's while it held the pen."""
    store = FakeStore(held=CLOSED)
    writer = Writer(store, store.clock)
    later = FOUND[0]._replace(start=FOUND[0].start + KEPT_MS + 1)
    writer.write(FOUND[0])
    writer.write(later)
    store.held = OPEN
    writer.write(later)
    assert [signal for signal, _ in store.rows] == [later, later]


def test_what_could_not_be_put_is_put_next_time() -> None:
    """The error is the caller's to see; the signal stays."""
    store = FakeStore(reachable=False)
    writer = Writer(store, store.clock)
    with pytest.raises(Unreachable):
        writer.write(FOUND[0])
    store.reachable = True
    writer.write(FOUND[1])
    assert store.rows == [(FOUND[0], 3), (FOUND[1], 3)]


def test_the_tables_are_asked_as_aws_wants_it() -> None:
    """The pen strongly consistent, the row with numbers as numbers."""
    unsigned = Config(region_name="eu-central-1", signature_version=UNSIGNED)
    client = boto3.session.Session().client("dynamodb", config=unsigned)
    key = {name: {"S": text} for name, text in pen_key(Domain.MARKET).items()}
    pen = {"state": {"S": "open"}, "epoch": {"N": "3"}, "turn": {"N": "7"}, "since": {"S": "0.0"}}
    cold = FOUND[0]
    sent = {
        "pk": {"S": "signal#ABC"},
        "sk": {"S": f"{cold.start}#0000000000003"},
        "epoch": {"N": "3"},
        "start": {"N": str(cold.start)},
        "symbol": {"S": "ABC"},
        "trades": {"N": "1"},
        "volume": {"N": "100"},
        "vwap": {"N": "100000000"},
        "crossing": {"N": "0"},
        "spike": {"BOOL": False},
    }
    with Stubber(client) as stub:
        stub.add_response("get_item", {"Item": key | pen}, {"TableName": "pens", "Key": key, "ConsistentRead": True})
        stub.add_response("put_item", {}, {"TableName": "analytics", "Item": sent})
        Writer(Tables(client, analytics="analytics", pens="pens")).write(cold)
        stub.assert_no_pending_responses()
