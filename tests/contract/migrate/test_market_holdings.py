"""What the transform leaves in a table and a bucket of its own is read back as what the feeds sent."""

from itertools import count

import pytest
from tests.fakes import TARGET

from landbridge.aws.clients import Clients
from landbridge.model.market import HEARTBEAT_FEED, Tick
from landbridge.model.pen import Epoch
from landbridge.rehearse.market.holdings import holdings
from landbridge.rehearse.market.settle import settle
from landbridge.rehearse.market.ticks import Ticks
from landbridge.workloads.trading.analytics import AnalyticsTable
from landbridge.workloads.trading.history import History

NUMBERS = count(1)
TICKS = Ticks("direct", 100, 7, 1_767_603_600.0).due(1_767_603_603.0)
OURS = Tick(HEARTBEAT_FEED, "shard-0", 1, "whatever")


@pytest.fixture(name="places")
def _places(clients: Clients) -> tuple[str, str]:
    """A table with the keys of the analytics table, and a bucket."""
    name = f"market-{next(NUMBERS)}"
    clients.client("dynamodb", TARGET).create_table(
        TableName=name,
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": key, "AttributeType": "S"} for key in ("pk", "sk")],
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
    )
    clients.client("s3", TARGET).create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": str(TARGET)})
    return name, name


def test_what_the_transform_wrote_is_what_was_sent(clients: Clients, places: tuple[str, str]) -> None:
    """Twice, the second time cut differently, and with a tick of ours among them: each trade once, and history repeats."""
    table, bucket = places
    rows = AnalyticsTable(clients.client("dynamodb", TARGET), table, TARGET, lambda _: None)
    history = History(clients.client("s3", TARGET), bucket, TARGET)
    placed = [(str(number), tick) for number, tick in enumerate([*TICKS, OURS])]
    for batch in (placed[:200], placed[150:]):
        rows.put([tick for _, tick in batch], Epoch(1))
        history.put(batch, Epoch(1), "live-0")
    values: dict[tuple[str, str], list[str]] = {}
    for tick in TICKS:
        values.setdefault((tick.feed, tick.symbol), []).append(tick.value)
    upto = {line: len(them) for line, them in values.items()}
    verdict = settle(values, upto, {TARGET: holdings(clients, TARGET, table, bucket)})
    assert verdict.is_good, verdict
    assert (verdict.stored, verdict.repeats) == (len(TICKS), 50)
