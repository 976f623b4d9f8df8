"""The signals' application as its stack deploys it, played on a region: from real streams to what the dashboards' API reads."""

import asyncio
import json
import os
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from itertools import count
from pathlib import Path

import pytest
from tests.contract.migrate.tables import Tables
from tests.fakes import SOURCE, TARGET

from landbridge.aws.clients import Clients
from landbridge.model.errors import Unreachable
from landbridge.model.market import Stream, Tick
from landbridge.model.mirror import head, pack, piece
from landbridge.model.pen import Domain, Epoch, Pen, PenState, pen_key
from landbridge.model.region import Region
from landbridge.model.trade import trade
from landbridge.rehearse.fabric.event_source.region import Calls, Kinesis
from landbridge.rehearse.fabric.signals.agent import SignalsAgent
from landbridge.rehearse.market.offline import recomputed
from landbridge.rehearse.market.ticks import Ticks
from landbridge.rehearse.signals_started import start_signals
from landbridge.workloads.trading.market_view import MarketView
from landbridge.workloads.trading.regional import wire
from landbridge.workloads.trading.signals.definitions import definitions
from landbridge.workloads.trading.signals.writer import Tables as SignalTables

TEMPLATE = Path(__file__).resolve().parents[3] / "templates/trading/signals.template.json"
SUFFIX = f"flink-{os.getpid()}"
APPLICATION = f"trading-analytics-signals-{SUFFIX}"
GIVEN = {
    "EnvironmentSuffix": SUFFIX,
    "Environment": "test",
    "CostCenter": "test",
    "DataKeyArn": "arn:aws:kms:us-east-1:000000000000:key/any",
    "LogsKeyArn": "arn:aws:kms:us-east-1:000000000000:key/any",
    "ArtifactBucketArn": "arn:aws:s3:::any",
    "SignalsKey": f"signals/{'0' * 64}.zip",
}
BEGAN = 1_767_603_600.0
SYMBOLS = ("SAP", "SIE")
TURNS, KILLED = 8, 2


def named(what: str) -> str:
    """As the template calls it."""
    return f"trading-analytics-{what}-{SUFFIX}"


@pytest.fixture
def deployed(clients: Clients, tables: Tables) -> Iterator[Clients]:
    """The stack, its streams, and its tables, whose pen is open; the analytics table is one of the test's own."""
    cloudformation, kinesis = clients.client("cloudformation", SOURCE), clients.client("kinesis", SOURCE)
    given = [{"ParameterKey": name, "ParameterValue": value} for name, value in GIVEN.items()]
    for stream in Stream:
        kinesis.create_stream(StreamName=named(stream), ShardCount=1)
    cloudformation.create_stack(
        StackName=APPLICATION,
        TemplateBody=json.dumps(json.loads(TEMPLATE.read_text(encoding="utf-8"))),
        Parameters=given,
        Capabilities=["CAPABILITY_NAMED_IAM"],
    )
    cloudformation.get_waiter("stack_create_complete").wait(StackName=APPLICATION, WaiterConfig={"Delay": 1})
    keys = [{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}]
    for table in ("analytics", "pens"):
        clients.client("dynamodb", SOURCE).create_table(
            TableName=named(table),
            KeySchema=keys,
            AttributeDefinitions=[{"AttributeName": each["AttributeName"], "AttributeType": "S"} for each in keys],
            BillingMode="PAY_PER_REQUEST",
        )
    pen = Pen(PenState.OPEN, Epoch(1), 1, 0.0)
    item = wire({**pen_key(Domain.MARKET), **pen.item()})
    clients.client("dynamodb", SOURCE).put_item(TableName=named("pens"), Item=item)
    yield clients
    cloudformation.delete_stack(StackName=APPLICATION)
    for stream in Stream:
        kinesis.delete_stream(StreamName=named(stream))


def put(clients: Clients, ticks: list[Tick]) -> None:
    """Half of the market here, half of it from the other side; some of it twice."""
    kinesis = clients.client("kinesis", SOURCE)
    here = [each for each in ticks if each.feed == "here"]
    records = [{"Data": each.text().encode(), "PartitionKey": each.symbol} for each in [*here, *here[-20:]]]
    kinesis.put_records(StreamName=named(Stream.LIVE), Records=records)
    there = list(enumerate(each for each in ticks if each.feed == "there"))
    for begun in range(0, len(there), 40):
        for symbol in SYMBOLS:
            pieces = [piece(f"{number:020}", each.text()) for number, each in there[begun : begun + 40] if each.symbol == symbol]
            if pieces:
                data = pack(head(TARGET, "shardId-000000000000"), pieces)
                kinesis.put_record(StreamName=named(Stream.MIRROR), Data=data, PartitionKey=symbol)


async def played(clients: Clients, door: str, kept: Path) -> SignalsAgent:
    """Started, some turns a minute apart, killed after its first snapshot, and some turns more."""
    over = asyncio.Event()
    starting = asyncio.create_task(start_signals(clients, [SOURCE], APPLICATION, over))
    began, minutes = time.time(), count(1)
    calls = Calls(SOURCE, door)
    store = SignalTables(clients.client("dynamodb", SOURCE), analytics=named("analytics"), pens=named("pens"))
    agent = SignalsAgent(APPLICATION, calls, Kinesis(calls), lambda _: store, kept, lambda: began + 100 * next(minutes))
    try:
        turns = 0
        while turns < TURNS:
            await asyncio.sleep(0.1)
            with suppress(Unreachable):  # a busy machine
                await agent.turn(agent.clock())
                turns += agent.snapshot.exists()
                if turns == KILLED:
                    agent.kill()
    finally:
        over.set()
        await starting
        await calls.close()
    return agent


@pytest.mark.slow
def test_a_deployed_application_puts_what_an_offline_computation_says(
    deployed: Clients, endpoints: Mapping[Region, str], tmp_path: Path
) -> None:
    """Of both streams, doubles among them, killed once, as dashboards read them."""
    ticks = [tick for feed in ("here", "there") for tick in Ticks(feed, 10, 7, BEGAN, SYMBOLS).due(BEGAN + 40)]
    put(deployed, ticks)
    agent = asyncio.run(played(deployed, endpoints[SOURCE], tmp_path / "kept.json"))
    assert agent.restored == 1
    assert not agent.late
    view = MarketView(deployed.client("dynamodb", SOURCE), named("analytics"), SOURCE)
    found = sorted(each for symbol in SYMBOLS for each in view.signals(symbol, 0, 10**13 - 1, 1000))
    wanted = recomputed(definitions(), [trade(tick) for tick in ticks])
    assert len(found) > 60
    assert found == [each for each in wanted if each.start <= found[-1].start]
