"""Rows keep the signals of each epoch apart, and readers see the highest."""

from tests.unit.signals.trades import SMALL, steady, straight

from landbridge.model.pen import Epoch
from landbridge.workloads.trading.signals.rows import partition, row, sort_key, standing

FOUND = straight(SMALL, steady("ABC", 8))


def test_a_signal_reads_back_from_its_row() -> None:
    """The cold ones too, whose means are not there yet."""
    assert standing([row(signal, Epoch(1)) for signal in reversed(FOUND)]) == FOUND


def test_the_highest_epoch_stands() -> None:
    """Wherever among the rows it is found."""
    first, other = FOUND[0], FOUND[0]._replace(vwap=1)
    for rows in ([row(first, Epoch(9)), row(other, Epoch(10))], [row(other, Epoch(10)), row(first, Epoch(9))]):
        assert standing(rows) == [other]


def test_keys_sort_by_window_then_epoch() -> None:
    """As numbers do; a symbol's signals are one partition."""
    keys = [sort_key(start, epoch) for start in (999, 1_767_603_600_000) for epoch in (2, 10)]
    assert keys == sorted(keys)
    assert row(FOUND[0], Epoch(2))["pk"] == partition("ABC") == "signal#ABC"
