"""The transform on real tables and a real bucket: every trade once in each, what is spoilt set aside, nothing without the pen."""

import base64
import gzip
import json
import time
from collections.abc import Iterator
from typing import Any

import pytest
from tests.contract.platform.emulators import SOURCE
from tests.contract.platform.tables import ANALYTICS, PENS, SUFFIX, Tables

from landbridge.aws.clients import Clients
from landbridge.model.market import HEARTBEAT_FEED, EndMarker, Stream, Tick
from landbridge.model.pen import Domain, Epoch, Pen, PenState, pen_key
from landbridge.model.trade import Trade
from landbridge.workloads.trading.analytics import AnalyticsTable
from landbridge.workloads.trading.history import History
from landbridge.workloads.trading.market_view import MarketView
from landbridge.workloads.trading.processing import Aside, PassedMarkers
from landbridge.workloads.trading.regional import RegionTables
from landbridge.workloads.trading.transform import Transform

BUCKET = "trading-history-of-this-test"
AT = 1_767_603_600_000  # 2026-01-05 09:00 UTC


@pytest.fixture
def transform(tables: Tables, clients: Clients) -> Iterator[Transform]:
    """With everything it puts into empty, and the pen open in epoch 3."""
    dynamodb, s3 = tables.dynamodb, clients.client("s3", SOURCE)
    s3.create_bucket(Bucket=BUCKET)
    _pen(tables, PenState.OPEN, 3, 1)
    yield Transform(
        SOURCE,
        RegionTables(dynamodb, Domain.MARKET, table=PENS, pens=PENS, fences=1),
        PassedMarkers(dynamodb, PENS, SOURCE),
        AnalyticsTable(dynamodb, ANALYTICS, SOURCE, time.sleep),
        History(s3, BUCKET, SOURCE),
        Aside(s3, BUCKET, SOURCE),
    )
    for key in _keys(clients):
        s3.delete_object(Bucket=BUCKET, Key=key)
    s3.delete_bucket(Bucket=BUCKET)


@pytest.fixture
def market(clients: Clients) -> MarketView:
    """The same table as dashboards read it."""
    return MarketView(clients.client("dynamodb", SOURCE), ANALYTICS, SOURCE)


def _pen(tables: Tables, state: PenState, epoch: int, turn: int) -> None:
    tables.pen(pen_key(Domain.MARKET), Pen(state, Epoch(epoch), turn, 0.0))


def _keys(clients: Clients) -> list[str]:
    return [found["Key"] for found in clients.client("s3", SOURCE).list_objects_v2(Bucket=BUCKET).get("Contents", [])]


def _trade(sequence: int, symbol: str = "ACME") -> Trade:
    return Trade("feed", symbol, sequence, 101_250_000, 300, AT + sequence)


def _event(*data: str) -> list[dict[str, Any]]:
    """As Lambda hands records over."""
    return [
        {
            "eventID": f"shardId-000000000000:{number}",
            "eventSourceARN": f"arn:aws:kinesis:{SOURCE}:1:stream/trading-analytics-live-{SUFFIX}",
            "kinesis": {"data": base64.b64encode(text.encode()).decode(), "sequenceNumber": str(number), "partitionKey": "k"},
        }
        for number, text in enumerate(data, 10)
    ]


def _ticks(*trades: Trade) -> list[dict[str, Any]]:
    return _event(*(each.tick().text() for each in trades))


def _history(clients: Clients) -> list[dict[str, Any]]:
    s3 = clients.client("s3", SOURCE)
    bodies = [s3.get_object(Bucket=BUCKET, Key=key)["Body"].read() for key in _keys(clients) if key.startswith("ticks/")]
    return [json.loads(line) for body in bodies for line in gzip.decompress(body).decode().splitlines()]


