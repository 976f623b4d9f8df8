"""What a tick's value says: a trade's price, volume and event time, as one line of text that any engine reads alike.

`189.43 300 1767603600000`: decimal price, whole volume, milliseconds since 1970 (UTC), one space between. Money is held in
whole micro-units, so that sums are exact and the same everywhere. The bounds keep every sum of a window below 10^38.
"""

import re
from typing import NamedTuple

from landbridge.model.errors import BadInput
from landbridge.model.market import Tick

MICRO = 1_000_000  # micro-units of a price's unit
VALUE = r"(0|[1-9][0-9]{0,8})(\.[0-9]{1,6})? [1-9][0-9]{0,11} [1-9][0-9]{0,12}"  # Java reads this expression alike
WRITTEN = re.compile(VALUE)


class Trade(NamedTuple):
    """One trade: who told of it, the price in micro-units, how much of it, and when it was done."""

    feed: str
    symbol: str
    sequence: int
    price: int
    volume: int
    at: int

    def tick(self) -> Tick:
        """As a tick; `trade` of it is this trade again."""
        whole, part = divmod(self.price, MICRO)
        decimals = f".{part:06}".rstrip("0") if part else ""
        return Tick(self.feed, self.symbol, self.sequence, f"{whole}{decimals} {self.volume} {self.at}")


def trade(tick: Tick) -> Trade:
    """The trade a tick tells of; a value that is none is refused, without a word of what it holds."""
    if not WRITTEN.fullmatch(tick.value):
        raise BadInput("tick", "has a value that is no trade", "send price, volume and time, like 189.43 300 1767603600000")
    price, volume, at = tick.value.split(" ")
    whole, _, decimals = price.partition(".")
    micro = int(whole) * MICRO + int(decimals.ljust(6, "0"))
    if not micro:
        raise BadInput("tick", "has a price of nothing", "send a price above 0")
    return Trade(tick.feed, tick.symbol, tick.sequence, micro, int(volume), int(at))
