"""What a dashboard asks of the market is answered from this region's copy, or refused in one sentence."""

from typing import Any

import pytest
from tests.unit.workloads.test_handlers import NoMarket

from landbridge.model.errors import BadInput
from landbridge.workloads.trading.dashboards import dashboard
from landbridge.workloads.trading.signals.signal import Signal

SIGNAL = Signal(60_000, "ACME", 3, 300, 101_250_000, None, None, 0, None, spike=False)


class Market:
    """Keeps what it was asked."""

    def __init__(self) -> None:
        self.asked: list[Any] = []

    def latest(self, begins: str) -> list[dict[str, Any]]:
        """Two feeds of one symbol."""
        self.asked.append(begins)
        return [{"symbol": "ACME", "feed": feed} for feed in "ab"]

    def series(self, symbol: str, since: int, until: int, most: int) -> list[dict[str, Any]]:
        """Nothing."""
        self.asked.append((symbol, since, until, most))
        return []

    def signals(self, symbol: str, since: int, until: int, most: int) -> list[Signal]:
        """One window."""
        self.asked.append((symbol, since, until, most))
        return [SIGNAL]


def _event(resource: str, symbol: str = "ACME", **asked: str) -> dict[str, Any]:
    return {"resource": resource, "pathParameters": {"symbol": symbol}, "queryStringParameters": asked or None}


def test_each_resource_shows_what_it_says() -> None:
    """Trades, symbols once each, a symbol's trades, its signals with all their numbers."""
    market = Market()
    told = {
        resource: dashboard(_event(resource), market, "here").body
        for resource in ("/snapshot", "/search", "/series/{symbol}", "/signals/{symbol}")
    }
    assert len(told["/snapshot"]["trades"]) == 2
    assert told["/search"] == {"symbols": ["ACME"], "region": "here"}
    assert told["/series/{symbol}"]["trades"] == []
    assert told["/signals/{symbol}"]["signals"] == [SIGNAL._asdict()]


def test_what_is_asked_for_is_what_is_looked_up() -> None:
    """Prefix, span and number reach the copy as they are."""
    market = Market()
    dashboard(_event("/snapshot", begins="AC"), market, "here")
    dashboard(_event("/series/{symbol}", since="5", until="9", most="2"), market, "here")
    assert market.asked == ["AC", ("ACME", 5, 9, 2)]


@pytest.mark.parametrize(
    ("event", "names"),
    [
        (_event("/snapshot", begins="ac"), "begins"),
        (_event("/series/{symbol}", symbol="a b"), "symbol"),
        (_event("/series/{symbol}", since="9", until="5"), "since"),
        (_event("/series/{symbol}", since="-1"), "since"),
        (_event("/signals/{symbol}", until="\u0661"), "until"),
        (_event("/signals/{symbol}", most="0"), "most"),
        (_event("/signals/{symbol}", most="1001"), "most"),
    ],
)
def test_what_cannot_be_asked_is_refused_by_name(event: dict[str, Any], names: str) -> None:
    """One sentence that begins with the parameter."""
    with pytest.raises(BadInput) as refused:
        dashboard(event, Market(), "here")
    assert str(refused.value).startswith(f"{names}: ")


def test_a_copy_that_cannot_be_read_says_so() -> None:
    """503, and the kind of it in the log."""
    answer = dashboard(_event("/snapshot"), NoMarket(), "here")
    assert (answer.status, answer.why) == (503, "Timeout")
