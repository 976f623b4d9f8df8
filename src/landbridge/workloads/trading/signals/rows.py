"""Where a signal lies in the analytics table: by symbol, window and epoch; readers take the highest epoch of a window.

Both sides may compute the same window around a move of the market's pen. Their rows lie beside each other under their
epochs, so that neither overwrites the other, whatever the table's copies do with the order.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from landbridge.model.pen import Epoch
from landbridge.workloads.trading.signals.signal import Signal

DIGITS = 13  # milliseconds and epochs are written as wide, so that keys sort as numbers do
NUMBERS = tuple(name for name in Signal._fields if name not in {"symbol", "spike"})


def partition(symbol: str) -> str:
    """The partition key of a symbol's signals."""
    return f"signal#{symbol}"


def sort_key(start: int, epoch: int) -> str:
    """The sort key of a window's signals of an epoch; a window's epochs lie side by side."""
    return f"{start:0{DIGITS}}#{epoch:0{DIGITS}}"


def row(signal: Signal, epoch: Epoch) -> dict[str, Any]:
    """As plain attributes of the analytics table; what is not known yet is left out."""
    known = {name: value for name, value in signal._asdict().items() if value is not None}
    return {"pk": partition(signal.symbol), "sk": sort_key(signal.start, epoch), "epoch": int(epoch), **known}


def standing(rows: Iterable[Mapping[str, Any]]) -> list[Signal]:
    """What readers see: of each symbol's window the row with the highest epoch, by start and symbol."""
    highest: dict[tuple[int, str], Mapping[str, Any]] = {}
    for found in rows:
        window = (int(found["start"]), str(found["symbol"]))
        if window not in highest or int(highest[window]["epoch"]) < int(found["epoch"]):
            highest[window] = found
    return [_signal(highest[window]) for window in sorted(highest)]


def _signal(found: Mapping[str, Any]) -> Signal:
    numbers = {name: int(found[name]) if name in found else None for name in NUMBERS}
    return Signal(**numbers, symbol=str(found["symbol"]), spike=bool(found["spike"]))  # type: ignore[arg-type]
