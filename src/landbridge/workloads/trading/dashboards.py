"""What a dashboard shows of the market: the newest trades, a symbol's trades, its signals, and which symbols there are.

All of it from this region's own copy; nothing of it belongs to a user, so there is no version to be behind of.
"""

import re
from collections.abc import Mapping
from typing import Any, Protocol

from landbridge.model.asked import BEGINS, LAST, MOMENT, MOST, USUAL
from landbridge.model.errors import BadInput, Unreachable
from landbridge.workloads.trading.ports import Answer
from landbridge.workloads.trading.request import Event, symbol
from landbridge.workloads.trading.signals.signal import Signal


class Market(Protocol):
    """This region's copy of the analytics table; each method may raise Unreachable."""

    def latest(self, begins: str) -> list[dict[str, Any]]:
        """The newest trade of each symbol that begins so, by symbol and feed."""

    def series(self, symbol: str, since: int, until: int, most: int) -> list[dict[str, Any]]:
        """A symbol's newest trades between two moments, in order of time."""

    def signals(self, symbol: str, since: int, until: int, most: int) -> list[Signal]:
        """A symbol's newest signals between two moments, in order of time."""


def dashboard(event: Event, market: Market, region: str) -> Answer:
    """The answer to one GET of the market's resources."""
    try:
        told = _told(event, market)
    except Unreachable as lost:
        return Answer(503, {"error": "it could not be read: try again"}, {"retry-after": "1"}, why=lost.what)
    return Answer(200, {**told, "region": region})


def _told(event: Event, market: Market) -> Mapping[str, Any]:
    asked = event.get("queryStringParameters") or {}
    match event.get("resource"):
        case "/snapshot":
            return {"trades": market.latest(_prefix(asked))}
        case "/search":
            return {"symbols": sorted({trade["symbol"] for trade in market.latest(_prefix(asked))})}
        case "/series/{symbol}":
            return {"trades": market.series(symbol(event), *_span(asked))}
        case _:
            return {"signals": [signal._asdict() for signal in market.signals(symbol(event), *_span(asked))]}


def _prefix(asked: Mapping[str, Any]) -> str:
    text = asked.get("begins") or ""
    if not isinstance(text, str) or not re.fullmatch(BEGINS, text):
        raise BadInput("begins", "can't be used", "send up to 16 of A-Z 0-9 . -, or leave it out")
    return text


def _span(asked: Mapping[str, Any]) -> tuple[int, int, int]:
    since, until, most = _number(asked, "since", 0), _number(asked, "until", LAST), _number(asked, "most", USUAL)
    if since > until:
        raise BadInput("since", "lies behind until", "send the earlier moment as since")
    if not 1 <= most <= MOST:
        raise BadInput("most", "can't be used", f"send a number from 1 to {MOST}")
    return since, until, most


def _number(asked: Mapping[str, Any], name: str, otherwise: int) -> int:
    text = asked.get(name)
    if text is None:
        return otherwise
    if not isinstance(text, str) or not text.isascii() or not re.fullmatch(MOMENT, text):
        raise BadInput(name, "can't be used", "send a whole number of at most 13 digits, or leave it out")
    return int(text)
