"""The daily pipeline as deployed, over history as the transform writes it: each trade once, whatever is run again."""

import time
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path

import duckdb
import pytest
import sqlglot
from tests.contract.platform.athena import Athena
from tests.contract.platform.daily import Daily
from tests.contract.platform.emulators import SOURCE, TARGET, Environments
from tests.contract.platform.tables import Tables

from landbridge.aws.clients import Clients
from landbridge.deploy.manifest import Manifest
from landbridge.deploy.run import Patience, deploy_all
from landbridge.model.pen import Domain, Epoch, Pen, PenState, pen_key
from landbridge.model.region import Region
from landbridge.model.trade import Trade
from landbridge.platforms.trading.catalog import UNIQUE
from landbridge.workloads.trading.history import History

SUFFIX = "daily"
STACKS = {"keys", "artifacts", "pens", "history", "catalog", "pipeline"}
JANUARY = 1_767_225_600_000  # 2026-01-01 00:00 UTC
DAY_MS, TRADES = 86_400_000, 80
DAYS = count(1)
ONCE = "SELECT count(*), count(DISTINCT (feed, symbol, sequence)) FROM ticks_unique WHERE day = '{day}'"
EACH = (
    "SELECT symbol, count(*), sum(volume), min(price), max(price), max(epoch) FROM {table} WHERE day = '{day}'"
    " GROUP BY symbol ORDER BY symbol"
)
pytestmark = pytest.mark.slow


