"""From feeds over a real stream and the transform into a table and a bucket, and back as what the feeds sent."""

import base64
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from tests.contract.migrate.tables import Tables
from tests.fakes import SOURCE, Clock

from landbridge.aws.clients import Clients
from landbridge.model.errors import Unreachable
from landbridge.model.market import HEARTBEAT_FEED, Tick
from landbridge.model.pen import Domain, Epoch, Pen, PenState, pen_key
from landbridge.model.region import Region
from landbridge.rehearse.market.book import Book
from landbridge.rehearse.market.holdings import holdings
from landbridge.rehearse.market.live import LiveIngest
from landbridge.rehearse.market.market import feeds
from landbridge.rehearse.market.settle import settle
from landbridge.workloads.trading.analytics import AnalyticsTable
from landbridge.workloads.trading.history import History
from landbridge.workloads.trading.processing import Aside, PassedMarkers
from landbridge.workloads.trading.regional import RegionTables, wire
from landbridge.workloads.trading.transform import Transform

NUMBERS = count(1)
BATCH = 100
OURS = Tick(HEARTBEAT_FEED, "AAPL", 1, "whatever")


@dataclass(frozen=True)
class Forgetful(LiveIngest):
    """Every third put is carried out, and nobody is told."""

    puts: "count[int]" = field(default_factory=lambda: count(1))

    def put(self, region: Region, ticks: Sequence[Tick]) -> list[bool]:
        """The answer, or silence."""
        told = super().put(region, ticks)
        if next(self.puts) % 3 == 0:
            raise Unreachable(region, "silence")
        return told


@dataclass(frozen=True)
class Site:
    """Streams, tables and a bucket of one name."""

    clients: Clients
    name: str
    pens: str

    def client(self, service: str) -> Any:
        """One at the source."""
        return self.clients.client(service, SOURCE)

    def transform(self) -> Transform:
        """As the function has it."""
        dynamodb, s3 = self.client("dynamodb"), self.client("s3")
        return Transform(
            SOURCE,
            RegionTables(dynamodb, Domain.MARKET, table=self.pens, pens=self.pens, fences=1),
            PassedMarkers(dynamodb, self.pens, SOURCE),
            AnalyticsTable(dynamodb, self.name, SOURCE, lambda _: None),
            History(s3, self.name, SOURCE),
            Aside(s3, self.name, SOURCE),
        )

    def events(self) -> Iterator[list[dict[str, Any]]]:
        """The stream's records as Lambda hands them over, each shard in batches; its last come twice, cut differently."""
        kinesis = self.client("kinesis")
        for shard in kinesis.list_shards(StreamName=self.name)["Shards"]:
            where = {"StreamName": self.name, "ShardId": shard["ShardId"], "ShardIteratorType": "TRIM_HORIZON"}
            found = kinesis.get_records(ShardIterator=kinesis.get_shard_iterator(**where)["ShardIterator"])["Records"]
            records = [self._record(shard["ShardId"], record) for record in found]
            yield from (records[at : at + BATCH] for at in range(0, len(records), BATCH))
            yield records[-BATCH // 2 :]

    def _record(self, shard: str, record: dict[str, Any]) -> dict[str, Any]:
        told = {"data": base64.b64encode(record["Data"]).decode(), "sequenceNumber": record["SequenceNumber"]}
        arn = f"arn:aws:kinesis:{SOURCE}:1:stream/trading-analytics-live-prod"
        return {"eventID": f"{shard}:{record['SequenceNumber']}", "eventSourceARN": arn, "kinesis": told}


@pytest.fixture(name="site")
def _site(tables: Tables, clients: Clients) -> Site:
    site = Site(clients, f"market-{next(NUMBERS)}", tables.make("pens", SOURCE))
    site.client("dynamodb").create_table(
        TableName=site.name,
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": key, "AttributeType": "S"} for key in ("pk", "sk")],
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
    )
    pen = {**pen_key(Domain.MARKET), **Pen(PenState.OPEN, Epoch(1), 1, 0.0).item()}
    site.client("dynamodb").put_item(TableName=site.pens, Item=wire(pen))
    site.client("s3").create_bucket(Bucket=site.name)
    site.client("kinesis").create_stream(StreamName=site.name, ShardCount=2)
    site.client("ssm").put_parameter(Name=f"/{site.name}/ingest", Value=SOURCE, Type="String")
    return site


def test_what_the_feeds_sent_is_what_the_transform_leaves(site: Site, tmp_path: Path) -> None:
    """Though answers were lost, batches came again, and ticks of ours lie with theirs, others' objects too: each is held once."""
    clock = Clock(1_767_603_600.0)
    book = Book(tmp_path / "market.jsonl", clock)
    ingest = Forgetful(site.clients, (SOURCE,), f"/{site.name}/ingest", site.name, site.pens)
    market = feeds(ingest, book, 250, 7, clock)
    site.client("s3").put_object(Bucket=site.name, Key="ticks/day=2026-01-01/hour=00/loaded.json", Body=b"{}")
    for _ in range(8):
        clock.sleep(0.5)
        for feed in market:
            feed.turn()
    for feed in market * 2:
        feed.turn(last=True)
    LiveIngest.put(ingest, SOURCE, [OURS])
    book.close()
    transform = site.transform()
    assert {transform(records) for records in site.events()} == {None}
    verdict = settle(book.values, book.upto, {SOURCE: holdings(site.clients, SOURCE, site.name, site.name)})
    assert verdict.is_good, verdict
    assert verdict.repeats > 0