def test_every_trade_is_a_row_a_line_and_the_newest_of_its_symbol(
    transform: Transform, market: MarketView, clients: Clients
) -> None:
    """Sixty trades of two symbols, more than one request of rows."""
    trades = [_trade(number, symbol) for number in range(1, 31) for symbol in ("ACME", "OTHER")]
    assert transform(_ticks(*trades)) is None
    told = market.series("ACME", 0, 2**53, 100)
    assert [row["sequence"] for row in told] == list(range(1, 31))
    assert told[0]["price"] == "101.25"
    assert [(row["symbol"], row["sequence"]) for row in market.latest("")] == [("ACME", 30), ("OTHER", 30)]
    assert [row["symbol"] for row in market.latest("ACM")] == ["ACME"]
    assert sorted((line["symbol"], line["sequence"]) for line in _history(clients)) == sorted(
        (each.symbol, each.sequence) for each in trades
    )


def test_the_same_batch_again_changes_nothing(transform: Transform, market: MarketView, clients: Clients) -> None:
    """Rows, lines and the newest are as after the first time; an older trade never becomes the newest."""
    batch = _ticks(_trade(1), _trade(2))
    assert (transform(batch), transform(batch), transform(_ticks(_trade(1)))) == (None, None, None)
    assert [row["sequence"] for row in market.series("ACME", 0, 2**53, 100)] == [1, 2]
    assert market.latest("")[0]["sequence"] == 2
    assert {line["sequence"] for line in _history(clients)} == {1, 2}


def test_what_is_spoilt_is_set_aside_with_its_position(transform: Transform, market: MarketView, clients: Clients) -> None:
    """And the good records around it are processed."""
    texts = [_trade(1).tick().text(), "rubbish", _trade(2).tick().text()]
    assert transform(_event(*texts)) is None
    (kept,) = [key for key in _keys(clients) if key.startswith("transform/")]
    assert kept == f"transform/{SOURCE}/live-shardId-000000000000/11.json"
    body = json.loads(clients.client("s3", SOURCE).get_object(Bucket=BUCKET, Key=kept)["Body"].read())
    assert base64.b64decode(body["data"]) == b"rubbish"
    assert [row["sequence"] for row in market.series("ACME", 0, 2**53, 100)] == [1, 2]


def test_without_the_pen_nothing_is_processed_and_a_drain_ends_at_its_marker(
    transform: Transform, market: MarketView, tables: Tables
) -> None:
    """Closed in an epoch that was held: up to the marker; it is noted. Never held: nothing at all."""
    marker = EndMarker(SOURCE, "shardId-000000000000", Epoch(3), 9)
    _pen(tables, PenState.CLOSED, 3, 8)
    assert transform(_event(_trade(1).tick().text(), marker.text(), _trade(2).tick().text())) is None
    assert [row["sequence"] for row in market.series("ACME", 0, 2**53, 100)] == [1]
    assert transform.passed.turn(Stream.LIVE, SOURCE, marker.shard) == 9
    _pen(tables, PenState.CLOSED, 0, 8)
    assert transform(_ticks(_trade(3))) is None
    assert [row["sequence"] for row in market.series("ACME", 0, 2**53, 100)] == [1]


def test_groups_of_one_record_overwrite_nothing(transform: Transform, clients: Clients) -> None:
    """One record of many trades may be put in parts: each has an object of its own, and keeps it."""
    for trades in ((1, 2), (3, 4), (1, 2)):
        transform.history.put([("10", _trade(number).tick()) for number in trades], Epoch(3), "mirror-shard")
    assert sorted(line["sequence"] for line in _history(clients)) == [1, 2, 3, 4]


def test_what_only_tells_the_lag_is_kept_nowhere(transform: Transform, tables: Tables, clients: Clients) -> None:
    """It comes every second for ever."""
    assert transform(_event(Tick(HEARTBEAT_FEED, "shardId-000000000000", 1, "1.0").text())) is None
    assert (tables.items(ANALYTICS), _history(clients)) == ([], [])


def test_a_pen_that_cannot_be_read_gives_everything_again(transform: Transform) -> None:
    """Nothing is skipped on a guess."""
    lost = RegionTables(transform.pens._dynamodb, Domain.MARKET, table="no-such-table", pens=PENS, fences=1)
    blind = Transform(transform.region, lost, transform.passed, transform.table, transform.history, transform.aside)
    assert blind(_ticks(_trade(1), _trade(2))) == "10"
