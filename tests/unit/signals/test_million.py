"""A million trades with stragglers and doubles: streaming says what an offline computation over all of them says."""

import pytest
from bench.signals import market, streamed
from tests.unit.signals.arrived import sorted_out

from landbridge.rehearse.market.offline import recomputed
from landbridge.workloads.trading.signals.definitions import definitions


@pytest.mark.slow
def test_a_million_trades_streamed_are_a_million_recomputed() -> None:
    """Under the shipped definitions, every signal of every bar, and every late and double trade counted."""
    by, arriving = definitions(), market(1_000_000, stragglers=True)
    signals, engine, _ = streamed(arriving)
    counted, late, doubled = sorted_out(by, arriving)
    assert (engine.late, engine.doubled) == (len(late), doubled)
    assert min(len(late), doubled) > 5_000
    assert signals == recomputed(by, counted)
