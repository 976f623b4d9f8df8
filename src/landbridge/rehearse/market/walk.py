"""The prices a market shows: a random walk a symbol, in whole cents, from where it stood this morning."""

from math import exp
from random import Random

from landbridge.model.trade import MICRO

OPENED = {  # roughly what they cost, in whole units of their currency
    "AAPL": 230,
    "ADS": 210,
    "AIR": 165,
    "ALV": 300,
    "AMZN": 200,
    "ASML": 680,
    "BAS": 48,
    "BMW": 82,
    "DBK": 18,
    "DTE": 31,
    "GOOG": 175,
    "JPM": 240,
    "MBG": 57,
    "META": 590,
    "MSFT": 430,
    "NVDA": 135,
    "SAP": 240,
    "SIE": 195,
    "TSLA": 250,
    "VOW3": 98,
}
SYMBOLS = tuple(OPENED)
CENT = MICRO // 100
STEP = 0.0004  # how far a price goes from one trade to the next, as a share of it
LOT, LARGEST = 100, 50_000
ODD_LOTS = 0.3  # of trades


class Walk:
    """One symbol's trades, one after the other."""

    def __init__(self, symbol: str, random: Random) -> None:
        self._random = random
        self._price = float(OPENED.get(symbol, 100))

    def step(self) -> tuple[int, int]:
        """The next trade's price in micro-units and its volume."""
        self._price = max(0.01, self._price * exp(self._random.gauss(0, STEP)))
        return max(1, round(self._price * 100)) * CENT, self._volume()

    def _volume(self) -> int:
        if self._random.random() < ODD_LOTS:
            return self._random.randrange(1, LOT)
        return min(LARGEST, LOT * max(1, round(self._random.lognormvariate(0.7, 1.0))))
