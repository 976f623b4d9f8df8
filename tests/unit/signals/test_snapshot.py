"""A snapshot's bytes are the state's, and what is no snapshot of these definitions is refused."""

from dataclasses import replace

import pytest
from tests.unit.signals.trades import SMALL, steady

from landbridge.model.errors import BadInput
from landbridge.workloads.trading.signals.engine import Signals
from landbridge.workloads.trading.signals.snapshot import restored, snapshot


def warm(*symbols: str) -> Signals:
    """An engine some bars into these symbols, taken in this order."""
    engine = Signals(SMALL, ["0"])
    trades = [trade for symbol in symbols for trade in steady(symbol, 9)]
    engine.push("0", sorted(trades, key=lambda trade: trade.at))
    return engine


def test_the_same_state_is_the_same_bytes() -> None:
    """Whichever symbol came first."""
    assert snapshot(warm("ABC", "DEF")) == snapshot(warm("DEF", "ABC"))


def test_a_restored_state_is_the_same_bytes() -> None:
    """Nothing is lost or added on the way."""
    taken = snapshot(warm("ABC", "DEF"))
    assert snapshot(restored(SMALL, taken)) == taken


@pytest.mark.parametrize("taken", [b"", b"[]", b"{}", b"\xff", b'{"version": 1}'])
def test_what_is_no_snapshot_is_refused(taken: bytes) -> None:
    """With where to begin instead."""
    with pytest.raises(BadInput, match="horizon"):
        restored(SMALL, taken)


def test_other_definitions_are_refused() -> None:
    """Their windows would be half one, half the other."""
    with pytest.raises(BadInput, match="other definitions"):
        restored(replace(SMALL, slow=4), snapshot(warm("ABC")))


def test_another_version_is_refused() -> None:
    """It is not guessed at."""
    with pytest.raises(BadInput, match="another version"):
        restored(SMALL, snapshot(warm("ABC")).replace(b'"version":1', b'"version":2'))