@dataclass(frozen=True)
class Market:
    """What analysts work with, and the source's machine."""

    clients: Clients
    told: dict[Region, dict[str, str]]
    daily: Daily

    def athena(self, region: Region) -> Athena:
        """A region's catalog."""
        return Athena(self.clients, region, self.told[region]["DatabaseName"])

    def objects(self, prefix: str) -> dict[str, bytes]:
        """Everything of the source's history under a prefix."""
        s3, bucket = self.clients.client("s3", SOURCE), self.told[SOURCE]["HistoryBucket"]
        pages = s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix)
        keys = [each["Key"] for page in pages for each in page.get("Contents", ())]
        return {key: s3.get_object(Bucket=bucket, Key=key)["Body"].read() for key in keys}

    def pen(self, state: PenState) -> None:
        """The source's, of the market."""
        pen = Pen(state, Epoch(1), 1, 0.0)
        Tables(self.clients).put(f"trading-analytics-pens-{SUFFIX}", {**pen_key(Domain.MARKET), **pen.item()})

    def trade(self) -> str:
        """A day nobody else uses, with batches given twice, cut differently, and read again by the side that has the pen then."""
        number = next(DAYS)
        trades = [
            Trade("feed", symbol, sequence, 101_250_000 + sequence, 300, JANUARY + number * DAY_MS + sequence * 60_000)
            for sequence in range(1, TRADES // 2 + 1)
            for symbol in ("ACME", "OTHER")
        ]
        for epoch, read_by, stream, first, last in (
            (1, SOURCE, "live-0", 0, 50),
            (1, SOURCE, "live-0", 0, 50),
            (1, SOURCE, "live-0", 30, 80),
            (2, TARGET, "mirror-0", 60, 80),
        ):
            cut = [(f"{first:020d}", trade.tick()) for trade in trades[first:last]]
            History(self.clients.client("s3", SOURCE), self.told[SOURCE]["HistoryBucket"], read_by).put(cut, Epoch(epoch), stream)
        return f"2026-01-{number + 1:02d}"


@pytest.fixture(name="deployed", scope="module")
def _deployed(clients: Clients, environments: Environments, manifest: Manifest) -> Market:
    """Both regions' history and catalog, and the source's pipeline, from the committed templates."""
    wanted = replace(manifest, stacks=tuple(stack for stack in manifest.stacks if stack.name in STACKS))
    deployer = environments.deployer(SUFFIX, wanted)
    told = deploy_all(deployer, deployer.graph, Patience(time.monotonic, time.sleep, 120, 0.2)).result()
    outputs = {
        region: {name: value for place, each in told.items() if place.region == region for name, value in each.items()}
        for region in (SOURCE, TARGET)
    }
    athena = Athena(clients, SOURCE, outputs[SOURCE]["DatabaseName"])
    return Market(clients, outputs, Daily.of(clients, SOURCE, outputs[SOURCE]["PipelineArn"], athena))


@pytest.fixture
def market(deployed: Market) -> Market:
    """With the source's pen open."""
    deployed.pen(PenState.OPEN)
    return deployed


def test_a_day_is_written_once_and_the_view_is_unique_all_the_while(market: Market, tmp_path: Path) -> None:
    """Before, at every statement and after it; the columns are compressed by ZSTD; begun again, nothing changes."""
    day, athena = market.trade(), market.athena(SOURCE)
    (raw,) = athena.ask(f"SELECT count(*) FROM ticks WHERE day = '{day}'")
    seen = [athena.ask(ONCE.format(day=day))]
    ran = market.daily.run(lambda _text: seen.append(athena.ask(ONCE.format(day=day))), day=day)
    assert (ran.status, raw[0] > TRADES) == ("SUCCEEDED", True)
    assert seen == [[(TRADES, TRADES)]] * 4
    written = market.objects(f"ticks-daily/day={day}/")
    (body,) = written.values()
    (file := tmp_path / "day.parquet").write_bytes(body)
    with duckdb.connect() as duck:
        codecs = duck.execute(f"SELECT DISTINCT compression FROM parquet_metadata('{file}')").fetchall()
    assert codecs == [("ZSTD",)]
    assert athena.ask(EACH.format(table="ticks_daily", day=day)) == athena.ask(EACH.format(table="ticks_unique", day=day))
    again = market.daily.run(day=day)
    assert (again.status, "Write" in again.went) == ("SUCCEEDED", False)
    assert market.objects(f"ticks-daily/day={day}/") == written


def test_what_is_asked_is_athenas_language(market: Market) -> None:
    """Each text of a whole run, and the view's, as they are sent."""
    day = market.trade()
    ran = market.daily.run(day=day)
    assert len(ran.asked) == 3
    for text in (*ran.asked, UNIQUE):
        (parsed,) = sqlglot.parse(text, dialect="athena", error_level=sqlglot.ErrorLevel.RAISE)
        assert parsed is not None


def test_the_schedule_takes_the_day_the_streams_forgot(market: Market) -> None:
    """A week that is kept, and a day more: nothing of it can arrive any more."""
    day = market.trade()
    begins = datetime.fromisoformat(day) + timedelta(days=8)
    assert market.daily.run(time=f"{begins:%Y-%m-%d}T05:00:00Z").status == "SUCCEEDED"
    assert market.objects(f"ticks-daily/day={day}/")


def test_without_the_pen_nothing_is_asked(market: Market) -> None:
    """The other side writes the day, and S3 copies it."""
    day = market.trade()
    market.pen(PenState.CLOSED)
    ran = market.daily.run(day=day)
    assert (ran.status, ran.went[-1], ran.asked) == ("SUCCEEDED", "OtherSide", ())
    assert not market.objects(f"ticks-daily/day={day}/")


def test_a_failed_statement_fails_the_run_and_the_next_writes_the_day(market: Market) -> None:
    """It is not tried again by itself, because it may have written: whoever begins it again compares first."""
    day = market.trade()

    def broken(text: str) -> None:
        if text.startswith("INSERT"):
            raise ValueError("HIVE_WRITER_CLOSE_ERROR")

    ran = market.daily.run(broken, day=day)
    assert (ran.status, ran.error, ran.went[-1]) == ("FAILED", "States.TaskFailed", "Write")
    assert market.daily.run(day=day).status == "SUCCEEDED"


def test_a_day_that_was_half_written_is_left_for_a_person(market: Market) -> None:
    """Nothing is written over it."""
    day, athena = market.trade(), market.athena(SOURCE)
    columns = "feed, symbol, sequence, price, volume, at, epoch, day"
    athena.ask(f"INSERT INTO ticks_daily SELECT {columns} FROM ticks_unique WHERE day = '{day}' AND symbol = 'ACME'")
    before = market.objects(f"ticks-daily/day={day}/")
    ran = market.daily.run(day=day)
    assert (ran.status, ran.error, ran.went[-1]) == ("FAILED", "Differs", "Differs")
    assert market.objects(f"ticks-daily/day={day}/") == before


def test_what_is_no_day_is_refused(market: Market) -> None:
    """Before anything is asked."""
    ran = market.daily.run(day="'; DROP")
    assert (ran.status, ran.error, ran.asked) == ("FAILED", "NoDay", ())


def test_tr_4_2_both_regions_answer_alike(market: Market) -> None:
    """What S3 copied is found by the target's own catalog, raw and written days alike, without anyone telling it."""
    day = market.trade()
    assert market.daily.run(day=day).status == "SUCCEEDED"
    s3 = market.clients.client("s3", TARGET)
    for prefix in ("ticks/", "ticks-daily/"):
        for key, body in market.objects(f"{prefix}day={day}/").items():
            s3.put_object(Bucket=market.told[TARGET]["HistoryBucket"], Key=key, Body=body)
    for table in ("ticks", "ticks_unique", "ticks_daily"):
        text = EACH.format(table=table, day=day)
        source, target = market.athena(SOURCE).ask(text), market.athena(TARGET).ask(text)
        assert source == target, table
        assert len(source) == 2, table
