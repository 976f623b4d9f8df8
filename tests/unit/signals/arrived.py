"""One lane's trades as they count, by the book: which came too late, and which had come before."""

from collections.abc import Sequence

from landbridge.model.trade import Trade
from landbridge.workloads.trading.signals.definitions import Definitions


def sorted_out(by: Definitions, lane: Sequence[Trade]) -> tuple[list[Trade], list[Trade], int]:
    """A lane's trades as they count, those that came too late, and how many had come before."""
    known: set[tuple[str, str, int]] = set()
    counted, late, newest = list[Trade](), list[Trade](), -1
    for trade in lane:
        end = (trade.at // by.bar_ms + 1) * by.bar_ms
        if trade[:3] not in known:
            (late if newest - by.lateness_ms >= end - 1 else counted).append(trade)
            newest = max(newest, trade.at)
        known.add(trade[:3])
    return counted, late, len(lane) - len(counted) - len(late)
